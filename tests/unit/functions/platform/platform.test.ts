import { strict as assert } from 'node:assert';
import { Limiter } from '#functions/platform/limiter.js';
import { readClientAddress } from '#functions/core/address.js';
import { Cache } from '#functions/core/cache.js';
import { hasRole } from '#functions/platform/roles.js';
import { toFailure } from '#functions/platform/failure.js';
import { REASONS } from '#functions/core/errors.js';
import { distanceMeters } from '#functions/core/geo.js';
import { accept, invariant, refuse, Refusal, unwrap } from '#functions/core/outcome.js';
import { deriveDigits } from '#functions/app/production.js';
import type { Vehicle } from '#functions/contract/couriers.js';
import { Travel } from '#functions/contract/zones.js';
import { greatCircleRoute } from '#functions/platform/routes/great-circle.js';
import { computePace } from '#functions/core/travel.js';
import { recoveryTaskName } from '#functions/orders/flow/transition.js';
import { START_MS } from '#fixtures/catalogue.js';

describe('Cache', () => {
  let nowMs = 0;
  let loads = 0;
  const load = async () => (loads += 1);
  const cache = () => new Cache<number>(() => nowMs, 1000, 2);
  beforeEach(() => ([nowMs, loads] = [0, 0]));

  it('loads once while the value is fresh, and again when it is not', async () => {
    const one = cache();
    const found = [await one.get('a', load), await one.get('a', load)];
    nowMs = 1000;
    assert.deepEqual([...found, await one.get('a', load)], [1, 1, 2]);
  });
  it('loads once for two concurrent readers', async () => {
    const one = cache();
    assert.deepEqual(await Promise.all([one.get('a', load), one.get('a', load)]), [1, 1]);
  });
  it('does not cache a failure', async () => {
    const one = cache();
    await assert.rejects(one.get('a', () => Promise.reject(new Error('down'))));
    assert.equal(await one.get('a', load), 1);
  });
  it('forgets a key on request', async () => {
    const one = cache();
    await one.get('a', load);
    one.forget('a');
    assert.equal(await one.get('a', load), 2);
  });
  it('forgets the least recently used key when it is full, and keeps the rest', async () => {
    const one = cache();
    await one.get('a', load);
    await one.get('b', load);
    await one.get('a', load);
    await one.get('c', load);
    assert.equal(await one.get('a', load), 1);
    assert.equal(await one.get('c', load), 3);
    assert.equal(await one.get('b', load), 4);
  });
  it('keeps a later load when an earlier one of the same key fails', async () => {
    const one = cache();
    let fail = (_: Error): void => undefined;
    const slow = one.get('a', () => new Promise<number>((_, reject) => (fail = reject)));
    one.forget('a');
    assert.equal(await one.get('a', load), 1);
    fail(new Error('down'));
    await assert.rejects(slow);
    assert.equal(await one.get('a', load), 1);
  });
});

describe('Limiter', () => {
  const limit = { capacity: 1, refillMs: 1_000 };

  it('forgets the least recently seen user when it is full, and no other', () => {
    const limiter = new Limiter(() => 0, 2);
    limiter.take('a', limit);
    limiter.take('b', limit);
    limiter.take('c', limit);
    assert.throws(() => limiter.take('b', limit), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 1 } });
    assert.throws(() => limiter.take('c', limit), { reason: 'TOO_MANY_REQUESTS' });
    limiter.take('a', limit);
  });
});

describe('readClientAddress', () => {
  const ADDRESSES: readonly (readonly [header: string | undefined, address: string | null])[] = [
    [undefined, null],
    ['', null],
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, 2001:db8::1', '2001:db8::1'],
  ];
  for (const [header, address] of ADDRESSES) {
    it(`is ${address} for ${header}`, () => assert.equal(readClientAddress(header), address));
  }
});

describe('distanceMeters', () => {
  it('measures along the great circle', () => {
    const vienna = { lat: 48.2082, lng: 16.3738 };
    assert.equal(Math.round(distanceMeters(vienna, { lat: 52.52, lng: 13.405 }) / 1000), 524);
    assert.equal(Math.round(distanceMeters({ lat: 0, lng: 0 }, { lat: 0, lng: 1 })), 111_195);
    assert.equal(distanceMeters(vienna, vienna), 0);
  });
  it('crosses the date line and reaches the other side', () => {
    assert.equal(Math.round(distanceMeters({ lat: 0, lng: 179.5 }, { lat: 0, lng: -179.5 })), 111_195);
    assert.equal(Math.round(distanceMeters({ lat: 0, lng: 0 }, { lat: 0, lng: 180 }) / 1000), 20_015);
  });
});

describe('greatCircleRoute', () => {
  it('is a third longer than the straight line, at the speed of the vehicle that the zone quotes', () => {
    const route = (travel: object) => greatCircleRoute({ lat: 0, lng: 0 }, { lat: 0, lng: 0.01 }, Travel.parse(travel));
    assert.deepEqual(route({}), { distanceMeters: 1446, travelSeconds: 290 });
    assert.deepEqual(route({ quotedVehicle: 'foot' }), { distanceMeters: 1446, travelSeconds: 1033 });
    const straight = { detourFactor: 1, metersPerSecond: { bicycle: 4 } };
    assert.deepEqual(route(straight), { distanceMeters: 1112, travelSeconds: 278 });
  });
});

describe('computePace', () => {
  it("is the ratio of a vehicle's travel time to that of the quoted one", () => {
    const pace = (vehicle: Vehicle | null, travel: object = {}) => computePace(Travel.parse(travel), vehicle);
    assert.deepEqual([pace(null), pace('bicycle'), pace('car')], [1, 1, 5 / 4.5]);
    assert.equal(pace('foot'), 5 / 1.4);
    assert.equal(pace('car', { metersPerSecond: { car: 10 } }), 0.5);
    assert.equal(pace('bicycle', { quotedVehicle: 'scooter' }), 1.2);
  });
});

describe('toFailure', () => {
  it('keeps a refusal with its code and details', () => {
    assert.deepEqual(toFailure(new Refusal('ORDER_NOT_FOUND', { orderId: 'x' })), {
      code: 'not-found',
      reason: 'ORDER_NOT_FOUND',
      details: { orderId: 'x' },
    });
  });
  it('hides a bug', () =>
    assert.deepEqual(toFailure(new Error('secret')), { code: 'internal', reason: 'INTERNAL', details: {} }));
  it('names reasons in capitals', () => {
    for (const reason of Object.keys(REASONS)) assert.match(reason, /^[A-Z][A-Z_]+$/);
  });
});

describe('hasRole', () => {
  const caller = (claims: Parameters<typeof hasRole>[0]['claims']) => ({
    uid: 'x',
    name: 'X',
    signedInAtMs: START_MS,
    claims,
  });
  it('finds a merchant in the memberships and all others in the role', () => {
    assert.equal(hasRole(caller({ role: 'customer', merchant: { rosa: 'kitchen' } }), 'merchant'), true);
    assert.equal(hasRole(caller({ role: 'customer', merchant: {} }), 'merchant'), false);
    assert.equal(hasRole(caller({ role: 'courier' }), 'courier'), true);
    assert.equal(hasRole(caller({}), 'customer'), false);
  });
});

describe('outcomes', () => {
  it('return their value or throw their refusal', () => {
    assert.equal(unwrap(accept(3)), 3);
    assert.throws(() => unwrap(refuse('PIN_LOCKED', { attempts: 5 })), {
      reason: 'PIN_LOCKED',
      details: { attempts: 5 },
    });
  });
  it('are distinguished from bugs', () =>
    assert.throws(() => invariant(false, 'never'), { message: 'invariant: never' }));
});

describe('deriveDigits', () => {
  it('derives the same digits from the same secret and purpose, and others from others', () => {
    assert.match(deriveDigits('secret', 'pin:order-1', 4), /^\d{4}$/);
    assert.equal(deriveDigits('secret', 'pin:order-1', 4), deriveDigits('secret', 'pin:order-1', 4));
    const pins = new Set(Array.from({ length: 100 }, (_, index) => deriveDigits('secret', `pin:order-${index}`, 6)));
    assert.equal(pins.size, 100);
    assert.notEqual(deriveDigits('other', 'pin:order-1', 6), deriveDigits('secret', 'pin:order-1', 6));
  });
});

describe('recoveryTaskName', () => {
  it('is a valid task name', () =>
    assert.match(recoveryTaskName('order-1', 'due:remind:1772452800000'), /^[A-Za-z0-9_-]{1,500}$/));
  it("distinguishes the backend's own causes from a client's key", () =>
    assert.notEqual(recoveryTaskName('o', 'due:x'), recoveryTaskName('o', 'due_x')));
});
