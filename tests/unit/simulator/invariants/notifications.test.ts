import { strict as assert } from 'node:assert';
import { causeBreaches, pushBreaches } from '#simulator/invariants/notifications.js';
import type { Books, NotificationLog } from '#simulator/invariants/snapshot.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const phones = [
  ['carla', 'phone-carla'],
  ['omar', 'phone-omar'],
  ['mario', 'phone-mario'],
] as const;
/** Placed, accepted, ready, picked up and delivered: to the kitchen, the customer, the courier, and the customer. */
const pushes = [
  { token: 'phone-mario', id: 'order-1-2-0' },
  { token: 'phone-carla', id: 'order-1-3-0' },
  { token: 'phone-omar', id: 'order-1-6-0' },
  { token: 'phone-carla', id: 'order-1-7-0' },
  { token: 'phone-carla', id: 'order-1-8-0' },
];
const books = (log: Partial<NotificationLog> = {}, order: OrderFacts = {}): Books => ({
  orders: [['order-1', anOrder({ status: 'delivered', ...order })]],
  couriers: [],
  ledger: [],
  nowMs: START_MS,
  notifications: { pushes, phones, staff: [['rosa', 'mario']], webhooks: [['evt_1', 200]], ...log },
});

describe('notifications of orders', () => {
  it('are complete with one per event and device', () => assert.deepEqual(pushBreaches(books()), []));
  it("may include others than those of the orders' events", () => {
    const more = [...pushes, { token: 'phone-carla', id: 'order-1-chat-omar-1' }];
    assert.deepEqual(pushBreaches(books({ pushes: more })), []);
  });
  it('are reported where a device received one twice', () => {
    const twice = [...pushes, { token: 'phone-carla', id: 'order-1-8-0' }];
    assert.deepEqual(pushBreaches(books({ pushes: twice })), ['order-1-8-0 on phone-carla: received more than once']);
  });
  it('are reported where one of two devices received none', () => {
    const watch = [...phones, ['mario', 'watch-mario'] as const];
    assert.deepEqual(pushBreaches(books({ phones: watch })), ['order-1-2-0 on watch-mario: never received']);
  });
  it('are reported where none was sent', () => {
    assert.deepEqual(pushBreaches(books({ pushes: pushes.slice(0, -1) })), [
      'order-1-8-0 on phone-carla: never received',
    ]);
  });
  it('are not required for an order that the check of its card cancels', () => {
    const cancelledBy = (causeId: string): OrderFacts => {
      const events = anOrder({ status: 'delivered' }).events.map((one) => (one.n === 3 ? { ...one, causeId } : one));
      return { events };
    };
    const rest = pushes.filter(({ id }) => id !== 'order-1-2-0');
    assert.deepEqual(pushBreaches(books({ pushes: rest }, cancelledBy('card:used:2'))), []);
    assert.deepEqual(pushBreaches(books({ pushes: rest }, cancelledBy('card:used:1'))), [
      'order-1-2-0 on phone-mario: never received',
    ]);
  });
  it('are required for the courier at the time of the event, not for the present one', () => {
    const events = anOrder({ status: 'delivered' }).events.map((event) =>
      event.action === 'assign' ? { ...event, courierId: 'nina' } : event,
    );
    assert.deepEqual(pushBreaches(books({}, { events })), []);
    assert.deepEqual(pushBreaches(books({ phones: [...phones, ['nina', 'phone-nina']] }, { events })), [
      'order-1-6-0 on phone-nina: never received',
    ]);
  });
});

describe('events of Stripe', () => {
  const held = (orderId: string): [string, ReturnType<typeof anOrder>] => {
    const events = anOrder({ status: 'placed' }).events.map((event) =>
      event.n === 2 ? { ...event, causeId: 'hold:pi_1' } : { ...event, causeId: orderId },
    );
    return [orderId, anOrder({ status: 'placed', events })];
  };
  it("may be the cause of one order's event", () =>
    assert.deepEqual(causeBreaches({ ...books(), orders: [held('order-1')] }), []));
  it('are reported where one changed two orders', () => {
    const twice = causeBreaches({ ...books(), orders: [held('order-1'), held('order-2')] });
    assert.deepEqual(twice, ['hold:pi_1 was applied to more than one order']);
  });
  it('are reported where the last response is an error', () => {
    const unanswered = causeBreaches(books({ webhooks: [['evt_1', 500]] }));
    assert.deepEqual(unanswered, ['event evt_1 of Stripe was answered 500']);
  });
});
