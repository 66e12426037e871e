import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aMenu, DOOR_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

let backend: Backend;
/** Monday, 13:00 in Vienna. kim cooks at Da Rosa, mario owns it. */
async function city(facts: CityFacts = {}): Promise<void> {
  backend = await aCity(facts);
  backend.identity.add('kim', { role: 'customer', merchant: { rosa: 'kitchen' } });
  await backend.db.doc('restaurants/rosa/members/kim').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 0 });
}
const rosa = { restaurantId: 'rosa' };
const store = async (): Promise<Restaurant | undefined> => (await paths.restaurant(backend.db, 'rosa').get()).data();
const quote = (cart: object = {}) => backend.call('quote', 'carla', aCart(cart));
const refusal = (reason: string) => ({ reason });

describe('a menu', () => {
  afterEach(() => backend.close());

  const { currency, items, groups } = aMenu();
  const write = (draft: object) => backend.db.doc('restaurants/rosa/menus/draft').set(draft);
  const dearer = items.map((item) => (item.id === 'margherita' ? { ...item, priceMinor: 1100 } : item));
  const publish = (basedOnVersion = 1, uid = 'mario') => backend.call('publishMenu', uid, { ...rosa, basedOnVersion });

  it('is published as the next version, with its prices and dishes for new orders', async () => {
    await city();
    assert.equal((await quote()).lines[0]?.grossMinor, 2000);
    await write({ currency, items: dearer, groups });
    assert.equal((await publish()).version, 2);
    assert.equal((await store())?.menuVersion, 2);
    assert.equal((await quote()).lines[0]?.grossMinor, 2200);
    const found = await backend.call('discover', 'carla', { place: DOOR_AT, zoneId: 'centre', text: 'calzone' });
    assert.deepEqual(
      found.restaurants.map(({ restaurantId }) => restaurantId),
      ['rosa'],
    );
  });

  it('states allergens, diets, additives and ages by item, and the diets with three items for the restaurant', async () => {
    await city();
    const facts = {
      allergens: ['gluten', 'milk'],
      diets: ['vegetarian', 'vegan'],
      additives: ['E150d', 'E160a(ii)', 'E1442'],
      ageLimit: 16,
    };
    const stating = (count: number, more: object = {}) =>
      items.map((item, index) => (index < count ? { ...item, ...facts, ...more } : item));
    const discover = async (diets: ('vegan' | 'halal')[]) =>
      (await backend.call('discover', 'carla', { place: DOOR_AT, zoneId: 'centre', diets })).restaurants.length;
    await write({ currency, items: stating(2), groups });
    await publish();
    assert.deepEqual((await store())?.diets, []);
    await write({ currency, items: stating(3), groups });
    await publish(2);
    assert.deepEqual((await store())?.diets, ['vegetarian', 'vegan']);
    assert.deepEqual([await discover(['vegan']), await discover(['vegan', 'halal'])], [1, 0]);
    const published = (await paths.menu(backend.db, 'rosa').get()).data()?.items[0];
    assert.deepEqual({ ...published, ...facts }, published);
    for (const wrong of [{ allergens: ['love'] }, { additives: ['150d'] }, { ageLimit: 26 }, { diets: ['paleo'] }]) {
      await write({ currency, items: stating(1, wrong), groups });
      await assert.rejects(publish(3), refusal('MENU_INVALID'));
    }
  });

  describe('in several languages', () => {
    const [first] = items;
    const de = {
      items: { margherita: { name: 'Die Einfache', description: 'Tomate', category: 'Fladen' } },
      groups: { extras: 'Dazu' },
      options: { cheese: 'Mehr Käse' },
      dayparts: {},
    };
    const inTwo = (texts: object = { de }) => ({ currency, items, groups, language: 'en', texts });
    const textsOf = async (language: string) => (await paths.menuTexts(backend.db, 'rosa', language).get()).data();
    const find = async (text: string) =>
      (await backend.call('discover', 'carla', { place: DOOR_AT, zoneId: 'centre', text })).restaurants.length;

    it('is published with its texts, by which the restaurant is found, and the names of orders stay', async () => {
      await city();
      await write(inTwo());
      await publish();
      const menu = (await paths.menu(backend.db, 'rosa').get()).data();
      assert.deepEqual([menu?.language, menu?.languages, menu?.items[0]?.name], ['en', ['de'], first?.name]);
      assert.deepEqual(await textsOf('de'), { ...de, version: 2 });
      assert.deepEqual([await find('einfache'), await find('margherita')], [1, 1]);
      assert.equal((await quote()).lines[0]?.name, first?.name);
      await backend.call('updateStore', 'mario', { ...rosa, changes: { name: 'Nonna Rosa' } });
      backend.nowMs += HOUR;
      assert.deepEqual([await find('einfache'), await find('nonna')], [1, 1], 'also after a new name');
    });

    it('is published once for repeated calls, and changed texts are a change', async () => {
      await city();
      await write(inTwo());
      const published = await publish();
      assert.deepEqual(await publish(), published);
      await write(inTwo({ de: { ...de, groups: {} } }));
      await assert.rejects(publish(), refusal('MENU_CHANGED'));
      await write(inTwo({ fr: { ...de, groups: {} } }));
      assert.equal((await publish(2)).version, 3);
      assert.deepEqual([await textsOf('de'), (await textsOf('fr'))?.version], [undefined, 3]);
    });

    it('is refused with texts of its own language, of other ids, with contacts or in too many languages', async () => {
      await city();
      const flaws = async (draft: object, problem: string, id: string) => {
        await write(draft);
        await assert.rejects(publish(), { reason: 'MENU_INVALID', details: { problem, id, flaws: 1 } });
      };
      const none = { items: {}, groups: {}, options: {}, dayparts: {} };
      await flaws(inTwo({ en: none }), 'BASE_LANGUAGE', 'en');
      await flaws({ currency, items, groups, texts: { de: none } }, 'BASE_LANGUAGE', 'de');
      await flaws(inTwo({ de: { ...none, items: { pasta: { name: 'Nudeln' } } } }), 'UNKNOWN_ID', 'pasta');
      await flaws(inTwo({ de: { ...none, options: { extras: 'Dazu' } } }), 'UNKNOWN_ID', 'extras');
      await flaws(inTwo({ de: { ...none, options: { cheese: 'Ruf 0660 1234567 an' } } }), 'CONTACT', 'cheese');
      const six = Object.fromEntries(['ar', 'de', 'es', 'fr', 'it', 'ja'].map((language) => [language, none]));
      await flaws(inTwo(six), 'TOO_MANY_LANGUAGES', 'ja');
      await write(inTwo({ German: none }));
      await assert.rejects(publish(), refusal('MENU_INVALID'));
      await write(inTwo({ 'pt-BR': none, 'zh-Hant': none }));
      await publish();
    });
  });

  it("is published once for repeated calls, and not over another manager's version", async () => {
    await city();
    await write({ currency, items: dearer, groups });
    const first = await publish();
    assert.deepEqual(await publish(), first);
    await write({ currency, items, groups });
    await assert.rejects(publish(1), refusal('MENU_CHANGED'));
    assert.equal((await publish(2)).version, 3);
  });

  it('shows the difference to a customer who was quoted before', async () => {
    await city();
    const { quoteId, totals } = await quote();
    await write({ currency, items: dearer, groups });
    await publish();
    const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
    const answer = await backend.call('placeOrder', 'carla', placing);
    assert.ok(answer.outcome === 'changed');
    assert.deepEqual(answer.changedItemIds, ['margherita']);
  });

  it('is not published with a flaw, by kitchen staff, or without a draft', async () => {
    await city();
    await assert.rejects(publish(), refusal('MENU_INVALID'));
    await write({ currency, items: [{ id: 'x' }], groups });
    await assert.rejects(publish(), refusal('MENU_INVALID'));
    await write({ currency: 'USD', items, groups });
    await assert.rejects(publish(), { reason: 'MENU_INVALID', details: { problem: 'CURRENCY', id: 'USD', flaws: 1 } });
    const [first, ...others] = items;
    const described = (description: string) =>
      write({ currency, items: [{ ...first, description }, ...others], groups });
    await described('Cheaper by phone: 0660 1234567');
    const details = { problem: 'CONTACT', id: first?.id, flaws: 1 };
    await assert.rejects(publish(), { reason: 'MENU_INVALID', details });
    await described('For 2 or 3, 24 / 32 / 40 cm, from 11.30-14.30');
    await assert.rejects(publish(1, 'kim'), refusal('ROLE_NOT_ALLOWED'));
    await assert.rejects(publish(1, 'lena'), refusal('RESTAURANT_NOT_FOUND'));
    assert.equal((await store())?.menuVersion, 1);
    await publish();
  });

  it("offers a dish in its daypart, at its price, and for a slot by the slot's time", async () => {
    const windows = [{ days: EVERY_DAY, fromMinute: 12 * 60, toMinute: 14 * 60 }];
    const dayparts = [{ id: 'lunch', name: 'Lunch', windows }];
    const lunch = items.map((item) =>
      item.id === 'margherita' ? { ...item, dayparts: [{ daypartId: 'lunch', priceMinor: 800 }] } : item,
    );
    await city({ menu: { dayparts, items: lunch } });
    const { quoteId, totals, lines } = await quote();
    assert.equal(lines[0]?.grossMinor, 1600);
    backend.nowMs += HOUR;
    await assert.rejects(quote(), refusal('ITEM_NOT_SERVED_NOW'));
    assert.equal((await quote({ scheduledForMs: START_MS + DAY })).lines[0]?.grossMinor, 1600);
    await assert.rejects(quote({ scheduledForMs: START_MS + DAY + HOUR }), refusal('ITEM_NOT_SERVED_NOW'));
    // A price that was quoted holds for the life of the quote: this one's has passed.
    const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
    await assert.rejects(backend.call('placeOrder', 'carla', placing), refusal('ITEM_UNKNOWN'));
  });
});

describe('a store', () => {
  afterEach(() => backend.close());

  const update = (changes: object, uid = 'mario') => backend.call('updateStore', uid, { ...rosa, changes });
  const turn = (to: object, uid = 'kim') => backend.call('switchStore', uid, { ...rosa, to });
  const hours = (fromHour: number, toHour: number) => ({
    weekly: [{ days: EVERY_DAY, fromMinute: fromHour * 60, toMinute: toHour * 60 }],
    lastOrderMinutes: 30,
  });

  it('takes orders within its hours until the last one, and slots within them', async () => {
    await city();
    await update({ hours: hours(11, 14) });
    const { quoteId, totals } = await quote();
    backend.nowMs += 30 * MINUTE - 1;
    await quote();
    backend.nowMs += 1;
    await assert.rejects(quote(), refusal('RESTAURANT_CLOSED'));
    const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
    await assert.rejects(backend.call('placeOrder', 'carla', placing), refusal('RESTAURANT_CLOSED'));
    // Food is ready 35 minutes after opening at the earliest, and at the door after a ride of ten minutes.
    const eleven = START_MS + 22 * HOUR;
    await quote({ scheduledForMs: eleven + 45 * MINUTE });
    await assert.rejects(quote({ scheduledForMs: eleven + 45 * MINUTE - 1 }), refusal('SLOT_INVALID'));
  });

  it('takes orders for a slot while it is closed', async () => {
    await city();
    await update({ hours: hours(11, 13) });
    const { quoteId, totals } = await quote({ scheduledForMs: START_MS + 23 * HOUR });
    const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
    assert.equal((await backend.call('placeOrder', 'carla', placing)).outcome, 'placed');
  });

  it('takes no orders during a pause, and opens again by itself', async () => {
    await city();
    await turn({ type: 'paused', minutes: 30 });
    await assert.rejects(quote(), refusal('RESTAURANT_CLOSED'));
    backend.nowMs += 30 * MINUTE;
    await quote();
    await assert.rejects(turn({ type: 'offline' }), refusal('ROLE_NOT_ALLOWED'));
    await turn({ type: 'offline' }, 'mario');
    await assert.rejects(quote(), refusal('RESTAURANT_CLOSED'));
  });

  it('promises later while it is busy, but not for slots', async () => {
    await city();
    assert.equal((await quote()).promisedInSeconds, 1800);
    await turn({ type: 'busy', extraMinutes: 15, minutes: 60 });
    assert.equal((await quote()).promisedInSeconds, 2700);
    assert.equal((await quote({ scheduledForMs: START_MS + 2 * HOUR })).promisedInSeconds, 7200);
    backend.nowMs += HOUR;
    assert.equal((await quote()).promisedInSeconds, 1800);
  });

  it('accepts a call that changes no setting, and writes one that changes a setting', async () => {
    await city();
    const before = await store();
    assert.deepEqual(await update({}), { restaurantId: 'rosa' });
    assert.deepEqual(await store(), before);
    assert.deepEqual(await update({ prepMinutes: 12 }), { restaurantId: 'rosa' });
    assert.deepEqual(await store(), { ...before, prepMinutes: 12 });
  });

  it('delivers within its area, and offers pickup everywhere', async () => {
    await city();
    const around = (lng: number) => [
      { lat: 48, lng },
      { lat: 48, lng: lng + 0.2 },
      { lat: 48.5, lng: lng + 0.2 },
      { lat: 48.5, lng },
    ];
    await update({ deliveryArea: around(16.3) });
    await quote();
    await update({ deliveryArea: around(16.4) });
    await assert.rejects(quote(), refusal('OUTSIDE_AREA'));
    await quote({ kind: 'pickup', tipPpm: 0 });
  });

  it('delivers within the area of its zone, except in a hole', async () => {
    const square = (lng: number, lat: number, side: number) => [
      { lat, lng },
      { lat, lng: lng + side },
      { lat: lat + side, lng: lng + side },
      { lat: lat + side, lng },
    ];
    const around = { corners: square(16.3, 48, 0.5), holes: [] };
    await city({ zone: { area: [around] } });
    await quote();
    await city({ zone: { area: [{ ...around, holes: [{ corners: square(16.38, 48.21, 0.01) }] }] } });
    await assert.rejects(quote(), refusal('OUTSIDE_AREA'));
    await quote({ kind: 'pickup', tipPpm: 0 });
  });

  it('that closed while its orders expired stays closed; an open one pauses', async () => {
    for (const to of ['offline', 'online'] as const) {
      await city();
      const [uids, orders] = [['carla', 'nina', 'olga'], [] as Journey[]];
      for (const uid of uids) {
        const journey = new Journey(backend);
        const { quoteId, totals } = await backend.call('quote', uid, aCart());
        const placing = {
          quoteId,
          idempotencyKey: `place-${uid}`,
          confirmedTotalMinor: totals.totalMinor,
          paymentMethodId: 'pm_card_visa',
        };
        await backend.call('placeOrder', uid, placing);
        orders.push(journey);
      }
      await backend.deliverWebhooks();
      await turn({ type: to }, 'mario');
      await backend.advance(11 * MINUTE);
      assert.equal((await store())?.availability, to === 'offline' ? 'offline' : 'paused');
      if (to === 'offline') await backend.close();
    }
  });

  it('is found by its new name, keeps a valid time zone, and is changed by managers only', async () => {
    await city();
    await assert.rejects(update({ timeZone: 'Europe/Atlantis' }), refusal('TIME_ZONE_UNKNOWN'));
    await assert.rejects(update({ prepMinutes: 30 }, 'kim'), refusal('ROLE_NOT_ALLOWED'));
    await assert.rejects(update({ canGoOnline: true }), refusal('INPUT_INVALID'));
    await update({ name: 'Trattoria Zanetti', prepMinutes: 30 });
    assert.equal((await store())?.prepMinutes, 30);
    const found = await backend.call('discover', 'carla', { place: DOOR_AT, zoneId: 'centre', text: 'zaneti' });
    assert.equal(found.restaurants[0]?.name, 'Trattoria Zanetti');
  });
});

describe('a sold-out item', () => {
  afterEach(() => backend.close());

  const sellOut = (ids: string[], untilMs: number | null = null, uid = 'kim') =>
    backend.call('setSoldOut', uid, { ...rosa, ids, untilMs });
  const cart = (uid: string, itemIds: unknown, minutesAgo = 0) =>
    backend.db.doc(`carts/${uid}`).set({
      restaurantId: 'rosa',
      lines: [],
      itemIds,
      updatedAt: Timestamp.fromMillis(backend.nowMs - minutesAgo * MINUTE),
    });

  it('cannot be ordered until its time or until it is available again', async () => {
    await city();
    await sellOut(['margherita'], START_MS + HOUR);
    await assert.rejects(quote(), refusal('ITEM_SOLD_OUT'));
    backend.nowMs += HOUR;
    await quote();
    await sellOut(['margherita']);
    await assert.rejects(quote(), refusal('ITEM_SOLD_OUT'));
    assert.deepEqual(await sellOut(['margherita'], 0), { soldOut: {} });
    await quote();
    await assert.rejects(sellOut(['margherita'], null, 'lena'), refusal('RESTAURANT_NOT_FOUND'));
  });

  it('is marked in open carts that contain it, as item or option, and in no others', async () => {
    await city();
    await cart('carla', ['margherita']);
    await cart('nina', ['calzone', 'dip']);
    await cart('olga', ['cola']);
    await cart('mario', ['margherita'], 121);
    await cart('otto', { nonsense: true });
    await sellOut(['margherita', 'dip']);
    await backend.advance(MINUTE);
    assert.deepEqual(backend.push.shown(), [
      'device-carla cart_sold_out sold-out-rosa',
      'device-nina cart_sold_out sold-out-rosa',
    ]);
    assert.equal(backend.push.sent[0]?.data['restaurantId'], 'rosa');
  });

  it('that is switched again and again is marked in open carts forty times, then once in three minutes', async () => {
    await city();
    await cart('carla', ['margherita']);
    const marked = () => backend.push.keysTo('device-carla').length;
    for (let n = 0; n < 45; n += 1) {
      await sellOut(['margherita']);
      await backend.advance(100);
      await sellOut(['margherita'], 0);
    }
    assert.equal(marked(), 40);
    await backend.advance(3 * MINUTE);
    await sellOut(['margherita']);
    await backend.advance(MINUTE);
    assert.equal(marked(), 41);
  });

  it('from a rejection is marked in open carts once, also after retries, and in none without it', async () => {
    await city();
    const journey = await new Journey(backend).place();
    await cart('nina', ['margherita']);
    await cart('olga', ['cola']);
    const reject = () =>
      journey.move('mario', { action: 'reject', reason: 'out_of_stock', itemIds: ['margherita'] }, 'reject-key-1');
    await reject();
    await reject();
    await backend.advance(MINUTE);
    const told = backend.push.shown().filter((one) => one.includes('cart_sold_out'));
    assert.deepEqual(told, ['device-nina cart_sold_out sold-out-rosa']);
  });

  it('is not derived from a rejection that names no item', async () => {
    await city();
    const journey = await new Journey(backend).place();
    await cart('nina', ['margherita']);
    await journey.move('mario', { action: 'reject', reason: 'out_of_stock' });
    await backend.advance(MINUTE);
    assert.deepEqual(backend.push.keysTo('device-nina'), []);
  });

  it('is not marked where it is available again before the carts are updated', async () => {
    await city();
    await cart('carla', ['margherita']);
    await sellOut(['margherita']);
    await sellOut(['margherita'], 0);
    await backend.advance(MINUTE);
    assert.deepEqual(backend.push.sent, []);
  });

  it('is one with too few portions left', async () => {
    await city();
    const count = (left: object) => backend.call('setStock', 'kim', { ...rosa, left });
    assert.deepEqual(await count({ margherita: 1, cola: 5 }), { countsStock: true });
    await assert.rejects(quote(), refusal('ITEM_SOLD_OUT'));
    await count({ margherita: 2 });
    await quote();
    assert.deepEqual((await paths.stock(backend.db, 'rosa').get()).data(), { left: { margherita: 2, cola: 5 } });
    const items = (number: number) =>
      Object.fromEntries(Array.from({ length: number }, (_, item) => [`item-${item}`, 1]));
    await assert.rejects(count(items(499)), refusal('INPUT_TOO_LARGE'));
    await count(items(498));
    assert.deepEqual(
      await count({
        margherita: null,
        cola: null,
        ...Object.fromEntries(Object.keys(items(498)).map((id) => [id, null])),
      }),
      { countsStock: false },
    );
  });
});

describe('slots of a day', () => {
  afterEach(() => backend.close());

  // Food is ready from 17:00 on, 35 minutes after opening.
  const weekly = [{ days: EVERY_DAY, fromMinute: 16 * 60 + 25, toMinute: 18 * 60 }];
  const slots = async (day: string) => (await backend.call('slots', 'carla', { ...rosa, day })).slots;

  it('are the quarters of an hour in which the kitchen cooks and has a place', async () => {
    await city({ restaurant: { slotCapacity: 1, hours: { weekly, holidays: [], lastOrderMinutes: 0 } } });
    const five = START_MS + 4 * HOUR;
    const free = (await slots('2026-03-02')).map(({ startMs }) => (startMs - five) / MINUTE);
    assert.deepEqual(free, [0, 15, 30, 45]);
    // Only the quotes of a customer who has completed an order hold a place.
    await paths.order(backend.db, 'past').set(anOrder({ status: 'completed' }));
    await quote({ scheduledForMs: five + 15 * MINUTE + 10 * MINUTE });
    await backend.billed();
    assert.deepEqual(
      (await slots('2026-03-02')).map(({ startMs, free: places }) => [(startMs - five) / MINUTE, places]),
      [
        [0, 1],
        [30, 1],
        [45, 1],
      ],
    );
    // The restaurant and the one quarter of an hour in which an order has a place.
    assert.equal((await backend.billed()).reads, 2);
    backend.nowMs = five - 10 * MINUTE;
    assert.equal((await slots('2026-03-02')).length, 2);
    assert.equal((await slots('2026-03-01')).length, 0);
  });

  it('are not limited where the kitchen sets no capacity, and empty where it is closed', async () => {
    await city({
      restaurant: { hours: { weekly, holidays: [{ date: '2026-03-03', spans: [] }], lastOrderMinutes: 30 } },
    });
    assert.deepEqual(
      (await slots('2026-03-02')).map(({ free }) => free),
      [null, null],
    );
    assert.deepEqual(await slots('2026-03-03'), []);
  });
});
