import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { PrepTimes, type PrepSample } from '#functions/contract/prep-times.js';
import {
  computePrepTimes,
  LEARNED_DAYS,
  needsLoad,
  proposePrepMinutes,
  selectSamples,
  toLoadLevel,
  toPrepHour,
} from '#functions/catalog/model/prep-times.js';
import { runs } from '#fixtures/proofs.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday, midnight in Vienna. */
const MONDAY_MS = Date.parse('2026-02-02T00:00:00+01:00');
const ZONE = 'Europe/Vienna';
const NOW_MS = MONDAY_MS + 28 * DAY;

/** So many orders of one hour, a week apart, all taking as long. */
const many = (count: number, hour: number, minutes: number, load = 0): PrepSample[] =>
  Array.from({ length: count }, (_, week) => ({
    atMs: MONDAY_MS + hour * HOUR + (week % 4) * 7 * DAY + week,
    load,
    minutes,
  }));

const learn = (...samples: PrepSample[][]): PrepTimes => {
  const learned = computePrepTimes(samples.flat(), ZONE, NOW_MS);
  assert.ok(learned);
  return learned;
};

const QUIET_HOUR = 11;
const BUSY_HOUR = 19;

describe('toPrepHour', () => {
  const at = (local: string) => toPrepHour(ZONE, Date.parse(local));
  it('divides a day into blocks of two hours, in the local time of the restaurant', () => {
    assert.deepEqual(
      [at('2026-03-02T00:00:00+01:00'), at('2026-03-02T01:59:59+01:00'), at('2026-03-02T02:00:00+01:00')],
      [0, 0, 1],
    );
    assert.equal(at('2026-07-06T19:00:00+02:00'), 9);
  });
  it('takes Monday to Thursday together', () => {
    const noons = ['02', '03', '04', '05', '06', '07', '08'].map((day) => at(`2026-03-${day}T12:00:00+01:00`));
    assert.deepEqual(noons, [6, 6, 6, 6, 18, 30, 42]);
  });
});

describe('toLoadLevel', () => {
  it('rises with 2, 4 and 7 other orders', () =>
    assert.deepEqual([0, 1, 2, 3, 4, 6, 7, 100].map(toLoadLevel), [0, 0, 1, 1, 2, 2, 3, 3]));
});

describe('selectSamples', () => {
  it('takes those of the last weeks', () => {
    const old = { atMs: NOW_MS - LEARNED_DAYS * DAY, load: 0, minutes: 10 };
    const recent = { ...old, atMs: old.atMs + 1 };
    assert.deepEqual(selectSamples([recent, old], NOW_MS), [recent]);
  });
  it('takes the latest 1000', () => {
    const all = Array.from({ length: 1001 }, (_, index) => ({ atMs: NOW_MS - index, load: 0, minutes: 10 }));
    const selected = selectSamples(all, NOW_MS);
    assert.deepEqual([selected.length, selected[0]?.atMs, selected.at(-1)?.atMs], [1000, NOW_MS - 999, NOW_MS]);
  });
});

describe('computePrepTimes', () => {
  it('fits its schema with loads that take much longer', () => {
    const cell = (hours: number, load: number, minutes: number) =>
      Array.from({ length: 8 }, (_, index) => ({ atMs: NOW_MS - (hours * 60 + index) * 60_000, load, minutes }));
    const samples = [
      ...cell(4, 0, 0),
      ...cell(4, 2, 180),
      ...cell(8, 2, 0),
      ...cell(8, 4, 180),
      ...cell(12, 4, 0),
      ...cell(12, 7, 180),
    ];
    const learned = computePrepTimes(samples, 'UTC', NOW_MS);
    assert.deepEqual(PrepTimes.parse(learned).loads.at(-1), 180);
  });

  it('learns nothing from 29 orders, and something from 30', () => {
    assert.equal(computePrepTimes(many(29, QUIET_HOUR, 12), ZONE, NOW_MS), null);
    const { all, orders, learnedAtMs } = learn(many(30, QUIET_HOUR, 12));
    assert.deepEqual([all, orders, learnedAtMs], [{ minutes: 12, calmMinutes: 12 }, 30, NOW_MS]);
  });
  it('learns an hour from 8 orders, and not from 7', () => {
    const hours = (count: number) => Object.keys(learn(many(30, QUIET_HOUR, 10), many(count, BUSY_HOUR, 30)).hours);
    assert.deepEqual([hours(7), hours(8)], [['5'], ['5', '9']]);
  });
  it('tells hours apart', () => {
    const { hours } = learn(many(30, QUIET_HOUR, 10), many(30, BUSY_HOUR, 30));
    assert.deepEqual([hours['5']?.minutes, hours['9']?.minutes], [10, 30]);
  });
  it('tells the hour and the load apart', () => {
    const { hours, loads } = learn(
      many(20, QUIET_HOUR, 10, 0),
      many(10, QUIET_HOUR, 14, 2),
      many(10, BUSY_HOUR, 20, 0),
      many(20, BUSY_HOUR, 24, 2),
    );
    assert.deepEqual([hours['5']?.calmMinutes, hours['9']?.calmMinutes, loads[0]], [10, 20, 4]);
    assert.deepEqual([hours['5']?.minutes, hours['9']?.minutes], [10, 24]);
  });
  it('never takes less time with more orders', () => {
    const { loads } = learn(many(20, QUIET_HOUR, 20, 0), many(20, QUIET_HOUR, 10, 4));
    assert.deepEqual(loads, [0, 0, 0]);
  });
  it('is not moved by a few reports of another length', () => {
    const honest = many(40, QUIET_HOUR, 15);
    for (const minutes of [0, 180]) assert.equal(learn(honest, many(15, QUIET_HOUR, minutes)).all.minutes, 15);
  });

  const sample = fc.record({
    atMs: fc.integer({ min: MONDAY_MS, max: NOW_MS }),
    load: fc.integer({ min: 0, max: 12 }),
    minutes: fc.double({ min: 0, max: 180, noNaN: true }),
  });
  const samples = fc.array(sample, { minLength: 30, maxLength: 200 });

  it('does not depend on the order of the samples', () =>
    fc.assert(
      fc.property(samples, (all) =>
        assert.deepEqual(computePrepTimes(all.toReversed(), ZONE, NOW_MS), computePrepTimes(all, ZONE, NOW_MS)),
      ),
      runs(50, 500),
    ));
  it('lies between the shortest and the longest preparation, and rises with the load', () =>
    fc.assert(
      fc.property(samples, (all) => {
        const { all: typical, hours, loads } = learn(all);
        const minutes = all.map((one) => one.minutes);
        for (const one of [typical, ...Object.values(hours)]) {
          assert.ok(one.minutes >= Math.max(1, Math.floor(Math.min(...minutes))));
          assert.ok(one.minutes <= Math.max(1, Math.ceil(Math.max(...minutes))));
        }
        assert.deepEqual(
          loads,
          loads.toSorted((a, b) => a - b),
        );
      }),
      runs(50, 500),
    ));
});

describe('proposePrepMinutes', () => {
  const prepTimes = learn(
    many(20, QUIET_HOUR, 10, 0),
    many(10, QUIET_HOUR, 14, 2),
    many(10, BUSY_HOUR, 20, 0),
    many(20, BUSY_HOUR, 24, 2),
  );
  const kitchen = { prepMinutes: 15, prepTimes, timeZone: ZONE };
  const busyMs = NOW_MS + BUSY_HOUR * HOUR;
  const at = (nowMs: number, load: number | null = null) =>
    proposePrepMinutes(kitchen, { nowMs, mode: load === null ? 'hours' : 'load', load });

  it("is the learned time of the hour, at the hour's usual load", () =>
    assert.deepEqual([at(NOW_MS + QUIET_HOUR * HOUR), at(busyMs)], [10, 24]));
  it('is that of all hours where the hour has too few orders', () => assert.equal(at(NOW_MS + 3 * HOUR), 14 + 3));
  it('follows the load where it is known', () =>
    assert.deepEqual([at(busyMs, 1), at(busyMs, 2), at(busyMs, 9)], [20, 24, 24]));
  it('is the own number where the zone, or the restaurant, does not use what was learned', () => {
    const off = proposePrepMinutes(kitchen, { nowMs: busyMs, mode: 'off', load: null });
    const own = { ...kitchen, usesLearnedPrep: false };
    assert.deepEqual([off, proposePrepMinutes(own, { nowMs: busyMs, mode: 'hours', load: null })], [15, 15]);
  });
  it('is the own number before anything was learned, and after three weeks', () => {
    const facts = { mode: 'hours' as const, load: null };
    const { prepTimes: _, ...fresh } = kitchen;
    assert.equal(proposePrepMinutes(fresh, { ...facts, nowMs: busyMs }), 15);
    const lastMs = NOW_MS + 21 * DAY;
    assert.notEqual(proposePrepMinutes(kitchen, { ...facts, nowMs: lastMs }), 15);
    assert.equal(proposePrepMinutes(kitchen, { ...facts, nowMs: lastMs + 1 }), 15);
  });
  it('is at least half and at most three times the own number', () => {
    const of = (prepMinutes: number) =>
      proposePrepMinutes({ ...kitchen, prepMinutes }, { nowMs: busyMs, mode: 'hours', load: null });
    assert.deepEqual([of(7), of(8), of(48), of(49)], [21, 24, 24, 25]);
  });
});

describe('needsLoad', () => {
  const kitchen = (loads: number[]) => ({
    prepMinutes: 15,
    timeZone: ZONE,
    prepTimes: { ...learn(many(30, QUIET_HOUR, 10)), loads },
  });
  it('is true where the zone counts orders and the time depends on them', () => {
    const needs = (mode: 'off' | 'hours' | 'load', loads: number[]) =>
      needsLoad(kitchen(loads), { nowMs: NOW_MS, mode });
    assert.deepEqual(
      [needs('load', [0, 0, 3]), needs('load', [2, 2, 2]), needs('hours', [0, 0, 3]), needs('off', [0, 0, 3])],
      [true, false, false, false],
    );
  });
});
