import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listKitchenOpenings, acceptsOrdersAt } from '#functions/hours/hours.js';
import { listNextOpenings } from '#functions/hours/open-time.js';
import { canBeReadyAt, computeClosingMs } from '#functions/hours/slot-times.js';
import { Hours, type HoursOfKind, type Opening, type WeeklyPeriod } from '#functions/contract/hours.js';
import { ORDER_STATUSES } from '#functions/contract/orders.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { computeDeadline, releaseAtMs, type DeadlineFacts } from '#functions/orders/model/deadline.js';
import { aRestaurant, MINUTE, theLimits } from '#fixtures/catalogue.js';
import { runs } from '#fixtures/proofs.js';
import { EVERY_DAY } from '../hours/weeks.js';

const DAY = 24 * 60 * MINUTE;
const ZONES = ['Europe/Vienna', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC'];
const anyZone = fc.constantFrom(...ZONES);
const anyMinute = fc
  .integer({ min: Date.UTC(2024, 0) / MINUTE, max: Date.UTC(2030, 0) / MINUTE })
  .map((at) => at * MINUTE);
const limits = theLimits();

/** From a quarter of an hour to a day, past midnight too, some with a last order of their own. */
const anyPeriod: fc.Arbitrary<WeeklyPeriod> = fc
  .record({
    days: fc.subarray(EVERY_DAY, { minLength: 1 }),
    fromMinute: fc.integer({ min: 0, max: 1439 }),
    length: fc.integer({ min: 15, max: 1440 }),
    beforeEnd: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
  })
  .map(({ days, fromMinute, length, beforeEnd }) => {
    const toMinute = fromMinute + length;
    const lastOrder = beforeEnd === undefined ? {} : { lastOrderMinute: Math.max(0, toMinute - beforeEnd) };
    return { days, fromMinute, toMinute, ...lastOrder };
  });
const anyHoursOfKind: fc.Arbitrary<HoursOfKind> = fc.record({
  weekly: fc.array(anyPeriod, { minLength: 1, maxLength: 4 }),
  holidays: fc.constant([]),
  lastOrderMinutes: fc.constantFrom(0, 0, 15, 60),
});
const anyHours: fc.Arbitrary<Hours> = fc
  .tuple(anyHoursOfKind, fc.option(anyHoursOfKind, { nil: undefined }))
  .map(([hours, pickup]) => ({ ...hours, ...(pickup && { pickup }) }));
/** Closed around the instant, on some of its days. */
const closedAround = (hours: Hours, atMs: number, days: readonly number[]): Hours => ({
  ...hours,
  holidays: days.map((day) => ({ date: new Date(atMs + day * DAY).toISOString().slice(0, 10), spans: [] })),
});
const anyKitchen = fc
  .record({
    hours: anyHours,
    atMs: anyMinute,
    closedDays: fc.subarray([-1, 0, 1, 2]),
    timeZone: anyZone,
    acceptance: fc.constantFrom('manual', 'auto'),
    prepMinutes: fc.integer({ min: 1, max: 90 }),
  })
  .map(({ hours, atMs, closedDays, ...rest }) => {
    const restaurant = aRestaurant({ hours: Hours.parse(closedAround(hours, atMs, closedDays)), ...rest });
    return { atMs, restaurant };
  });

/** All openings of a kitchen from some time before an instant to long after it. */
const openingsAround = ({ hours, timeZone }: Restaurant, atMs: number): Opening[] =>
  hours === null ? [] : listKitchenOpenings(hours, timeZone, atMs - 2 * DAY, atMs + 20 * DAY);
const openMs = (openings: readonly Opening[], fromMs: number, toMs: number): number =>
  openings.reduce((sum, one) => sum + Math.max(0, Math.min(toMs, one.toMs) - Math.max(fromMs, one.fromMs)), 0);

const anOrder = (facts: Partial<DeadlineFacts>): DeadlineFacts => ({
  status: 'placed',
  kind: 'delivery',
  courierId: null,
  readyAtMs: null,
  promisedAtMs: 0,
  scheduledForMs: null,
  travelSeconds: 600,
  prepMinutes: 20,
  ...facts,
});

/** The deadlines of an order that the kitchen never answers. */
function deadlinesOf(order: DeadlineFacts, sinceMs: number): { kind: string; atMs: number }[] {
  const found = [];
  for (let nowMs = sinceMs; found.at(-1)?.kind !== 'reject';) {
    const due = computeDeadline(order, sinceMs, nowMs, limits);
    assert.ok(due && found.length < 10);
    found.push(due);
    nowMs = due.atMs;
  }
  return found;
}

describe('a deadline of any kitchen', () => {
  it('never passes while the kitchen is closed', () => {
    fc.assert(
      fc.property(anyKitchen, ({ restaurant, atMs }) => {
        const openings = openingsAround(restaurant, atMs);
        fc.pre(openMs(openings, atMs, atMs + 14 * DAY) >= 60 * MINUTE);
        const order = anOrder({ openings: listNextOpenings(restaurant, atMs) });
        const found = deadlinesOf(order, atMs);
        assert.deepEqual(
          found.map(({ kind }) => kind),
          ['remind', 'remind', 'remind', 'reject'],
        );
        assert.deepEqual(
          found.map((due) => openMs(openings, atMs, due.atMs) / MINUTE),
          [1, 3, 6, 10],
        );
        for (const due of found) assert.equal(openMs(openings, due.atMs - 1, due.atMs), 1, 'the kitchen was open');
      }),
      runs(500, 10_000),
    );
  });

  it('of an order that is late again never passes while the kitchen is closed', () => {
    const overdue = fc.constantFrom('accepted', 'preparing');
    fc.assert(
      fc.property(anyKitchen, overdue, ({ restaurant, atMs }, status) => {
        const openings = openingsAround(restaurant, atMs);
        fc.pre(openMs(openings, atMs, atMs + 14 * DAY) >= 120 * MINUTE);
        const facts = { status, readyAtMs: atMs + 10 * MINUTE, openings: listNextOpenings(restaurant, atMs) };
        const due = computeDeadline(anOrder({ ...facts, escalations: 1 }), atMs, atMs, limits);
        assert.ok(due);
        assert.equal(openMs(openings, facts.readyAtMs, due.atMs), 20 * MINUTE);
        assert.equal(openMs(openings, due.atMs - 1, due.atMs), 1, 'the kitchen was open');
      }),
      runs(300, 10_000),
    );
  });
});

describe('a slot of any kitchen', () => {
  const isOpenAt = ({ hours, timeZone }: Restaurant, atMs: number): boolean => {
    const plain = ({ weekly, holidays }: HoursOfKind): HoursOfKind => ({
      weekly: weekly.map(({ days, fromMinute, toMinute }) => ({ days, fromMinute, toMinute })),
      holidays,
      lastOrderMinutes: 0,
    });
    const kinds = hours === null ? [null] : [plain(hours), plain(hours.pickup ?? hours)];
    return kinds.some((one) => acceptsOrdersAt(one, timeZone, atMs));
  };

  it('that is offered can be accepted and cooked while the kitchen is open', () => {
    const anySlot = fc.tuple(anyKitchen, fc.constantFrom('delivery', 'pickup'), fc.integer({ min: 0, max: 96 }));
    fc.assert(
      fc.property(anySlot, ([{ restaurant, atMs }, kind, ahead]) => {
        const readyMs = atMs + ahead * 15 * MINUTE;
        fc.pre(canBeReadyAt(restaurant, kind, readyMs, { nowMs: atMs, acceptMinutes: limits.acceptMinutes }));
        const { prepMinutes, acceptance } = restaurant;
        const releasedMs = releaseAtMs({ scheduledForMs: readyMs + 600_000, travelSeconds: 600, prepMinutes });
        const fromMs = releasedMs - (acceptance === 'manual' ? limits.acceptMinutes * MINUTE : 0);
        for (let at = fromMs; at < readyMs; at += 5 * MINUTE) assert.ok(isOpenAt(restaurant, at));
        assert.ok(isOpenAt(restaurant, readyMs - 1));
        const openings = listNextOpenings(restaurant, releasedMs);
        const [first] = deadlinesOf(anOrder({ openings }), releasedMs);
        assert.equal(first?.atMs, releasedMs + MINUTE, 'its time to accept begins with its release');
      }),
      runs(300, 10_000),
    );
  });
});

describe('a kitchen that never closes', () => {
  const always = { weekly: [{ days: EVERY_DAY, fromMinute: 0, toMinute: 1440 }], holidays: [], lastOrderMinutes: 30 };
  const anyFacts = fc.record({
    status: fc.constantFrom(...ORDER_STATUSES),
    kind: fc.constantFrom('delivery', 'pickup'),
    courierId: fc.constantFrom(null, 'omar'),
    readyAfter: fc.option(fc.integer({ min: 0, max: 90 })),
    promisedAfter: fc.integer({ min: 0, max: 90 }),
    escalations: fc.nat(6),
  });

  it('has the same deadlines and slots as before openings were stored', () => {
    const elapsed = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(anyFacts, anyZone, anyMinute, elapsed, (facts, timeZone, sinceMs, minutes) => {
        const { readyAfter, promisedAfter, ...rest } = facts;
        const after = (count: number) => sinceMs + count * MINUTE;
        const order = anOrder({
          ...rest,
          readyAtMs: readyAfter === null ? null : after(readyAfter),
          promisedAtMs: after(promisedAfter),
        });
        for (const hours of [null, always]) {
          const openings = listNextOpenings({ hours, timeZone }, sinceMs);
          const now = after(minutes);
          assert.deepEqual(
            computeDeadline({ ...order, openings }, sinceMs, now, limits),
            computeDeadline(order, sinceMs, now, limits),
          );
          const kitchen = aRestaurant({ hours, timeZone });
          assert.ok(canBeReadyAt(kitchen, facts.kind, now, { nowMs: sinceMs, acceptMinutes: 10 }));
          assert.ok(computeClosingMs(kitchen, facts.kind, sinceMs) > sinceMs + DAY - 90 * MINUTE);
        }
      }),
      runs(300, 10_000),
    );
  });
});
