import assert from 'node:assert/strict';
import { canBeReadyAt, computeClosingMs } from '#functions/hours/slot-times.js';
import type { Hours, WeeklyPeriod } from '#functions/contract/hours.js';
import type { OrderKind } from '#functions/contract/orders.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { aRestaurant } from '#fixtures/catalogue.js';
import { EVERY_DAY } from './weeks.js';

const instant = (time: string): number => Date.parse(`2026-${time}+01:00`);
const NOW = instant('03-02T13:00');
const hours = (periods: Omit<WeeklyPeriod, 'days'>[], rest: Partial<Hours> = {}): Hours => ({
  weekly: periods.map((period) => ({ days: EVERY_DAY, ...period })),
  holidays: [],
  lastOrderMinutes: 0,
  ...rest,
});
const EVENING = { fromMinute: 18 * 60, toMinute: 23 * 60 };
/** In Vienna, in winter; it prepares for 20 minutes and accepts by hand within ten. */
const kitchen = (changes: Partial<Restaurant> = {}) => aRestaurant({ hours: hours([EVENING]), ...changes });
const first = (restaurant: Restaurant, times: readonly string[], kind: OrderKind = 'delivery', nowMs = NOW) =>
  times.find((time) => canBeReadyAt(restaurant, kind, instant(`03-02T${time}`), { nowMs, acceptMinutes: 10 }));
const isReady = (restaurant: Restaurant, time: string, kind: OrderKind = 'delivery', nowMs = NOW) =>
  canBeReadyAt(restaurant, kind, instant(time), { nowMs, acceptMinutes: 10 });

describe('canBeReadyAt', () => {
  const early = ['18:00', '18:15', '18:24', '18:25', '18:34', '18:35'];
  it('begins with opening, acceptance, buffer and preparation where the staff accepts', () =>
    assert.equal(first(kitchen(), early), '18:35'));
  it('leaves the acceptance out where it is automatic', () =>
    assert.equal(first(kitchen({ acceptance: 'auto' }), early), '18:25'));
  it('ends with closing, and earlier by the time of the last order', () => {
    assert.deepEqual(
      ['03-02T22:59', '03-02T23:00'].map((time) => isReady(kitchen(), time)),
      [true, false],
    );
    const last = kitchen({ hours: hours([EVENING], { lastOrderMinutes: 30 }) });
    assert.deepEqual(
      ['03-02T22:29', '03-02T22:30'].map((time) => isReady(last, time)),
      [true, false],
    );
  });
  it('is always true where there are no hours, or no closing', () => {
    assert.equal(first(kitchen({ hours: null }), early), '18:00');
    const always = kitchen({ hours: hours([{ fromMinute: 0, toMinute: 1440 }]) });
    for (const time of ['03-02T00:00', '03-02T12:00', '03-02T23:59', '03-03T00:01'])
      assert.equal(isReady(always, time), true, time);
  });
  it('begins again after a break, but not where the periods touch', () => {
    const lunch = { fromMinute: 11 * 60, toMinute: 14 * 60 };
    assert.equal(first(kitchen({ hours: hours([lunch, EVENING]) }), early), '18:35');
    assert.equal(first(kitchen({ hours: hours([{ ...lunch, toMinute: 18 * 60 }, EVENING]) }), early), '18:00');
  });
  it('is never true in a period that is shorter than the kitchen needs', () => {
    const short = kitchen({ hours: hours([{ fromMinute: 18 * 60, toMinute: 18 * 60 + 35 }]) });
    assert.equal(first(short, early), undefined);
  });
  it('lets the kitchen begin for delivery while it is open for pickup', () => {
    const counter = { ...hours([{ fromMinute: 12 * 60, toMinute: 20 * 60 }]) };
    const both = kitchen({ hours: { ...hours([EVENING]), pickup: counter } });
    assert.equal(first(both, early), '18:00');
    assert.equal(first(both, ['12:30', '12:35', '18:00'], 'pickup'), '12:35');
    assert.deepEqual([isReady(both, '03-02T20:00', 'pickup'), isReady(both, '03-02T20:00')], [false, true]);
  });
  it('works past midnight, and not on a holiday', () => {
    const late = hours([{ fromMinute: 22 * 60, toMinute: 26 * 60 }], { holidays: [{ date: '2026-03-03', spans: [] }] });
    const night = kitchen({ hours: late });
    assert.deepEqual(
      ['03-02T22:34', '03-02T22:35', '03-03T01:59', '03-03T02:00', '03-03T23:00'].map((time) => isReady(night, time)),
      [false, true, true, false, false],
    );
  });
  it('uses real minutes in the nights of a clock change', () => {
    const night = kitchen({ hours: hours([{ fromMinute: 60 + 50, toMinute: 6 * 60 }]) });
    // 01:50 in winter is 03:25 in summer time, 35 minutes later.
    const spring = ['2026-03-29T03:24+02:00', '2026-03-29T03:25+02:00'];
    // 01:50 in summer time; the clocks show 02:25 twice.
    const autumn = ['2026-10-25T02:24+02:00', '2026-10-25T02:25+02:00', '2026-10-25T02:24+01:00'];
    const ready = [...spring, ...autumn].map((time) =>
      canBeReadyAt(night, 'delivery', Date.parse(time), { nowMs: NOW, acceptMinutes: 10 }),
    );
    assert.deepEqual(ready, [false, true, false, true, true]);
  });
  it('ends for lunch when its last order has passed, for any time of the meal', () => {
    const lunch = kitchen({ hours: hours([{ fromMinute: 11 * 60, toMinute: 14 * 60, lastOrderMinute: 11 * 60 }]) });
    const at = (time: string) => isReady(lunch, '03-02T13:00', 'delivery', instant(time));
    assert.deepEqual(['03-01T20:00', '03-02T10:59', '03-02T11:00'].map(at), [true, true, false]);
  });
});

describe('computeClosingMs', () => {
  const closes = (restaurant: Restaurant, time: string, kind: OrderKind = 'delivery') =>
    new Date(computeClosingMs(restaurant, kind, instant(time))).toISOString().slice(5, 16);
  it('is the end of the current opening, for the kind of order', () => {
    const counter = hours([{ fromMinute: 12 * 60, toMinute: 20 * 60 }]);
    const both = kitchen({ hours: { ...hours([EVENING]), pickup: counter } });
    assert.deepEqual(
      [closes(both, '03-02T19:00'), closes(both, '03-02T19:00', 'pickup')],
      ['03-02T22:00', '03-02T19:00'],
    );
  });
  it('is past midnight where the opening is', () =>
    assert.equal(
      closes(kitchen({ hours: hours([{ fromMinute: 1200, toMinute: 1560 }]) }), '03-02T23:00'),
      '03-03T01:00',
    ));
  it('is now where the kitchen is closed, and never where it has no hours', () => {
    assert.equal(closes(kitchen(), '03-02T13:00'), '03-02T12:00');
    assert.equal(computeClosingMs(kitchen({ hours: null }), 'delivery', NOW), Infinity);
  });
});
