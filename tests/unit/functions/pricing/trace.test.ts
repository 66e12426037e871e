import { strict as assert } from 'node:assert';
import type { Quote } from '#functions/contract/orders.js';
import type { CartLine } from '#functions/contract/restaurants.js';
import { unwrap } from '#functions/core/outcome.js';
import { editPrice, type LineEdit } from '#functions/pricing/edit-price.js';
import { aBareZone, aMenu, aPromotion, aZonePricing } from '#fixtures/catalogue.js';
import { aQuote } from '#fixtures/orders.js';
import { margherita, priced, type Facts } from './price.js';

const COLA: CartLine = { itemId: 'cola', quantity: 2, modifiers: [] };

/** A tenth off, by the second version of a promotion, and 1.00 off the delivery by its fourth. */
const PROMOTIONS = [
  { ...aPromotion({ id: 'tenth', kind: 'order', benefit: { type: 'percent', ratePpm: 100_000 } }), version: 2 },
  { ...aPromotion({ id: 'ride', kind: 'delivery', benefit: { type: 'fixed', amountMinor: 100 } }), version: 4 },
];
const FACTS: Facts = {
  menu: aMenu({ version: 3 }),
  zoneVersion: 7,
  promotions: PROMOTIONS,
  tipPpm: 100_000,
  creditMinor: 500,
  lines: [margherita(2), COLA],
};

const inWords = ({ trace }: Quote['pricing']): string[] =>
  trace.map(({ rule, version, target, amountMinor }) => `${rule} v${version} on ${target}: ${amountMinor}`);
const sumOf = ({ trace }: Quote['pricing']): number => trace.reduce((total, { amountMinor }) => total + amountMinor, 0);

const FEES = [
  'fee:delivery v7 on fee:delivery: 400',
  'promotion:ride v4 on fee:delivery: -100',
  'fee:service v7 on fee:service: 117',
  'tax:service v7 on fee:service: 23',
  'fee:bag v7 on fee:bag: 20',
];

describe('the trace of a price', () => {
  it('names the rule and version of every amount, and sums to the total', () => {
    const pricing = priced(FACTS);
    assert.deepEqual(inWords(pricing), [
      'item:margherita v3 on line:0: 2000',
      'promotion:tenth v2 on line:0: -200',
      'tax:food v7 on line:0: 180',
      'item:cola v3 on line:1: 600',
      'promotion:tenth v2 on line:1: -60',
      ...FEES,
      'tip v7 on order: 260',
      'credit v7 on order: -500',
    ]);
    assert.equal(sumOf(pricing), pricing.totals.totalMinor);
  });
  it('names what is not charged by card or coin', () => {
    const pricing = priced({ ...FACTS, creditMinor: 0, coinMinor: 50 });
    assert.deepEqual(inWords(pricing).at(-1), 'rounding v7 on order: 10');
    assert.equal(sumOf(pricing), pricing.totals.totalMinor);
  });
});

describe('the price of an edited order', () => {
  const quoted = (facts: Facts = FACTS): Quote =>
    aQuote({
      menuVersion: 3,
      zoneVersion: 7,
      pricing: priced(facts),
      rules: { pricing: aZonePricing(), menu: aMenu({ version: 3 }), promotions: PROMOTIONS },
    });
  const edit = (edits: readonly LineEdit[], quote = quoted()) => unwrap(editPrice(quote, edits, null));

  it('keeps the amounts of lines that were not edited, and each rule with its version', () => {
    const quote = quoted();
    assert.deepEqual(inWords(edit([]).pricing).toSorted(), inWords(quote.pricing).toSorted());
    assert.deepEqual(edit([{ type: 'keep' }, { type: 'keep' }]).pricing.totals, quote.pricing.totals);
  });
  it('leaves a line out, and numbers the others again', () => {
    const { pricing, lines } = edit([{ type: 'reduce', quantity: 0 }]);
    assert.deepEqual(inWords(pricing), [
      'item:cola v3 on line:0: 600',
      'promotion:tenth v2 on line:0: -60',
      ...FEES,
      'tip v7 on order: 260',
      'credit v7 on order: -500',
    ]);
    assert.equal(sumOf(pricing), pricing.totals.totalMinor);
    assert.deepEqual(lines, [COLA]);
  });
  it('reduces a line by the cost of its units: half of the price, the discount, the tax and the pay', () => {
    const { pricing, lines } = edit([{ type: 'reduce', quantity: 1 }]);
    assert.deepEqual(inWords(pricing).slice(0, 3), [
      'item:margherita v3 on line:0: 1000',
      'promotion:tenth v2 on line:0: -100',
      'tax:food v7 on line:0: 90',
    ]);
    const [line] = pricing.lines;
    assert.deepEqual(
      [line?.quantity, line?.grossMinor, line?.orderDiscountMinor, line?.merchantFundedMinor, line?.netMinor],
      [1, 1000, 100, 100, 900],
    );
    assert.deepEqual([line?.taxMinor, line?.addedTaxMinor, line?.merchantMinor], [90, 90, 720]);
    assert.deepEqual(line?.taxes, [{ ratePpm: 100_000, mode: 'exclusive', baseMinor: 900, taxMinor: 90 }]);
    assert.equal(pricing.totals.totalMinor, quoted().pricing.totals.totalMinor - 990);
    assert.deepEqual(lines[0]?.quantity, 1);
  });
  it('keeps included tax in the price of a reduced line', () => {
    const { pricing } = edit([{ type: 'keep' }, { type: 'reduce', quantity: 1 }]);
    const [, line] = pricing.lines;
    // 3.00 less 0.30, with a sixth of it tax; 2.25 less 20 %.
    assert.deepEqual([line?.netMinor, line?.taxMinor, line?.addedTaxMinor, line?.merchantMinor], [270, 45, 0, 180]);
    assert.deepEqual(line?.taxes, [{ ratePpm: 200_000, mode: 'inclusive', baseMinor: 270, taxMinor: 45 }]);
  });
  it('divides the new total: the merchant by its lines, the courier as before, the platform the rest', () => {
    const { split, totals } = edit([{ type: 'reduce', quantity: 1 }]).pricing;
    // 7.20 and 3.60 less 1.00 for the delivery; 0.90, 0.90 of drinks, 0.50 of the delivery and 0.23 of tax.
    assert.deepEqual([split.merchantMinor, split.courierMinor, split.taxMinor], [980, 710, 253]);
    assert.equal(split.platformMinor, totals.totalMinor - 980 - 710 - 253);
  });
  it('takes a cheaper substitute at its own price, less the same part of it as of the replaced line', () => {
    const { pricing, lines } = edit([{ type: 'substitute', by: { ...COLA, quantity: 3, note: 'cold' } }]);
    const [line] = pricing.lines;
    assert.deepEqual(
      [line?.itemId, line?.unitMinor, line?.quantity, line?.grossMinor, line?.orderDiscountMinor, line?.netMinor],
      ['cola', 300, 3, 900, 90, 810],
    );
    // 8.10 with a sixth of tax in it: 1.35; 6.75 less 20 %: 5.40.
    assert.deepEqual([line?.taxMinor, line?.addedTaxMinor, line?.merchantMinor], [135, 0, 540]);
    assert.deepEqual(lines[0], { ...COLA, quantity: 3, note: 'cold' });
    assert.deepEqual(inWords(pricing).slice(0, 2), [
      'item:cola v3 on line:0: 900',
      'promotion:tenth v2 on line:0: -90',
    ]);
  });
  it('keeps a coupon for half of the price one for half of it, for a substitute of any price up to that one', () => {
    const coupon = aPromotion({
      kind: 'order',
      benefit: { type: 'fixed', amountMinor: 1000 },
      minimumItemsMinor: 2000,
    });
    const quote = quoted({ ...FACTS, promotions: [coupon], lines: [margherita(2)] });
    const paid = (itemId: string, quantity: number) => {
      const [line] = edit([{ type: 'substitute', by: { itemId, quantity, modifiers: [] } }], quote).pricing.lines;
      return [line?.grossMinor, line?.orderDiscountMinor, line?.netMinor];
    };
    assert.deepEqual(paid('mint', 1), [1, 1, 0]);
    assert.deepEqual(paid('mint', 150), [150, 75, 75]);
    assert.deepEqual(paid('margherita', 1), [1000, 500, 500]);
    assert.deepEqual(paid('margherita', 2), [2000, 1000, 1000]);
    assert.deepEqual(paid('margherita', 3), [3000, 1000, 2000]);
  });
  it('refuses a substitute that is not on the menu', () => {
    const outcome = editPrice(quoted(), [{ type: 'substitute', by: { ...COLA, itemId: 'sushi' } }], null);
    assert.equal(outcome.ok ? 'priced' : outcome.reason, 'ITEM_UNKNOWN');
  });
  it("keeps the zone's version of taxes and tips where no fee was charged", () => {
    const zone = aBareZone({ taxes: { food: { ratePpm: 100_000, mode: 'exclusive' } } });
    const quote = quoted({ ...FACTS, zone, promotions: [], creditMinor: 0 });
    assert.deepEqual(
      inWords(
        edit(
          [
            { type: 'reduce', quantity: 1 },
            { type: 'reduce', quantity: 0 },
          ],
          quote,
        ).pricing,
      ),
      ['item:margherita v3 on line:0: 1000', 'tax:food v7 on line:0: 100', 'tip v7 on order: 260'],
    );
  });
  it('rounds cash to the coin again', () => {
    const total = (coinMinor?: number) => {
      const quote = quoted({ ...FACTS, creditMinor: 0, ...(coinMinor !== undefined && { coinMinor }) });
      const rules = { ...quote.rules, ...(coinMinor !== undefined && { coinMinor }) };
      const { totalMinor, roundingMinor } = edit([{ type: 'reduce', quantity: 1 }], { ...quote, rules }).pricing.totals;
      return [totalMinor, roundingMinor];
    };
    assert.deepEqual(
      [total(), total(20), total(50)],
      [
        [2250, 0],
        [2260, -10],
        [2250, 0],
      ],
    );
  });
  it('takes a dearer substitute with its added tax, of which the merchant earns nothing', () => {
    const by = { itemId: 'margherita', quantity: 1, modifiers: [] };
    const substituted = (platformDiscountLowersTaxBase: boolean, merchantFundedPpm: number) => {
      const promotions = PROMOTIONS.map((one) => ({ ...one, merchantFundedPpm }));
      const { rules, ...quote } = quoted({ ...FACTS, promotions });
      const pricing = aZonePricing({ platformDiscountLowersTaxBase });
      const edited = edit([{ type: 'keep' }, { type: 'substitute', by }], { ...quote, rules: { ...rules, pricing } });
      const [, line] = edited.pricing.lines;
      return [line?.netMinor, line?.addedTaxMinor, line?.merchantMinor];
    };
    // 10.00 less the 0.60 of the colas; 20 % commission on what is not the merchant's own discount.
    assert.deepEqual(substituted(true, 1_000_000), [940, 94, 752]);
    assert.deepEqual(substituted(true, 0), [940, 94, 800]);
    assert.deepEqual(substituted(false, 500_000), [940, 97, 776]);
  });
  it('keeps the discount of an item promotion on a substitute', () => {
    const half = aPromotion({ kind: 'item', benefit: { type: 'fixed', amountMinor: 300 } });
    const quote = quoted({ ...FACTS, promotions: [half] });
    const [line] = edit([{ type: 'substitute', by: { ...COLA, quantity: 3 } }], quote).pricing.lines;
    assert.deepEqual(
      [line?.grossMinor, line?.itemDiscountMinor, line?.orderDiscountMinor, line?.netMinor],
      [900, 270, 0, 630],
    );
  });
  it('is refused where the rest cannot be charged', () => {
    const left = (mints: number) => {
      const lines = [margherita(1), { itemId: 'mint', quantity: mints }];
      const quote = quoted({ zone: aBareZone(), lines });
      const outcome = editPrice(quote, [{ type: 'reduce', quantity: 0 }], null);
      return outcome.ok ? outcome.value.pricing.totals.totalMinor : outcome.reason;
    };
    assert.deepEqual([left(49), left(50)], ['TOTAL_BELOW_PAYMENT_MINIMUM', 50]);
  });
});
