import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { SETTLEMENT_SCOPES, type Pricing } from '#functions/contract/pricing.js';
import type { Promotion, TaxRule } from '#functions/contract/zones.js';
import { getChargeUnit, MAXIMUM_CHARGE, getMinimumCharge, toStripeAmount } from '#functions/pricing/currencies.js';
import { findBestPrice } from '#functions/pricing/best-price.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { settle } from '#functions/pricing/settle.js';
import { aMenu, aPromotion, aZonePricing, START_MS } from '#fixtures/catalogue.js';
import { runs } from '#fixtures/proofs.js';
import { anInput, type Line } from './price.js';

const amount = fc.integer({ min: 0, max: 5000 });
const rate = fc.oneof(fc.constant(0), fc.constant(1_000_000), fc.integer({ min: 0, max: 1_000_000 }));
const taxRule: fc.Arbitrary<TaxRule> = fc.record({
  ratePpm: fc.integer({ min: 0, max: 300_000 }),
  mode: fc.constantFrom('exclusive', 'inclusive'),
});

const modifiers: fc.Arbitrary<Line['modifiers']> = fc.constantFrom(
  [],
  [{ optionId: 'cheese', quantity: 2 }],
  [
    { optionId: 'olives', quantity: 3 },
    { optionId: 'cheese', quantity: 1 },
  ],
);
const line: fc.Arbitrary<Line> = fc.oneof(
  fc.record({
    itemId: fc.constant('margherita'),
    quantity: fc.integer({ min: 1, max: 9 }),
    modifiers,
  }),
  fc.record({
    itemId: fc.constant('calzone'),
    quantity: fc.integer({ min: 1, max: 3 }),
    modifiers: fc.constant<Line['modifiers']>([
      { optionId: 'large', quantity: 1 },
      { optionId: 'dip', quantity: 2, modifiers: [{ optionId: 'garlic', quantity: 1 }] },
    ]),
  }),
  fc.record({
    itemId: fc.constantFrom('cola', 'mint', 'napkin'),
    quantity: fc.integer({ min: 1, max: 20 }),
    modifiers: fc.constant<Line['modifiers']>([]),
  }),
);

const benefit = fc.oneof(
  fc.record({ type: fc.constant('percent' as const), ratePpm: rate }),
  fc.record({ type: fc.constant('fixed' as const), amountMinor: amount }),
);
const buyGet = fc.record({
  type: fc.constant('buyGet' as const),
  buy: fc.integer({ min: 1, max: 3 }),
  free: fc.integer({ min: 1, max: 2 }),
});
const common = { capMinor: amount, minimumItemsMinor: fc.constantFrom(0, 1500), merchantFundedPpm: rate };
const promotion = fc.oneof(
  fc.record({
    kind: fc.constant('item' as const),
    benefit: fc.oneof(benefit, buyGet),
    itemIds: fc.subarray(['margherita', 'calzone', 'cola']),
    ...common,
  }),
  fc.record({
    kind: fc.constantFrom('order' as const, 'delivery' as const),
    benefit,
    itemIds: fc.subarray(['margherita', 'cola', 'mint']),
    ...common,
  }),
);
const promotions: fc.Arbitrary<Promotion[]> = fc
  .array(promotion, { maxLength: 5 })
  .map((all) => all.map((facts, index) => aPromotion({ id: `promotion-${index}`, ...facts })));

const zone = fc
  .record({
    first: amount,
    second: amount,
    deliveryFeeCapMinor: amount,
    minimumOrderMinor: fc.constantFrom(0, 800),
    smallOrderBelowMinor: amount,
    smallOrderFeeMinor: amount,
    bagFeeMinor: amount,
    serviceRate: fc.integer({ min: 0, max: 200_000 }),
    serviceMin: fc.integer({ min: 0, max: 200 }),
    food: taxRule,
    drink: taxRule,
    delivery: taxRule,
    service: taxRule,
    bag: taxRule,
    platformDiscountLowersTaxBase: fc.boolean(),
    courierPay: fc.record({ baseMinor: amount, perKilometerMinor: amount, wayBackPpm: fc.constant(600_000) }),
  })
  .map(({ first, second, serviceRate, serviceMin, food, drink, delivery, service, bag, ...rest }) =>
    aZonePricing({
      ...rest,
      deliveryBrackets: [
        { upToMeters: 2000, feeMinor: first },
        { upToMeters: 8000, feeMinor: second },
      ],
      serviceFee: { ratePpm: serviceRate, minMinor: serviceMin, maxMinor: serviceMin + 500 },
      taxes: { food, drink, delivery, service, bag },
    }),
  );

const input: fc.Arbitrary<PricingInput> = fc
  .record({
    currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'ISK', 'UGX', 'HUF', 'XYZ'),
    kind: fc.constantFrom('delivery' as const, 'pickup' as const),
    zone,
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    promotions,
    distanceMeters: fc.integer({ min: 0, max: 8500 }),
    surgePpm: fc.integer({ min: 1_000_000, max: 3_000_000 }),
    tipPpm: fc.integer({ min: 0, max: 300_000 }),
    creditMinor: fc.oneof(fc.constant(0), amount),
    commissionPpm: fc.integer({ min: 0, max: 400_000 }),
  })
  .map(({ lines, ...facts }) => anInput({ ...facts, lines, menu: aMenu(), nowMs: START_MS }));

const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + one, 0);

/** Checks what is priced, and counts how much was, so that a property never holds of refusals alone. */
function holds(check: (pricing: Pricing, facts: PricingInput) => void): void {
  const tries = runs(1000, 10_000);
  let pricedOrders = 0;
  fc.assert(
    fc.property(input, (facts) => {
      const outcome = findBestPrice(facts);
      if (!outcome.ok) return;
      pricedOrders += 1;
      check(outcome.value, facts);
    }),
    tries,
  );
  assert.ok(pricedOrders > tries.numRuns / 5, `only ${pricedOrders} of ${tries.numRuns} were priced`);
}

describe('every priced order', () => {
  it('adds up: lines + fees + tax + tip − credit − rounding = total', () =>
    holds(({ lines, fees, totals }) => {
      const net = sum([...lines, ...fees].map((one) => one.netMinor));
      assert.equal(
        net + totals.taxMinor + totals.tipMinor - totals.creditMinor - totals.roundingMinor,
        totals.totalMinor,
      );
      const fromTotals =
        totals.itemsMinor + totals.deliveryMinor + totals.smallOrderMinor + totals.serviceMinor + totals.bagMinor;
      assert.equal(fromTotals - totals.discountMinor, net);
    }));

  it('accounts for every cent', () =>
    holds(({ trace, totals }) => assert.equal(sum(trace.map((entry) => entry.amountMinor)), totals.totalMinor)));

  it('is split completely', () =>
    holds(({ split, totals }) =>
      assert.equal(split.merchantMinor + split.courierMinor + split.taxMinor + split.platformMinor, totals.totalMinor),
    ));

  it("has no negative amount except the platform's part, and no fractions", () =>
    holds(({ lines, fees, totals, split }) => {
      const { platformMinor, ...parts } = split;
      const amounts = [...Object.values(totals), ...Object.values(parts)];
      for (const one of [...lines, ...fees])
        amounts.push(one.grossMinor, one.netMinor, one.taxMinor, one.merchantFundedMinor);
      assert.ok(
        amounts.every((one) => Number.isSafeInteger(one) && one >= 0),
        JSON.stringify(amounts),
      );
      assert.ok(Number.isSafeInteger(platformMinor));
    }));

  it('can be charged, or is free', () =>
    holds(({ totals: { totalMinor }, currency }) => {
      assert.ok(totalMinor === 0 || totalMinor >= getMinimumCharge(currency));
      assert.ok(totalMinor % getChargeUnit(currency) === 0 && toStripeAmount(totalMinor, currency) <= MAXIMUM_CHARGE);
    }));

  it('is settled within the hold, and every settlement is split completely', () =>
    holds((pricing) => {
      for (const scope of SETTLEMENT_SCOPES) {
        for (const hasCourier of [true, false]) {
          const { captureMinor, split } = settle(pricing, scope, hasCourier);
          assert.ok(
            captureMinor >= 0 && captureMinor <= pricing.totals.totalMinor,
            `${scope}: ${captureMinor} of ${pricing.totals.totalMinor}`,
          );
          assert.equal(captureMinor % getChargeUnit(pricing.currency), 0);
          assert.equal(
            split.merchantMinor + split.courierMinor + split.taxMinor + split.platformMinor,
            captureMinor,
            scope,
          );
        }
      }
    }));

  it('does not depend on the order of the promotions', () =>
    holds((pricing, facts) =>
      assert.deepEqual(findBestPrice({ ...facts, promotions: facts.promotions.toReversed() }), {
        ok: true,
        value: pricing,
      }),
    ));

  it('is priced the same again', () =>
    holds((pricing, facts) => assert.deepEqual(findBestPrice(structuredClone(facts)), { ok: true, value: pricing })));

  it('costs no more than with any subset of its promotions, before credit', () =>
    holds((pricing, facts) => {
      facts.promotions.forEach((_, index) => {
        const fewer = findBestPrice({ ...facts, promotions: facts.promotions.toSpliced(index, 1) });
        if (fewer.ok) assert.ok(dueOf(pricing) <= dueOf(fewer.value));
      });
    }));

  it('is refused for its amount only where no subset of its promotions can be paid', () =>
    fc.assert(
      fc.property(input, (facts) => {
        if (findBestPrice(facts).ok) return;
        for (const choice of [[], ...facts.promotions.map((one) => [one])])
          assert.equal(findBestPrice({ ...facts, promotions: choice }).ok, false);
      }),
      runs(300, 10_000),
    ));

  it('costs the same however equal items are divided into lines', () =>
    holds((pricing, facts) => {
      const split = facts.lines.flatMap((one) =>
        one.quantity > 1
          ? [
              { ...one, quantity: 1 },
              { ...one, quantity: one.quantity - 1 },
            ]
          : [one],
      );
      const apart = findBestPrice({ ...facts, lines: split });
      assert.ok(apart.ok);
      assert.deepEqual(apart.value.totals, pricing.totals);
      assert.deepEqual(apart.value.split, pricing.split);
    }));
});

/** What is due before credit is used and the rest rounded. */
const dueOf = ({ totals }: Pricing): number => totals.totalMinor + totals.roundingMinor + totals.creditMinor;
