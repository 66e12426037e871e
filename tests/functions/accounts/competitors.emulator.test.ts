import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aRestaurant, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** Otto is an operator of each role and owns a restaurant; `zoneId` is that of his restaurant. */
async function withOwner(zoneId: string): Promise<Backend> {
  const backend = await aCity();
  await backend.db.doc('restaurants/elsewhere').set(aRestaurant({ name: 'Elsewhere', zoneId }));
  await backend.db
    .doc('restaurants/elsewhere/members/otto')
    .set({ role: 'owner', displayName: 'Otto', addedAtMs: START_MS });
  backend.identity.add('otto', { role: 'operator', merchant: { elsewhere: 'owner' } }, 'Otto');
  return backend;
}

const ACTS: readonly (readonly [name: string, act: (backend: Backend) => Promise<unknown>])[] = [
  [
    'cancels an order at the cost of',
    async (backend) => {
      const journey = await new Journey(backend).reach('preparing');
      await journey.cancel('otto', { liable: 'merchant' });
    },
  ],
  [
    'rejects an order of',
    async (backend) => {
      const journey = await new Journey(backend).place();
      await journey.move('otto', { action: 'reject', reason: 'too_busy' });
    },
  ],
  [
    'refunds an order at the cost of',
    async (backend) => {
      await new Journey(backend).reach('delivered');
      await backend.deliverWebhooks();
      const what = { type: 'amount' as const, amountMinor: 100 };
      const refund = { orderId: 'order-1', idempotencyKey: 'refund-key-1', what, liable: 'merchant' as const };
      await backend.call('refundOrder', 'otto', { ...refund, reason: 'cold', to: 'card' });
    },
  ],
];

describe('an operator who owns a restaurant', () => {
  let backend: Backend;
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  for (const [name, act] of ACTS) {
    it(`${name} one in another zone, and of no competitor`, async () => {
      backend = await withOwner('centre');
      await assert.rejects(act(backend), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await backend.close();
      backend = await withOwner('suburb');
      await act(backend);
    });
  }
});
