import { strict as assert } from 'node:assert';
import type { PricedFee } from '#functions/contract/pricing.js';
import type { TaxRule } from '#functions/contract/zones.js';
import { aBareZone, aMenu, aPromotion, aZonePricing } from '#fixtures/catalogue.js';
import { calzone, margherita, priced, pricedBare, refusal, type Facts, type Line } from './price.js';

const percent = (ratePpm: number) => ({ type: 'percent' as const, ratePpm });
const fixed = (amountMinor: number) => ({ type: 'fixed' as const, amountMinor });
const item = (itemId: string, quantity: number): Line => ({ itemId, quantity });

const feeOf = (kind: PricedFee['kind'], facts: Facts) => priced(facts).fees.find((fee) => fee.kind === kind);

describe('the fees of an order', () => {
  it('include one for a small order below the bound, and none at it', () => {
    const small = (smallOrderBelowMinor: number) =>
      feeOf('smallOrder', { zone: aZonePricing({ smallOrderBelowMinor }), lines: [item('cola', 5)] })?.grossMinor;
    assert.deepEqual([small(1500), small(1501)], [undefined, 200]);
  });
  it('are those of the smallest bracket that reaches the distance, however the brackets are sorted', () => {
    const deliveryBrackets = aZonePricing().deliveryBrackets.toReversed();
    const delivery = (distanceMeters: number) =>
      feeOf('delivery', { zone: aZonePricing({ deliveryBrackets }), distanceMeters })?.grossMinor;
    assert.deepEqual([delivery(2000), delivery(2001), delivery(5001)], [250, 400, 600]);
    assert.deepEqual(refusal({ distanceMeters: 10_000.5 }).details, { distanceMeters: 10_000.5 });
  });
  it('for service are between the least and the most, on what the promotions left', () => {
    const service = (quantity: number) => feeOf('service', { lines: [item('cola', quantity)] })?.grossMinor;
    // 5 % of 9.00, 12.00, 60.00 and 63.00; at least 0.50, at most 3.00.
    const zone = { minimumOrderMinor: 0 };
    assert.equal(feeOf('service', { zone: aZonePricing(zone), lines: [item('cola', 3)] })?.grossMinor, 50);
    assert.deepEqual([service(4), service(20), service(21)], [60, 300, 300]);
  });
  it('of nothing are not listed', () =>
    assert.deepEqual(
      priced({ kind: 'pickup', zone: aZonePricing({ bagFeeMinor: 0 }) }).fees.map(({ kind }) => kind),
      ['service'],
    ));
});

describe('the discounts on a delivery', () => {
  const fee = (...promotions: ReturnType<typeof aPromotion>[]) => feeOf('delivery', { promotions });
  const ride = (id: string, benefit: Parameters<typeof aPromotion>[0]['benefit'], merchantFundedPpm = 0) =>
    aPromotion({ id, kind: 'delivery', benefit, merchantFundedPpm });

  it('are percentages first, then fixed amounts, each on the rest, by who pays them', () => {
    const both = fee(ride('a', fixed(100)), ride('b', percent(500_000), 250_000));
    // 4.00 less 2.00, of which the merchant pays 0.50, less 1.00; a sixth of the rest is tax.
    assert.deepEqual(
      [both?.grossMinor, both?.discountMinor, both?.merchantFundedMinor, both?.netMinor, both?.taxMinor],
      [400, 300, 50, 100, 17],
    );
  });
  it('never exceed the fee, nor their cap', () => {
    assert.deepEqual([fee(ride('a', fixed(900)))?.netMinor, fee(ride('a', fixed(399)))?.netMinor], [0, 1]);
    const capped = aPromotion({ id: 'a', kind: 'delivery', benefit: percent(500_000), capMinor: 150 });
    assert.equal(fee(capped)?.netMinor, 250);
  });
  it("stay in the tax base by the platform's part where the zone says so", () => {
    const tax = (platformDiscountLowersTaxBase: boolean) =>
      feeOf('delivery', {
        zone: aZonePricing({ platformDiscountLowersTaxBase }),
        promotions: [ride('a', fixed(100), 400_000)],
      })?.taxes.map(({ baseMinor, taxMinor }) => [baseMinor, taxMinor]);
    // 1.00 off, of which the merchant pays 0.40.
    assert.deepEqual([tax(true), tax(false)], [[[300, 50]], [[360, 60]]]);
  });
});

describe('the tax of a delivery by the shares of the goods', () => {
  const zone = (rates: Record<string, number>) => {
    const taxes = Object.entries(rates).map(([name, ratePpm]): [string, TaxRule] => [
      name,
      { ratePpm, mode: 'exclusive' },
    ]);
    const deliveryBrackets = [{ upToMeters: 100_000, feeMinor: 390 }];
    return aBareZone({ deliveryBrackets, taxes: Object.fromEntries(taxes), deliveryTax: 'goods' });
  };
  const taxesOf = (rates: Record<string, number>, lines: Line[]) =>
    pricedBare({ zone: zone(rates), lines })
      .fees.find(({ kind }) => kind === 'delivery')
      ?.taxes.map(({ ratePpm, baseMinor, taxMinor }) => [ratePpm, baseMinor, taxMinor]);
  const both = [margherita(1), item('cola', 1)];

  it('is one part for each rate', () => {
    assert.deepEqual(taxesOf({ food: 100_000, drink: 200_000 }, both), [
      [100_000, 300, 30],
      [200_000, 90, 18],
    ]);
    assert.deepEqual(taxesOf({ food: 100_000, drink: 100_000 }, both), [[100_000, 390, 39]]);
  });
  it('counts all goods of a category together', () =>
    // 3.90 over 10.50 of food and 3.00 of drinks.
    assert.deepEqual(taxesOf({ food: 100_000, drink: 200_000 }, [...both, item('mint', 50)]), [
      [100_000, 303, 30],
      [200_000, 87, 17],
    ]));
  it('is none for the share of goods without a tax', () =>
    assert.deepEqual(taxesOf({ drink: 200_000 }, both), [[200_000, 90, 18]]));
  it('is by a category of its own for the other fees', () => {
    const service = feeOf('service', { zone: aZonePricing({ deliveryTax: 'goods' }) });
    assert.deepEqual(service?.taxes, [{ ratePpm: 200_000, mode: 'exclusive', baseMinor: 100, taxMinor: 20 }]);
  });
});

describe('the counts of modifiers', () => {
  const extras = (cheese: number, olives: number) =>
    margherita(1, [
      ...(cheese > 0 ? [{ optionId: 'cheese', quantity: cheese }] : []),
      ...(olives > 0 ? [{ optionId: 'olives', quantity: olives }] : []),
    ]);
  const unit = (...lines: Line[]) => pricedBare({ lines }).lines[0]?.unitMinor;

  it('are from the least to the most of their group', () => {
    assert.deepEqual([unit(extras(0, 0)), unit(extras(0, 4)), unit(extras(2, 2))], [1000, 1400, 1500]);
    assert.deepEqual(refusal({ lines: [extras(1, 4)] }).details, { groupId: 'extras', count: 5, min: 0, max: 4 });
    assert.deepEqual(refusal({ lines: [calzone([])] }).details, { groupId: 'size', count: 0, min: 1, max: 1 });
  });
  it('are from the least to the most of different options, where the group says so', () => {
    const { groups } = aMenu();
    const menu = (minDistinct: number, maxDistinct: number) =>
      aMenu({ groups: groups.map((one) => (one.id === 'extras' ? { ...one, minDistinct, maxDistinct } : one)) });
    const details = (lines: Line[], min: number, max: number) => refusal({ lines, menu: menu(min, max) }).details;
    assert.equal(pricedBare({ lines: [extras(2, 0)], menu: menu(0, 1) }).lines[0]?.unitMinor, 1300);
    const wrong = { groupId: 'extras', distinct: true };
    assert.deepEqual(details([extras(1, 1)], 0, 1), { ...wrong, count: 2, min: 0, max: 1 });
    assert.equal(pricedBare({ lines: [extras(1, 1)], menu: menu(2, 2) }).lines[0]?.unitMinor, 1250);
    assert.deepEqual(details([extras(2, 0)], 2, 2), { ...wrong, count: 1, min: 2, max: 2 });
  });
  it('are at most those of an option', () => {
    assert.equal(unit(extras(2, 0)), 1300);
    assert.deepEqual(refusal({ lines: [extras(3, 0)] }).details, { optionId: 'cheese', count: 3, max: 2, min: 0 });
  });
  it('make the cheapest of a group free, for every unit of the item', () => {
    const sides = (salad: number, dip: number) => {
      const chosen = { ...calzone([{ optionId: 'regular', quantity: 1 }]), quantity: 2 };
      const added = [
        ...(salad > 0 ? [{ optionId: 'salad', quantity: salad }] : []),
        ...(dip > 0 ? [{ optionId: 'dip', quantity: dip }] : []),
      ];
      return pricedBare({ lines: [{ ...chosen, modifiers: [...(chosen.modifiers ?? []), ...added] }] }).totals
        .itemsMinor;
    };
    assert.deepEqual([sides(0, 0), sides(1, 0), sides(1, 1), sides(0, 3)], [2500, 2500, 3000, 2820]);
  });
  it('keep the names of what was chosen, and the note of the line', () => {
    const line = { ...calzone([{ optionId: 'large', quantity: 1 }]), note: 'well done' };
    const dip = { optionId: 'dip', quantity: 2, modifiers: [{ optionId: 'garlic', quantity: 1 }] };
    const [named] = pricedBare({ lines: [{ ...line, modifiers: [...(line.modifiers ?? []), dip] }] }).lines;
    assert.deepEqual([named?.modifierNames, named?.note], [['Large', 'Dip ×2', 'Garlic'], 'well done']);
    assert.ok(!('note' in (pricedBare({ lines: [calzone()] }).lines[0] ?? { note: '' })));
  });
});
