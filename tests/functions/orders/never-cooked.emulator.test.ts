import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('an accepted order that the kitchen does not finish', () => {
  const cash = { maxOrderMinor: 9000, courierFloatMinor: 90_000, coinMinor: 5 };
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity({ zone: { cash } });
  });
  afterEach(() => backend.close());

  const inCash = () => new Journey(backend).place({ card: null, cart: { paymentMethod: 'cash' } });
  const escalations = async () =>
    (await backend.order('order-1')).events.filter(({ action }) => action === 'escalate').length;
  const tasks = async () =>
    (await backend.db.collection('operatorTasks').get()).docs.map((task) => [
      task.id,
      task.get('kind'),
      task.get('open'),
    ]);

  it('becomes an operator task with its second delay, not with the first', async () => {
    await (await inCash()).reach('accepted');
    await backend.advance(30 * MINUTE);
    assert.deepEqual([await escalations(), await tasks()], [1, []]);
    await backend.advance(60 * MINUTE);
    assert.deepEqual([await escalations(), await tasks()], [2, [['order-1-kitchen_late', 'kitchen_late', true]]]);
  });

  it('becomes a task although a courier waits for it', async () => {
    const journey = await (await inCash()).reach('preparing');
    await journey.assign();
    await backend.advance(90 * MINUTE);
    assert.deepEqual(await tasks(), [['order-1-kitchen_late', 'kitchen_late', true]]);
  });

  it('becomes none where the food is ready after the first delay', async () => {
    const journey = await (await inCash()).reach('preparing');
    await journey.assign();
    await backend.advance(30 * MINUTE);
    assert.equal(await escalations(), 1);
    await journey.reach('delivered');
    assert.deepEqual(await tasks(), []);
  });

  it('opens its task again with the third delay', async () => {
    await (await inCash()).reach('accepted');
    await backend.advance(90 * MINUTE);
    await backend.db.doc('operatorTasks/order-1-kitchen_late').update({ open: false });
    await backend.advance(60 * MINUTE);
    assert.deepEqual(await tasks(), [['order-1-kitchen_late', 'kitchen_late', true]]);
  });
});

describe('an order of a store that accepts automatically', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity({ restaurant: { acceptance: 'auto' } });
  });
  afterEach(() => backend.close());

  const payLater = async () => {
    const journey = await new Journey(backend).place({ card: null });
    return {
      pays: async () => {
        backend.fake.customerPays(journey.orderId);
        await backend.deliverWebhooks();
        return (await backend.order(journey.orderId)).status;
      },
    };
  };
  const change = (fields: object) => backend.db.doc('restaurants/rosa').update(fields);

  it('is accepted when it is paid while the store is open', async () => {
    const order = await payLater();
    assert.equal(await order.pays(), 'accepted');
  });

  for (const [what, fields] of Object.entries({
    'the store went offline': { availability: 'offline' },
    'the store was paused': { availability: 'paused', pausedUntilMs: START_MS + 60 * MINUTE },
    'the store may no longer go online': { canGoOnline: false },
    'its hours ended': {
      hours: {
        weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 6 * 60, toMinute: 7 * 60 }],
        holidays: [],
        lastOrderMinutes: 0,
      },
    },
  }))
    it(`waits for an answer where ${what} before the payment`, async () => {
      const order = await payLater();
      await change(fields);
      assert.equal(await order.pays(), 'placed');
    });

  it('waits for an answer where no member of the staff can act', async () => {
    const order = await payLater();
    const members = await backend.db.collection('restaurants/rosa/members').get();
    await Promise.all(members.docs.map(({ ref }) => ref.update({ blocked: true })));
    await change({ staffKeys: [] });
    assert.equal(await order.pays(), 'placed');
  });

  it('is accepted after a pause that has ended', async () => {
    const order = await payLater();
    await change({ availability: 'paused', pausedUntilMs: START_MS - MINUTE });
    assert.equal(await order.pays(), 'accepted');
  });

  it('is accepted after the last order of the day, while the kitchen is open', async () => {
    const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 6 * 60, toMinute: 14 * 60 }];
    await change({ hours: { weekly, holidays: [], lastOrderMinutes: 57 } });
    const order = await payLater();
    await backend.advance(5 * MINUTE);
    assert.equal(await order.pays(), 'accepted');
  });

  const inSlot = async () =>
    new Journey(backend).place({ cart: { scheduledForMs: START_MS + 300 * MINUTE, tipPpm: 0 } });
  it('is accepted when its slot is released', async () => {
    const { orderId } = await inSlot();
    await backend.advance(270 * MINUTE);
    assert.equal((await backend.order(orderId)).status, 'accepted');
  });

  it('is rejected without a charge where the store closed before its slot', async () => {
    const { orderId } = await inSlot();
    await backend.call('switchStore', 'mario', { restaurantId: 'rosa', to: { type: 'offline' } });
    await backend.advance(280 * MINUTE);
    await backend.deliverWebhooks();
    const { status, payment } = await backend.order(orderId);
    assert.deepEqual([status, payment.status, payment.capturedMinor], ['rejected', 'voided', 0]);
  });
});
