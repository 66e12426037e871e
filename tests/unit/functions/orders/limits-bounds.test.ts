import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { ZoneLimits } from '#functions/contract/zones.js';
import { leavesOf } from '../contract/leaves.js';
import { LIMIT_CASES, type Delta } from './limit-cases.js';

const DELTAS: readonly Delta[] = [-1, 0, 1];

/** Limits that a file of the shell applies, or only the apps; the file, below `functions/src`. */
const ELSEWHERE: Readonly<Record<string, { governs: string; file: string }>> = {
  quoteMinutes: { governs: 'how long a price is valid', file: 'orders/flow/make-quote.ts' },
  scheduleDays: { governs: 'how far ahead a slot may be', file: 'orders/flow/make-quote.ts' },
  scarcePaymentMinutes: { governs: 'when an order of the last units expires', file: 'orders/flow/place-order.ts' },
  missedOrdersBeforePause: { governs: 'when a store is paused', file: 'catalog/missed-orders.ts' },
  pauseMinutes: { governs: 'how long a store is paused', file: 'catalog/missed-orders.ts' },
  offerSeconds: { governs: 'when an offer expires', file: 'dispatch/match-window.ts' },
  offerWaves: { governs: 'how often couriers are asked', file: 'dispatch/end-offer.ts' },
  detourMinutes: { governs: 'how long food may travel because of another order', file: 'dispatch/model/plan.ts' },
  shiftsRequired: { governs: 'whether new couriers need shifts', file: 'onboarding/review-courier.ts' },
  'credibility.requiresStream': {
    governs: 'whether a delivery needs a stream',
    file: 'orders/model/credibility.ts',
  },
  'position.fixSeconds': { governs: 'how often phones take a fix', file: 'operations/model/check-zone.ts' },
  'position.fixesPerPacket': { governs: 'how many fixes a packet has', file: 'operations/model/check-zone.ts' },
  'position.stillFixSeconds': { governs: 'the same at rest, in apps', file: 'contract/zones.ts' },
  'position.stillMeters': { governs: 'when a courier is at rest, in apps', file: 'contract/zones.ts' },
};

describe('the bounds of the limits of a zone', () => {
  for (const [path, { governs, at, expected }] of Object.entries(LIMIT_CASES))
    it(`are exact on both sides: ${path}, ${governs}`, () => assert.deepEqual(DELTAS.map(at), expected));

  it('have a case each, or a file that applies them', () => {
    const paths = leavesOf('limits', ZoneLimits).map(({ path }) => path.replace('limits.', ''));
    const named = [...Object.keys(LIMIT_CASES), ...Object.keys(ELSEWHERE)];
    assert.deepEqual([...new Set(named)].toSorted(), paths.toSorted());
    assert.equal(new Set(named).size, named.length);
  });

  for (const [path, { governs, file }] of Object.entries(ELSEWHERE)) {
    it(`are applied by ${file}: ${path}, ${governs}`, () => {
      const source = readFileSync(new URL(`../../../../functions/src/${file}`, import.meta.url), 'utf8');
      assert.ok(source.includes(path.split('.').at(-1) ?? path));
    });
  }
});
