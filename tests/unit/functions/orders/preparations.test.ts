import { strict as assert } from 'node:assert';
import type { OrderEvent } from '#functions/contract/orders.js';
import { listPreparations } from '#functions/orders/model/preparations.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

interface Minutes {
  accept?: number;
  ready?: number;
  /** When the courier came to the counter; absent: unknown. */
  arrive?: number;
  pickUp?: number;
  by?: OrderEvent['by'];
}

function cooked({ accept = 0, ready = 20, arrive, pickUp = 21, by = 'courier' }: Minutes = {}, facts: OrderFacts = {}) {
  const steps = [
    ['accept', 'merchant', accept],
    ['assign', 'courier', accept],
    ['markReady', 'merchant', ready],
    ...(arrive === undefined ? [] : [['arrive', 'courier', arrive] as const]),
    ['pickUp', by, pickUp],
  ] as const;
  const events = steps.map(([action, actor, minute], index): OrderEvent => ({
    n: index + 1,
    action,
    from: 'preparing',
    to: 'preparing',
    by: actor,
    atMs: START_MS + minute * MINUTE,
    causeId: `cause-${index}`,
  }));
  return anOrder({ status: 'completed', events, ...facts });
}

const minutesOf = (minutes: Minutes, facts: OrderFacts = {}) =>
  listPreparations([cooked(minutes, facts)]).map((one) => one.minutes);

describe('the preparations of completed orders', () => {
  it('last from the acceptance until the kitchen reports that it is ready', () =>
    assert.deepEqual(listPreparations([cooked()]), [{ atMs: START_MS, load: 0, minutes: 20 }]));
  it('last until the pick-up where the courier had waited for food that was reported as ready', () => {
    assert.deepEqual(minutesOf({ ready: 10, arrive: 12, pickUp: 15 }), [10]);
    assert.deepEqual(minutesOf({ ready: 10, arrive: 12, pickUp: 16 }), [15]);
    assert.deepEqual(minutesOf({ ready: 10, arrive: 5, pickUp: 14 }), [13]);
  });
  it('last until the report where the courier came later', () =>
    assert.deepEqual(minutesOf({ ready: 10, arrive: 29, pickUp: 30 }), [10]));
  it('count the other orders in the kitchen at the acceptance', () => {
    const orders = [
      cooked(),
      cooked({ accept: 10, ready: 30, pickUp: 31 }),
      cooked({ accept: 25, ready: 35, pickUp: 36 }),
    ];
    assert.deepEqual(
      listPreparations(orders).map(({ load }) => load),
      [0, 1, 1],
    );
  });
  for (const [what, minutes, facts] of [
    ['for pickup, which no courier confirms', {}, { kind: 'pickup' }],
    ['for a slot', {}, { scheduledForMs: START_MS }],
    ['that the kitchen handed over', { by: 'merchant' }, {}],
    ['that took longer than three hours', { ready: 181, pickUp: 182 }, {}],
  ] as const)
    it(`leave out an order ${what}`, () => assert.deepEqual(minutesOf(minutes, facts), []));
  it('leave out an order that was restored', () => {
    const order = cooked();
    const restore = { ...order.events[0], action: 'restore' } as OrderEvent;
    assert.deepEqual(listPreparations([{ ...order, events: [...order.events, restore] }]), []);
  });
});
