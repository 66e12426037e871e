import { strict as assert } from 'node:assert';
import type { Order, OrderEvent } from '#functions/contract/orders.js';
import type { PrepTimes } from '#functions/contract/prep-times.js';
import { learnPrepTimes } from '#functions/catalog/learn-prep-times.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

const DAY = 24 * 60 * MINUTE;

/** At all hours 12 minutes, and 25 with four orders or more. */
const LEARNED: PrepTimes = {
  all: { minutes: 12, calmMinutes: 12 },
  hours: {},
  loads: [0, 13, 13],
  orders: 40,
  learnedAtMs: START_MS - DAY,
};

/** An order of a day at noon, ready after so many minutes and picked up by its courier. */
function cooked(daysAgo: number, minutes: number): Order {
  const atMs = START_MS - daysAgo * DAY;
  const steps: [OrderEvent['action'], OrderEvent['by'], number][] = [
    ['accept', 'merchant', 0],
    ['markReady', 'merchant', minutes],
    ['pickUp', 'courier', minutes + 1],
  ];
  const events = steps.map(([action, by, minute], index): OrderEvent => ({
    n: index + 1,
    action,
    from: 'accepted',
    to: 'accepted',
    by,
    atMs: atMs + minute * MINUTE,
    causeId: `cause-${index}`,
  }));
  return anOrder({ status: 'completed', createdAtMs: atMs, events });
}

describe('the learning of preparation times', () => {
  let backend: Backend;
  const city = async (facts: CityFacts = {}) => (backend = await aCity(facts));
  const cook = async (count: number, minutes: number, daysAgo = 1) => {
    const batch = backend.db.batch();
    for (let number = 0; number < count; number += 1)
      batch.set(paths.order(backend.db, `cooked-${daysAgo}-${number}`), cooked(daysAgo, minutes));
    await batch.commit();
  };
  const learned = async () => (await paths.restaurant(backend.db, 'rosa').get()).data()?.prepTimes;
  const samples = async () => (await paths.prepSamples(backend.db, 'rosa').get()).data()?.samples.length;
  afterEach(() => backend.close());

  it("puts what the last weeks' orders took into the restaurant's document", async () => {
    await city();
    await cook(30, 14);
    await learnPrepTimes(backend.ctx);
    const { all, orders, learnedAtMs } = (await learned()) ?? {};
    assert.deepEqual([all, orders, learnedAtMs], [{ minutes: 14, calmMinutes: 14 }, 30, START_MS]);
  });

  it('remembers too few orders, and learns with those of the next night', async () => {
    await city();
    await cook(20, 14);
    await learnPrepTimes(backend.ctx);
    assert.deepEqual([await learned(), await samples()], [undefined, 20]);
    backend.nowMs += DAY;
    await cook(10, 14, 0);
    await learnPrepTimes(backend.ctx);
    assert.deepEqual([(await learned())?.orders, await samples()], [30, 30]);
  });

  it('reads each order in one night only, and leaves those of the last hours to the next', async () => {
    await city();
    await cook(30, 14);
    await cook(5, 14, 0);
    await learnPrepTimes(backend.ctx);
    await learnPrepTimes(backend.ctx);
    assert.equal(await samples(), 30);
  });

  it('forgets orders of more than four weeks ago', async () => {
    await city();
    await cook(30, 14, 27);
    await learnPrepTimes(backend.ctx);
    backend.nowMs += 2 * DAY;
    await cook(1, 20, 0);
    await learnPrepTimes(backend.ctx);
    assert.deepEqual([await learned(), await samples()], [undefined, 1]);
  });

  it('learns nothing where the zone does not', async () => {
    await city({ zone: { limits: { learnedPrep: 'off' } } });
    await cook(30, 14);
    await learnPrepTimes(backend.ctx);
    assert.deepEqual([await learned(), await samples()], [undefined, undefined]);
  });
});

describe('a quote with learned preparation times', () => {
  let backend: Backend;
  const city = async (facts: CityFacts = {}) =>
    (backend = await aCity({ ...facts, restaurant: { prepTimes: LEARNED, ...facts.restaurant } }));
  /** The preparation, of which a ride of 10 minutes follows. */
  const minutes = async (cart: Parameters<typeof aCart>[0] = {}) =>
    (await backend.call('quote', 'carla', aCart(cart))).promisedInSeconds / 60 - 10;
  const cookOthers = async (count: number) => {
    for (let number = 0; number < count; number += 1)
      await paths.order(backend.db, `other-${number}`).set(anOrder({ status: 'preparing', customerId: 'nina' }));
  };
  afterEach(() => backend.close());

  it('promises what was learned by the hour, and counts no orders, where the zone wants that', async () => {
    await city({ zone: { limits: { learnedPrep: 'hours' } } });
    await cookOthers(4);
    await backend.call('quote', 'carla', aCart());
    await backend.billed();
    assert.equal(await minutes(), 12);
    const { reads } = await backend.billed();
    await paths.restaurant(backend.db, 'rosa').update({ usesLearnedPrep: false });
    await backend.billed();
    assert.equal(await minutes(), 20);
    assert.equal((await backend.billed()).reads, reads);
  });

  it('promises by the orders in the kitchen, counted once a minute', async () => {
    await city();
    await cookOthers(3);
    assert.equal(await minutes(), 12);
    await cookOthers(4);
    assert.equal(await minutes(), 12, 'counted less than a minute ago');
    backend.nowMs += MINUTE;
    assert.equal(await minutes(), 25);
  });

  it('counts no orders where nothing was learned, or a full kitchen takes hardly longer', async () => {
    await city({ restaurant: { prepTimes: { ...LEARNED, loads: [0, 2, 2] } } });
    await cookOthers(4);
    await backend.call('quote', 'carla', aCart());
    await backend.billed();
    assert.equal(await minutes(), 12);
    const { reads } = await backend.billed();
    await paths.restaurant(backend.db, 'rosa').update({ prepTimes: LEARNED });
    await backend.billed();
    assert.equal(await minutes(), 25);
    assert.equal((await backend.billed()).reads, reads + 1);
  });

  it('promises by the restaurant’s own number where the zone, or its manager, wants that', async () => {
    await city({ zone: { limits: { learnedPrep: 'off' } } });
    assert.equal(await minutes(), 20);
    await backend.close();
    await city();
    await backend.call('updateStore', 'mario', { restaurantId: 'rosa', changes: { usesLearnedPrep: false } });
    assert.equal(await minutes(), 20);
    await backend.call('updateStore', 'mario', { restaurantId: 'rosa', changes: { usesLearnedPrep: true } });
    assert.equal(await minutes(), 12);
  });

  it('promises more where the kitchen is busy', async () => {
    await city({ restaurant: { busy: { extraMinutes: 15, untilMs: START_MS + MINUTE } } });
    assert.equal(await minutes(), 27);
  });

  it('is refused near closing where the kitchen is busy, and not because it takes long at that hour', async () => {
    // Noon in UTC is one o'clock in Vienna; the kitchen closes twenty minutes later.
    const hours = {
      weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 600, toMinute: 800 }],
      holidays: [],
      lastOrderMinutes: 0,
    };
    const prepTimes = { ...LEARNED, all: { minutes: 30, calmMinutes: 30 } };
    await city({ restaurant: { prepTimes, hours } });
    assert.equal(await minutes(), 30);
    const busy = { extraMinutes: 5, untilMs: START_MS + MINUTE };
    await paths.restaurant(backend.db, 'rosa').update({ busy });
    await assert.rejects(minutes(), /KITCHEN_FULL/);
  });

  it('promises slots by the restaurant’s own number', async () => {
    await city();
    assert.equal(await minutes({ scheduledForMs: START_MS + 120 * MINUTE }), 110);
  });

  it('is shown in discovery', async () => {
    await city();
    const { restaurants } = await backend.call('discover', 'carla', {
      place: { lat: 48.2, lng: 16.37 },
      zoneId: 'centre',
    });
    assert.deepEqual(
      restaurants.map(({ prepMinutes }) => prepMinutes),
      [12],
    );
  });

  it('proposes the time to the kitchen, which may name another one', async () => {
    await city();
    const journey = await new Journey(backend).place();
    assert.equal((await backend.order('order-1')).prepMinutes, 12);
    await journey.move('mario', { action: 'accept', prepMinutes: 18 });
    const { prepMinutes, readyAtMs, promisedAtMs } = await backend.order('order-1');
    assert.deepEqual([prepMinutes, readyAtMs, promisedAtMs], [18, START_MS + 18 * MINUTE, START_MS + 22 * MINUTE]);
  });

  it('does not change once a courier is sent', async () => {
    await city();
    const journey = await new Journey(backend).reach('accepted');
    await journey.assign();
    const { readyAtMs, prepMinutes, promisedAtMs } = await backend.order('order-1');
    await paths
      .restaurant(backend.db, 'rosa')
      .update({ prepTimes: { ...LEARNED, all: { minutes: 30, calmMinutes: 30 } } });
    await journey.move('mario', { action: 'startPreparing' });
    const after = await backend.order('order-1');
    assert.deepEqual([after.readyAtMs, after.prepMinutes, after.promisedAtMs], [readyAtMs, prepMinutes, promisedAtMs]);
  });
});
