import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AutoSurge, NO_SURGE_PPM, type Surge } from '#functions/contract/surge.js';
import { computeSurgePpm, decideSurge } from '#functions/operations/model/decide-surge.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aSurge } from '#fixtures/documents/operations.js';

const RULES = AutoSurge.parse({});
const counts = fc.record({ waiting: fc.nat(10_000), free: fc.nat(200) });
const someRules: fc.Arbitrary<AutoSurge> = fc.record({
  minWaiting: fc.integer({ min: 1, max: 20 }),
  startsAtPpm: fc.integer({ min: 0, max: 3_000_000 }),
  perOrderPpm: fc.integer({ min: 1_000, max: 4_000_000 }),
  stepPpm: fc.integer({ min: 10_000, max: 1_000_000 }),
  maxPpm: fc.integer({ min: NO_SURGE_PPM, max: 5_000_000 }),
  holdMinutes: fc.integer({ min: 1, max: 10 }),
});

describe('computeSurgePpm', () => {
  it('rises by a step with each further order for each free courier, from one on', () => {
    const cases = [
      [4, 4, 1_000_000],
      [5, 4, 1_000_000],
      [6, 4, 1_100_000],
      [8, 4, 1_200_000],
      [12, 4, 1_500_000],
      [20, 4, 2_000_000],
      [400, 4, 2_000_000],
    ] as const;
    for (const [waiting, free, expected] of cases)
      assert.equal(computeSurgePpm({ waiting, free }, RULES), expected, `${waiting} for ${free}`);
  });
  it('needs a few orders, and assumes a courier where none is free', () => {
    assert.equal(computeSurgePpm({ waiting: 2, free: 0 }, RULES), 1_000_000);
    assert.equal(computeSurgePpm({ waiting: 3, free: 0 }, RULES), 1_500_000);
    assert.equal(computeSurgePpm({ waiting: 3, free: 1 }, RULES), 1_500_000);
  });
  it('is never above the maximum nor below none, and rises with the orders', () =>
    fc.assert(
      fc.property(counts, someRules, (some, rules) => {
        const surgePpm = computeSurgePpm(some, rules);
        assert.ok(surgePpm >= NO_SURGE_PPM && surgePpm <= rules.maxPpm);
        assert.ok(surgePpm <= computeSurgePpm({ ...some, waiting: some.waiting + 1 }, rules));
        assert.ok(surgePpm >= computeSurgePpm({ ...some, free: some.free + 1 }, rules));
      }),
    ));
});

describe('decideSurge', () => {
  const BUSY = { waiting: 12, free: 4 };
  const CALM = { waiting: 0, free: 4 };
  const before = (changes: Partial<Surge> = {}) =>
    aSurge({ surgePpm: 1_500_000, atMs: START_MS - 5 * MINUTE, untilMs: START_MS + 10 * MINUTE, ...changes });
  const decide = (stored: Surge | null, some: Pick<Surge, 'waiting' | 'free'>, rules = RULES) =>
    decideSurge(stored, some, rules, START_MS);

  it('writes the first surge with its counts and its end, and nothing where there is none', () => {
    assert.deepEqual(decide(null, BUSY), {
      ...BUSY,
      surgePpm: 1_500_000,
      atMs: START_MS,
      untilMs: START_MS + 15 * MINUTE,
    });
    assert.equal(decide(null, CALM), null);
  });
  it('changes only once within its minutes, in both directions', () => {
    const recent = before({ atMs: START_MS - 5 * MINUTE + 1 });
    assert.deepEqual([decide(recent, CALM), decide(recent, { waiting: 20, free: 4 })], [null, null]);
    assert.equal(decide(before(), CALM)?.surgePpm, 1_000_000);
    assert.equal(decide(before(), { waiting: 20, free: 4 })?.surgePpm, 2_000_000);
  });
  it('does not wait for a change that was made before the clock went back', () =>
    assert.equal(decide(before({ atMs: START_MS + 1 }), CALM)?.surgePpm, 1_000_000));
  it('falls only where the counts call for half a step less', () => {
    // 58 orders for 20 couriers call for 1.475, 55 for 1.4375.
    assert.equal(decide(before(), { waiting: 58, free: 20 }), null);
    assert.equal(decide(before(), { waiting: 55, free: 20 })?.surgePpm, 1_400_000);
  });
  it('obeys a lower maximum at once', () => {
    const next = decide(before({ atMs: START_MS }), BUSY, { ...RULES, maxPpm: 1_200_000 });
    assert.equal(next?.surgePpm, 1_200_000);
  });
  it('is renewed without a change shortly before it expires, and starts again after that', () => {
    assert.equal(decide(before({ untilMs: START_MS + 5 * MINUTE }), BUSY), null);
    const soon = before({ untilMs: START_MS + 5 * MINUTE - 1 });
    assert.deepEqual(decide(soon, BUSY), { ...soon, ...BUSY, untilMs: START_MS + 15 * MINUTE });
    assert.equal(decide(before({ untilMs: START_MS }), CALM)?.surgePpm, 1_000_000);
    assert.equal(decide(before({ surgePpm: 1_000_000, untilMs: START_MS }), CALM), null);
  });

  it('stays within its bounds, changes at most once in its minutes, and settles where the counts do', () =>
    fc.assert(
      fc.property(someRules, fc.array(counts, { minLength: 1, maxLength: 40 }), (rules, history) => {
        let stored: Surge | null = null;
        let changedAtMs = -Infinity;
        const last = history.at(-1) ?? CALM;
        const calm = Array.from({ length: 3 * rules.holdMinutes }, () => last);
        const seen: number[] = [];
        for (const [minute, some] of [...history, ...calm, ...calm].entries()) {
          const nowMs: number = START_MS + minute * MINUTE;
          const next: Surge | null = decideSurge(stored, some, rules, nowMs);
          const former: number = stored?.surgePpm ?? NO_SURGE_PPM;
          if (next && next.surgePpm !== former) {
            assert.ok(nowMs - changedAtMs >= rules.holdMinutes * MINUTE);
            changedAtMs = nowMs;
          }
          stored = next ?? stored;
          seen.push(stored?.surgePpm ?? NO_SURGE_PPM);
        }
        assert.ok(seen.every((one) => one >= NO_SURGE_PPM && one <= rules.maxPpm));
        assert.equal(new Set(seen.slice(-calm.length)).size, 1);
      }),
    ));
  it('is the same for the same counts, after no surge', () =>
    fc.assert(
      fc.property(someRules, counts, (rules, some) => {
        const first = decideSurge(null, some, rules, START_MS);
        assert.equal(first?.surgePpm ?? NO_SURGE_PPM, computeSurgePpm(some, rules));
      }),
    ));
});
