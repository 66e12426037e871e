import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import { routePlanner } from '#functions/platform/routes/planner.js';
import { updateEtaTables } from '#functions/tracking/update-eta-table.js';
import { track } from '#functions/tracking/track.js';
import { startOsrm } from '#local/osrm.js';
import { drawCity } from '#simulator/city/population.js';
import { metersBetween, place, findRoute } from '#simulator/city/streets.js';
import type { Backend } from '#fixtures/backend.js';
import { HALF_WAY_AT, MINUTE, START_MS, theDropOff } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('the arrival of an order', () => {
  let backend: Backend;
  afterEach(() => backend.close());
  const read = (uid: string) => backend.call('readEta', uid, { orderId: 'order-1' });
  /** As it is once the cached answer has aged. */
  const readLater = async (uid = 'carla') => {
    await backend.advance(10_000);
    return read(uid);
  };

  it('follows the kitchen, then the courier, for the parties and operators alone', async () => {
    backend = await aCity();
    const journey = await new Journey(backend).reach('preparing');
    const before = await read('carla');
    assert.equal(before.status, 'preparing');
    for (const uid of ['mario', 'olga']) assert.deepEqual(await read(uid), before);
    await assert.rejects(read('nina'), { reason: 'ORDER_NOT_FOUND' });
    await journey.reach('picked_up');
    const live = backend.db.doc('couriers/omar/live/order-1');
    const etaAt = async (fix: object) => {
      await live.update({ fixes: [{ ...fix, agoMs: 0 }], seq: 1, at: Timestamp.fromMillis(backend.nowMs) });
      const { eta, asOfMs } = await readLater();
      return (eta?.p50AtMs ?? 0) - asOfMs;
    };
    const [far, near] = [await etaAt(HALF_WAY_AT), await etaAt({ lat: theDropOff.lat, lng: theDropOff.lng })];
    assert.ok(far > near && near === 0, `${far} ${near}`);
    await journey.reach('delivered');
    assert.deepEqual((({ status, eta }) => ({ status, eta }))(await readLater()), { status: 'delivered', eta: null });
  });

  it('is read once for all phones that ask within ten seconds', async () => {
    backend = await aCity();
    await new Journey(backend).reach('preparing');
    const first = await read('carla');
    backend.nowMs += 9_000;
    assert.equal((await read('mario')).asOfMs, first.asOfMs);
    backend.nowMs += 1_001;
    assert.notEqual((await read('mario')).asOfMs, first.asOfMs);
  });

  it('is none of a pickup order', async () => {
    backend = await aCity();
    await new Journey(backend).place({ cart: { kind: 'pickup' } });
    assert.equal((await read('carla')).eta, null);
  });
});

describe('a shared order', () => {
  let backend: Backend;
  let journey: Journey;
  const share = (uid = 'carla', answer: 'share' | 'revoke' = 'share') =>
    backend.call('shareTracking', uid, { orderId: journey.orderId, answer });
  const tokenOf = async () => (await share()).token ?? '';
  /** As it is once the cached page has aged. */
  const look = async (token: string) => {
    await backend.advance(10_000);
    return track(backend.ctx, token, '203.0.113.7');
  };
  beforeEach(async () => {
    backend = await aCity();
    journey = await new Journey(backend).reach('preparing');
  });
  afterEach(() => backend.close());

  it('has one link of 128 random bits, also when shared again', async () => {
    const token = await tokenOf();
    assert.match(token, /^[A-Za-z0-9_-]{22}\d{10}$/);
    assert.equal(await tokenOf(), token);
  });

  it('has one link, also when calls request it at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 8 }, () => tokenOf()));
    assert.equal(new Set(tokens).size, 1);
    assert.equal((await backend.db.collection('shares').get()).size, 1);
  });

  it('is revoked with every link that the order ever had', async () => {
    const token = await tokenOf();
    const one = (await backend.db.doc(`shares/${token}`).get()).data() ?? {};
    const others = Array.from({ length: 11 }, (_, number) => `other-${String(number).padStart(16, '0')}`);
    for (const other of others) await backend.db.doc(`shares/${other}`).set(one);
    await backend.call('shareTracking', 'carla', { orderId: journey.orderId, answer: 'revoke' });
    for (const link of [token, ...others]) assert.equal((await look(link)).status, 404);
  });

  it("shows distance and arrival time, and the courier's place only during the ride", async () => {
    const token = await tokenOf();
    const before = await look(token);
    assert.equal(before.status, 200);
    assert.match(before.body, /Being prepared.*At the door in 32 to 36 minutes/s);
    await journey.reach('picked_up');
    const fixes = [
      { lat: 48.2, lng: 16.37, agoMs: 5000 },
      { ...HALF_WAY_AT, agoMs: 0 },
    ];
    await backend.db
      .doc('couriers/omar/live/order-1')
      .update({ seq: 1, fixes, at: Timestamp.fromMillis(backend.nowMs) });
    const after = await look(token);
    assert.match(after.body, /On its way.*At the door in 5 to 7 minutes/s);
    assert.match(after.body, /mlat=48\.2075&amp;mlon=16\.3775/);
    assert.doesNotMatch(before.body, /mlat/);
  });

  it('contains no personal data and no scripts', async () => {
    const token = await tokenOf();
    await journey.reach('picked_up');
    const { body, headers } = await look(token);
    assert.doesNotMatch(body, /Carla|omar|Omar|Door Street|\+43|Margherita|script|order-1/);
    assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'/);
  });

  it('is not shown after the delivery, nor once it is revoked', async () => {
    const token = await tokenOf();
    assert.deepEqual(await share('carla', 'revoke'), { token: null });
    assert.equal((await look(token)).status, 404);
    const second = await tokenOf();
    assert.notEqual(second, token);
    await journey.reach('delivered');
    assert.equal((await look(second)).status, 404);
    await assert.rejects(share(), { reason: 'MOVE_NOT_ALLOWED' });
  });

  it('has no page by an expired link that is not deleted yet, and one by the link that replaces it', async () => {
    const token = await tokenOf();
    const expireAt = (minutes: number) =>
      backend.db.doc(`shares/${token}`).update({ expireAt: Timestamp.fromMillis(backend.nowMs + minutes * MINUTE) });
    await expireAt(1);
    assert.deepEqual([(await look(token)).status, await tokenOf()], [200, token]);
    await expireAt(0);
    const next = await tokenOf();
    assert.deepEqual([(await look(token)).status, (await look(next)).status], [404, 200]);
  });

  it('can be shared by its customer alone', async () => assert.rejects(share('nina'), { reason: 'ORDER_NOT_FOUND' }));

  it('is read once in ten seconds for all viewers', async () => {
    const token = await tokenOf();
    await look(token);
    await backend.billed();
    for (let times = 0; times < 20; times += 1) await track(backend.ctx, token, '203.0.113.7');
    assert.equal((await backend.billed()).reads, 0);
  });

  describe('when links are guessed', () => {
    const guess = (number: number, address: string) =>
      track(backend.ctx, `guess-${String(number).padStart(26, '0')}`, address);

    it('reads nothing, and shows no page after sixty unknown links', async () => {
      await backend.billed();
      for (let number = 0; number < 60; number += 1) assert.equal((await guess(number, '203.0.113.7')).status, 404);
      assert.equal((await guess(60, '203.0.113.7')).status, 429);
      assert.equal((await track(backend.ctx, ['a'], '203.0.113.7')).status, 429);
      assert.equal((await guess(60, '203.0.113.8')).status, 404);
      assert.deepEqual(await backend.billed(), { reads: 0, writes: 0, deletes: 0 });
      await backend.advance(1_000);
      assert.equal((await guess(61, '203.0.113.7')).status, 404);
      assert.equal((await guess(62, '203.0.113.7')).status, 429);
    });

    it('counts by the /64 of an IPv6 address', async () => {
      for (let number = 0; number < 60; number += 1) await guess(number, `2001:db8:1:2::${number.toString(16)}`);
      assert.equal((await guess(60, '2001:db8:1:2:ffff::1')).status, 429);
      assert.equal((await guess(60, '2001:db8:1:3::1')).status, 404);
    });

    it('still shows the page of a valid link, at the same address and elsewhere', async () => {
      const token = await tokenOf();
      for (let number = 0; number < 200; number += 1) await guess(number, '203.0.113.7');
      assert.equal((await track(backend.ctx, token, '203.0.113.8')).status, 200);
      assert.equal((await track(backend.ctx, token, '203.0.113.7')).status, 200);
      assert.equal((await guess(0, '203.0.113.7')).status, 429);
    });

    it('does not accept a link with one changed character', async () => {
      const token = await tokenOf();
      const other = token.at(-1) === '0' ? '1' : '0';
      assert.equal((await look(`${token.slice(0, -1)}${other}`)).status, 404);
      assert.equal((await look(token)).status, 200);
    });
  });
});

describe('the table of rides', () => {
  it('is learned from a zone’s completed orders', async () => {
    const backend = await aCity();
    const journey = await new Journey(backend).reach('picked_up');
    await backend.advance(15 * MINUTE);
    await journey.reach('completed');
    await updateEtaTables(backend.ctx);
    const table = (await backend.db.doc('zones/centre/stats/eta').get()).data();
    assert.deepEqual(table?.['all'], { p50: 1.5, p90: 1.5, rides: 1 });
    await backend.close();
  });
});

describe('an order in a zone that asks OSRM', () => {
  it('is promised by the streets, and estimated by the vehicle of the assigned courier', async () => {
    const { streets } = drawCity(1);
    const [kitchen, door] = [place(streets.crossings, 17), place(streets.crossings, 160)];
    const osrm = await startOsrm({ port: 0, streets: () => streets });
    const backend = await aCity({ restaurant: { location: kitchen } });
    try {
      backend.ctx = { ...backend.ctx, routes: routePlanner(() => osrm.url, backend.log) };
      await backend.db.doc('zones/centre').update({ routing: 'osrm' });
      await backend.db.doc('couriers/omar').update({ vehicle: 'foot' });
      const journey = await new Journey(backend).place({ cart: { dropOff: { ...theDropOff, ...door } } });
      const { distanceMeters, travelSeconds } = await backend.order(journey.orderId);
      // Crossing by crossing; as the crow flies and a third more it would be 2,612 m and 523 s.
      const way = findRoute(streets, 17, 160).map((crossing) => place(streets.crossings, crossing));
      const meters = way.slice(1).reduce((sum, at, index) => sum + metersBetween(way[index] ?? at, at), 0);
      assert.ok(Math.abs(distanceMeters - meters) <= 1.1 && Math.abs(travelSeconds - meters / 5) <= 1.1);
      assert.equal(distanceMeters, 3152);

      await journey.move('mario', { action: 'accept', prepMinutes: 10 });
      const { token } = await backend.ask('shareTracking', 'carla', { orderId: journey.orderId, answer: 'share' });
      const minutesToDoor = async () => {
        await backend.advance(10_000);
        return Number(/in (\d+) to/.exec((await track(backend.ctx, token, '203.0.113.7')).body)?.[1]);
      };
      const rideMinutes = travelSeconds / 60;
      assert.equal(await minutesToDoor(), Math.ceil(10 - 1 / 6 + 2 + rideMinutes));
      await journey.assign();
      assert.equal((await backend.order(journey.orderId)).courierVehicle, 'foot');
      const readyInMinutes = 10 - (backend.nowMs + 10_000 - START_MS) / MINUTE;
      assert.equal(await minutesToDoor(), Math.ceil(readyInMinutes + 2 + (rideMinutes * 5) / 1.4));
    } finally {
      await Promise.all([osrm.close(), backend.close()]);
    }
  });
});

describe('the live position of a delivery', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  it("is the customer's to read until the delivery fails, and the kitchen's and the courier's on the ride back", async () => {
    backend = await aCity();
    const journey = await new Journey(backend).reach('picked_up');
    const live = async () => (await backend.db.doc(`couriers/omar/live/${journey.orderId}`).get()).data();
    const before = await live();
    assert.deepEqual([before?.['customerId'], before?.['returning']], ['carla', undefined]);
    await journey.fail();
    assert.deepEqual(await live(), { ...(await live()), restaurantId: before?.['restaurantId'], returning: true });
  });
});
