import { strict as assert } from 'node:assert';
import type { Order, OrderEvent } from '#functions/contract/orders.js';
import { summarizeKitchenDay } from '#functions/orders/model/kitchen-day.js';
import { anOrder } from '#fixtures/orders.js';

const MINUTE = 60_000;
const PROMISED_MS = 100 * MINUTE;

const event = (
  action: OrderEvent['action'],
  from: OrderEvent['from'],
  to: OrderEvent['to'],
  atMs: number,
): OrderEvent => ({
  ...{ n: 1, action, from, to, by: 'system', atMs, causeId: action },
});

/** An order with ten minutes of travel that was ready and at its end at these minutes. */
const ended = (kind: Order['kind'], readyAt: number, endedAt: number, lines: Order['lines'] = []): Order =>
  anOrder({
    kind,
    lines,
    promisedAtMs: PROMISED_MS,
    travelSeconds: kind === 'pickup' ? 0 : 600,
    events: [
      event('markReady', 'preparing', 'ready', readyAt * MINUTE),
      kind === 'pickup'
        ? event('collect', 'ready', 'collected', endedAt * MINUTE)
        : event('deliver', 'picked_up', 'delivered', endedAt * MINUTE),
    ],
  });

const line = (itemId: string, quantity: number, grossMinor: number) => ({
  itemId,
  name: itemId.toUpperCase(),
  quantity,
  modifierNames: [],
  grossMinor,
});

const counts = (orders: readonly Order[]) => {
  const { orders: all, late, kitchenLate } = summarizeKitchenDay(orders);
  return [all, late, kitchenLate];
};

describe('summarizeKitchenDay', () => {
  it('counts a delivery as late by its arrival, and the kitchen by when it was ready', () => {
    assert.deepEqual(counts([ended('delivery', 90, 100)]), [1, 0, 0]);
    assert.deepEqual(counts([ended('delivery', 90, 101)]), [1, 1, 0]);
    assert.deepEqual(counts([ended('delivery', 91, 100)]), [1, 0, 1]);
    assert.deepEqual(counts([ended('delivery', 90.9, 100.9)]), [1, 0, 0]);
  });

  it('counts a pickup as late by when it was ready, not by when it was collected', () => {
    assert.deepEqual(counts([ended('pickup', 100, 140)]), [1, 0, 0]);
    assert.deepEqual(counts([ended('pickup', 101, 101)]), [1, 1, 1]);
  });

  it('adds the units of an item from all lines and orders, the most sold first', () => {
    const { items, others } = summarizeKitchenDay([
      ended('pickup', 100, 100, [line('cola', 1, 300), line('pizza', 2, 2_000), line('cola', 1, 350)]),
      ended('pickup', 100, 100, [line('pizza', 1, 1_000), line('bread', 2, 200)]),
    ]);
    assert.deepEqual(items, [
      { itemId: 'pizza', name: 'PIZZA', quantity: 3, grossMinor: 3_000 },
      { itemId: 'bread', name: 'BREAD', quantity: 2, grossMinor: 200 },
      { itemId: 'cola', name: 'COLA', quantity: 2, grossMinor: 650 },
    ]);
    assert.deepEqual(others, { quantity: 0, grossMinor: 0 });
  });

  it('lists a hundred items, and the others together', () => {
    const lines = Array.from({ length: 103 }, (_, index) => line(`item-${index}`, index === 102 ? 5 : 1, 100));
    const { items, others } = summarizeKitchenDay([ended('pickup', 100, 100, lines)]);
    assert.deepEqual([items.length, items[0]?.itemId, others], [100, 'item-102', { quantity: 3, grossMinor: 300 }]);
  });

  it('is empty without orders', () => {
    assert.deepEqual(summarizeKitchenDay([]), {
      ...{ orders: 0, late: 0, kitchenLate: 0 },
      items: [],
      others: { quantity: 0, grossMinor: 0 },
    });
  });
});
