import { strict as assert } from 'node:assert';
import { decideMatches } from '#functions/dispatch/model/plan.js';
import { parseEach } from '#simulator/dispatch/decisions.js';

const input = {
  nowMs: 0,
  deliveries: [],
  riders: [],
  weights: { clickToDoor: 1, late: 1, travel: 1, foodWaits: 1, courierWaits: 1, fairness: 1, waited: 1 },
  limits: { capacity: 2, detourSeconds: 480 },
  service: { pickUpSeconds: 120, dropOffSeconds: 120 },
  travel: { detourFactor: 1.3, metersPerSecond: 5 },
};
const decision = { atMs: 1, input, result: decideMatches(input).outcome };

describe('stored decisions', () => {
  it('are read one by one: an invalid one is listed, and the others are replayed', () => {
    const { result: _, ...withoutResult } = decision;
    const found = parseEach([
      ['good-1', decision],
      ['without result', withoutResult],
      ['of a wrong type', 'decision'],
      ['good-2', { ...decision, addedLater: true }],
    ]);
    assert.deepEqual(
      found.decisions.map(({ name }) => name),
      ['good-1', 'good-2'],
    );
    assert.deepEqual(found.unreadable, ['without result', 'of a wrong type']);
  });
});
