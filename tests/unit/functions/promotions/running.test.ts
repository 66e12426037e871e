import { strict as assert } from 'node:assert';
import { isRunningAt } from '#functions/promotions/model/running.js';

const VIENNA = 'Europe/Vienna';
const at = (instant: string): number => Date.parse(instant);
const between = { startsAtMs: at('2026-03-01T00:00:00Z'), endsAtMs: at('2026-12-01T00:00:00Z') };
const within = (instant: string, fromMinute: number, toMinute: number, days: number[], timeZone = VIENNA) =>
  isRunningAt({ ...between, windows: [{ days, fromMinute, toMinute }] }, at(instant), timeZone);

describe('isRunningAt', () => {
  it('holds from the start to the end', () => {
    const runs = (atMs: number) => isRunningAt(between, atMs, VIENNA);
    assert.deepEqual(
      [-1, 0].map((delta) => runs(between.startsAtMs + delta)),
      [false, true],
    );
    assert.deepEqual(
      [-1, 0].map((delta) => runs(between.endsAtMs + delta)),
      [true, false],
    );
  });

  it('holds within the minutes of a window, by the clocks of the zone', () => {
    // Monday from 16:00 to 17:00.
    const happyHour = (instant: string, timeZone = VIENNA) => within(instant, 960, 1020, [0], timeZone);
    assert.equal(happyHour('2026-03-02T14:59:59Z'), false);
    assert.equal(happyHour('2026-03-02T15:00:00Z'), true);
    assert.equal(happyHour('2026-03-02T15:59:59Z'), true);
    assert.equal(happyHour('2026-03-02T16:00:00Z'), false);
    assert.equal(happyHour('2026-03-03T15:00:00Z'), false, 'a Tuesday');
    assert.equal(happyHour('2026-03-02T15:00:00Z', 'Asia/Tokyo'), false, 'the next day there');
    assert.equal(happyHour('2026-06-01T14:00:00Z'), true, 'in summer');
    assert.equal(happyHour('2026-06-01T15:00:00Z'), false, 'in summer');
  });

  it('holds past midnight, and in both hours that the clocks show twice', () => {
    assert.equal(within('2026-03-03T00:30:00Z', 1320, 1560, [0]), true, 'Tuesday 01:30');
    assert.equal(within('2026-03-03T01:00:00Z', 1320, 1560, [0]), false, 'Tuesday 02:00');
    // On Sunday, 25 October, the clocks show 02:00 to 03:00 twice.
    for (const instant of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
      assert.equal(within(instant, 120, 180, [6]), true, instant);
    // On Sunday, 29 March, they skip that hour.
    for (const instant of ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z'])
      assert.equal(within(instant, 120, 180, [6]), false, instant);
  });

  it('does not hold in a window of an unknown time zone, and does without windows', () => {
    assert.equal(within('2026-03-02T15:00:00Z', 0, 1440, [0], 'Mars/Base'), false);
    assert.equal(isRunningAt(between, between.startsAtMs, 'Mars/Base'), true);
  });
});
