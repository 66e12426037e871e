import { strict as assert } from 'node:assert';
import {
  isNew,
  computePostponedSearchMs,
  computeSearchStartMs,
  computeWindowEndMs,
  wasPostponed,
} from '#functions/orders/model/search-windows.js';
import { MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const limits = theLimits();

describe('a window', () => {
  it('ends every quarter of a minute, and includes its beginning', () => {
    const ends = [0, 1, 14_999, 15_000].map((ms) => computeWindowEndMs(START_MS + ms, limits) - START_MS);
    assert.deepEqual(ends, [15_000, 15_000, 15_000, 30_000]);
  });
  it('contains the orders that began to wait in it', () => {
    const since = [14_999, 15_000, 29_999].map((ms) => isNew(START_MS + ms, START_MS + 30_000, limits));
    assert.deepEqual(since, [false, true, true]);
  });
});

describe('computeSearchStartMs', () => {
  const from = (facts: OrderFacts, setMs?: number, nowMs = START_MS) => {
    const order = anOrder({ status: 'accepted', readyAtMs: START_MS + 20 * MINUTE, travelSeconds: 600, ...facts });
    return computeSearchStartMs({ ...order, courierId: facts.courierId ?? null }, setMs, nowMs, limits);
  };
  it('is ready − travel − 7 minutes, or now when that is over', () => {
    assert.deepEqual(from({}), START_MS + 3 * MINUTE);
    assert.deepEqual(from({}, undefined, START_MS + 4 * MINUTE), START_MS + 4 * MINUTE);
  });
  it('may become earlier, never later', () => {
    assert.deepEqual(from({ readyAtMs: START_MS }, START_MS + 3 * MINUTE, START_MS + MINUTE), START_MS + MINUTE);
    assert.deepEqual(from({ readyAtMs: START_MS + 40 * MINUTE }, START_MS + 3 * MINUTE), START_MS + 3 * MINUTE);
  });
  it('is absent while no courier is needed', () => {
    assert.equal(from({ courierId: 'omar' }), undefined);
    assert.equal(from({ status: 'placed' }), undefined);
    assert.equal(from({ status: 'picked_up' }), undefined);
    assert.equal(from({ kind: 'pickup' }), undefined);
  });
});

describe('computePostponedSearchMs', () => {
  /** The search was to begin at minute 3; the kitchen announces a ready time at `nowMinute`. */
  const from = (readyMinute: number, nowMinute: number, facts: OrderFacts = {}) => {
    const times = { readyAtMs: START_MS + readyMinute * MINUTE, searchFromMs: START_MS + 3 * MINUTE };
    const order = anOrder({ status: 'accepted', courierId: null, travelSeconds: 600, ...times, ...facts });
    const foundMs = computePostponedSearchMs(order, START_MS + nowMinute * MINUTE, limits);
    return foundMs === undefined ? null : (foundMs - START_MS) / MINUTE;
  };
  const postponed = (facts: OrderFacts) =>
    computePostponedSearchMs(anOrder({ status: 'accepted', ...facts }), START_MS, limits);
  it('is the new ready time − travel − 7 minutes, for a search to come and one under way', () => {
    assert.equal(from(40, 1), 23);
    assert.equal(from(40, 10), 23);
  });
  it('leaves a search under way as it is where it would begin now', () => {
    assert.equal(from(27, 10), 3);
    assert.equal(from(28, 10), 11);
  });
  it('is absent while no courier is needed', () => {
    assert.equal(postponed({ kind: 'pickup' }), undefined);
    assert.equal(postponed({ courierId: 'omar' }), undefined);
  });
});

describe('wasPostponed', () => {
  const { events } = anOrder({ status: 'accepted' });
  const delay = { n: 4, action: 'delay', from: 'accepted', to: 'accepted', by: 'merchant' } as const;
  it('is true once the kitchen announced a delay', () => {
    assert.equal(wasPostponed({ events }), false);
    assert.equal(wasPostponed({ events: [...events, { ...delay, atMs: START_MS, causeId: 'key' }] }), true);
  });
});
