import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { BELIEVING, aZone, MINUTE, START_MS, theDropOff } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

let backend: Backend;
const CASH = { maxOrderMinor: 5000, courierFloatMinor: 5000, coinMinor: 1 };
const city = async (facts: CityFacts = {}) => {
  backend = await aCity({ ...facts, zone: { cash: CASH, ...facts.zone } });
  return new Journey(backend).place({ card: null, cart: { paymentMethod: 'cash' } });
};
const carries = async (uid = 'omar') => (await backend.courier(uid)).cashMinor ?? 0;
const deposit = (amountMinor: number, idempotencyKey = 'deposit-key-1') =>
  backend.call('recordCashDeposit', 'olga', { courierId: 'omar', amountMinor, idempotencyKey });
const balances = async () => {
  const entries = [...computeBalances(await readBooks(backend))].filter(([, amount]) => amount !== 0);
  return Object.fromEntries(entries);
};
const decideHeld = (payee: 'kitchen' | 'courier') =>
  backend.ask('decideHeldPay', 'olga', { orderId: 'order-1', payee, verdict: 'release', reason: 'as agreed' });
/** Cash without a journal; 0 again at the end, so that the ledger agrees. */
const carry = (cashMinor: number, uid = 'omar') => backend.db.doc(`couriers/${uid}`).update({ cashMinor });

describe('an order paid in cash', () => {
  it('cannot be left at the door, as one by card can', async () => {
    await city();
    const left = { ...aCart(), dropOff: { ...theDropOff, handover: 'leave' as const } };
    await assert.rejects(backend.call('quote', 'carla', { ...left, paymentMethod: 'cash' }), {
      reason: 'HAND_OVER_REQUIRED',
    });
    assert.ok((await backend.call('quote', 'carla', { ...left, paymentMethod: 'card' })).quoteId);
  });

  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('is collected at the door by the courier, who owes it; the merchant is paid nevertheless', async () => {
    const journey = await (await city()).reach('picked_up');
    assert.deepEqual([await carries(), backend.fake.moved], [0, []]);
    await journey.reach('delivered');
    const { payment } = await backend.order('order-1');
    assert.deepEqual([payment.status, payment.capturedMinor, await carries()], ['captured', 2940, 2940]);
    await journey.reach('completed');
    assert.deepEqual(backend.fake.moved, ['transfer order-1 1600 to acct_rosa']);
    assert.equal(backend.fake.transfers.get('order-1')?.intentId, null);
    assert.deepEqual(await balances(), {
      [ACCOUNTS.cash('omar')]: 2940,
      stripe: -1600,
      [ACCOUNTS.courier('omar')]: -650,
      commission: -333,
      deliveryFees: -333,
      serviceFees: -120,
      courierCost: 450,
      'restaurantTax:100000': -200,
      'platformTax:200000': -154,
    });
  });

  it("leaves the courier's balance once it is paid in: once per key, and never more than the balance", async () => {
    await (await city()).reach('delivered');
    await assert.rejects(deposit(2941), { reason: 'DEPOSIT_TOO_LARGE', details: { cashMinor: 2940 } });
    assert.deepEqual(await deposit(2000), { cashMinor: 940, replayed: false });
    assert.deepEqual(await deposit(2000), { cashMinor: 940, replayed: true });
    const { [ACCOUNTS.cash('omar')]: cash, bank } = await balances();
    assert.deepEqual([cash, bank, await carries()], [940, 2000, 940]);
  });

  it("is not paid in for a second courier by the key of the first one's deposit", async () => {
    await (await city({ couriers: 2 })).reach('delivered');
    assert.deepEqual(await deposit(2000), { cashMinor: 940, replayed: false });
    const second = { courierId: 'omar-2', amountMinor: 2000, idempotencyKey: 'deposit-key-1' };
    await assert.rejects(backend.call('recordCashDeposit', 'olga', second), { reason: 'DEPOSIT_TOO_LARGE' });
    assert.deepEqual(await deposit(2000), { cashMinor: 940, replayed: true });
  });

  for (const when of ['before', 'after'] as const) {
    it(`is paid in once when the commit fails ${when} its effect and the operator calls again`, async () => {
      await (await city()).reach('delivered');
      backend.conduct.fail('firestore.commit', when);
      await deposit(2000).catch(() => undefined);
      assert.equal((await deposit(2000)).cashMinor, 940);
      assert.deepEqual([(await balances())['bank'], await carries()], [2000, 940]);
    });
  }

  it('is offered only to a courier whose float has room for it', async () => {
    const journey = await city({ couriers: 2 });
    await carry(2061);
    await journey.reach('accepted');
    assert.equal(await journey.offered(), 'omar-2');
    await carry(0);
  });

  it('is offered to the nearest courier whose float has just enough room', async () => {
    const journey = await city({ couriers: 2 });
    await carry(2060);
    await journey.reach('accepted');
    assert.equal(await journey.offered(), 'omar');
    await carry(0);
  });

  it('is refused to a courier whose float has filled up since the offer', async () => {
    const journey = await (await city()).reach('accepted');
    assert.equal(await journey.offered(), 'omar');
    await carry(2061);
    await assert.rejects(journey.answer('omar', 'accept'), {
      reason: 'FLOAT_EXCEEDED',
      details: { cashMinor: 2061, dueMinor: 2940, floatMinor: 5000 },
    });
    await carry(0);
  });

  it('counts open cash orders as carried cash', async () => {
    const journey = await (await city()).reach('accepted');
    await journey.assign();
    const { active } = await backend.courier('omar');
    assert.equal(active['order-1']?.floatMinor, 2940);
  });

  it('costs only the platform when it is cancelled in the kitchen: no cash was taken', async () => {
    const journey = await (await city()).reach('preparing');
    await backend.advance(MINUTE);
    await journey.cancel('carla');
    await decideHeld('kitchen');
    await backend.advance(121 * MINUTE);
    assert.deepEqual([await carries(), backend.fake.moved], [0, ['transfer order-1 1600 to acct_rosa']]);
    assert.deepEqual(await balances(), { stripe: -1600, orderLosses: 1600 });
  });

  it('that is not accepted at the door brings no cash; the platform pays kitchen and courier', async () => {
    const journey = await (await city()).reach('picked_up');
    await journey.fail();
    await journey.bringBack();
    for (const payee of ['kitchen', 'courier'] as const) await decideHeld(payee);
    await backend.advance(121 * MINUTE);
    assert.deepEqual([await carries(), (await backend.order('order-1')).payment.status], [0, 'voided']);
    assert.deepEqual(await balances(), {
      stripe: -1600,
      [ACCOUNTS.courier('omar')]: -720,
      courierCost: 720,
      orderLosses: 1600,
    });
  });

  it('is refunded as credit only', async () => {
    await (await city()).reach('delivered');
    const refund = {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what: { type: 'whole' },
      liable: 'platform',
      reason: 'cold',
    };
    await assert.rejects(backend.call('refundOrder', 'olga', { ...refund, to: 'card' }), { reason: 'CREDIT_ONLY' });
    assert.equal((await backend.call('refundOrder', 'olga', { ...refund, to: 'credit' })).creditMinor, 2940);
    assert.deepEqual(backend.fake.moved, []);
  });

  describe('that the kitchen changes', () => {
    /** A margherita and a cola, carried by omar, with the cola to be replaced by calzones. */
    const proposed = async (calzones: number) => {
      backend = await aCity({ zone: { cash: CASH } });
      const lines = [
        { itemId: 'margherita', quantity: 1 },
        { itemId: 'cola', quantity: 1 },
      ];
      const cart = { paymentMethod: 'cash', lines, tipPpm: 0, ifUnavailable: 'bestMatch' } as const;
      const journey = await (await new Journey(backend).place({ card: null, cart })).reach('accepted');
      await journey.assign();
      return { journey, edit: () => replace(calzones) };
    };
    const replace = (quantity: number) =>
      backend.ask('editOrder', 'mario', {
        orderId: 'order-1',
        idempotencyKey: 'edit-key-1',
        reason: 'no cola',
        changes: [
          {
            type: 'substitute',
            line: 1,
            by: { itemId: 'calzone', quantity, modifiers: [{ optionId: 'regular', quantity: 1, modifiers: [] }] },
          },
        ],
      });
    const approve = () =>
      backend.ask('answerEdit', 'carla', { orderId: 'order-1', idempotencyKey: 'yes-key-1', answer: 'approve' });
    const totalMinor = async () => (await backend.order('order-1')).totals.totalMinor;
    const reserved = async () => (await backend.courier('omar')).active['order-1']?.floatMinor;

    it("may cost more with the customer's consent, and counts in the courier's float", async () => {
      const { edit } = await proposed(1);
      const before = await totalMinor();
      await edit();
      await approve();
      assert.deepEqual([(await totalMinor()) > before, await reserved()], [true, await totalMinor()]);
    });

    it('never costs more without an answer, for any choice of the customer: no hold would limit it', async () => {
      const { edit } = await proposed(1);
      const before = await totalMinor();
      await edit();
      await backend.advance(6 * MINUTE);
      assert.deepEqual([(await totalMinor()) < before, await reserved()], [true, await totalMinor()]);
    });

    it('never costs more than the zone allows in cash', async () => {
      const { edit } = await proposed(3);
      await assert.rejects(edit(), { reason: 'CASH_NOT_TAKEN' });
      await replace(2);
    });

    it("never costs more than the courier's float has room for, at the proposal and at the approval", async () => {
      const { edit } = await proposed(1);
      await carry(2500);
      await assert.rejects(edit(), { reason: 'CASH_NOT_TAKEN' });
      await carry(0);
      await edit();
      await carry(2500);
      await assert.rejects(approve(), { reason: 'CASH_NOT_TAKEN' });
      await carry(0);
      await approve();
    });
  });
});

describe('a courier who carries cash or an order', () => {
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const user = { displayName: 'Omar', locale: 'en', claimsVersion: 1, createdAtMs: START_MS };
  const zones = async () => {
    const journey = await city();
    const zone = aZone({ limits: { credibility: BELIEVING } });
    await backend.db.doc('zones/alps').set({ ...zone, currency: 'CHF', name: 'Alps' });
    await backend.db.doc('zones/suburb').set({ ...zone, name: 'Suburb' });
    await backend.db.doc('users/omar').set(user);
    return journey;
  };
  const moveTo = (zoneId: string) =>
    backend.ask('grantRole', 'olga', { uid: 'omar', role: { type: 'courier', zoneId, vehicle: 'bicycle' } });
  const zoneId = async () => (await backend.courier('omar')).zoneId;

  it('is moved to a zone of another currency only once the cash is paid in', async () => {
    await (await zones()).reach('completed');
    await assert.rejects(moveTo('alps'), { reason: 'CASH_CARRIED', details: { cashMinor: 2940 } });
    assert.equal(await zoneId(), 'centre');
    await deposit(2940);
    await moveTo('alps');
    assert.equal(await zoneId(), 'alps');
  });

  it('is moved with it to a zone of the same currency', async () => {
    await (await zones()).reach('completed');
    await moveTo('suburb');
    assert.deepEqual([await zoneId(), (await deposit(2940)).cashMinor], ['suburb', 0]);
  });

  it('is moved to a zone of another currency only without an order', async () => {
    const journey = await zones();
    await journey.reach('picked_up');
    await assert.rejects(moveTo('alps'), { reason: 'ORDERS_OPEN' });
    await journey.reach('delivered');
    await deposit(2940);
    await moveTo('alps');
    assert.equal(await zoneId(), 'alps');
  });

  it('is approved for a zone of another currency only once the cash is paid in', async () => {
    await (await zones()).reach('completed');
    const application = {
      name: 'Omar',
      zoneId: 'alps',
      vehicle: 'bicycle',
      papers: [],
      status: 'submitted',
      version: 1,
    };
    const ref = backend.db.doc('courierApplications/omar');
    await ref.set({ ...application, createdAtMs: START_MS, review: null });
    const approve = () =>
      backend.ask('reviewCourier', 'olga', { uid: 'omar', version: 1, decision: 'approve', reason: 'papers' });
    await assert.rejects(approve(), { reason: 'CASH_CARRIED' });
    await deposit(2940);
    await approve();
    assert.equal(await zoneId(), 'alps');
  });
});
