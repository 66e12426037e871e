import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  toDaySpan,
  selectHours,
  isTimeZone,
  listKitchenOpenings,
  toMinuteOfWeek,
  listOpenings,
  acceptsOrdersAt,
} from '#functions/hours/hours.js';
import { Hours } from '#functions/contract/hours.js';
import { anySpans, EVERY_DAY } from './weeks.js';

const VIENNA = 'Europe/Vienna';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const hoursOf = (weekly: Hours['weekly'], rest: Partial<Hours> = {}): Hours => ({
  weekly,
  holidays: [],
  lastOrderMinutes: 0,
  ...rest,
});
const daily = (fromMinute: number, toMinute: number, rest: Partial<Hours> = {}): Hours =>
  hoursOf([{ days: EVERY_DAY, fromMinute, toMinute }], rest);

/** Openings that reach into a time, as they would be written down. */
function openings(hours: Hours, timeZone: string, from: string, to: string): string[] {
  const found = listOpenings(hours, timeZone, Date.parse(from), Date.parse(to));
  return found.map(({ fromMs, toMs }) => `${iso(fromMs)} ${iso(toMs)}`);
}
const iso = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);
const isOpenAt = (hours: Hours, at: string, timeZone = VIENNA): boolean =>
  acceptsOrdersAt(hours, timeZone, Date.parse(at));

describe('listOpenings', () => {
  it('splits a day with a break in two parts', () => {
    const split = hoursOf([
      { days: [0], fromMinute: 11 * 60, toMinute: 14 * 60 },
      { days: [0], fromMinute: 17 * 60 + 30, toMinute: 22 * 60 },
    ]);
    assert.deepEqual(openings(split, VIENNA, '2026-03-02T00:00Z', '2026-03-08T00:00Z'), [
      '2026-03-02T10:00 2026-03-02T13:00',
      '2026-03-02T16:30 2026-03-02T21:00',
    ]);
  });

  it('continues past midnight, and belongs to the day on which it began', () => {
    const friday = hoursOf([{ days: [4], fromMinute: 18 * 60, toMinute: 26 * 60 }]);
    assert.deepEqual(openings(friday, VIENNA, '2026-03-07T00:30Z', '2026-03-07T12:00Z'), [
      '2026-03-06T17:00 2026-03-07T01:00',
    ]);
  });

  it('joins adjacent periods: always open is one opening', () => {
    assert.deepEqual(openings(daily(0, 1440), VIENNA, '2026-03-28T12:00Z', '2026-03-29T12:00Z'), [
      '2026-03-26T23:00 2026-03-29T22:00',
    ]);
  });

  it("uses a holiday's own hours, or none, but ends what began the evening before", () => {
    const hours = daily(18 * 60, 25 * 60, {
      holidays: [
        { date: '2026-12-24', spans: [{ fromMinute: 12 * 60, toMinute: 15 * 60 }] },
        { date: '2026-12-25', spans: [] },
      ],
    });
    assert.deepEqual(openings(hours, VIENNA, '2026-12-23T23:30Z', '2026-12-27T00:00Z'), [
      '2026-12-23T17:00 2026-12-24T00:00',
      '2026-12-24T11:00 2026-12-24T14:00',
      '2026-12-26T17:00 2026-12-27T00:00',
    ]);
  });

  const nights = [
    [
      'ends at the change when its last minute is skipped',
      [22 * 60, 26 * 60 + 30],
      '2026-03-28T21:00',
      '2026-03-29T01:00',
    ],
    ['ends the second time its last minute is shown', [22 * 60, 26 * 60 + 30], '2026-10-24T20:00', '2026-10-25T01:30'],
    [
      'begins at the change when its first minute is skipped',
      [2 * 60 + 30, 6 * 60],
      '2026-03-29T01:00',
      '2026-03-29T04:00',
    ],
    ['begins the first time its first minute is shown', [2 * 60 + 30, 6 * 60], '2026-10-25T00:30', '2026-10-25T05:00'],
  ] as const;
  for (const [title, [from, to], begins, ends] of nights) {
    it(`in the night of a change of clocks ${title}`, () => {
      const middle = Date.parse(`${begins}Z`) + 30 * MINUTE_MS;
      assert.deepEqual(openings(daily(from, to), VIENNA, iso(middle) + 'Z', iso(middle + MINUTE_MS) + 'Z'), [
        `${begins} ${ends}`,
      ]);
    });
  }

  it('supports a zone that changes by half an hour, and one that skips midnight', () => {
    assert.deepEqual(openings(daily(60, 5 * 60), 'Australia/Lord_Howe', '2026-10-03T15:00Z', '2026-10-03T15:01Z'), [
      '2026-10-03T14:30 2026-10-03T18:00',
    ]);
    assert.deepEqual(openings(daily(0, 60), 'Africa/Cairo', '2026-04-23T22:30Z', '2026-04-23T22:31Z'), []);
  });
});

describe('acceptsOrdersAt', () => {
  it('is always true where no hours are set', () => assert.equal(acceptsOrdersAt(null, VIENNA, 0), true));

  it('is true from the first minute to the last', () => {
    const hours = daily(11 * 60, 14 * 60);
    const at = ['09:59:59', '10:00:00', '12:59:59', '13:00:00'].map((time) => isOpenAt(hours, `2026-03-02T${time}Z`));
    assert.deepEqual(at, [false, true, true, false]);
  });

  it('ends with the last order before closing, also past midnight, but not where it stays open', () => {
    const late = daily(18 * 60, 25 * 60, { lastOrderMinutes: 30 });
    assert.deepEqual(
      ['2026-03-02T23:29Z', '2026-03-02T23:30Z'].map((at) => isOpenAt(late, at)),
      [true, false],
    );
    const always = daily(0, 1440, { lastOrderMinutes: 30 });
    assert.equal(isOpenAt(always, '2026-03-02T22:45Z'), true);
  });

  describe("with a last order of the period's own", () => {
    const lunch = { fromMinute: 11 * 60, toMinute: 14 * 60, lastOrderMinute: 13 * 60 };
    const dinner = { fromMinute: 14 * 60, toMinute: 22 * 60 };
    const week = (...periods: (typeof lunch | typeof dinner)[]) =>
      hoursOf(
        periods.map((period) => ({ days: EVERY_DAY, ...period })),
        { lastOrderMinutes: 30 },
      );
    /** In winter, by the clock of Vienna. */
    const at = (hours: Hours, ...times: string[]) =>
      times.map((time) => isOpenAt(hours, `2026-03-02T${time}:00+01:00`));

    it('accepts orders until then, for any number of minutes before closing', () =>
      assert.deepEqual(at(week(lunch), '10:59', '11:00', '12:59', '13:00', '13:59'), [
        false,
        true,
        true,
        false,
        false,
      ]));
    it('accepts orders again from the next period on, though the opening is one', () =>
      assert.deepEqual(at(week(lunch, dinner), '12:59', '13:30', '14:00', '21:29', '21:30'), [
        true,
        false,
        true,
        true,
        false,
      ]));
    it('accepts orders where another period has not ended', () =>
      assert.deepEqual(at(week(lunch, { ...dinner, fromMinute: 720 }), '13:30'), [true]));

    const ordered = (hours: Hours, forTime: string, atTime: string) =>
      acceptsOrdersAt(
        hours,
        VIENNA,
        Date.parse(`2026-03-02T${forTime}:00+01:00`),
        Date.parse(`2026-${atTime}:00+01:00`),
      );
    it('uses the time of the order, not that of the meal: lunch until 11:00', () => {
      const canteen = week({ fromMinute: 11.5 * 60, toMinute: 14 * 60, lastOrderMinute: 11 * 60 });
      assert.equal(ordered(canteen, '13:59', '03-02T10:59'), true);
      assert.equal(ordered(canteen, '13:59', '02-27T23:00'), true);
      assert.equal(ordered(canteen, '13:59', '03-02T11:00'), false);
      assert.equal(ordered(canteen, '14:00', '03-02T10:59'), false);
      assert.deepEqual(at(canteen, '10:30', '12:00'), [false, false]);
    });
    it('uses the time of the meal for the minutes before closing', () => {
      assert.equal(ordered(week(dinner), '21:29', '03-02T10:00'), true);
      assert.equal(ordered(week(dinner), '21:30', '03-02T10:00'), false);
    });

    it('counts past midnight', () => {
      const night = week({ fromMinute: 20 * 60, toMinute: 27 * 60, lastOrderMinute: 25 * 60 + 30 });
      assert.deepEqual(at(night, '00:59', '01:29', '01:30', '02:59'), [true, true, false, false]);
    });
    it('applies on a holiday', () => {
      const holidays = [{ date: '2026-03-02', spans: [{ ...lunch, lastOrderMinute: 12 * 60 }] }];
      assert.deepEqual(at({ ...week(lunch), holidays }, '11:59', '12:00'), [true, false]);
    });
    it('ends the second time its minute is shown, and at the change where it is skipped', () => {
      const night = week({ fromMinute: 22 * 60, toMinute: 28 * 60, lastOrderMinute: 26 * 60 + 30 });
      assert.deepEqual(
        ['2026-10-25T01:29Z', '2026-10-25T01:30Z'].map((time) => isOpenAt(night, time)),
        [true, false],
      );
      assert.deepEqual(
        ['2026-03-29T00:59Z', '2026-03-29T01:00Z'].map((time) => isOpenAt(night, time)),
        [true, false],
      );
    });
  });

  it('follows the local clock, in every zone without a change nearby', () => {
    const zones = [
      'Europe/Vienna',
      'America/New_York',
      'Asia/Kolkata',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'America/St_Johns',
      'Africa/Casablanca',
      'Pacific/Chatham',
      'UTC',
    ];
    const instants = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, anySpans, (zone, atMs, weekly) => {
        const offset = (ms: number) => DateTime.fromMillis(ms, { zone }).offset;
        fc.pre([-50, 50].every((hours) => offset(atMs + hours * HOUR_MS) === offset(atMs)));
        const wall = DateTime.fromMillis(atMs, { zone });
        const minute = wall.hour * 60 + wall.minute + wall.second / 60;
        const covers = (day: number, at: number) =>
          weekly.some(({ days, fromMinute, toMinute }) => days.includes(day) && fromMinute <= at && at < toMinute);
        const expected = covers(wall.weekday - 1, minute) || covers((wall.weekday + 5) % 7, minute + 1440);
        assert.equal(acceptsOrdersAt(hoursOf([...weekly]), zone, atMs), expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hours by kind', () => {
  const delivery = daily(18 * 60, 22 * 60);
  const { pickup: _, ...counter } = daily(12 * 60, 19 * 60);
  const both: Hours = { ...delivery, pickup: counter };

  it('are those of delivery for pickup too, where no others are set', () =>
    assert.equal(selectHours(delivery, 'pickup'), delivery));
  it('are separate where they are set', () => {
    assert.equal(selectHours(both, 'pickup'), counter);
    assert.equal(selectHours(both, 'delivery'), both);
  });
  it('leave the kitchen open while one of them is open', () => {
    const range = ['2026-03-02T00:00Z', '2026-03-02T23:00Z'] as const;
    const kitchen = (hours: Hours) =>
      listKitchenOpenings(hours, 'UTC', Date.parse(range[0]), Date.parse(range[1])).map(
        ({ fromMs, toMs }) => `${iso(fromMs)} ${iso(toMs)}`,
      );
    assert.deepEqual(kitchen(both), ['2026-03-02T12:00 2026-03-02T22:00']);
    assert.deepEqual(kitchen({ ...both, pickup: { ...counter, weekly: daily(9 * 60, 10 * 60).weekly } }), [
      '2026-03-02T09:00 2026-03-02T10:00',
      '2026-03-02T18:00 2026-03-02T22:00',
    ]);
    assert.deepEqual(kitchen(delivery), openings(delivery, 'UTC', ...range));
  });
});

describe('toMinuteOfWeek', () => {
  it('counts from Monday’s midnight', () => {
    const at = (time: string) => toMinuteOfWeek(VIENNA, Date.parse(time));
    assert.deepEqual(['2026-03-01T23:00Z', '2026-03-02T12:00Z', '2026-03-08T22:59Z'].map(at), [0, 780, 10_079]);
  });
});

describe('toDaySpan', () => {
  it('is 23 hours long in spring and 25 in autumn', () => {
    const hours = ['2026-03-28', '2026-03-29', '2026-10-25'].map((date) => {
      const { fromMs, toMs } = toDaySpan(VIENNA, date);
      return (toMs - fromMs) / HOUR_MS;
    });
    assert.deepEqual(hours, [24, 23, 25]);
  });
});

describe('isTimeZone', () => {
  it('accepts zones by their names in the IANA database', () =>
    assert.deepEqual(['Europe/Vienna', 'Europe/Atlantis', ''].map(isTimeZone), [true, false, false]));
});

describe('Hours', () => {
  it('have spans of a day at most, forwards', () => {
    const isValid = (fromMinute: number, toMinute: number) => Hours.safeParse(daily(fromMinute, toMinute)).success;
    assert.deepEqual(
      [isValid(600, 2040), isValid(600, 2041), isValid(600, 600), isValid(600, 601)],
      [true, false, false, true],
    );
  });
  it('have a last order of a period no later than its end, and no hours within hours', () => {
    const isValid = (hours: object) => Hours.safeParse({ ...daily(600, 700), ...hours }).success;
    const until = (lastOrderMinute: number) => ({
      weekly: [{ days: [0], fromMinute: 600, toMinute: 700, lastOrderMinute }],
    });
    assert.deepEqual(
      [0, 700, 701].map((minute) => isValid(until(minute))),
      [true, true, false],
    );
    assert.deepEqual(
      [isValid({ pickup: daily(0, 60) }), isValid({ pickup: { ...daily(0, 60), pickup: daily(0, 60) } })],
      [true, false],
    );
  });
});
