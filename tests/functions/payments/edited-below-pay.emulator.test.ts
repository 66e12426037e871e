import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('a kitchen that takes nearly all out of an order whose delivery is free from 30.00 on', () => {
  let backend: Backend;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  /** Of three margheritas and a cola, so many margheritas are left. Returns what was paid to each party, and held. */
  const delivered = async (merchantFundedPpm: number, left: number, by: 'mario' | 'olga' = 'mario') => {
    const benefit = { type: 'percent', ratePpm: 1_000_000 } as const;
    const free = aPromotion({ kind: 'delivery', benefit, minimumItemsMinor: 3000, merchantFundedPpm });
    backend = await aCity({ promotions: [free] });
    const journey = new Journey(backend);
    const lines = [
      { itemId: 'margherita', quantity: 3 },
      { itemId: 'cola', quantity: 1 },
    ];
    await journey.place({ cart: { lines, tipPpm: 0 } });
    await journey.reach('accepted');
    await backend.ask('editOrder', by, {
      orderId: 'order-1',
      idempotencyKey: 'edit-key-1',
      reason: 'no dough',
      changes: [{ type: 'reduce', line: 0, quantity: left }],
    });
    await journey.reach('delivered');
    await backend.deliverWebhooks();
    await backend.advance(130 * MINUTE);
    await backend.deliverWebhooks();
    const { payment, events } = await backend.order('order-1');
    const { balances } = await backend.ask('courierBalance', 'omar', {});
    const transfers = events.map(({ money }) => (money?.type === 'transfer' ? money.amountMinor : 0));
    return {
      capturedMinor: payment.capturedMinor,
      courierMinor: balances[0]?.availableMinor,
      heldMinor: balances[0]?.heldMinor,
      kitchenMinor: Math.max(...transfers),
    };
  };

  it('leaves the ride to an operator where the platform pays for the delivery', async () => {
    const paid = { capturedMinor: 518, courierMinor: 0, heldMinor: 450, kitchenMinor: 200 };
    assert.deepEqual(await delivered(0, 0), paid);
  });
  it('is paid with the courier where it left enough in it', async () => {
    const { courierMinor, heldMinor } = await delivered(0, 2);
    assert.deepEqual([courierMinor, heldMinor], [450, 0]);
  });
  it('is paid with the courier where it pays for the delivery itself', async () => {
    const paid = { capturedMinor: 518, courierMinor: 450, heldMinor: 0, kitchenMinor: 0 };
    assert.deepEqual(await delivered(1_000_000, 0), paid);
  });
  it('is paid with the courier where an operator made the edit', async () => {
    const paid = { capturedMinor: 518, courierMinor: 450, heldMinor: 0, kitchenMinor: 200 };
    assert.deepEqual(await delivered(0, 0, 'olga'), paid);
  });
});
