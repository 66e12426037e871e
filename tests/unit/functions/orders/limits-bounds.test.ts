import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { ZoneLimits } from '#functions/contract/zones.js';
import { leavesOf } from '../contract/leaves.js';
import { SHELL_LIMITS } from './shell-limits.js';
import { LIMIT_CASES, type Delta } from './limit-cases.js';

const DELTAS: readonly Delta[] = [-1, 0, 1];

/** Limits without a bound in the functions: switches, and what only apps apply; a file that names each. */
const ELSEWHERE: Readonly<Record<string, { governs: string; file: string }>> = {
  shiftsRequired: { governs: 'whether new couriers need shifts', file: 'onboarding/review-courier.ts' },
  learnedPrep: { governs: 'how quotes use learned preparation times', file: 'catalog/kitchen-load.ts' },
  'credibility.requiresStream': {
    governs: 'whether a delivery needs a stream',
    file: 'orders/model/credibility.ts',
  },
  'position.stillFixSeconds': { governs: 'the same at rest, in apps', file: 'contract/zones.ts' },
  'position.stillMeters': { governs: 'when a courier is at rest, in apps', file: 'contract/zones.ts' },
};

describe('the bounds of the limits of a zone', () => {
  for (const [path, { governs, at, expected }] of Object.entries(LIMIT_CASES))
    it(`are exact on both sides: ${path}, ${governs}`, () => assert.deepEqual(DELTAS.map(at), expected));

  it('have a case each, here or on the emulator, or no bound', () => {
    const paths = leavesOf('limits', ZoneLimits).map(({ path }) => path.replace('limits.', ''));
    const named = [...Object.keys(LIMIT_CASES), ...Object.keys(SHELL_LIMITS), ...Object.keys(ELSEWHERE)];
    assert.deepEqual([...new Set(named)].toSorted(), paths.toSorted());
    assert.equal(new Set(named).size, named.length);
  });

  for (const [path, { governs, file }] of Object.entries(ELSEWHERE)) {
    it(`are named by ${file}: ${path}, ${governs}`, () => {
      const source = readFileSync(new URL(`../../../../functions/src/${file}`, import.meta.url), 'utf8');
      assert.ok(source.includes(path.split('.').at(-1) ?? path));
    });
  }
});
