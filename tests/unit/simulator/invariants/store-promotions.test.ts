import { strict as assert } from 'node:assert';
import type { Quote } from '#functions/contract/orders.js';
import type { Pricing } from '#functions/contract/pricing.js';
import type { StorePromotion } from '#functions/contract/store-promotions.js';
import { findBestPrice } from '#functions/pricing/best-price.js';
import { storePromotionBreaches } from '#simulator/invariants/store-promotions.js';
import { aPromotion, START_MS } from '#fixtures/catalogue.js';
import { anOrder, aQuote } from '#fixtures/orders.js';
import { anInput } from '../../functions/pricing/price.js';

const tenth = aPromotion({ id: 'store_tenth', kind: 'order', benefit: { type: 'percent', ratePpm: 100_000 } });
const ride = aPromotion({ id: 'store_ride', kind: 'delivery', benefit: { type: 'fixed', amountMinor: 100 } });

function price(): Pricing {
  const outcome = findBestPrice(anInput({ promotions: [tenth, ride] }));
  assert.ok(outcome.ok);
  return outcome.value;
}
const entry = (promotion: typeof tenth, changes: Partial<StorePromotion> = {}): StorePromotion => ({
  promotion,
  state: 'running',
  createdAtMs: START_MS,
  changedAtMs: START_MS,
  ...changes,
});

/** An order of rosa with two of its own promotions, both of which it offers. */
const found = (
  changes: {
    pricing?: (one: Pricing) => Pricing;
    promotions?: Record<string, StorePromotion>;
    quote?: Partial<Quote>;
  } = {},
): string => {
  const { pricing = (one) => one, promotions = { tenth: entry(tenth), ride: entry(ride) }, quote = {} } = changes;
  const plain = aQuote({ pricing: pricing(price()) });
  const stored = { ...plain, rules: { ...plain.rules, promotions: [tenth, ride] }, ...quote };
  return storePromotionBreaches({
    orders: [['order-1', anOrder({ status: 'placed' })]],
    couriers: [],
    ledger: [],
    nowMs: START_MS,
    quotes: [['order-1', stored]],
    storePromotions: [['rosa', { promotions }]],
    inventory: {
      promotions: [],
      shards: [],
      standings: [],
      restaurants: [['rosa', { slotCapacity: null, promotions: [tenth, ride] }]],
      slots: [],
      stocks: [],
    },
  }).join();
};

describe("a restaurant's own promotions", () => {
  it('are paid by the restaurant exactly, and offered as its managers saved them', () => assert.equal(found(), ''));

  it('are reported where the platform pays a part', () => {
    const less = (one: Pricing): Pricing => ({
      ...one,
      lines: one.lines.map((line) => ({ ...line, merchantFundedMinor: line.merchantFundedMinor - 1 })),
    });
    assert.match(found({ pricing: less }), /own promotions of 300, the restaurant pays 299, the platform 1/);
    const rules = { ...aQuote().rules, promotions: [{ ...tenth, merchantFundedPpm: 999_999 }] };
    assert.match(found({ quote: { rules } }), /the platform pays a part/);
  });

  it('are reported where the restaurant gives more of the delivery than it earns', () => {
    const nothing = (one: Pricing): Pricing => ({
      ...one,
      lines: one.lines.map((line) => ({ ...line, merchantMinor: 0 })),
    });
    assert.match(found({ pricing: nothing }), /gives 100 of the delivery and earns 0/);
  });

  it('are reported where another restaurant has them', () =>
    assert.match(found({ promotions: { tenth: entry(tenth) } }), /store_ride is not of rosa/));

  it('are reported where a paused one is offered', () =>
    assert.match(
      found({ promotions: { tenth: entry(tenth), ride: entry(ride, { state: 'paused' }) } }),
      /offers store_ride@1,store_tenth@1, its promotions are store_tenth@1/,
    ));
});
