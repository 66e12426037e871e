import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
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
