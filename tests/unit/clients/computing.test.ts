import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { geohashForLocation } from 'geofire-common';
import { accountIdOf, staffKeyOf } from '#client/digests.js';
import { computeEta, paceOf } from '#client/eta.js';
import { distanceMeters, geohashOf } from '#client/geo.js';
import { localizeMenu } from '#client/menu.js';
import { formatMoney } from '#client/money.js';
import { epochMs, minor } from '#client/scalars.js';
import type { EtaTable, Menu, Order } from '#client/generated/types.js';
import { CURRENCY_CODES } from '#functions/contract/currency-codes.js';
import { Travel } from '#functions/contract/zones.js';
import { VEHICLES } from '#functions/contract/couriers.js';
import { ORDER_STATUSES } from '#functions/contract/orders.js';
import { distanceMeters as distanceOfServer, isGeohashOf } from '#functions/core/geo.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { computePace } from '#functions/core/travel.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { getExponent } from '#functions/pricing/currencies.js';
import { computeEta as etaOfServer } from '#functions/tracking/model/eta.js';

const place = fc.record({
  lat: fc.double({ min: -89, max: 89, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
});
const START_MS = 1_772_475_300_000;
const time = fc.integer({ min: 0, max: 7_200_000 }).map((ms) => epochMs(START_MS + ms));
const ratio = fc.record({
  p50: fc.double({ min: 0.5, max: 2, noNaN: true }),
  p90: fc.double({ min: 1, max: 4, noNaN: true }),
  rides: fc.integer({ min: 0, max: 900 }),
});

describe('a menu in another language', () => {
  const menu: Menu = {
    version: 1,
    currency: 'EUR',
    language: 'en',
    languages: ['de'],
    items: [
      { id: 'soup', name: 'Soup', description: 'Hot', category: 'Starters', groupIds: [] },
      { id: 'constructors', name: 'Cake', description: '', category: 'Desserts', groupIds: [] },
    ].map((item) => ({ ...item, priceMinor: minor(500), taxCategory: 'food' })),
    groups: [
      {
        ...{ id: 'size', name: 'Size', min: 0, max: 1, free: 0 },
        options: [
          { id: 'big', name: 'Big', priceMinor: minor(0), maxQuantity: 1, groupIds: [] },
          { id: 'small', name: 'Small', priceMinor: minor(0), maxQuantity: 1, groupIds: [] },
        ],
      },
    ],
    dayparts: [{ id: 'lunch', name: 'Lunch', windows: [] }],
  };

  it('has its texts, and those of the base language where it has none', () => {
    const shown = localizeMenu(menu, {
      version: 1,
      items: { soup: { name: 'Suppe', category: 'Vorspeisen' } },
      groups: {},
      options: { big: 'Groß' },
      dayparts: { lunch: 'Mittag' },
    });
    assert.deepEqual(
      shown.items.map(({ name, description, category }) => [name, description, category]),
      [
        ['Suppe', 'Hot', 'Vorspeisen'],
        ['Cake', '', 'Desserts'],
      ],
    );
    const [size] = shown.groups;
    assert.deepEqual([size?.name, ...(size?.options ?? []).map(({ name }) => name)], ['Size', 'Groß', 'Small']);
    assert.equal(shown.dayparts?.[0]?.name, 'Mittag');
    assert.deepEqual(
      shown.items.map(({ id, priceMinor }) => [id, priceMinor]),
      menu.items.map(({ id, priceMinor }) => [id, priceMinor]),
    );
  });
});

describe('what the client package computes like the server', () => {
  it('distances, to a thousandth of a per cent', () =>
    fc.assert(
      fc.property(place, place, (from, to) => {
        const [own, server] = [distanceMeters(from, to), distanceOfServer(from, to)];
        assert.ok(Math.abs(own - server) <= 0.01 + server * 0.000_01, `${own} ${server}`);
      }),
    ));

  it('geohashes', () =>
    fc.assert(
      fc.property(place, (at) => {
        assert.ok(isGeohashOf(geohashOf(at), at));
        assert.equal(geohashOf(at), geohashForLocation([at.lat, at.lng], 9));
      }),
    ));

  it('the arrival of an order', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...ORDER_STATUSES),
        fc.option(time),
        fc.integer({ min: 0, max: 5400 }),
        fc.option(place),
        fc.option(place),
        place,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.option(
          fc.record({ all: ratio, hours: fc.dictionary(fc.constantFrom('9', '17', '18'), ratio), updatedAtMs: time }),
        ),
        time,
        (status, readyAtMs, travelSeconds, position, door, pickUpAt, pace, table, nowMs) => {
          const events = [{ action: 'pickUp', atMs: epochMs(START_MS) }];
          const facts = {
            status,
            readyAtMs,
            travelSeconds,
            createdAtMs: epochMs(START_MS),
            prepMinutes: 15,
            pickUpAt,
            events,
          };
          const own = computeEta({
            order: facts as unknown as Order,
            position,
            door,
            pace,
            table: table as EtaTable | null,
            nowMs,
          });
          const server = etaOfServer({ order: facts as never, position, door, pace }, table as never, nowMs);
          assert.equal(own === null, server === null);
          for (const key of ['p50AtMs', 'p90AtMs'] as const)
            assert.ok(Math.abs((own?.[key] ?? 0) - (server?.[key] ?? 0)) <= 50, `${key} of ${status}`);
        },
      ),
    ));

  it('the pace of each vehicle', () => {
    const travel = Travel.parse({});
    for (const vehicle of [...VEHICLES, null])
      assert.equal(paceOf({ travel: travel as never }, vehicle), computePace(travel, vehicle));
  });

  it('the keys of staff and the accounts of couriers', async () => {
    for (const uid of ['kim', 'ü'.repeat(40), createHash('md5').update('x').digest('hex')]) {
      assert.equal(staffKeyOf(uid), toStaffKey(uid));
      assert.equal(accountIdOf(uid), toAccountId(uid));
    }
  });

  it('the decimals of each currency', () => {
    for (const currency of CURRENCY_CODES) {
      const [, fraction = ''] =
        /\d(?:\.(\d+))?$/.exec(formatMoney({ minor: minor(123_456_789), currency }, 'en')) ?? [];
      assert.equal(fraction.length, getExponent(currency), currency);
    }
  });
});

describe('amounts and times of the client package', () => {
  it('are formatted to the last unit', () => {
    assert.equal(formatMoney({ minor: minor(2 ** 53 - 1), currency: 'EUR' }, 'en'), '€90,071,992,547,409.91');
    assert.equal(formatMoney({ minor: minor(-5), currency: 'EUR' }, 'en'), '-€0.05');
    assert.equal(formatMoney({ minor: minor(5), currency: 'JPY' }, 'en'), '¥5');
  });

  it('are whole numbers', () => {
    assert.equal(minor(-5), -5);
    assert.equal(epochMs(0), 0);
    for (const wrong of [0.5, Number.NaN, Infinity, 2 ** 53]) {
      assert.throws(() => minor(wrong), RangeError);
      assert.throws(() => epochMs(wrong), RangeError);
    }
  });
});
