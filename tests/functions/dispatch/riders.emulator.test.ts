import { strict as assert } from 'node:assert';
import type { Requests } from '#functions/calls/callables.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

type Act = Requests['dispatchOrder']['act'];

const OWN: Act = { type: 'ownRider', name: 'Rita' };
const OUTSIDE: Act = { type: 'outsideRider', name: 'Tom Taxi', feeMinor: 900 };
/** Of the order of the fixtures. */
const [KITCHEN, RIDE, TIP] = [1600, 450, 200];

describe('a rider who carries an order instead of a courier', () => {
  let backend: Backend;
  let journey: Journey;
  const begin = async (facts: CityFacts = {}) =>
    (journey = new Journey((backend = await aCity({ couriers: 0, ...facts }))));
  const dispatch = (act: Act, uid = 'olga') =>
    backend.call('dispatchOrder', uid, {
      orderId: 'order-1',
      idempotencyKey: journey.key(act.type),
      act,
      reason: 'no courier accepted',
    });
  const order = () => backend.order('order-1');
  /** Picked up by the rider. */
  const carried = async (act: Act, facts: CityFacts = {}) => {
    await (await begin(facts)).reach('preparing');
    await dispatch(act);
    await journey.move('mario', { action: 'markReady' });
    await journey.move('mario', { action: 'pickUp' });
  };
  /** The same of an order whose food the platform pays. */
  const carriedForFree = async (act: Act) => {
    const benefit = { type: 'percent' as const, ratePpm: 1_000_000 };
    const free = aPromotion({ id: 'free', kind: 'order', benefit, code: 'FREE', merchantFundedPpm: 0 });
    await begin({ promotions: [free] });
    await journey.place({ cart: { promotionCodes: ['FREE'] } });
    await journey.move('mario', { action: 'accept' });
    await dispatch(act);
    await journey.move('mario', { action: 'markReady' });
    await journey.move('mario', { action: 'pickUp' });
  };
  const brought = () => journey.move('mario', { action: 'confirmDelivery', pin: journey.pin });
  const balances = async () => {
    const found = computeBalances(await readBooks(backend));
    const owed = (account: string) => 0 - (found.get(account) ?? 0);
    return {
      merchant: owed(ACCOUNTS.merchant('rosa')),
      riders: owed(ACCOUNTS.outsideRiders),
      bank: owed(ACCOUNTS.bank),
    };
  };
  const payRider = (uid = 'olga') =>
    backend.call('recordRiderPayment', uid, { orderId: 'order-1', reference: 'cash, receipt 17' });
  const task = async () => (await backend.db.doc('operatorTasks/order-1-rider_payment_due').get()).data();
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('of the restaurant: the restaurant earns the ride and the tip, and is paid them with its food', async () => {
    await carried(OWN);
    assert.deepEqual([(await order()).courierId, (await order()).courierName], [null, 'Rita']);
    await brought();
    assert.deepEqual(await balances(), { merchant: KITCHEN + RIDE + TIP, riders: 0, bank: 0 });
    await backend.deliverWebhooks();
    await backend.advance(121 * MINUTE);
    assert.equal((await order()).status, 'completed');
    assert.equal(backend.fake.moved.at(-1), `transfer order-1 ${KITCHEN + RIDE + TIP} to acct_rosa`);
    assert.deepEqual(await balances(), { merchant: 0, riders: 0, bank: 0 });
    assert.deepEqual([(await order()).customerName, (await order()).courierName], ['-', null], 'names are removed');
  });

  it('from outside: the agreed fee and the tip are owed and paid by hand, once', async () => {
    await carried(OUTSIDE);
    await assert.rejects(payRider(), { reason: 'NOTHING_OWED' });
    await brought();
    assert.deepEqual(await balances(), { merchant: KITCHEN, riders: 900 + TIP, bank: 0 });
    assert.deepEqual([(await task())?.['open'], (await task())?.['detail']], [true, `${900 + TIP} EUR`]);
    assert.deepEqual(await payRider(), { paidMinor: 900 + TIP, replayed: false });
    assert.deepEqual(await payRider(), { paidMinor: 900 + TIP, replayed: true });
    assert.deepEqual(await balances(), { merchant: KITCHEN, riders: 0, bank: 900 + TIP });
    assert.equal((await task())?.['open'], false);
  });

  it('is recorded by an operator too, who needs no PIN', async () => {
    await (await begin()).reach('preparing');
    await dispatch(OUTSIDE);
    await journey.move('mario', { action: 'markReady' });
    await journey.move('olga', { action: 'pickUp' });
    await journey.move('olga', { action: 'confirmDelivery' });
    assert.equal((await order()).status, 'delivered');
  });

  it('delivers with the right PIN only, and after five wrong ones an operator decides', async () => {
    await carried(OWN);
    const tell = (pin: string) => journey.move('mario', { action: 'confirmDelivery', pin });
    const wrong = ['0000', '0001', '0002', '0003', '0004', '0005'].filter((pin) => pin !== journey.pin).slice(0, 5);
    for (const pin of wrong) await assert.rejects(tell(pin), { reason: 'PIN_WRONG' });
    await assert.rejects(brought(), { reason: 'PIN_LOCKED' });
    await journey.move('olga', { action: 'confirmDelivery' });
    assert.equal((await order()).status, 'delivered');
  });

  it('ends open offers and the search, and is not cancelled for want of a courier', async () => {
    await (await begin({ couriers: 1 })).reach('preparing');
    await journey.offered();
    await dispatch(OWN);
    assert.deepEqual([(await backend.courier('omar')).offer, (await backend.courier('omar')).load], [null, 0]);
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(40 * MINUTE);
    assert.equal((await order()).status, 'ready');
    assert.equal((await backend.courier('omar')).offer, null);
  });

  it('who does not come is unassigned: dispatch searches from its first wave again', async () => {
    await (await begin({ couriers: 1 })).reach('preparing');
    await dispatch(OWN);
    await assert.rejects(dispatch(OUTSIDE), { reason: 'COURIER_ASSIGNED' });
    await assert.rejects(dispatch({ type: 'restart' }), { reason: 'COURIER_ASSIGNED' });
    await journey.move('olga', { action: 'unassign', reason: 'the rider is ill' });
    assert.deepEqual([(await order()).rider, (await order()).courierName], [undefined, null]);
    assert.equal(await journey.offered(), 'omar');
  });

  it('hands the food over to a courier, who is paid for all of the ride', async () => {
    await carried(OUTSIDE, { couriers: 1 });
    await dispatch({ type: 'handOver', courierId: 'omar' });
    assert.deepEqual([(await order()).rider, (await order()).courierId], [undefined, 'omar']);
    await journey.deliver();
    assert.equal((await balances()).riders, 0);
  });

  it('is paid for a ride that an operator ends, and not for one before the pick-up', async () => {
    await carried(OUTSIDE);
    await journey.cancel('olga', { liable: 'platform' });
    await backend.advance(61 * MINUTE);
    assert.equal((await balances()).riders, 900);
    await backend.close();
    await (await begin()).reach('preparing');
    await dispatch(OUTSIDE);
    await journey.cancel('olga', { liable: 'platform' });
    await backend.advance(61 * MINUTE);
    assert.equal((await balances()).riders, 0);
  });

  it('is not paid more than the food costs, and collects no cash', async () => {
    await (await begin()).reach('preparing');
    const maxMinor = (await order()).totals.itemsMinor;
    await assert.rejects(dispatch({ ...OUTSIDE, feeMinor: maxMinor + 1 }), { reason: 'FEE_TOO_HIGH' });
    await dispatch({ ...OUTSIDE, feeMinor: maxMinor });
  });

  it('collects no cash', async () => {
    await begin({ zone: { cash: { maxOrderMinor: 5000, courierFloatMinor: 5000, coinMinor: 1 } } });
    await journey.place({ card: null, cart: { paymentMethod: 'cash' } });
    await journey.move('mario', { action: 'accept' });
    await assert.rejects(dispatch(OWN), { reason: 'CASH_NEEDS_COURIER' });
  });

  it('lets the kitchen read the address of its own rider’s order until the end, and of no other', async () => {
    const read = (uid = 'mario') => backend.call('readRiderAddress', uid, { orderId: 'order-1' });
    await (await begin()).reach('preparing');
    await assert.rejects(read(), { reason: 'RIDER_REQUIRED' });
    await dispatch(OUTSIDE);
    await assert.rejects(read(), { reason: 'RIDER_REQUIRED' });
    await journey.move('olga', { action: 'unassign', reason: 'late' });
    await dispatch(OWN);
    assert.equal((await read()).dropOff.contactName, 'Carla');
    await assert.rejects(read('carla'), { reason: 'ROLE_REQUIRED' });
    await journey.move('mario', { action: 'markReady' });
    await journey.move('mario', { action: 'pickUp' });
    await brought();
    await assert.rejects(read(), { reason: 'MOVE_NOT_ALLOWED' });
  });

  it('is no courier: a kitchen that confirms what a courier carries is refused', async () => {
    await (await begin({ couriers: 1 })).reach('preparing');
    await journey.assign();
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp();
    await assert.rejects(brought(), { reason: 'RIDER_REQUIRED' });
    await journey.deliver();
  });

  for (const [what, act, by, held] of [
    ['of the restaurant, by the kitchen, is held', OWN, 'mario', 'held'],
    ['from outside, by the kitchen, is held', OUTSIDE, 'mario', 'held'],
    ['of the restaurant, by an operator, is not held', OWN, 'olga', undefined],
  ] as const)
    it(`confirmed ${what} where the customer pays less than the kitchen earns`, async () => {
      await carriedForFree(act);
      await journey.move(by, { action: 'confirmDelivery', pin: journey.pin });
      assert.equal((await order()).kitchenPay, held);
    });

  it('of the restaurant whose held pay is refused earns nothing', async () => {
    await carriedForFree(OWN);
    await brought();
    const decision = {
      orderId: 'order-1',
      payee: 'kitchen' as const,
      verdict: 'refuse' as const,
      reason: 'never came',
    };
    await backend.call('decideHeldPay', 'olga', decision);
    assert.equal((await balances()).merchant, 0);
  });

  it('of the restaurant is liable as the merchant, an outside one as the courier', async () => {
    await carried(OWN);
    await assert.rejects(journey.cancel('olga', { liable: 'courier' }), { reason: 'COURIER_REQUIRED' });
    await journey.cancel('olga', { liable: 'merchant' });
    await backend.close();
    await carried(OUTSIDE);
    await journey.cancel('olga', { liable: 'courier' });
    assert.equal((await order()).status, 'cancelled');
  });

  it('of the restaurant who is late makes the kitchen late', async () => {
    const lateCredit = [{ overMinutes: 15, ratePpm: 500_000, maxMinor: 1000 }];
    await carried(OWN, { zone: { limits: { lateCredit } } });
    await backend.advance(60 * MINUTE);
    await brought();
    const { events, payment } = await order();
    assert.equal(events.at(-1)?.late?.leg, 'kitchen');
    assert.equal(payment.merchantBearsMinor, events.at(-1)?.late?.creditMinor);
  });

  it('earns no tip afterwards, and is not reviewed as a courier', async () => {
    await carried(OWN);
    await brought();
    const tip = { orderId: 'order-1', amountMinor: 300, idempotencyKey: 'late-tip-key-1' };
    await assert.rejects(backend.call('addTip', 'carla', tip), { reason: 'TIP_NOT_POSSIBLE' });
    await assert.rejects(
      backend.call('reviewOrder', 'carla', { orderId: 'order-1', restaurant: { stars: 5 }, courier: { stars: 5 } }),
      {
        reason: 'COURIER_REQUIRED',
      },
    );
  });
});
