import { strict as assert } from 'node:assert';
import { onMessage } from '#functions/chat/on-message.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('the chat of a customer with a courier who gives the order back', () => {
  let backend: Backend;
  let journey: Journey;
  let first: string;
  beforeEach(async () => {
    backend = await aCity({ couriers: 2 });
    journey = await new Journey(backend).reach('accepted');
    first = await journey.assign();
  });
  afterEach(() => backend.close());

  const send = async (courierId: string, n: number): Promise<void> => {
    await backend.db.doc(`orders/order-1/messages/carla-${n}`).set({
      uid: 'carla',
      role: 'customer',
      n,
      customerId: 'carla',
      restaurantId: null,
      courierId,
      text: 'Door code 4711',
      createdAt: new Date(backend.nowMs),
      authTime: backend.authTime('carla'),
      state: 'new',
    });
    await onMessage(backend.ctx, 'order-1', `carla-${n}`);
  };
  const readersOf = async (): Promise<unknown[]> => {
    const { docs } = await backend.db.collection('orders/order-1/messages').orderBy('n').get();
    return docs.map((message) => message.get('courierId'));
  };

  it('is closed to that courier, and open to the next one', async () => {
    await send(first, 1);
    assert.deepEqual(await readersOf(), [first]);
    await journey.move(first, { action: 'unassign', reason: 'flat tyre' });
    assert.deepEqual(await readersOf(), [null]);
    const second = await journey.offered();
    await journey.answer(second, 'accept');
    await send(second, 2);
    assert.deepEqual(await readersOf(), [null, second]);
  });

  it('is closed for a message that arrives after the courier has left', async () => {
    await journey.move(first, { action: 'unassign', reason: 'flat tyre' });
    await send(first, 1);
    assert.deepEqual(await readersOf(), [null]);
  });
});
