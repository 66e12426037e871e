import { strict as assert } from 'node:assert';
import { Refusal } from '#functions/core/outcome.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';

describe('a store that does not answer its orders', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  const city = async () => {
    backend = await aCity({ zone: { limits: { acceptReminderMinutes: [] } } });
  };
  /** A customer of their own orders. Returns the order's id; undefined where the store takes none. */
  const order = async (nth: number, paid = true): Promise<string | undefined> => {
    const uid = `eater-${nth}${paid ? '' : '-unpaid'}`;
    backend.identity.add(uid, { role: 'customer' }, uid);
    try {
      const { quoteId, totals } = await backend.call('quote', uid, aCart());
      const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
      await backend.call('placeOrder', uid, { ...placing, ...(paid && { paymentMethodId: 'pm_card_visa' }) });
      await backend.deliverWebhooks();
      return quoteId;
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'RESTAURANT_CLOSED') throw error;
      return undefined;
    }
  };
  const accept = (orderId: string | undefined) =>
    backend.call('moveOrder', 'mario', {
      orderId: orderId ?? '',
      idempotencyKey: 'accept-1',
      move: { action: 'accept' },
    });
  const availability = async () => String((await backend.db.doc('restaurants/rosa').get()).get('availability'));

  it('is paused after three misses, also while newer orders are open', async () => {
    await city();
    // One every three minutes: the latest three are always still open.
    for (let nth = 0; nth < 6; nth += 1) {
      await order(nth);
      await backend.advance(3 * MINUTE);
    }
    assert.equal(await availability(), 'paused');
  });

  /** Three orders at the same time, of which the staff accepts the first after nine minutes, or none. */
  const three = async (isFirstAccepted: boolean) => {
    await city();
    const [first] = [await order(0), await order(1), await order(2)];
    await backend.advance(9 * MINUTE);
    if (isFirstAccepted) await accept(first);
    await backend.advance(2 * MINUTE);
  };

  it('is paused when three orders expire unanswered', async () => {
    await three(false);
    assert.equal(await availability(), 'paused');
  });

  it('keeps a longer pause that an operator set', async () => {
    await city();
    for (let nth = 0; nth < 3; nth += 1) await order(nth);
    await backend.ask('pauseStore', 'olga', { restaurantId: 'rosa', minutes: 24 * 60, reason: 'mice in the kitchen' });
    const until = async () => Number((await backend.db.doc('restaurants/rosa').get()).get('pausedUntilMs'));
    const before = await until();
    await backend.advance(11 * MINUTE);
    assert.equal(await until(), before);
  });

  it('stays open when the staff accepted the oldest of the three', async () => {
    await three(true);
    assert.equal(await availability(), 'online');
  });

  it('is paused, also with an unpaid checkout between the orders', async () => {
    await city();
    for (let nth = 0; nth < 3; nth += 1) {
      await order(nth);
      await order(nth, false);
      await backend.advance(20 * MINUTE);
    }
    assert.equal(await availability(), 'paused');
  });
});
