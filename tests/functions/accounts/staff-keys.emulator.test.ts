import { strict as assert } from 'node:assert';
import { toStaffKey } from '#functions/core/staff-key.js';
import { onMember, refreshStaffKeys } from '#functions/authority/staff-keys.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

let backend: Backend;
let events = 0;
const change = async (uid: string, role: 'kitchen' | null, blocked = false): Promise<void> => {
  const ref = backend.db.doc(`restaurants/rosa/members/${uid}`);
  if (role === null) await ref.delete();
  else await ref.set({ role, displayName: 'Kim', addedAtMs: START_MS, ...(blocked && { blocked }) });
  await onMember(backend.ctx, 'rosa', `event-${(events += 1)}`);
};
const keysOf = async (path: string): Promise<unknown> => (await backend.db.doc(path).get()).get('staffKeys');
const keys = (...uids: string[]): string[] => uids.map(toStaffKey).toSorted();

describe('the keys by which staff reads open orders', () => {
  beforeEach(async () => {
    backend = await aCity();
    await refreshStaffKeys(backend.ctx, 'rosa');
  });
  afterEach(() => backend.close());

  it('follow the members: a new one reads open orders, a dismissed one does not', async () => {
    const { orderId } = await new Journey(backend).reach('placed');
    assert.deepEqual(await keysOf(`orders/${orderId}`), keys('mario'));
    await change('kim', 'kitchen');
    assert.deepEqual(await keysOf(`orders/${orderId}`), keys('mario', 'kim'));
    await change('kim', null);
    assert.deepEqual(await keysOf(`orders/${orderId}`), keys('mario'));
    assert.deepEqual(await keysOf('restaurants/rosa'), keys('mario'));
  });

  it('are those of the live position too, which a dismissed member can no longer read', async () => {
    await change('kim', 'kitchen');
    const { orderId } = await new Journey(backend).reach('picked_up');
    const live = `couriers/omar/live/${orderId}`;
    assert.deepEqual(await keysOf(live), keys('mario', 'kim'));
    await change('kim', null);
    assert.deepEqual(await keysOf(live), keys('mario'));
  });

  it('do not include a member while an operator blocks the user', async () => {
    await change('kim', 'kitchen');
    await change('kim', 'kitchen', true);
    assert.deepEqual(await keysOf('restaurants/rosa'), keys('mario'));
    await change('kim', 'kitchen');
    assert.deepEqual(await keysOf('restaurants/rosa'), keys('mario', 'kim'));
  });

  it('are copied to new orders, and removed at the end of an order', async () => {
    await change('kim', 'kitchen');
    const journey = await new Journey(backend).reach('ready');
    assert.deepEqual(await keysOf(`orders/${journey.orderId}`), keys('mario', 'kim'));
    await journey.reach('delivered');
    assert.deepEqual(await keysOf(`orders/${journey.orderId}`), []);
    await change('kim', null);
    assert.deepEqual(await keysOf(`orders/${journey.orderId}`), []);
  });

  it('are checked again for an order that was placed during a dismissal', async () => {
    await change('kim', 'kitchen');
    await change('kim', null);
    await backend.db.doc('orders/late').set({ ...anOrder(), due: null, staffKeys: keys('mario', 'kim') });
    await backend.advance(MINUTE);
    assert.deepEqual(await keysOf('orders/late'), keys('mario'));
  });

  it('agree with the documents when changes are handled at once and twice', async () => {
    const { orderId } = await new Journey(backend).reach('placed');
    const uids = Array.from({ length: 8 }, (_, index) => `cook-${index}`);
    await Promise.all(uids.map((uid) => change(uid, 'kitchen')));
    await Promise.all(uids.slice(0, 5).flatMap((uid) => [change(uid, null), refreshStaffKeys(backend.ctx, 'rosa')]));
    assert.deepEqual(await keysOf(`orders/${orderId}`), keys('mario', ...uids.slice(5)));
  });
});

describe('a restaurant whose only able member is blocked', () => {
  beforeEach(async () => {
    backend = await aCity();
    await backend.call('createProfile', 'mario', { displayName: 'Mario', locale: 'en', deviceId: 'device-mario' });
    await refreshStaffKeys(backend.ctx, 'rosa');
  });
  afterEach(() => backend.close());

  const block = async () => {
    await backend.call('blockUser', 'olga', { uid: 'mario', reason: 'fraud' });
    await onMember(backend.ctx, 'rosa', 'blocked');
  };
  const availability = async () => (await backend.db.doc('restaurants/rosa').get()).get('availability') as unknown;
  const tasks = async () =>
    (await backend.db.collection('operatorTasks').get()).docs.map((task) => [task.id, task.get('detail')]);

  it('goes offline and sells nothing', async () => {
    await block();
    assert.equal(await availability(), 'offline');
    await assert.rejects(new Journey(backend).place(), { reason: 'RESTAURANT_CLOSED' });
  });
  it('sells on where another member can act', async () => {
    await change('kim', 'kitchen');
    await block();
    assert.equal(await availability(), 'online');
    assert.equal((await new Journey(backend).place()).orderId, 'order-1');
  });
  it('leaves orders that wait for the kitchen to an operator', async () => {
    await new Journey(backend).reach('accepted');
    await block();
    assert.deepEqual(await tasks(), [['order-1-no_staff', 'accepted: no member can act']]);
  });
  it('leaves no order that the courier has picked up to an operator', async () => {
    await new Journey(backend).reach('picked_up');
    await block();
    assert.deepEqual(await tasks(), []);
  });
  it('goes offline again within a minute where a member opened it during the block', async () => {
    await block();
    await backend.db.doc('restaurants/rosa').update({ availability: 'online' });
    await backend.advance(MINUTE);
    assert.equal(await availability(), 'offline');
  });
  it('goes offline where the last membership ends, not where its document cannot be read', async () => {
    await backend.db.doc('restaurants/rosa/members/mario').update({ displayName: 7 });
    await onMember(backend.ctx, 'rosa', 'broken');
    assert.equal(await availability(), 'online');
    await backend.db.doc('restaurants/rosa/members/mario').delete();
    await onMember(backend.ctx, 'rosa', 'deleted');
    assert.equal(await availability(), 'offline');
  });
});
