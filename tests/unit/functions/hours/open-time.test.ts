import assert from 'node:assert/strict';
import { addOpenTime, isOpenAt, listNextOpenings, computeOpenTime } from '#functions/hours/open-time.js';
import type { Hours } from '#functions/contract/hours.js';
import { EVERY_DAY } from './weeks.js';

const MINUTE_MS = 60_000;
const utc = (time: string): number => Date.parse(`2026-${time}Z`);
const written = (atMs: number): string => new Date(atMs).toISOString().slice(5, 16);
const evening = (rest: Partial<Hours> = {}): Hours => ({
  weekly: [{ days: EVERY_DAY, fromMinute: 18 * 60, toMinute: 23 * 60 }],
  holidays: [],
  lastOrderMinutes: 0,
  ...rest,
});
const openings = (hours: Hours | null, from: string, timeZone = 'Europe/Vienna') =>
  listNextOpenings({ hours, timeZone }, utc(from)).map(({ fromMs, toMs }) => `${written(fromMs)} ${written(toMs)}`);

describe('listNextOpenings', () => {
  it('is empty for a kitchen without hours', () => assert.deepEqual(openings(null, '03-02T12:00'), []));

  it('returns as many openings as twelve hours of open time need, with the current one', () => {
    assert.deepEqual(openings(evening(), '03-02T21:30'), [
      '03-02T17:00 03-02T22:00',
      '03-03T17:00 03-03T22:00',
      '03-04T17:00 03-04T22:00',
      '03-05T17:00 03-05T22:00',
    ]);
  });

  it('leaves out an opening that ends at the instant', () =>
    assert.equal(openings(evening(), '03-02T22:00')[0], '03-03T17:00 03-03T22:00'));

  it('is one opening for a kitchen that never closes', () => {
    const always = evening({ weekly: [{ days: EVERY_DAY, fromMinute: 0, toMinute: 1440 }] });
    assert.equal(openings(always, '03-02T12:00').length, 1);
  });

  it('is eight openings at most', () => {
    const short = evening({
      weekly: Array.from({ length: 6 }, (_, hour) => ({
        days: EVERY_DAY,
        fromMinute: hour * 120,
        toMinute: hour * 120 + 1,
      })),
    });
    assert.equal(openings(short, '03-02T12:00').length, 8);
  });

  it('continues beyond a closure of a week, and past a holiday', () => {
    const closed = Array.from({ length: 9 }, (_, day) => ({ date: `2026-03-0${day + 1}`, spans: [] }));
    assert.equal(openings(evening({ holidays: closed }), '03-01T12:00')[0], '03-10T17:00 03-10T22:00');
  });

  it('assumes that a kitchen that stays closed opens after two weeks', () =>
    assert.deepEqual(openings(evening({ weekly: [] }), '03-01T12:00'), ['03-15T12:00 03-15T12:00']));

  it('follows the clocks in the night of their change', () => {
    const late = evening({ weekly: [{ days: EVERY_DAY, fromMinute: 22 * 60, toMinute: 27 * 60 }] });
    assert.equal(openings(late, '03-28T22:00')[0], '03-28T21:00 03-29T01:00');
    assert.equal(openings(late, '10-24T22:00')[0], '10-24T20:00 10-25T02:00');
  });
});

describe('addOpenTime', () => {
  const [noon, evenings] = [
    utc('03-02T12:00'),
    listNextOpenings({ hours: evening(), timeZone: 'UTC' }, utc('03-02T12:00')),
  ];
  const after = (from: string, minutes: number, known: typeof evenings | undefined = evenings) =>
    written(addOpenTime(known, utc(from), minutes * MINUTE_MS));
  const cases = [
    ['counts from the opening on before it', '03-02T17:40', 10, '03-02T18:10'],
    ['counts at once while open', '03-02T18:00', 10, '03-02T18:10'],
    ['is over at closing where the time is over then', '03-02T22:50', 10, '03-02T23:00'],
    ['goes on the next evening', '03-02T22:55', 10, '03-03T18:05'],
    ['begins the next evening at closing', '03-02T23:00', 10, '03-03T18:10'],
    ['goes on for several evenings', '03-02T22:55', 310, '03-04T18:05'],
    ['is the next opening for no time at all', '03-02T23:30', 0, '03-03T18:00'],
    ['has no closing after the last opening known', '03-04T22:55', 400, '03-05T05:35'],
  ] as const;
  for (const [title, from, minutes, expected] of cases) it(title, () => assert.equal(after(from, minutes), expected));

  it('is real time for a kitchen that is always open', () => {
    assert.equal(addOpenTime(undefined, noon, 5), noon + 5);
    assert.equal(addOpenTime([], noon, 5), noon + 5);
  });
});

describe('computeOpenTime', () => {
  const evenings = listNextOpenings({ hours: evening(), timeZone: 'UTC' }, utc('03-02T12:00'));
  const minutes = (from: string, to: string, known: typeof evenings | undefined = evenings) =>
    computeOpenTime(known, utc(from), utc(to)) / MINUTE_MS;

  it('does not count the time in which the kitchen is closed', () => {
    assert.equal(minutes('03-02T17:00', '03-02T18:30'), 30);
    assert.equal(minutes('03-02T22:30', '03-03T18:30'), 60);
    assert.equal(minutes('03-02T23:00', '03-03T18:00'), 0);
  });
  it('is 0 where the second instant is the earlier one', () => assert.equal(minutes('03-02T19:00', '03-02T18:00'), 0));
  it('is real time for a kitchen that is always open', () =>
    assert.equal(minutes('03-02T03:00', '03-02T04:00', []), 60));
});

describe('isOpenAt', () => {
  it('is true from the first instant up to, not including, the last', () => {
    const evenings = listNextOpenings({ hours: evening(), timeZone: 'UTC' }, utc('03-02T12:00'));
    const times = ['03-02T17:59', '03-02T18:00', '03-02T22:59', '03-02T23:00'];
    assert.deepEqual(
      times.map((time) => isOpenAt(evenings, utc(time))),
      [false, true, true, false],
    );
  });
});
