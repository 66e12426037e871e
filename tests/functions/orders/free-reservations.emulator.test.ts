import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';

const DAY_MS = 24 * 3_600_000;

describe('the resources of orders for a later slot, which can be cancelled free of charge', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** Places an order five days ahead; returns its outcome or the kind of open orders that are too many. */
  const place = async (n: number, cart: object): Promise<unknown> => {
    const scheduledForMs = backend.nowMs + 5 * DAY_MS;
    const { quoteId, totals } = await backend.call('quote', 'carla', aCart({ ...cart, scheduledForMs }));
    const input = {
      quoteId,
      idempotencyKey: `place-key-${n}`,
      confirmedTotalMinor: totals.totalMinor,
      paymentMethodId: 'pm_card_visa',
    };
    const answer = await backend.call('placeOrder', 'carla', input).then(
      ({ outcome }): unknown => outcome,
      (error: { details?: { kind?: unknown } }) => error.details?.kind ?? error,
    );
    await backend.deliverWebhooks();
    return answer;
  };

  it('are at most three units of an item for a new account, paid or not', async () => {
    backend = await aCity({ restaurant: { countsStock: true } });
    const stock = backend.db.doc('restaurants/rosa/live/stock');
    await stock.set({ left: { margherita: 12 } });
    const cart = { lines: [{ itemId: 'margherita', quantity: 3 }] };
    assert.deepEqual([await place(1, cart), await place(2, cart)], ['placed', 'units']);
    assert.equal((await stock.get()).get('left.margherita'), 9);
  });

  it('are at most two uses of a promotion with a total limit for a new account, paid or not', async () => {
    backend = await aCity();
    const benefit = { type: 'fixed' as const, amountMinor: 500 };
    const launch = aPromotion({ id: 'launch', kind: 'order', code: 'LAUNCH', merchantFundedPpm: 0, benefit });
    await backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion: { ...launch, totalLimit: 10 } });
    const cart = { promotionCodes: ['LAUNCH'] };
    assert.deepEqual(
      [await place(1, cart), await place(2, cart), await place(3, cart), await place(4, {})],
      ['placed', 'placed', 'uses', 'placed'],
    );
  });
});
