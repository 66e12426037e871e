import { strict as assert } from 'node:assert';
import type { Hours } from '#functions/contract/hours.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const HOUR = 60 * MINUTE;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

let backend: Backend;
/** In the evening from 18:00 to 23:00; it prepares for 20 minutes and accepts by hand. */
const evening = (rest: Partial<Hours> = {}): Hours => ({
  weekly: [{ days: EVERY_DAY, fromMinute: 18 * 60, toMinute: 23 * 60 }],
  holidays: [],
  lastOrderMinutes: 0,
  ...rest,
});
const FROM_SEVEN = evening({ weekly: [{ days: EVERY_DAY, fromMinute: 19 * 60, toMinute: 23 * 60 }] });
async function city(restaurant: Partial<Restaurant> = {}): Promise<void> {
  backend = await aCity({ restaurant: { hours: evening(), ...restaurant } });
}
const refusal = (reason: string) => ({ reason });
/** What the clock on the wall shows, in Vienna on the first day; from 24:00 on it is the next. */
const at = (hour: number, minute = 0) => START_MS + (hour - 13) * HOUR + minute * MINUTE;
const wait = (untilMs: number) => backend.advance(untilMs - backend.nowMs);
const eventsOf = async (orderId: string) =>
  (await backend.order(orderId)).events.map(({ action, atMs }) => [action, (atMs - at(0)) / MINUTE]);
const clock = (hour: number, minute: number) => hour * 60 + minute;
const slots = (kind?: 'pickup') =>
  backend.call('slots', 'carla', { restaurantId: 'rosa', day: '2026-03-02', ...(kind && { kind }) });
/** Food that is ready then is at the door ten minutes later. */
const quoteFor = (readyMs: number, cart: object = {}) =>
  backend.call('quote', 'carla', aCart({ scheduledForMs: readyMs + 10 * MINUTE, ...cart }));
const place = ({ quoteId, totals }: { quoteId: string; totals: { totalMinor: number } }) =>
  backend.call('placeOrder', 'carla', {
    quoteId,
    idempotencyKey: 'place-key-1',
    confirmedTotalMinor: totals.totalMinor,
  });
const update = (changes: object) => backend.call('updateStore', 'mario', { restaurantId: 'rosa', changes });

describe('the time that a kitchen has to accept an order', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  it('stops at closing and continues at opening, so that an order placed at 22:55 is rejected at 18:05', async () => {
    await city();
    await wait(at(22, 55));
    const { orderId } = await new Journey(backend).reach('placed');
    await wait(at(42, 4));
    assert.equal((await backend.order(orderId)).status, 'placed');
    await wait(at(42, 6));
    const { status, events } = await backend.order(orderId);
    assert.deepEqual([status, events.at(-1)?.reason], ['rejected', 'no_answer']);
    assert.deepEqual((await eventsOf(orderId)).slice(2), [
      ['remind', clock(22, 56)],
      ['remind', clock(22, 58)],
      ['remind', clock(42, 1)],
      ['reject', clock(42, 5)],
    ]);
  });

  it('begins at opening where a scheduled order is released earlier, because the kitchen now opens later', async () => {
    await city();
    const journey = await new Journey(backend).place({ cart: { scheduledForMs: at(18, 45 + 10) } });
    await update({ hours: FROM_SEVEN });
    await wait(at(19, 9));
    assert.equal((await backend.order(journey.orderId)).status, 'placed');
    assert.deepEqual((await eventsOf(journey.orderId)).slice(2), [
      ['release', clock(18, 20)],
      ['remind', clock(19, 1)],
      ['remind', clock(19, 3)],
      ['remind', clock(19, 6)],
    ]);
    await wait(at(19, 10));
    assert.equal((await backend.order(journey.orderId)).status, 'rejected');
  });

  it('is that of its placement where the kitchen has a time zone at its release that the runtime does not know', async () => {
    await city();
    const { orderId } = await new Journey(backend).place({ cart: { scheduledForMs: at(18, 45 + 10) } });
    await update({ hours: FROM_SEVEN });
    await backend.db.doc('restaurants/rosa').update({ timeZone: 'Nowhere/City' });
    await wait(at(18, 31));
    const events = await eventsOf(orderId);
    assert.deepEqual(
      [events[2], events.at(-1)],
      [
        ['release', clock(18, 20)],
        ['reject', clock(18, 30)],
      ],
    );
    const tasks = (await backend.db.collection('operatorTasks').get()).docs.map((task) => task.get('path') as unknown);
    assert.deepEqual(tasks, ['restaurants/rosa']);
  });

  it('is also that of a slot with automatic acceptance where the kitchen now opens after the release', async () => {
    await city({ acceptance: 'auto' });
    const { orderId } = await new Journey(backend).place({ cart: { scheduledForMs: at(18, 45 + 10) } });
    await update({ hours: FROM_SEVEN });
    await wait(at(19, 9));
    assert.equal((await backend.order(orderId)).status, 'placed');
    await wait(at(19, 10));
    assert.equal((await backend.order(orderId)).status, 'rejected');
  });

  it('is not needed for that slot where the hours have not changed', async () => {
    await city({ acceptance: 'auto' });
    const { orderId } = await new Journey(backend).place({ cart: { scheduledForMs: at(18, 45 + 10) } });
    await wait(at(18, 21));
    const { status, readyAtMs } = await backend.order(orderId);
    assert.deepEqual([status, readyAtMs], ['accepted', at(18, 40)]);
  });

  it('is real time where the kitchen has no hours any more when the slot is released', async () => {
    await city();
    const { orderId } = await new Journey(backend).place({ cart: { scheduledForMs: at(18, 45 + 10) } });
    await update({ hours: null });
    await wait(at(18, 31));
    assert.deepEqual((await eventsOf(orderId)).at(-1), ['reject', clock(18, 30)]);
  });

  it('stores nothing in the order of a kitchen without hours', async () => {
    await city({ hours: null });
    const { orderId } = await new Journey(backend).place({ cart: { scheduledForMs: at(18, 45 + 10) } });
    await wait(at(18, 21));
    const { status, openings } = await backend.order(orderId);
    assert.deepEqual([status, openings], ['placed', undefined]);
  });

  it('does not delay the notification of the first delay for an order accepted after closing', async () => {
    await city();
    await wait(at(22, 55));
    const journey = await new Journey(backend).reach('placed');
    await wait(at(23, 5));
    await journey.move('mario', { action: 'accept' });
    assert.deepEqual((await backend.order(journey.orderId)).due, { kind: 'overdue', atMs: at(23, 35) });
    await wait(at(23, 36));
    const { readyAtMs, due } = await backend.order(journey.orderId);
    // Ready at 23:45, it says now; twenty open minutes after that are over at 18:20.
    assert.deepEqual([readyAtMs, due], [at(23, 45), { kind: 'overdue', atMs: at(42, 20) }]);
  });

  it('does not count missed orders while the store is closed', async () => {
    await city();
    await wait(at(22, 58));
    for (const _ of [1, 2, 3]) await new Journey(backend).place();
    await wait(at(42, 7));
    const availability = async () => (await backend.db.doc('restaurants/rosa').get()).get('availability');
    assert.equal(await availability(), 'online');
    await wait(at(42, 9));
    assert.equal(await availability(), 'paused');
  });
});

describe('a slot of a kitchen that opens at 18:00', () => {
  afterEach(() => backend.close());

  it('is offered and accepted from 18:35 on: opening, acceptance, buffer and preparation', async () => {
    await city();
    assert.equal((await slots()).slots[0]?.startMs, at(18, 45));
    await assert.rejects(quoteFor(at(18)), refusal('SLOT_INVALID'));
    await assert.rejects(quoteFor(at(18, 34)), refusal('SLOT_INVALID'));
    await quoteFor(at(18, 35));
  });

  it('is accepted ten minutes earlier where the acceptance is automatic', async () => {
    await city({ acceptance: 'auto' });
    assert.equal((await slots()).slots[0]?.startMs, at(18, 30));
    await assert.rejects(quoteFor(at(18, 24)), refusal('SLOT_INVALID'));
    await quoteFor(at(18, 25));
  });

  it('offers only quarters of an hour that a quote accepts', async () => {
    await city({ hours: null });
    backend.nowMs += MINUTE;
    const offered = (await slots()).slots.map(({ startMs }) => startMs);
    assert.equal(offered[0], at(13, 30));
    for (const startMs of offered.slice(0, 3)) await quoteFor(startMs);
    await assert.rejects(quoteFor(at(13, 15)), refusal('SLOT_INVALID'));
  });

  it('is refused at its placement where the kitchen has changed its hours since the quote', async () => {
    await city();
    const quote = await quoteFor(at(18, 35));
    await update({ hours: FROM_SEVEN });
    await assert.rejects(place(quote), refusal('SLOT_INVALID'));
  });

  it('is refused for lunch from 11:00 on, also where the quote was made earlier', async () => {
    const lunch = { days: EVERY_DAY, fromMinute: 18 * 60, toMinute: 23 * 60, lastOrderMinute: 14 * 60 };
    await city({ hours: evening({ weekly: [lunch] }) });
    backend.nowMs = at(13, 59);
    const quote = await quoteFor(at(19));
    backend.nowMs = at(14);
    await assert.rejects(quoteFor(at(19)), refusal('SLOT_INVALID'));
    await assert.rejects(place(quote), refusal('SLOT_INVALID'));
    assert.deepEqual((await slots()).slots, []);
  });
});

describe('a kitchen with other hours for pickup', () => {
  afterEach(() => backend.close());
  const counter = {
    weekly: [{ days: EVERY_DAY, fromMinute: 12 * 60, toMinute: 14 * 60 }],
    holidays: [],
    lastOrderMinutes: 0,
  };

  it('takes an order for pickup, and none for delivery, while only the counter is open', async () => {
    await city();
    await update({ hours: evening({ pickup: counter }) });
    const quote = (kind: 'delivery' | 'pickup') => backend.call('quote', 'carla', aCart({ kind }));
    await quote('pickup');
    await assert.rejects(quote('delivery'), refusal('RESTAURANT_CLOSED'));
    assert.deepEqual(
      (await slots('pickup')).slots.map(({ startMs }) => startMs),
      [at(13, 30), at(13, 45)],
    );
    assert.equal((await slots()).slots[0]?.startMs, at(18, 45));
    backend.nowMs = at(19);
    await quote('delivery');
    await assert.rejects(quote('pickup'), refusal('RESTAURANT_CLOSED'));
  });

  it('has the same hours for both kinds again once they are saved without those for pickup', async () => {
    await city({ hours: evening({ pickup: counter }) });
    await update({ hours: evening() });
    await assert.rejects(backend.call('quote', 'carla', aCart({ kind: 'pickup' })), refusal('RESTAURANT_CLOSED'));
  });
});

describe('an order that the kitchen would have to postpone until after closing', () => {
  afterEach(() => backend.close());
  const quote = () => backend.call('quote', 'carla', aCart());

  it('is refused while the kitchen is busy, and accepted where it is ready at closing', async () => {
    await city({ busy: { extraMinutes: 25, untilMs: at(23) } });
    backend.nowMs = at(22, 15);
    await quote();
    backend.nowMs += 1;
    await assert.rejects(quote(), refusal('KITCHEN_FULL'));
  });

  it('is accepted shortly before closing where the kitchen is not busy', async () => {
    await city();
    backend.nowMs = at(22, 55);
    await quote();
  });

  it('is refused where only quarters of an hour after closing are free', async () => {
    await city({ slotCapacity: 1 });
    const busy = { accountId: toAccountId('nina'), untilMs: null };
    const fill = (minute: number) =>
      backend.db.doc(`restaurants/rosa/slots/${at(22, minute)}`).set({ holds: { other: busy }, expireAt: at(48) });
    backend.nowMs = at(22, 10);
    await fill(30);
    const { quoteId } = await quote();
    assert.equal((await backend.db.doc(`quotes/${quoteId}`).get()).get('slotMs'), at(22, 45));
    await fill(45);
    await backend.call('quote', 'carla', aCart());
    await fill(60);
    await assert.rejects(quote(), refusal('KITCHEN_FULL'));
  });
});
