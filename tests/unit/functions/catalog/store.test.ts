import assert from 'node:assert/strict';
import { isInside } from '#functions/catalog/model/area.js';
import {
  isOpen,
  computePrepMinutes,
  addSoldOut,
  computeSoldOut,
  acceptsOrder,
} from '#functions/catalog/model/availability.js';
import { applySwitch, type Switch } from '#functions/catalog/model/switches.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { aRestaurant, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { EVERY_DAY } from '../hours/weeks.js';

const isOpenWith = (changes: Partial<Restaurant>) => isOpen(aRestaurant(changes), 'delivery', START_MS);
const CLOSED = { weekly: [], holidays: [], lastOrderMinutes: 0 };
const OPEN = { ...CLOSED, weekly: [{ days: EVERY_DAY, fromMinute: 0, toMinute: 1440 }] };

describe('isOpen', () => {
  const cases: readonly (readonly [string, Partial<Restaurant>, boolean])[] = [
    ['online', {}, true],
    ['online but not allowed to be', { canGoOnline: false }, false],
    ['offline', { availability: 'offline' }, false],
    ['paused', { availability: 'paused', pausedUntilMs: START_MS + 1 }, false],
    ['paused until now', { availability: 'paused', pausedUntilMs: START_MS }, true],
    ['paused without an end', { availability: 'paused', pausedUntilMs: null }, false],
    ['online within its hours', { hours: OPEN }, true],
    ['online out of its hours', { hours: CLOSED }, false],
  ];
  for (const [title, changes, expected] of cases)
    it(`is ${expected} when ${title}`, () => assert.equal(isOpenWith(changes), expected));

  it('depends on the kind of order where pickup has other hours', () => {
    const kinds = ['delivery', 'pickup'] as const;
    const isOpenFor = (hours: Restaurant['hours']) =>
      kinds.map((kind) => isOpen(aRestaurant({ hours }), kind, START_MS));
    assert.deepEqual(isOpenFor({ ...CLOSED, pickup: OPEN }), [false, true]);
    assert.deepEqual(isOpenFor({ ...OPEN, pickup: CLOSED }), [true, false]);
    assert.deepEqual(isOpenFor(OPEN), [true, true]);
    assert.deepEqual(isOpenFor(null), [true, true]);
  });
});

describe('acceptsOrder', () => {
  const takes = (changes: Partial<Restaurant>, scheduledForMs: number | null) =>
    acceptsOrder(aRestaurant(changes), { kind: 'delivery', scheduledForMs }, START_MS);
  it('accepts one for later out of hours and in a pause, not one for now', () => {
    const paused = { availability: 'paused', pausedUntilMs: START_MS + MINUTE, hours: CLOSED } as const;
    assert.deepEqual([takes(paused, START_MS + 60 * MINUTE), takes(paused, null)], [true, false]);
  });
  it('accepts none for later where it is closed until further notice, or may not open', () => {
    const slot = START_MS + 60 * MINUTE;
    assert.deepEqual([takes({ availability: 'offline' }, slot), takes({ canGoOnline: false }, slot)], [false, false]);
  });
});

describe('computePrepMinutes', () => {
  it('is longer while the kitchen is busy', () => {
    const busy = aRestaurant({ busy: { extraMinutes: 15, untilMs: START_MS + 1 } });
    const at = (nowMs: number) => computePrepMinutes(busy, { nowMs, mode: 'off', load: null });
    assert.deepEqual([at(START_MS), at(START_MS + 1)], [35, 20]);
  });
});

describe('computeSoldOut', () => {
  const before = { cola: START_MS + MINUTE, mint: START_MS };
  const after = (ids: string[], untilMs: number | null, soldOut: Record<string, number> = before) =>
    computeSoldOut(soldOut, ids, untilMs, START_MS);
  const itLeaves = (title: string, answer: ReturnType<typeof after>, value: Record<string, number>) =>
    void it(title, () => assert.deepEqual(answer, { ok: true, value }));

  itLeaves('adds until a time and drops what has come back', after(['calzone'], START_MS + 5), {
    cola: START_MS + MINUTE,
    calzone: START_MS + 5,
  });
  itLeaves('has no end until further notice', after(['cola'], null, {}), { cola: 9_007_199_254_740_991 });
  itLeaves('brings back', after(['cola'], 0), {});
  it('accepts a thousand entries and no more', () => {
    const many = Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`item-${index}`, START_MS + MINUTE]));
    assert.deepEqual([after(['cola'], null, many).ok, after(['cola', 'mint'], null, many).ok], [true, false]);
  });
  it('makes a list shorter that is too long already, and no longer', () => {
    const many = Object.fromEntries(Array.from({ length: 1010 }, (_, index) => [`item-${index}`, START_MS + MINUTE]));
    assert.deepEqual([after(['item-0'], 0, many).ok, after(['cola'], null, many).ok], [true, false]);
  });
});

describe('addSoldOut', () => {
  const entries = (count: number, endMs = START_MS + MINUTE) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`item-${index}`, endMs]));
  const sizeAfter = (soldOut: Record<string, number>, ids: string[]) =>
    Object.keys(addSoldOut(soldOut, ids, START_MS + 5, START_MS)).length;

  it('marks the items and drops what has come back', () => {
    assert.deepEqual(addSoldOut({ cola: START_MS + MINUTE, mint: START_MS }, ['calzone'], START_MS + 5, START_MS), {
      cola: START_MS + MINUTE,
      calzone: START_MS + 5,
    });
  });
  it('leaves out the items for which a thousand entries have no room', () => {
    assert.deepEqual(addSoldOut(entries(999), ['cola', 'mint'], START_MS + 5, START_MS), {
      ...entries(999),
      cola: START_MS + 5,
    });
    assert.deepEqual([sizeAfter(entries(1000), ['cola']), sizeAfter(entries(1000, START_MS), ['cola'])], [1000, 1]);
  });
  it('leaves an item that is sold out for longer as it is', () => {
    const soldOut = { cola: START_MS + MINUTE, mint: START_MS + 1 };
    const after = addSoldOut(soldOut, ['cola', 'mint'], START_MS + 5, START_MS);
    assert.deepEqual(after, { cola: START_MS + MINUTE, mint: START_MS + 5 });
  });
  it('marks an item of a full list again', () => {
    assert.equal(
      addSoldOut(entries(1000), ['item-7'], START_MS + 2 * MINUTE, START_MS)['item-7'],
      START_MS + 2 * MINUTE,
    );
  });
});

describe('applySwitch', () => {
  const at = (availability: Restaurant['availability'], canGoOnline = true) => ({ availability, canGoOnline });
  const PAUSE: Switch = { type: 'paused', minutes: 30 };
  it('opens, closes and pauses for a manager', () => {
    const answers = ([{ type: 'online' }, { type: 'offline' }, PAUSE] as const).map((to) =>
      applySwitch(at('offline'), to, 'manager', START_MS),
    );
    assert.deepEqual(answers, [
      { ok: true, value: { availability: 'online', pausedUntilMs: null } },
      { ok: true, value: { availability: 'offline', pausedUntilMs: null } },
      { ok: true, value: { availability: 'paused', pausedUntilMs: START_MS + 30 * MINUTE } },
    ]);
  });
  it('pauses, opens again and slows for the kitchen', () => {
    const answers = [
      applySwitch(at('online'), PAUSE, 'kitchen', START_MS),
      applySwitch(at('paused'), { type: 'online' }, 'kitchen', START_MS),
      applySwitch(at('online'), { type: 'busy', extraMinutes: 10, minutes: 60 }, 'kitchen', START_MS),
      applySwitch(at('offline'), { type: 'quiet' }, 'kitchen', START_MS),
    ];
    assert.ok(answers.every(({ ok }) => ok));
    assert.deepEqual(answers[2], {
      ok: true,
      value: { busy: { extraMinutes: 10, untilMs: START_MS + 60 * MINUTE } },
    });
  });
  const refused: readonly (readonly [string, Parameters<typeof applySwitch>, string])[] = [
    ['the kitchen to close', [at('online'), { type: 'offline' }, 'kitchen', 0], 'ROLE_NOT_ALLOWED'],
    ['the kitchen to open', [at('offline'), { type: 'online' }, 'kitchen', 0], 'ROLE_NOT_ALLOWED'],
    ['the kitchen to open by a pause that ends', [at('offline'), PAUSE, 'kitchen', 0], 'ROLE_NOT_ALLOWED'],
    ['to open before it may', [at('offline', false), { type: 'online' }, 'owner', 0], 'CANNOT_GO_ONLINE'],
    ['a pause before it may open', [at('offline', false), PAUSE, 'owner', 0], 'CANNOT_GO_ONLINE'],
  ];
  for (const [title, asked, reason] of refused)
    it(`refuses ${title}`, () => {
      const answer = applySwitch(...asked);
      assert.ok(!answer.ok && answer.reason === reason);
    });
});

describe('isInside', () => {
  const square = (west: number, east: number) => [
    { lat: 10, lng: west },
    { lat: 10, lng: east },
    { lat: 12, lng: east },
    { lat: 12, lng: west },
  ];
  const inside = (corners: { lat: number; lng: number }[], lat: number, lng: number) => isInside(corners, { lat, lng });
  it('is true within and false without', () => {
    const places = [
      [11, 21],
      [11, 19.9],
      [11, 22.1],
      [9.9, 21],
      [12.1, 21],
    ] as const;
    assert.deepEqual(
      places.map(([lat, lng]) => inside(square(20, 22), lat, lng)),
      [true, false, false, false, false],
    );
  });
  it('is true on both sides of the antimeridian, and false on the other side of the globe', () => {
    const lngs = [179.5, -179.5, 180, 178.5, -178.5, 0];
    assert.deepEqual(
      lngs.map((lng) => inside(square(179, -179), 11, lng)),
      [true, true, true, false, false, false],
    );
  });
  it('follows a concave outline', () => {
    const dented = [
      { lat: 0, lng: 0 },
      { lat: 4, lng: 0 },
      { lat: 2, lng: 1 },
      { lat: 4, lng: 2 },
      { lat: 0, lng: 2 },
    ];
    assert.deepEqual([inside(dented, 3, 1), inside(dented, 1, 1), inside(dented, 3, 0.2)], [false, true, true]);
  });
});
