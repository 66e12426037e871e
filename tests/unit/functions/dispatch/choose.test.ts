import { strict as assert } from 'node:assert';
import type { Courier } from '#functions/contract/couriers.js';
import { computeCashRoomMinor, fitsFloat, isAvailable, toCashTerms } from '#functions/dispatch/model/eligibility.js';
import {
  aCourier,
  aPresence,
  anActiveDelivery,
  anOffer,
  aZone,
  DOOR_AT,
  START_MS,
  theLimits,
} from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

describe('isAvailable', () => {
  const available = (overrides: Partial<Courier> = {}, nowMs = START_MS) =>
    isAvailable(aCourier(overrides), nowMs, theLimits());

  it('is true for a free courier with a heartbeat at most 90 seconds ago', () => {
    assert.deepEqual([available({}, START_MS + 90_000), available({}, START_MS + 90_001)], [true, false]);
  });
  it('is true for a courier who carries one order', () =>
    assert.ok(available({ active: { 'order-8': anActiveDelivery } })));
  it('is true for a courier at another place with its geohash', () =>
    assert.ok(available({ presence: aPresence(DOOR_AT) })));
  const unfit: [string, Partial<Courier>][] = [
    ['is offline', { online: false }],
    ['is not approved', { approved: false }],
    ['is asked something else', { offer: anOffer() }],
    ['was never heard of', { presence: null }],
    ['says a geohash of another place', { presence: { ...aPresence(), geohash: aPresence(DOOR_AT).geohash } }],
    ['carries two orders', { active: { 'order-8': anActiveDelivery, 'order-9': anActiveDelivery } }],
  ];
  for (const [why, overrides] of unfit)
    it(`is false for a courier who ${why}`, () => assert.equal(available(overrides), false));
});

describe('fitsFloat', () => {
  const cash = { dueMinor: 2000, floatMinor: 5000 };
  const underWay = { 'order-9': { ...anActiveDelivery, floatMinor: 1000 } };
  const cases: [string, Partial<Courier>, boolean][] = [
    ['nothing yet', {}, true],
    ['just so much that it fits', { cashMinor: 3000 }, true],
    ['a cent more', { cashMinor: 3001 }, false],
    ['with what is under way just so much that it fits', { cashMinor: 2000, active: underWay }, true],
    ['with what is under way a cent more', { cashMinor: 2001, active: underWay }, false],
    ['an order under way that is paid by card', { cashMinor: 3000, active: { 'order-9': anActiveDelivery } }, true],
  ];
  for (const [what, overrides, fits] of cases)
    it(`is ${fits} for a courier who carries ${what}`, () => assert.equal(fitsFloat(aCourier(overrides), cash), fits));
});

describe('toCashTerms', () => {
  const cash = { maxOrderMinor: 5000, courierFloatMinor: 4000, coinMinor: 1 };
  const terms = (method: 'card' | 'cash', zone = aZone({ cash })) =>
    toCashTerms(anOrder({ payment: method === 'cash' ? { method, status: 'cash' } : {} }), zone);

  it("are the amount due at the door and the zone's float, for cash only", () =>
    assert.deepEqual([terms('cash'), terms('card')], [{ dueMinor: 2940, floatMinor: 4000 }, null]));
  it('have no float where the zone takes cash no longer', () =>
    assert.deepEqual(terms('cash', aZone({ cash: null })), { dueMinor: 2940, floatMinor: Infinity }));
});

describe('computeCashRoomMinor', () => {
  const active = {
    'order-8': { ...anActiveDelivery, floatMinor: 1000 },
    'order-9': { ...anActiveDelivery, floatMinor: 300 },
  };
  it('is the float less the cash carried and the cash orders under way, except one that is asked about', () => {
    const courier = aCourier({ cashMinor: 500, active });
    assert.equal(computeCashRoomMinor(courier, 5000), 3200);
    assert.equal(computeCashRoomMinor(courier, 5000, 'order-8'), 4200);
    assert.equal(computeCashRoomMinor(courier, 5000, 'order-9'), 3500);
    assert.equal(computeCashRoomMinor(aCourier(), 5000), 5000);
  });
});
