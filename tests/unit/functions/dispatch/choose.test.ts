import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import type { Courier } from '../../../../functions/src/contract/couriers.js';
import { chooseCouriers, fitsFloat } from '../../../../functions/src/dispatch/choose.js';
import { aCourier, anActiveDelivery, anOffer, KITCHEN_AT, START_MS, theLimits } from '../../../fixtures/catalogue.js';

const at = (uid: string, meters: number, overrides: Partial<Courier> = {}) => ({
  uid,
  courier: aCourier({
    presence: { lat: KITCHEN_AT.lat + meters / 111_195, lng: KITCHEN_AT.lng, geohash: 'u2edk8b3z', at: START_MS },
    ...overrides,
  }),
  lastUpdate: Timestamp.fromMillis(0),
});
const chosen = (candidates: ReturnType<typeof at>[], wave = 1, tried: string[] = [], nowMs = START_MS) =>
  chooseCouriers(candidates, KITCHEN_AT, { wave, tried }, nowMs, theLimits()).map((one) => one.uid);

describe('chooseCouriers', () => {
  it('asks the nearest, ties by name', () => {
    assert.deepEqual(chosen([at('far', 900), at('near', 100)]), ['near']);
    assert.deepEqual(chosen([at('b', 100), at('a', 100)]), ['a']);
  });
  it('asks three at once after three declined', () => {
    const four = [at('a', 1), at('b', 2), at('c', 3), at('d', 4)];
    assert.deepEqual([chosen(four, 3), chosen(four, 4)], [['a'], ['a', 'b', 'c']]);
  });
  it('asks nobody twice', () => assert.deepEqual(chosen([at('a', 1), at('b', 2)], 2, ['a']), ['b']));
  it('asks nobody whose presence is older than 90 seconds', () => {
    assert.deepEqual(
      [chosen([at('a', 1)], 1, [], START_MS + 90_000), chosen([at('a', 1)], 1, [], START_MS + 90_001)],
      [['a'], []],
    );
  });
  const unfit: [string, Partial<Courier>][] = [
    ['is offline', { online: false }],
    ['is not approved', { approved: false }],
    ['is asked something else', { offer: anOffer() }],
    ['was never heard of', { presence: null }],
    ['carries two orders', { active: { 'order-8': anActiveDelivery, 'order-9': anActiveDelivery } }],
  ];
  for (const [why, overrides] of unfit)
    it(`asks nobody who ${why}`, () => assert.deepEqual(chosen([at('a', 1, overrides)]), []));
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
    it(`says ${fits} of a courier who carries ${what}`, () => assert.equal(fitsFloat(aCourier(overrides), cash), fits));

  it('passes over the nearest whose float is full, for cash alone', () => {
    const two = [at('full', 1, { cashMinor: 4000 }), at('free', 2)];
    const first = (terms: typeof cash | null) =>
      chooseCouriers(two, KITCHEN_AT, { wave: 1, tried: [] }, START_MS, theLimits(), terms).map(({ uid }) => uid);
    assert.deepEqual([first(cash), first(null)], [['free'], ['full']]);
  });
});
