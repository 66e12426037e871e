import { strict as assert } from 'node:assert';
import type { OrderEvent } from '#functions/contract/orders.js';
import type { StoreStrike } from '#functions/contract/strikes.js';
import { addStrike, countStrikes, hadStrike, isStrike, toStrike } from '#functions/orders/model/strikes.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const DAY = 24 * 3_600_000;
const limits = { strikeDays: 30 };

const cancelled = (facts: Partial<OrderEvent> = {}): OrderEvent => ({
  n: 4,
  action: 'cancel',
  from: 'accepted',
  to: 'cancelled',
  by: 'merchant',
  liable: 'merchant',
  atMs: START_MS,
  causeId: 'key',
  ...facts,
});

describe('a strike of a kitchen', () => {
  for (const [what, facts, expected] of [
    ['its cancellation', {}, true],
    ['its cancellation of a slot', { from: 'scheduled' }, true],
    ['its cancellation of food that is ready', { from: 'ready' }, true],
    ["an operator's at its cost", { by: 'operator' }, true],
    ["an operator's at its cost after the pick-up", { by: 'operator', from: 'picked_up' }, false],
    ["an operator's at its cost of food that comes back", { by: 'operator', from: 'undeliverable' }, false],
    ["an operator's at the platform's cost", { by: 'operator', liable: 'platform' }, false],
    ["a customer's, for a late kitchen", { by: 'customer' }, true],
    ["a customer's, at the own cost", { by: 'customer', liable: 'customer' }, false],
    ["a customer's, for a late courier", { by: 'customer', liable: 'courier' }, false],
    ["the backend's, for an edit without an answer", { by: 'system' }, true],
    ["the backend's, where no courier came", { by: 'system', liable: 'platform' }, false],
    ['the settlement of its cancellation', { action: 'settle', from: 'cancelled' }, false],
    ['its rejection', { action: 'reject', from: 'placed', to: 'rejected' }, false],
  ] as const)
    it(`is ${expected ? '' : 'not '}${what}`, () => assert.equal(isStrike(cancelled(facts)), expected));

  it('is what a restoration takes back', () => {
    const { events } = anOrder({ status: 'accepted' });
    assert.equal(hadStrike({ events: [...events, cancelled()] }), true);
    assert.equal(hadStrike({ events: [...events, cancelled({ by: 'customer', liable: 'customer' })] }), false);
    assert.equal(hadStrike({ events }), false);
  });

  it('names the order and the step, and no person', () =>
    assert.deepEqual(toStrike(anOrder(), cancelled()), {
      code: 'ABCD',
      status: 'accepted',
      by: 'merchant',
      atMs: START_MS,
    }));
});

describe('the strikes of a kitchen', () => {
  const at = (atMs: number): StoreStrike => ({ code: 'ABCD', status: 'accepted', by: 'merchant', atMs });

  it('are kept for as many days as the zone says, and as long as the last one', () => {
    const before = { old: at(START_MS - 30 * DAY), recent: at(START_MS - 30 * DAY + 1) };
    const after = addStrike(before, 'new', at(START_MS), limits);
    assert.deepEqual(Object.keys(after.strikes).toSorted(), ['new', 'recent']);
    assert.equal(after.expireAt, START_MS + 30 * DAY);
    assert.equal(countStrikes(before, START_MS, limits), 1);
  });
  it('count an order once', () => {
    const twice = addStrike({ one: at(START_MS) }, 'one', at(START_MS + 1), limits);
    assert.deepEqual(twice.strikes, { one: at(START_MS + 1) });
  });
  it('are at most 50, the latest', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`order-${index}`, at(START_MS + index)]));
    const after = addStrike(many, 'last', at(START_MS + 50), limits).strikes;
    assert.deepEqual([Object.keys(after).length, after['order-0'], after['last']], [50, undefined, at(START_MS + 50)]);
  });
});
