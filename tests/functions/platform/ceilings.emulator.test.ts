import { strict as assert } from 'node:assert';
import { computeSearchTokens } from '#functions/catalog/model/search-tokens.js';
import type { Backend } from '#fixtures/backend.js';
import { aMenu, aPromotion, aRestaurant, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';

describe('a zone with more documents than one query reads', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  describe('of promotions', () => {
    /** Promotions for other restaurants end first; the last one is for this. */
    const withPromotions = async (others: number) => {
      const promotions = Array.from({ length: others + 1 }, (_, index) => ({
        ...aPromotion({
          kind: 'order',
          id: `promo-${index}`,
          code: `CODE${index}`,
          benefit: { type: 'fixed', amountMinor: 100 },
          endsAtMs: START_MS + (index + 1) * 60 * MINUTE,
        }),
        restaurantIds: [index === others ? 'rosa' : `other-${index}`],
      }));
      backend = await aCity({ promotions });
    };
    const discountOf = async (code: string) =>
      (await backend.call('quote', 'carla', aCart({ promotionCodes: [code] }))).totals.discountMinor;

    it('accepts the code of the 200th', async () => {
      await withPromotions(199);
      assert.equal(await discountOf('CODE199'), 100);
    });

    it('accepts the code of the 201st, at the quote and when the order is placed, and refuses an unknown one', async () => {
      await withPromotions(200);
      await assert.rejects(discountOf('CODE201'), { reason: 'PROMOTION_UNKNOWN' });
      const { quoteId, totals } = await backend.call('quote', 'carla', aCart({ promotionCodes: ['code200'] }));
      assert.equal(totals.discountMinor, 100);
      const placing = {
        quoteId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      };
      assert.equal((await backend.call('placeOrder', 'carla', placing)).outcome, 'placed');
    });

    it('refuses the code of another restaurant', async () => {
      await withPromotions(200);
      await assert.rejects(discountOf('CODE3'), { reason: 'PROMOTION_UNKNOWN' });
    });
  });

  describe('of restaurants of one name', () => {
    const here = { lat: 48.2, lng: 16.37 };
    /** So many pizzerias far away, whose ids come first, and one next door. */
    const found = async (far: number, text: string) => {
      backend = await aCity();
      const batch = backend.db.batch();
      const add = (id: string, name: string, location: typeof here) => {
        const restaurant = aRestaurant({ name, location });
        batch.set(backend.db.doc(`restaurants/${id}`), restaurant);
        batch.set(backend.db.doc(`searchEntries/${id}`), {
          zoneId: 'centre',
          tokens: computeSearchTokens(restaurant, { ...aMenu(), items: [] }),
        });
      };
      for (let index = 0; index < far; index += 1) add(`a-${index}`, `Pizza ${index}`, { lat: 48.3, lng: 16.5 });
      add('next-door', 'Pizza Next Door', here);
      add('sushi', 'Sushi', here);
      await batch.commit();
      const { restaurants } = await backend.call('discover', 'carla', {
        zoneId: 'centre',
        place: here,
        radiusMeters: 3000,
        text,
      });
      return restaurants.map(({ restaurantId }) => restaurantId);
    };

    it('finds the one next door among thirty', async () => assert.deepEqual(await found(30, 'pizza'), ['next-door']));
    it('finds the one next door among sixty', async () => assert.deepEqual(await found(60, 'pizza'), ['next-door']));
    it('finds it among sixty with a typing error', async () =>
      assert.deepEqual(await found(60, 'piza'), ['next-door']));
    it('finds nothing of another name next door', async () => assert.deepEqual(await found(60, 'burger'), []));
  });
});
