import { strict as assert } from 'node:assert';
import type { LiableParty, Order, OrderStatus } from '#functions/contract/orders.js';
import type { SettlementScope } from '#functions/contract/pricing.js';
import { findSettlement, settleEnd, toCashScope } from '#functions/orders/model/settlement-scope.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';

/** The capture, and the pay of merchant, courier and platform; the courier's ride is 4.50. */
const amounts = (settlement: ReturnType<typeof findSettlement>) => {
  if (!settlement) return null;
  const { captureMinor, split } = settlement;
  return [captureMinor, split.merchantMinor, split.courierMinor, split.platformMinor];
};

/** An order that a step with this verdict ended. */
function ended(status: OrderStatus, scope: SettlementScope, liable: LiableParty, facts: OrderFacts = {}): Order {
  const order = anOrder({ status, courierId: 'omar', ...facts });
  const verdict = { ...order.events[0], action: 'cancel', from: 'ready', to: status, by: 'operator' } as const;
  const event = { ...verdict, n: 9, atMs: START_MS, causeId: 'ended', liable, scope };
  return { ...order, events: [...anOrder({ status: 'ready' }).events, event] };
}
const found = (order: Order) => amounts(findSettlement(order, aQuote()));

describe('the settlement of an order', () => {
  for (const status of ['delivered', 'collected', 'completed'] as const)
    it(`charges all of an order that is ${status}`, () =>
      assert.deepEqual(found(anOrder({ status, courierId: 'omar' })), [2940, 1600, 650, 403]));
  for (const status of ['placed', 'ready', 'undeliverable', 'rejected', 'expired'] as const)
    it(`is null for an order that is ${status}`, () => assert.equal(found(anOrder({ status })), null));

  it('follows the verdict of a cancellation once it is settled', () => {
    assert.deepEqual(found(ended('cancelled', 'items', 'customer')), [2200, 1600, 450, -50]);
    assert.equal(found(ended('cancelled', 'items', 'customer', { due: { kind: 'settle', atMs: START_MS } })), null);
    const paidOutLater = { due: { kind: 'payOut', atMs: START_MS } } as const;
    assert.deepEqual(found(ended('cancelled', 'items', 'customer', paidOutLater)), [2200, 1600, 450, -50]);
  });
  it('follows the last verdict where a cancellation was undone', () => {
    const order = ended('cancelled', 'none', 'merchant');
    const again = ended('cancelled', 'platformPaysKitchen', 'courier').events.slice(-1);
    assert.deepEqual(found({ ...order, events: [...order.events, ...again] }), [0, 1600, 0, -1600]);
  });
  it('follows the verdict after a payout, which has none', () => {
    const order = ended('cancelled', 'platformPaysKitchen', 'courier');
    const [verdict] = order.events.slice(-1);
    assert.ok(verdict);
    const { scope: _, liable: __, ...payOut } = { ...verdict, action: 'payOut' as const };
    assert.deepEqual(found({ ...order, events: [...order.events, payOut] }), [0, 1600, 0, -1600]);
  });
  it('is empty for a cancellation without a verdict', () =>
    assert.deepEqual(found({ ...anOrder({ status: 'cancelled' }), events: anOrder().events }), [0, 0, 0, 0]));

  it('pays the ride only to a courier who is not liable', () => {
    const kitchenPaid = (liable: LiableParty, courierId: string | null) =>
      found(ended('cancelled', 'platformPaysKitchen', liable, { courierId }));
    assert.deepEqual(kitchenPaid('platform', 'omar'), [0, 1600, 450, -2050]);
    assert.deepEqual(kitchenPaid('courier', 'omar'), [0, 1600, 0, -1600]);
    assert.deepEqual(kitchenPaid('platform', null), [0, 1600, 0, -1600]);
  });
  it('pays six tenths of the ride for the way back, to a courier who is not liable', () => {
    assert.deepEqual(found(ended('returned', 'allLessTip', 'customer')), [2740, 1600, 720, 133]);
    assert.deepEqual(found(ended('cancelled', 'allLessTip', 'customer')), [2740, 1600, 450, 403]);
    assert.deepEqual(found(ended('returned', 'platformPaysKitchen', 'courier')), [0, 1600, 0, -1600]);
  });
  it('pays the ride and the tip of a rider, an outside one by the agreed fee', () => {
    const brought = (rider: Order['rider']) =>
      found(anOrder({ status: 'delivered', courierId: null, ...(rider && { rider }) }));
    assert.deepEqual(brought({ type: 'own' }), [2940, 1600, 650, 403]);
    assert.deepEqual(brought({ type: 'outside', feeMinor: 900 }), [2940, 1600, 1100, -47]);
    assert.deepEqual(brought({ type: 'outside', feeMinor: 100 }), [2940, 1600, 300, 753]);
  });
  it('pays a rider only after the pick-up, and not where the one who would be paid is liable', () => {
    const RIDERS = [{ type: 'own' }, { type: 'outside', feeMinor: 900 }] as const;
    const rideOf = (from: OrderStatus, liable: LiableParty) =>
      RIDERS.map((rider) => {
        const order = ended('returned', 'platformPaysKitchen', liable, { courierId: null, rider });
        const [last] = order.events.slice(-1);
        const events = [...anOrder({ status: from }).events, ...(last ? [last] : [])];
        return findSettlement({ ...order, events }, aQuote())?.split.courierMinor;
      });
    assert.deepEqual(rideOf('ready', 'customer'), [0, 0]);
    // The way back is paid by the ride; a fee was agreed for all of it.
    assert.deepEqual(rideOf('undeliverable', 'customer'), [720, 900]);
    assert.deepEqual(rideOf('undeliverable', 'courier'), [0, 0]);
    assert.deepEqual(rideOf('undeliverable', 'merchant'), [0, 900]);
  });
  it('moves nothing where nothing is charged, not even for a ride', () =>
    assert.deepEqual(
      amounts(
        settleEnd({ courierId: 'omar', events: [] }, aQuote(), { scope: 'none', liable: 'merchant', cameBack: true }),
      ),
      [0, 0, 0, 0],
    ));

  it("of a cash order is at the platform's cost where its customer would pay", () => {
    const cash: OrderFacts = { payment: { status: 'voided', method: 'cash', intentId: null } };
    assert.deepEqual(found(ended('cancelled', 'items', 'customer', cash)), [0, 1600, 450, -2050]);
    assert.deepEqual(found(ended('returned', 'allLessTip', 'customer', cash)), [0, 1600, 720, -2320]);
    assert.deepEqual(found(ended('cancelled', 'platformPaysCourier', 'merchant', cash)), [0, 0, 450, -450]);
  });
  it('of a cash order keeps a scope that its customer does not pay, or pays at the door', () => {
    const scopes = ['all', 'none', 'platformPaysCourier', 'platformPaysKitchen'] as const;
    assert.deepEqual(scopes.map(toCashScope), scopes);
    assert.deepEqual((['items', 'itemsAndDelivery', 'allLessTip'] as const).map(toCashScope), [
      'platformPaysKitchen',
      'platformPaysKitchen',
      'platformPaysKitchen',
    ]);
  });
});
