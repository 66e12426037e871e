import { strict as assert } from 'node:assert';
import { CALLS_BY_ADDRESS, CALLS_BY_USER } from '../../functions/src/abuse/limits.js';
import { Limiter } from '../../functions/src/abuse/limiter.js';
import { stopServer, type Backend } from '../fixtures/backend.js';
import { aPromotion, MINUTE } from '../fixtures/catalogue.js';
import { aCity } from '../fixtures/city.js';
import { aCart, Journey } from '../fixtures/journey.js';

const HOUR = 60 * MINUTE;
const welcome = aPromotion({ kind: 'order', code: 'WELCOME', benefit: { type: 'fixed', amountMinor: 200 } });

describe('limits of calls', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());
  after(stopServer);

  const ask = (uid: string) => backend.call('discover', uid, { place: { lat: 48.2, lng: 16.37 }, zoneId: 'centre' });

  it('let exactly 139 of 1,000 calls of a user in 10 s through, and cost no operation', async () => {
    const { limiter } = backend.ctx.caches;
    await backend.billed();
    let passed = 0;
    for (let index = 0; index < 1_000; index += 1, backend.nowMs += 10) {
      try {
        limiter.take('user:carla', CALLS_BY_USER);
        passed += 1;
      } catch {
        // Counted as not passed.
      }
    }
    assert.equal(passed, 139);
    assert.deepEqual(await backend.billed(), { reads: 0, writes: 0, deletes: 0 });
  });

  it('say when to come again, and hold for one user alone', async () => {
    for (let index = 0; index < 120; index += 1) await ask('carla');
    await assert.rejects(ask('carla'), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 1 } });
    await ask('nina');
    backend.nowMs += 500;
    await ask('carla');
  });

  it('hold for an address as well, whoever calls from there', () => {
    const limiter = new Limiter(() => 0);
    for (let index = 0; index < 1_200; index += 1) limiter.take('address:10.0.0.1', CALLS_BY_ADDRESS);
    assert.throws(() => limiter.take('address:10.0.0.1', CALLS_BY_ADDRESS), { reason: 'TOO_MANY_REQUESTS' });
    limiter.take('address:10.0.0.2', CALLS_BY_ADDRESS);
  });
});

describe('promotion codes that are guessed', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity({ promotions: [welcome] })));
  afterEach(() => backend.close());
  after(stopServer);

  const tryCode = (code: string, uid = 'carla') => backend.call('quote', uid, aCart({ promotionCodes: [code] }));

  it('are refused after five wrong ones, the right one too, over all instances', async () => {
    for (let index = 0; index < 5; index += 1) {
      await assert.rejects(tryCode(`GUESS${index}`), { reason: 'PROMOTION_UNKNOWN' });
      backend.restart();
    }
    await assert.rejects(tryCode('WELCOME'), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 600 } });
    await tryCode('WELCOME', 'nina');
    await backend.call('quote', 'carla', aCart());
    backend.nowMs += 10 * MINUTE;
    await tryCode('WELCOME');
  });

  it('count nothing where the code is right', async () => {
    for (let index = 0; index < 10; index += 1) await tryCode('WELCOME');
    assert.deepEqual((await backend.db.collection('limits').get()).size, 0);
  });
});

describe('sign-ups', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());
  after(stopServer);

  const signUp = (uid: string, deviceId?: string) => {
    backend.identity.add(uid, {});
    return backend.call('createProfile', uid, { displayName: uid, locale: 'en', ...(deviceId && { deviceId }) });
  };

  it('are three on a device, and a fourth eight hours later', async () => {
    for (const uid of ['a', 'b', 'c']) await signUp(uid, 'phone-of-ivan');
    await assert.rejects(signUp('d', 'phone-of-ivan'), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 28_800 } }); // prettier-ignore
    assert.equal((await backend.db.doc('users/d').get()).exists, false);
    await signUp('e', 'phone-of-eve');
    backend.nowMs += 8 * HOUR;
    await signUp('d', 'phone-of-ivan');
  });

  it('count an account once, however often its profile is saved', async () => {
    for (let index = 0; index < 10; index += 1) await signUp('a', 'phone-of-ivan');
    await signUp('b', 'phone-of-ivan');
  });

  it('are sixty from an address at once, of which nothing but a digest is kept', async () => {
    const from = (uid: string) => backend.addresses.set(uid, '203.0.113.7');
    for (let index = 0; index < 60; index += 1) {
      from(`u${index}`);
      await signUp(`u${index}`, `phone-of-u${index}`);
    }
    from('one-more');
    await assert.rejects(signUp('one-more', 'phone-of-one-more'), { reason: 'TOO_MANY_REQUESTS' });
    await signUp('elsewhere');
    assert.ok(!JSON.stringify(await backend.dump()).includes('203.0.113.7'));
  });

  it('are counted for all addresses of an IPv6 subscriber together, in every spelling', async () => {
    for (let index = 0; index < 60; index += 1) {
      backend.addresses.set(`u${index}`, index % 2 ? `2001:db8:7:9::${index.toString(16)}` : `2001:0DB8:7:9:0:0:1:${index.toString(16)}`); // prettier-ignore
      await signUp(`u${index}`, `phone-of-u${index}`);
    }
    backend.addresses.set('one-more', '2001:db8:7:9:ffff:ffff:ffff:ffff');
    await assert.rejects(signUp('one-more', 'phone-of-one-more'), { reason: 'TOO_MANY_REQUESTS' });
    backend.addresses.set('neighbour', '2001:db8:7:a::1');
    await signUp('neighbour', 'phone-of-neighbour');
  });

  it('without a device id are five from an address, and one more half an hour later', async () => {
    const from = (uid: string) => (backend.addresses.set(uid, '203.0.113.7'), uid);
    for (let index = 0; index < 5; index += 1) await signUp(from(`u${index}`));
    await assert.rejects(signUp(from('sixth')), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 1800 } });
    await signUp(from('seventh'), 'phone-of-seventh');
    backend.nowMs += 30 * MINUTE;
    await signUp('sixth');
  });

  it('without a device id are five from all addresses that are not known', async () => {
    for (let index = 0; index < 5; index += 1) await signUp(`u${index}`);
    await assert.rejects(signUp('sixth'), { reason: 'TOO_MANY_REQUESTS' });
  });

  it('are none on the device of somebody who was blocked, until they are let in again', async () => {
    await signUp('ivan', 'phone-of-ivan');
    await backend.ask('blockUser', 'olga', { uid: 'ivan', reason: 'fraud' });
    await assert.rejects(signUp('ivan-2', 'phone-of-ivan'), { reason: 'DEVICE_BLOCKED' });
    await signUp('eve', 'phone-of-eve');
    await backend.ask('unblockUser', 'olga', { uid: 'ivan', reason: 'a mistake' });
    await signUp('ivan-2', 'phone-of-ivan');
  });
});

describe("a restaurant's refunds and exports", () => {
  after(stopServer);

  it('are thirty and three at a time', async () => {
    const backend = await aCity();
    try {
      const lines = [{ itemId: 'margherita', quantity: 40 }];
      const journey = await new Journey(backend).place({ cart: { lines, kind: 'pickup', dropOff: null } });
      await journey.move('mario', { action: 'accept' });
      await journey.move('mario', { action: 'markReady' });
      await journey.move('mario', { action: 'collect', pin: journey.pin });
      const refund = (index: number) =>
        backend.ask('refundOrder', 'mario', {
          orderId: journey.orderId, idempotencyKey: `refund-key-${index}`, what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
          liable: 'merchant', reason: 'burnt', to: 'card',
        }); // prettier-ignore
      for (let index = 0; index < 30; index += 1) await refund(index);
      await assert.rejects(refund(30), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 120 } });
      backend.nowMs += 2 * MINUTE;
      await refund(30);
      for (let index = 0; index < 3; index += 1) await backend.call('exportMyData', 'nina', {});
      await assert.rejects(backend.call('exportMyData', 'nina', {}), { reason: 'TOO_MANY_REQUESTS' });
    } finally {
      await backend.close();
    }
  });
});
