import { strict as assert } from 'node:assert';
import type { Journal, Order, OrderEvent } from '#functions/contract/orders.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { handOverBreaches, triageBreaches } from '#simulator/invariants/desk.js';
import type { Books, NotificationLog } from '#simulator/invariants/snapshot.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const NO_BOOKS: Books = { orders: [], couriers: [], ledger: [], nowMs: START_MS };
const event = (n: number, action: OrderEvent['action'], by: OrderEvent['by'], courierId?: string): OrderEvent => ({
  n,
  action,
  from: 'placed',
  to: 'placed',
  by,
  atMs: START_MS,
  causeId: `cause-${n}`,
  ...(courierId !== undefined && { courierId }),
});

describe('an order that was handed over', () => {
  const handedOver = anOrder({
    status: 'delivered',
    courierId: 'nina',
    events: [event(1, 'assign', 'courier', 'omar'), event(2, 'handOver', 'operator', 'nina')],
  });
  const found = (uid: string, order: Order = handedOver) => {
    const entries = [{ account: ACCOUNTS.courier(uid), amountMinor: -650 }];
    const journal: Journal = { orderId: 'order-1', kind: 'settlement', currency: 'EUR', atMs: START_MS, entries };
    return handOverBreaches('order-1', order, { ...NO_BOOKS, ledger: [['order-1-8', journal]] });
  };

  it('pays the courier who carried it at its end', () => assert.deepEqual(found('nina'), []));
  it('is reported where it pays the courier who handed it over', () =>
    assert.deepEqual(found('omar'), ['order order-1: pays omar, who handed it over to nina']));
  it('pays a courier who got it back', () => {
    const back = [...handedOver.events, event(3, 'handOver', 'operator', 'omar')];
    assert.deepEqual(found('omar', { ...handedOver, courierId: 'omar', events: back }), []);
  });
});

describe('a risky order', () => {
  const waits = [event(1, 'place', 'customer'), event(2, 'confirmPayment', 'system')];
  const released = [...waits, event(3, 'release', 'operator'), event(4, 'accept', 'merchant')];
  const notifications = (id: string): NotificationLog => ({
    pushes: [{ token: 'device-rosa', id }],
    phones: [['rosa-owner', 'device-rosa']],
    staff: [['rosa', 'rosa-owner']],
    webhooks: [],
  });
  const found = (events: OrderEvent[], books: Partial<Books> = {}, triageMinutes = 2) =>
    triageBreaches('order-1', anOrder({ events, triageMinutes }), { ...NO_BOOKS, ...books });

  it('reaches the kitchen after its release', () =>
    assert.deepEqual(found(released, { notifications: notifications('order-1-3-0') }), []));
  it('is reported where the kitchen took a step before', () => {
    const early = [...waits, event(3, 'accept', 'merchant'), event(4, 'release', 'operator')];
    assert.deepEqual(found(early), ['order order-1: the kitchen took step 3, accept, before the release']);
  });
  it('is reported where the staff was notified before the release, or of one that was rejected', () => {
    const pushed = ['order order-1: the kitchen received order-1-2-0 before the release'];
    assert.deepEqual(found(released, { notifications: notifications('order-1-2-0') }), pushed);
    const rejected = [...waits, event(3, 'cancel', 'operator')];
    assert.equal(found(rejected, { notifications: notifications('order-1-3-0') }).length, 1);
    assert.deepEqual(found(rejected, { notifications: notifications('order-2-3-0') }), []);
  });
});
