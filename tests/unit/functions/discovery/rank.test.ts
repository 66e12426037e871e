import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DiscoverInput } from '#functions/calls/discovery.js';
import type { Restaurant } from '#functions/contract/restaurants.js';
import {
  selectPage,
  rankRestaurants,
  readCursor,
  type CardZone,
  type RankedRestaurant,
  type SearchRequest,
} from '#functions/discovery/model/rank.js';
import {
  aPromotion,
  aRestaurant,
  aZone,
  KITCHEN_AT,
  MINUTE,
  START_MS,
  type ZoneOverrides,
} from '#fixtures/catalogue.js';

/** At the kitchen's latitude, so many metres north of it. */
const found = (
  restaurantId: string,
  meters: number,
  changes: Partial<Restaurant> = {},
  changedAtMs = 0,
): RankedRestaurant => ({
  restaurantId,
  changedAtMs,
  restaurant: aRestaurant({ location: { ...KITCHEN_AT, lat: KITCHEN_AT.lat + meters / 111_195 }, ...changes }),
});
/** The restaurants' zone, and another one. */
const zonesOf = (zone: ZoneOverrides = {}, surgePpm = 1_000_000): Map<string, CardZone> =>
  new Map([
    ['centre', { zone: aZone(zone), surgePpm }],
    ['tokyo', { zone: aZone({ currency: 'JPY', pricing: { deliveryFeeCapMinor: 450 } }), surgePpm: 1_200_000 }],
  ]);
const searchFor = (changes: Partial<SearchRequest> = {}): SearchRequest =>
  DiscoverInput.parse({ place: KITCHEN_AT, zoneId: 'centre', ...changes });
const idsFor = (all: readonly RankedRestaurant[], changes: Partial<SearchRequest> = {}, nowMs = START_MS): string[] =>
  rankRestaurants(all, searchFor(changes), zonesOf(), nowMs).map(({ restaurantId }) => restaurantId);

const OFFLINE = { availability: 'offline' } as const;
const CITY = [
  found('far', 3000),
  found('closed', 100, OFFLINE),
  found('near', 1000, { cuisines: ['Thai'] }),
  found('beyond', 6000),
];

describe('rankRestaurants', () => {
  it('lists open ones first, then the nearest, and none beyond the radius', () =>
    assert.deepEqual(idsFor(CITY), ['near', 'far', 'closed']));
  it('takes a time of the future for now, up to the last time there is', () => {
    const always = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 600, toMinute: 1380 };
    const hours = { weekly: [always], holidays: [], lastOrderMinutes: 0 };
    const all = [found('changed', 1000, { hours }, START_MS), found('same', 1000, { hours }, START_MS - MINUTE)];
    for (const changedSinceMs of [START_MS, START_MS + MINUTE, 8_639_999_950_000_000, 8_640_000_000_000_000])
      assert.deepEqual(idsFor(all, { changedSinceMs }), ['changed'], String(changedSinceMs));
    assert.equal(idsFor(all, { changedSinceMs: 0 }).length, 2);
  });
  it('marks restaurants whose own promotion runs, and lists those in which one began or ended', () => {
    // Monday from 14:00 to 15:00 in Vienna; the start is 13:00.
    const promotion = aPromotion({ id: 'store_x', kind: 'order', benefit: { type: 'fixed', amountMinor: 100 } });
    const windows = [{ days: [0], fromMinute: 840, toMinute: 900 }];
    const all = [found('happy', 1000, { promotions: [{ ...promotion, windows }] }), found('plain', 2000)];
    const cards = (changes: Partial<SearchRequest>, minutes: number) =>
      rankRestaurants(all, searchFor(changes), zonesOf(), START_MS + minutes * MINUTE).map(
        ({ restaurantId, hasPromotion }) => `${restaurantId} ${hasPromotion}`,
      );
    assert.deepEqual(cards({}, 59), ['happy false', 'plain false']);
    assert.deepEqual(cards({}, 60), ['happy true', 'plain false']);
    const changedSinceMs = START_MS + 30 * MINUTE;
    assert.deepEqual(cards({ changedSinceMs }, 59), []);
    assert.deepEqual(cards({ changedSinceMs }, 60), ['happy true']);
    assert.deepEqual(cards({ changedSinceMs: START_MS + 90 * MINUTE }, 120), ['happy false']);
  });
  it('uses the hours of pickup for pickup, and finds for it restaurants that do not deliver to the place', () => {
    const closed = { weekly: [], holidays: [], lastOrderMinutes: 0 };
    const always = { ...closed, weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1440 }] };
    const counter = [
      found('counter', 1000, {
        hours: { ...closed, pickup: always },
        deliveryArea: [
          { lat: 0, lng: 0 },
          { lat: 0, lng: 1 },
          { lat: 1, lng: 1 },
        ],
      }),
    ];
    assert.deepEqual([idsFor(counter), idsFor(counter, { kind: 'pickup', openOnly: true })], [[], ['counter']]);
    const delivers = [found('delivers', 1000, { hours: { ...always, pickup: closed } })];
    assert.deepEqual(
      [idsFor(delivers, { openOnly: true }), idsFor(delivers, { kind: 'pickup', openOnly: true })],
      [['delivers'], []],
    );
  });
  it('ranks a better rating as nearer, by a kilometre for a star with many reviews', () => {
    const loved = (sum: number, count: number) => found('loved', 1900, { rating: { sum, count } });
    const plain = found('plain', 1000);
    // 490 reviews of five stars beside ten of four: 4.98, and 980 m less to go.
    assert.deepEqual(idsFor([plain, loved(2450, 490)]), ['loved', 'plain']);
    // One of five beside ten of four: 4.09.
    assert.deepEqual(idsFor([plain, loved(5, 1)]), ['plain', 'loved']);
    assert.deepEqual(idsFor([found('bad', 1000, { rating: { sum: 20, count: 20 } }), loved(0, 0)]), ['loved', 'bad']);
  });
  it('shows the rating to a tenth, and none without reviews', () => {
    const rated = [{ sum: 13, count: 3 }, { sum: 0, count: 0 }, undefined].map((rating, index) =>
      found(`${index}`, index, rating && { rating }),
    );
    const cards = rankRestaurants(rated, searchFor(), zonesOf(), START_MS);
    assert.deepEqual(Object.fromEntries(cards.map((card) => [card.restaurantId, card.rating])), {
      0: { stars: 4.3, count: 3 },
      1: null,
      2: null,
    });
  });
  it('shows the distance and its delivery fee', () => {
    const cards = rankRestaurants(CITY, searchFor(), zonesOf(), START_MS);
    assert.deepEqual(
      cards.map((card) => [card.distanceMeters, card.deliveryFeeMinor]),
      [
        [1000, 250],
        [3000, 400],
        [100, 250],
      ],
    );
  });
  it('shows the fee of the zone in which the order is made, with its surge, its cap and its currency', () => {
    const all = [found('here', 1000), found('there', 1001, { zoneId: 'tokyo' }), found('lost', 1, { zoneId: 'none' })];
    const far = [found('there', 3000, { zoneId: 'tokyo' })];
    const fees = (some: RankedRestaurant[], zones: Map<string, CardZone>) =>
      rankRestaurants(some, searchFor({ zoneId: undefined }), zones, START_MS).map(
        ({ restaurantId, deliveryFeeMinor, currency }) => [restaurantId, deliveryFeeMinor, currency].join(' '),
      );
    assert.deepEqual(fees(all, zonesOf()), ['here 250 EUR', 'there 300 JPY']);
    assert.deepEqual(fees(all, zonesOf({}, 1_500_000)), ['here 375 EUR', 'there 300 JPY']);
    assert.deepEqual(fees(far, zonesOf()), ['there 450 JPY']);
  });
  it('shows no delivery to a place that the restaurant’s zone does not serve, but pickup', () => {
    const around = (lat: number) => [
      {
        corners: [
          { lat: lat - 1, lng: 16 },
          { lat: lat - 1, lng: 17 },
          { lat: lat + 1, lng: 16.4 },
        ],
        holes: [],
      },
    ];
    const fees = (lat: number, kind: 'delivery' | 'pickup') =>
      rankRestaurants([found('near', 10)], searchFor({ kind }), zonesOf({ area: around(lat) }), START_MS).map(
        ({ deliveryFeeMinor }) => deliveryFeeMinor,
      );
    assert.deepEqual(fees(48.2, 'delivery'), [250]);
    assert.deepEqual([fees(52, 'delivery'), fees(52, 'pickup')], [[], [null]]);
  });
  it('leaves out restaurants that do not match the filters', () => {
    assert.deepEqual(idsFor(CITY, { openOnly: true }), ['near', 'far']);
    assert.deepEqual(idsFor(CITY, { cuisines: ['Thai', 'Greek'] }), ['near']);
    assert.deepEqual(idsFor(CITY, { maxDeliveryFeeMinor: 399 }), ['near', 'closed']);
    assert.deepEqual(idsFor(CITY, { maxDeliveryFeeMinor: 400 }), ['near', 'far', 'closed']);
  });
  it("leaves out restaurants beyond the zone's delivery distance", () =>
    assert.deepEqual(idsFor([found('past', 10_001), found('within', 9_999)], { radiusMeters: 20_000 }), ['within']));
  it('leaves out restaurants whose delivery area does not contain the place', () => {
    const around = (lat: number) => [
      { lat: lat - 1, lng: 16 },
      { lat: lat - 1, lng: 17 },
      { lat: lat + 1, lng: 16.4 },
    ];
    const areas = [found('here', 10, { deliveryArea: around(48.2) }), found('there', 10, { deliveryArea: around(52) })];
    assert.deepEqual(idsFor(areas), ['here']);
  });
  it('returns in a delta what was written since, and what opened or closed by the clock, closed ones too', () => {
    const paused = { availability: 'paused', pausedUntilMs: START_MS + 5 * MINUTE } as const;
    const all = [
      found('old', 100, {}, START_MS - MINUTE),
      found('written', 200, OFFLINE, START_MS + MINUTE),
      found('woken', 300, paused, START_MS - MINUTE),
    ];
    const delta = { changedSinceMs: START_MS, openOnly: true };
    assert.deepEqual(idsFor(all, delta, START_MS + 10 * MINUTE), ['woken', 'written']);
    assert.deepEqual(idsFor(all, delta, START_MS + 2 * MINUTE), ['written']);
  });
});

describe('selectPage', () => {
  const cardsOf = (meters: readonly number[]) =>
    rankRestaurants(
      meters.map((one, index) => found(`r${index}`, one)),
      searchFor(),
      zonesOf(),
      START_MS,
    );

  it('reaches every restaurant once, for any length of a page', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 15 }),
        (meters, limit) => {
          const cards = cardsOf(meters);
          const seen: string[] = [];
          let after: string | null = null;
          for (;;) {
            const page = selectPage(cards, limit, after, START_MS);
            seen.push(...page.restaurants.map(({ restaurantId }) => restaurantId));
            if (page.cursor === null) break;
            const cursor = readCursor(page.cursor);
            assert.equal(cursor?.asOfMs, START_MS);
            after = cursor.after;
          }
          assert.deepEqual(
            seen,
            cards.map(({ restaurantId }) => restaurantId),
          );
        },
      ),
    ));

  it('continues after a restaurant that was removed since', () => {
    const cards = cardsOf([100, 200, 300, 400]);
    const { cursor } = selectPage(cards, 2, null, START_MS);
    const after = readCursor(cursor ?? '')?.after ?? null;
    const without = cards.filter(({ restaurantId }) => restaurantId !== 'r1');
    assert.deepEqual(
      selectPage(without, 2, after, START_MS).restaurants.map(({ restaurantId }) => restaurantId),
      ['r2', 'r3'],
    );
  });
});

describe('readCursor', () => {
  it('reads its own cursors and no others', () => {
    assert.deepEqual(readCursor('1772452800000.000001000near'), { asOfMs: 1_772_452_800_000, after: '000001000near' });
    for (const other of ['', 'near', '1.2', '1772452800000.200001000near', '1772452800000.000001000a/b'])
      assert.equal(readCursor(other), null, other);
  });
});
