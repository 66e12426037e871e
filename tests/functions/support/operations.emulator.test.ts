import { strict as assert } from 'node:assert';
import { Zone } from '#functions/contract/zones.js';
import type { AuditEntry } from '#functions/contract/operations.js';
import { rollUpBoards } from '#functions/operations/boards.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { BELIEVING, aZone, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const { version: _, ...zone } = aZone();

/** What the audit has, in the order it was written. */
async function auditOf(backend: Backend): Promise<AuditEntry[]> {
  const found = await backend.db.collection('audit').get();
  return found.docs.map((entry) => entry.data() as AuditEntry).toSorted((a, b) => a.atMs - b.atMs);
}

describe('versioned configuration', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const save = (name: string, basedOnVersion: number) =>
    backend.ask('saveZone', 'olga', { zoneId: 'centre', zone: { ...zone, name }, basedOnVersion, reason: 'new name' });
  const stored = async () => (await paths.zone(backend.db, 'centre').get()).data();

  it('saves a zone as the next version, keeps the one before, and records operator and reason', async () => {
    assert.deepEqual(await save('Old town', 1), { version: 2 });
    assert.equal((await stored())?.name, 'Old town');
    assert.deepEqual(
      (await paths.zoneVersion(backend.db, 'centre', 1).get()).data(),
      aZone({ limits: { credibility: BELIEVING } }),
    );
    assert.deepEqual(await auditOf(backend), [
      {
        by: 'olga',
        action: 'saveZone',
        subject: 'zones/centre',
        reason: 'new name',
        before: { version: 1 },
        after: { version: 2 },
        atMs: START_MS,
      },
    ]);
  });

  it('does not overwrite a concurrent change', async () => {
    await save('Old town', 1);
    await assert.rejects(save('New town', 1), { reason: 'VERSION_CHANGED', details: { version: 2 } });
    assert.equal((await stored())?.name, 'Old town');
    assert.equal((await auditOf(backend)).length, 1);
  });

  it('refuses a zone that cannot price quotes, and every caller except operators', async () => {
    const timeZone = 'Mars/Base';
    const asked = { zoneId: 'centre', zone: { ...zone, timeZone }, basedOnVersion: 1, reason: 'moved' };
    await assert.rejects(backend.ask('saveZone', 'olga', asked), {
      reason: 'ZONE_INVALID',
      details: { problem: 'timeZone' },
    });
    await assert.rejects(backend.ask('saveZone', 'mario', { ...asked, zone }), { reason: 'ROLE_REQUIRED' });
  });

  it('keeps the versions of an app, of which the minimum is not above the current one', async () => {
    const saveApp = (minimum: string, current: string, basedOnVersion: number) =>
      backend.ask('saveAppVersion', 'olga', {
        appId: 'courier-ios',
        app: { minimum, current, maintenance: null },
        basedOnVersion,
        reason: 'a new version',
      });
    assert.deepEqual(await saveApp('1.9.0', '1.10.0', 0), { version: 1 });
    await assert.rejects(saveApp('1.10.1', '1.10.0', 1), { reason: 'VERSION_INVALID' });
    await assert.rejects(saveApp('1.9.0', '1.11.0', 0), { reason: 'VERSION_CHANGED' });
    assert.deepEqual(await saveApp('1.10.0', '1.10.0', 1), { version: 2 });
    assert.equal((await paths.appVersion(backend.db, 'courier-ios').get()).data()?.minimum, '1.10.0');
    assert.equal((await paths.appVersionBefore(backend.db, 'courier-ios', 1).get()).data()?.minimum, '1.9.0');
  });

  it('creates a new zone, based on version 0', async () => {
    const asked = { zoneId: 'harbour', zone, basedOnVersion: 0, reason: 'we grow' };
    assert.deepEqual(await backend.ask('saveZone', 'olga', asked), { version: 1 });
    assert.ok(Zone.parse((await backend.db.doc('zones/harbour').get()).data()));
  });

  it('prices by the surge at once, and as before after a rollback', async () => {
    const deliveryFee = async () => (await backend.call('quote', 'carla', aCart())).totals.deliveryMinor;
    assert.equal(await deliveryFee(), 400);
    await backend.ask('setSurge', 'olga', { zoneId: 'centre', surgePpm: 1_500_000, reason: 'rain' });
    assert.equal(await deliveryFee(), 600);
    const back = { zoneId: 'centre', toVersion: 1, reason: 'it is dry' };
    assert.deepEqual(await backend.ask('rollBackZone', 'olga', back), { version: 3 });
    assert.equal(await deliveryFee(), 400);
    const why = (await auditOf(backend)).map(({ action, reason }) => `${action}: ${reason}`);
    assert.deepEqual(why.toSorted(), ['rollBackZone: it is dry', 'setSurge: rain']);
  });

  it('refuses a rollback to an unknown version, and a surge without a zone', async () => {
    const back = { zoneId: 'centre', toVersion: 1, reason: 'oops' };
    await assert.rejects(backend.ask('rollBackZone', 'olga', back), { reason: 'VERSION_NOT_FOUND' });
    const surge = { zoneId: 'nowhere', surgePpm: 1_500_000, reason: 'rain' };
    await assert.rejects(backend.ask('setSurge', 'olga', surge), { reason: 'ZONE_NOT_FOUND' });
  });

  it('keeps versions of flags in the same way', async () => {
    const flag = (isOn: boolean, basedOnVersion: number) =>
      backend.ask('saveFlag', 'olga', {
        flagId: 'tips',
        flag: { isOn, zoneIds: null },
        basedOnVersion,
        reason: 'trial',
      });
    assert.deepEqual(await flag(true, 0), { version: 1 });
    assert.deepEqual(await flag(false, 1), { version: 2 });
    await backend.ask('rollBackFlag', 'olga', { flagId: 'tips', toVersion: 1, reason: 'it was better' });
    const now = (await paths.flag(backend.db, 'tips').get()).data();
    assert.deepEqual(now, { version: 3, isOn: true, zoneIds: null });
  });
});

describe('interventions of operators', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity({ couriers: 2 })));
  afterEach(() => backend.close());

  const pause = (uid: string, minutes: number | null) =>
    backend.ask('pauseStore', uid, { restaurantId: 'rosa', minutes, reason: 'a fire alarm' });

  it('pause a store, close it and open it again', async () => {
    const untilMs = START_MS + 30 * 60_000;
    assert.deepEqual(await pause('olga', 30), { availability: 'paused', pausedUntilMs: untilMs });
    await assert.rejects(backend.call('quote', 'carla', aCart()), { reason: 'RESTAURANT_CLOSED' });
    assert.deepEqual(await pause('olga', null), { availability: 'offline', pausedUntilMs: null });
    assert.deepEqual(await pause('olga', 0), { availability: 'online', pausedUntilMs: null });
    await backend.call('quote', 'carla', aCart());
    assert.equal((await auditOf(backend)).length, 3);
    await assert.rejects(pause('mario', 30), { reason: 'ROLE_REQUIRED' });
  });

  it('take the steps of a silent kitchen, without the code that only the kitchen sees', async () => {
    const journey = await new Journey(backend).place();
    const steps = [
      { action: 'accept', prepMinutes: 15 },
      { action: 'startPreparing' },
      { action: 'markReady' },
    ] as const;
    for (const step of steps) assert.equal('pickUpCode' in (await journey.move('olga', step)), false);
    const { status, events } = await backend.order(journey.orderId);
    assert.deepEqual([status, events.slice(2).map(({ by }) => by)], ['ready', ['operator', 'operator', 'operator']]);
    const recorded = (await auditOf(backend)).map(({ action, after }) => `${action} ${String(after?.['action'])}`);
    assert.deepEqual(recorded.toSorted(), steps.map(({ action }) => `moveOrder ${action}`).toSorted());
    const refused = await new Journey(backend).place();
    await refused.move('olga', { action: 'reject', reason: 'closing' });
    assert.equal((await backend.order(refused.orderId)).status, 'rejected');
  });

  it('give an order to another courier, cancel it and restore it, each with its reason', async () => {
    const journey = await new Journey(backend).place();
    await journey.move('mario', { action: 'accept', prepMinutes: 10 });
    const answer = (uid: string) =>
      backend.ask('respondToOffer', uid, {
        orderId: journey.orderId,
        idempotencyKey: `answer-${uid}`,
        answer: 'accept',
      });
    assert.equal(await journey.offered(), 'omar');
    await answer('omar');
    await journey.move('olga', { action: 'unassign', reason: 'a flat tyre' });
    assert.equal(await journey.offered(), 'omar-2');
    await answer('omar-2');
    assert.equal((await backend.order(journey.orderId)).courierId, 'omar-2');
    await backend.ask('cancelOrder', 'olga', {
      orderId: journey.orderId,
      idempotencyKey: 'cancel-key-1',
      reason: 'double',
      liable: 'platform',
    });
    await journey.move('olga', { action: 'restore', reason: 'it was not' });
    const entries = (await auditOf(backend)).map(({ subject, reason, after }) => [subject, after?.['action'], reason]);
    assert.deepEqual(entries.toSorted(), [
      [`orders/${journey.orderId}`, 'cancel', 'double'],
      [`orders/${journey.orderId}`, 'restore', 'it was not'],
      [`orders/${journey.orderId}`, 'unassign', 'a flat tyre'],
    ]);
  });

  it('leave no trace where nothing was done, and are notified once when called twice', async () => {
    const journey = await new Journey(backend).place();
    await assert.rejects(journey.move('olga', { action: 'unassign', reason: 'no courier has it' }));
    assert.deepEqual(await auditOf(backend), []);
    const asked = {
      orderId: journey.orderId,
      idempotencyKey: 'cancel-key-1',
      reason: 'double',
      liable: 'platform' as const,
    };
    await backend.ask('cancelOrder', 'olga', asked);
    await backend.ask('cancelOrder', 'olga', asked);
    assert.equal((await auditOf(backend)).length, 1);
  });

  it('write to a party of an order, once, with a failure at any point, to phones and inbox; the audit has the reason, not the text', async () => {
    const { orderId } = await new Journey(backend).place();
    const write = (to: 'customer' | 'merchant' | 'courier', idempotencyKey: string, uid = 'olga') =>
      backend.ask('messageParty', uid, {
        orderId,
        to,
        text: 'The lift is broken',
        reason: 'called by the kitchen',
        idempotencyKey,
      });
    assert.deepEqual(await write('customer', 'write-key-1'), { replayed: false });
    assert.deepEqual(await write('customer', 'write-key-1'), { replayed: true });
    backend.conduct.fail('tasks.schedule', 'before', new Error('unavailable'));
    await assert.rejects(write('merchant', 'write-key-1'));
    assert.deepEqual(await write('merchant', 'write-key-1'), { replayed: true });
    await backend.advance(60_000);
    const told = backend.push.sent.filter(({ data }) => data['key'] === 'support_message');
    assert.deepEqual(told.map(({ token, body }) => [token, body]).toSorted(), [
      ['device-carla', 'The lift is broken'],
      ['device-mario', 'The lift is broken'],
    ]);
    const kept = await backend.db.doc(`users/carla/inbox/message-${orderId}-customer-write-key-1`).get();
    assert.deepEqual([kept.get('key'), kept.get('body')], ['support_message', 'The lift is broken']);
    const entries = await auditOf(backend);
    assert.deepEqual(
      entries.map(({ by, action, subject, reason, after }) => [by, action, subject, reason, after?.['to']]).toSorted(),
      [
        ['olga', 'messageParty', `orders/${orderId}`, 'called by the kitchen', 'customer'],
        ['olga', 'messageParty', `orders/${orderId}`, 'called by the kitchen', 'merchant'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(entries), /lift/);
  });

  it('write to existing users only, and at most five times at once to one party', async () => {
    let journey = await new Journey(backend).place({ card: null });
    const write = (to: 'customer' | 'merchant' | 'courier', n: number) =>
      backend.ask('messageParty', 'olga', {
        orderId: journey.orderId,
        to,
        text: 'Hello',
        reason: 'test',
        idempotencyKey: `write-key-${n}`,
      });
    await assert.rejects(write('merchant', 0), { reason: 'MOVE_NOT_ALLOWED', details: { status: 'pending_payment' } });
    journey = await new Journey(backend).place();
    await assert.rejects(write('courier', 0), { reason: 'COURIER_REQUIRED' });
    await journey.move('mario', { action: 'accept' });
    await journey.assign();
    for (let n = 1; n <= 5; n += 1) await write('courier', n);
    await assert.rejects(write('courier', 6), { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 600 } });
    assert.deepEqual(await write('courier', 5), { replayed: true });
    await write('merchant', 6);
    await backend.identity.remove('carla');
    await assert.rejects(write('customer', 7), { reason: 'USER_NOT_FOUND' });
  });

  it("record credit and deposits in the audit, and not a merchant's own steps", async () => {
    await new Journey(backend).place().then((journey) => journey.move('mario', { action: 'accept' }));
    const grant = { uid: 'carla', currency: 'EUR', amountMinor: 500, reason: 'sorry', idempotencyKey: 'grant-key-1' };
    await backend.ask('grantCredit', 'olga', grant);
    await backend.ask('grantCredit', 'olga', grant);
    const entries = await auditOf(backend);
    assert.deepEqual(
      entries.map(({ action, before, after }) => ({ action, before, after })),
      [{ action: 'grantCredit', before: { balanceMinor: 0 }, after: { balanceMinor: 500, currency: 'EUR' } }],
    );
  });
});

describe('a shift that an operator publishes', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  it('is in the audit with its hours and places before and after, and not where it is refused', async () => {
    backend = await aCity();
    const hours = { fromMs: START_MS + 60 * MINUTE, untilMs: START_MS + 120 * MINUTE };
    const publish = (places: number, fromMs = hours.fromMs) =>
      backend.ask('publishShift', 'olga', { zoneId: 'centre', shiftId: 'friday', ...hours, fromMs, places });
    await publish(1);
    await backend.advance(MINUTE);
    await publish(2);
    await assert.rejects(publish(3, hours.untilMs), { reason: 'SHIFT_CLASH' });
    const entries = await auditOf(backend);
    const [first, second] = [1, 2].map((places) => ({ ...hours, places }));
    assert.deepEqual(
      entries.map(({ by, action, subject, before, after }) => ({ by, action, subject, before, after })),
      [
        { by: 'olga', action: 'publishShift', subject: 'zones/centre/shifts/friday', before: null, after: first },
        { by: 'olga', action: 'publishShift', subject: 'zones/centre/shifts/friday', before: first, after: second },
      ],
    );
  });
});

describe('boards', () => {
  it('count the activity in a zone: a few orders for less, many for the same as ten', async () => {
    const backend = await aCity({ couriers: 3 });
    try {
      const journey = await new Journey(backend).place();
      const order = await backend.order(journey.orderId);
      const cost = async () => {
        await backend.billed();
        await rollUpBoards(backend.ctx);
        return (await backend.billed()).reads;
      };
      const one = await cost();
      const add = async (from: number, to: number) => {
        const batch = backend.db.batch();
        for (let index = from; index < to; index += 1)
          batch.set(backend.db.doc(`orders/other-${index}`), { ...order, status: index < 40 ? 'ready' : 'completed' });
        await batch.commit();
        return cost();
      };
      const ten = await add(0, 10);
      assert.deepEqual([one, ten, await add(10, 100)], [5, 16, 16]);
      assert.deepEqual((await paths.board(backend.db, 'centre').get()).data(), {
        atMs: START_MS,
        orders: { placed: 1, ready: 40 },
        overdue: 0,
        couriersOnline: 3,
        couriersFree: 3,
        surgePpm: 1_000_000,
        currency: 'EUR',
      });
    } finally {
      await backend.close();
    }
  });
});
