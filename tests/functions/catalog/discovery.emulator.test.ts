import { strict as assert } from 'node:assert';
import type { Place } from '#functions/contract/common.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import { computeSearchTokens } from '#functions/catalog/model/search-tokens.js';
import type { Backend } from '#fixtures/backend.js';
import { aMenu, aRestaurant, aZone, KITCHEN_AT, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

let backend: Backend;

const metersNorth = (meters: number, { lat, lng }: Place = KITCHEN_AT): Place => ({ lat: lat + meters / 111_195, lng });
async function found(id: string, changes: Partial<Restaurant>): Promise<void> {
  const restaurant = aRestaurant(changes);
  await backend.db.doc(`restaurants/${id}`).set(restaurant);
  await backend.db
    .doc(`searchEntries/${id}`)
    .set({ zoneId: restaurant.zoneId, tokens: computeSearchTokens(restaurant, aMenu({ items: [] })) });
}
const discover = (wish: object = {}) =>
  backend.call('discover', 'carla', { place: KITCHEN_AT, zoneId: 'centre', ...wish });
const idsOf = ({ restaurants }: { restaurants: { restaurantId: string }[] }) =>
  restaurants.map(({ restaurantId }) => restaurantId);

describe('discover, around a place', () => {
  beforeEach(async () => (backend = await aCity()));
  afterEach(() => backend.close());

  it('ranks nearby restaurants page by page, and reads each once', async () => {
    await found('closed', { location: metersNorth(100), availability: 'offline' });
    for (const meters of [400, 200, 300]) await found(`at-${meters}`, { location: metersNorth(meters) });
    await found('beyond', { location: metersNorth(5100) });
    await backend.billed();
    const first = await discover({ limit: 3 });
    assert.deepEqual(idsOf(first), ['rosa', 'at-200', 'at-300']);
    const second = await discover({ limit: 3, cursor: first.cursor });
    assert.deepEqual(idsOf(second), ['at-400', 'closed']);
    assert.equal(second.cursor, null);
    // Five restaurants and the zone; a query on two ranges reads an index entry more.
    assert.ok((await backend.billed()).reads <= 7);
  });

  for (const [what, wish] of [
    ['around a place', {}],
    ['by name', { text: 'pizzeria' }],
  ] as const)
    it(`leaves out, ${what}, a restaurant in a time zone that the runtime does not know`, async () => {
      const hours = {
        weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1440 }],
        holidays: [],
        lastOrderMinutes: 0,
      };
      await found('vienna', { name: 'Pizzeria Vienna', timeZone: 'Europe/Vienna', hours });
      await found('nowhere', { name: 'Pizzeria Nowhere', timeZone: 'Nowhere/City', hours });
      const listed = idsOf(await discover(wish));
      assert.deepEqual([listed.includes('vienna'), listed.includes('nowhere')], [true, false]);
      const tasks = (await backend.db.collection('operatorTasks').get()).docs;
      assert.deepEqual(
        tasks.map((task) => [task.get('kind'), task.get('path')]),
        [['document_failed', 'restaurants/nowhere']],
      );
    });

  it('finds restaurants across the antimeridian', async () => {
    const suva = { lat: -17, lng: 179.999 };
    await found('west', { location: { lat: -17, lng: 179.99 } });
    await found('east', { location: { lat: -17, lng: -179.99 } });
    assert.deepEqual(idsOf(await discover({ place: suva })), ['west', 'east']);
    assert.deepEqual(idsOf(await discover({ place: { ...suva, lng: -179.999 } })), ['east', 'west']);
  });

  it('finds the nearest of more restaurants than one query returns', async () => {
    const batch = backend.db.batch();
    for (let index = 0; index < 320; index += 1)
      batch.set(
        backend.db.doc(`restaurants/dense-${index}`),
        aRestaurant({ location: metersNorth((index - 160) * 25) }),
      );
    await batch.commit();
    const { restaurants } = await discover({ limit: 3 });
    assert.deepEqual(
      restaurants.map(({ distanceMeters }) => distanceMeters),
      [0, 0, 25],
    );
  });

  it('returns only changes on a repeated call', async () => {
    // The database dates its documents by the real clock.
    backend.nowMs = Date.now() + MINUTE;
    const pausedUntilMs = backend.nowMs + 2 * MINUTE;
    await found('other', { location: metersNorth(200), availability: 'paused', pausedUntilMs });
    const { asOfMs } = await discover();
    backend.nowMs += MINUTE;
    assert.deepEqual(idsOf(await discover({ changedSinceMs: asOfMs })), []);
    backend.nowMs += MINUTE;
    assert.deepEqual(idsOf(await discover({ changedSinceMs: asOfMs })), ['other']);
    assert.deepEqual(idsOf(await discover({ changedSinceMs: asOfMs - 2 * MINUTE })), ['rosa', 'other']);
  });

  it('refuses an invalid cursor', async () => {
    await assert.rejects(discover({ cursor: 'somewhere' }), { reason: 'INPUT_INVALID' });
    await assert.rejects(discover({ zoneId: 'nowhere' }), { reason: 'ZONE_NOT_FOUND' });
  });
});

describe('the zone of a place', () => {
  beforeEach(async () => (backend = await aCity()));
  afterEach(() => backend.close());

  const around = ({ lat, lng }: Place, degrees: number) => [
    {
      corners: [
        { lat: lat - degrees, lng: lng - degrees },
        { lat: lat - degrees, lng: lng + degrees },
        { lat: lat + degrees, lng: lng + degrees },
        { lat: lat + degrees, lng: lng - degrees },
      ],
      holes: [],
    },
  ];
  const zone = (id: string, facts: Parameters<typeof aZone>[0]) => backend.db.doc(`zones/${id}`).set(aZone(facts));
  const find = (place: Place) => backend.call('findZone', 'carla', place);

  it('is the smallest one that has it, or none, at no read once the zones are cached', async () => {
    await zone('region', { area: around(KITCHEN_AT, 2), version: 7 });
    await zone('city', { area: around(KITCHEN_AT, 1), currency: 'CZK' });
    assert.deepEqual(await find(KITCHEN_AT), {
      zone: { zoneId: 'city', name: 'Centre', currency: 'CZK', version: 1 },
    });
    await backend.billed();
    assert.equal((await find({ ...KITCHEN_AT, lat: KITCHEN_AT.lat + 1.5 })).zone?.version, 7);
    assert.deepEqual(await find({ lat: 0, lng: 0 }), { zone: null });
    assert.equal((await backend.billed()).reads, 0);
  });

  it('follows an area that an operator saves', async () => {
    assert.deepEqual(await find(KITCHEN_AT), { zone: null });
    const { version: basedOnVersion, ...rest } = aZone();
    const save = (area: ReturnType<typeof around>) =>
      backend.call('saveZone', 'olga', {
        zoneId: 'centre',
        zone: { ...rest, area },
        basedOnVersion,
        reason: 'the first area',
      });
    const [{ corners } = { corners: [] }] = around(KITCHEN_AT, 1);
    const crossed = [corners[0], corners[2], corners[1], corners[3]].flatMap((corner) => corner ?? []);
    await assert.rejects(save([{ corners: crossed, holes: [] }]), { reason: 'ZONE_INVALID' });
    await save(around(KITCHEN_AT, 1));
    assert.equal((await find(KITCHEN_AT)).zone?.version, 2);
  });

  it('is where a text is looked for, unless another zone is named', async () => {
    await found('bistro', { name: 'Bistro Brest' });
    const search = (wish: object) =>
      backend.call('discover', 'carla', { place: KITCHEN_AT, text: 'bistro', ...wish }).then(idsOf);
    await assert.rejects(search({}), { reason: 'ZONE_NOT_FOUND' });
    assert.deepEqual(await search({ zoneId: 'centre' }), ['bistro']);
    await zone('centre', { area: around(KITCHEN_AT, 1) });
    backend.nowMs += 5 * MINUTE;
    assert.deepEqual(await search({}), ['bistro']);
  });

  it('does not decide what a card shows: the zone of the restaurant does', async () => {
    await zone('czech', { currency: 'CZK', pricing: { surgePpm: 2_000_000 } });
    await zone('served', { area: around({ lat: 0, lng: 0 }, 1) });
    await found('other', { zoneId: 'czech', location: metersNorth(100) });
    await found('unserved', { zoneId: 'served', location: metersNorth(200) });
    const fees = async (wish: object) =>
      (await discover(wish)).restaurants.map((card) => [card.restaurantId, card.deliveryFeeMinor, card.currency]);
    const [rosa, other] = [
      ['rosa', 250, 'EUR'],
      ['other', 500, 'CZK'],
    ];
    assert.deepEqual(await fees({}), [rosa, other]);
    assert.deepEqual(await fees({ zoneId: undefined, kind: 'pickup' }), [rosa, other, ['unserved', null, 'EUR']]);
  });
});

describe('discover, by text', () => {
  beforeEach(async () => (backend = await aCity()));
  afterEach(() => backend.close());

  beforeEach(async () => {
    await found('creperie', { name: 'Crêperie Bretonne', cuisines: ['French'], location: metersNorth(300) });
    await found('bistro', { name: 'Bistro Brest', cuisines: ['French'], location: metersNorth(100) });
    await found('elsewhere', { name: 'Crêperie Nantes', zoneId: 'other' });
  });

  const texts: readonly (readonly [string, string[]])[] = [
    ['CREPERIE', ['creperie']],
    ['crê', ['creperie']],
    ['crepreie', ['creperie']],
    ['bretone creperie', ['creperie']],
    ['french', ['bistro', 'creperie']],
    ['bre', ['bistro', 'creperie']],
    ['french bistro', ['bistro']],
    ['sushi', []],
    ['!', []],
  ];
  for (const [text, expected] of texts)
    it(`finds ${expected.join(' and ') || 'nothing'} for "${text}"`, async () =>
      assert.deepEqual(idsOf(await discover({ text })), expected));
});

describe('reorder', () => {
  beforeEach(async () => (backend = await aCity()));
  afterEach(() => backend.close());

  const reorder = (uid = 'carla') => backend.call('reorder', uid, { orderId: 'order-1' });

  it('makes a cart of an earlier order that can be quoted, without items that are gone', async () => {
    const lines = [
      { itemId: 'margherita', quantity: 2, modifiers: [{ optionId: 'cheese', quantity: 1 }] },
      { itemId: 'cola', quantity: 1 },
    ];
    await new Journey(backend).place({ cart: { lines } });
    await backend.db.doc('restaurants/rosa').update({ 'soldOut.cola': backend.nowMs + MINUTE });
    const { isOpen, lines: reviewed, cart } = await reorder();
    assert.deepEqual([isOpen, reviewed.map(({ outcome }) => outcome)], [true, ['kept', 'gone']]);
    const again = await backend.call('quote', 'carla', {
      restaurantId: 'rosa',
      kind: 'pickup',
      lines: cart,
      dropOff: null,
    });
    assert.equal(again.lines[0]?.grossMinor, 2300);
  });

  it("is for the customer's own orders only", async () => {
    await new Journey(backend).place();
    await assert.rejects(reorder('nina'), { reason: 'ORDER_NOT_FOUND' });
    await reorder();
  });
});
