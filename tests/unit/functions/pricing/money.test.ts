import { strict as assert } from 'node:assert';
import {
  getChargeUnit,
  getExponent,
  fromStripeAmount,
  getMinimumCharge,
  toStripeAmount,
} from '#functions/pricing/currencies.js';
import { allocate, mulDiv, computeShare } from '#functions/pricing/money.js';
import { settle, withCommissionTax } from '#functions/pricing/settle.js';
import { sumAddedTax, computeTaxes, sumTax } from '#functions/pricing/tax.js';
import type { TaxRule } from '#functions/contract/zones.js';
import { aPickupPricing, aPricing } from '#fixtures/orders.js';

describe('computeShare', () => {
  it('rounds half up', () =>
    assert.deepEqual([computeShare(1, 499_999), computeShare(1, 500_000), computeShare(3, 500_000)], [0, 1, 2]));
  it('is exact where the product exceeds 53 bits', () =>
    assert.equal(mulDiv(9_007_199_254_740_991, 999_999, 1_000_000), 9_007_190_247_541_736));
});

describe('mulDiv beyond 53 bits', () => {
  const most = Number.MAX_SAFE_INTEGER;
  it('rounds halves up, or to even', () => {
    // ….5 after an odd and an even number.
    assert.deepEqual(
      [mulDiv(most, 2, 4), mulDiv(most, 2, 4, 'halfEven')],
      [4_503_599_627_370_496, 4_503_599_627_370_496],
    );
    assert.deepEqual(
      [mulDiv(most - 2, 2, 4), mulDiv(most - 2, 2, 4, 'halfEven')],
      [4_503_599_627_370_495, 4_503_599_627_370_494],
    );
  });
  it('rounds other fractions to the nearest', () => {
    for (const rounding of ['halfUp', 'halfEven'] as const) {
      assert.equal(mulDiv(most, 3, 8, rounding), 3_377_699_720_527_872);
      assert.equal(mulDiv(most, 5, 8, rounding), 5_629_499_534_213_119);
    }
  });
});

describe('allocate', () => {
  it('is exact where a product exceeds 53 bits', () =>
    assert.deepEqual(allocate(Number.MAX_SAFE_INTEGER, [1, 2]), [3_002_399_751_580_330, 6_004_799_503_160_661]));
  it('gives the rest to the largest remainders, ties to the first', () => {
    assert.deepEqual(allocate(100, [1, 1, 1]), [34, 33, 33]);
    assert.deepEqual(allocate(5, [1, 2, 1]), [1, 3, 1]);
    assert.deepEqual(allocate(2, [3, 3, 3, 3]), [1, 1, 0, 0]);
    assert.deepEqual(allocate(10, [70, 20, 10]), [7, 2, 1]);
  });
  it('gives all to the first when all weights are zero, and nothing to an empty list', () => {
    assert.deepEqual(allocate(7, [0, 0]), [7, 0]);
    assert.deepEqual(allocate(0, []), []);
  });
  it('refuses a negative amount', () => {
    assert.deepEqual(allocate(1, [1, 0]), [1, 0]);
    assert.throws(() => allocate(-1, [1, 0]), /a split amount and its weights are not negative/);
    assert.throws(() => allocate(1, [1, -1]), /a split amount and its weights are not negative/);
  });
});

describe('taxes', () => {
  const tax = (baseMinor: number, ...rules: TaxRule[]) => sumTax(computeTaxes(baseMinor, rules, 'halfUp'));
  const exclusive = (ratePpm: number): TaxRule => ({ ratePpm, mode: 'exclusive' });
  it('are added, half up, where they are exclusive', () =>
    assert.deepEqual([tax(335, exclusive(100_000)), tax(1005, exclusive(100_000))], [34, 101]));
  it('are extracted where they are inclusive: a − a ÷ (1 + r)', () =>
    assert.deepEqual(
      [tax(1200, { ratePpm: 200_000, mode: 'inclusive' }), tax(100, { ratePpm: 70_000, mode: 'inclusive' })],
      [200, 7],
    ));
  it('keep fractions of a per cent', () => assert.equal(tax(10_000, exclusive(88_750)), 888));
  it('are rounded half to even where the zone does', () => {
    const even = (baseMinor: number) => sumTax(computeTaxes(baseMinor, [exclusive(100_000)], 'halfEven'));
    assert.deepEqual([even(5), even(15), even(25), even(26)], [0, 2, 2, 3]);
  });
  it('of one amount are rounded once together and divided among the rates', () => {
    const parts = computeTaxes(105, [exclusive(40_000), exclusive(60_000)], 'halfUp');
    assert.deepEqual(
      parts.map(({ taxMinor }) => taxMinor),
      [4, 7],
    );
    assert.equal(sumAddedTax(parts), 11);
  });
});

describe('currencies', () => {
  const rows: [string, exponent: number, unit: number, minimum: number, stripe: number][] = [
    ['EUR', 2, 1, 50, 1230],
    ['USD', 2, 1, 50, 1230],
    ['JPY', 0, 1, 50, 1230],
    ['ISK', 0, 1, 1, 123_000],
    ['UGX', 0, 1, 1, 123_000],
    ['HUF', 2, 1, 17_500, 1230],
    ['KWD', 3, 10, 10, 1230],
    ['XYZ', 2, 1, 1, 1230],
  ];
  for (const [currency, exponent, unit, minimum, stripe] of rows) {
    it(`include ${currency}: ${exponent} decimals, charged in steps of ${unit} from ${minimum} on, 1230 sent as ${stripe}`, () => {
      assert.deepEqual(
        [getExponent(currency), getChargeUnit(currency), getMinimumCharge(currency), toStripeAmount(1230, currency)],
        [exponent, unit, minimum, stripe],
      );
      assert.equal(fromStripeAmount(stripe, currency.toLowerCase()), 1230);
    });
  }
});

describe('exponents', () => {
  it('follow ISO 4217: Intl differs only where the smallest coin of a currency is a whole unit', () => {
    const differing = Intl.supportedValuesOf('currency').filter((currency) => {
      const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
      return maximumFractionDigits !== getExponent(currency);
    });
    // CLDR tells how amounts are usually shown, ISO 4217 how they are kept in accounts.
    const shownWhole = [
      'AFN',
      'ALL',
      'COP',
      'HUF',
      'IDR',
      'IQD',
      'IRR',
      'KPW',
      'LAK',
      'LBP',
      'MGA',
      'MMK',
      'PKR',
      'RSD',
      'SLL',
      'SOS',
      'SYP',
      'TZS',
      'YER',
    ];
    assert.deepEqual(
      differing.filter((currency) => !shownWhole.includes(currency)),
      [],
    );
  });
  it('are two where the provider uses none: 100.00 MGA are sent as 100, in steps of one ariary', () => {
    assert.deepEqual(
      [toStripeAmount(10_000, 'MGA'), fromStripeAmount(100, 'mga'), getChargeUnit('MGA')],
      [100, 10_000, 100],
    );
  });
});

describe('settle', () => {
  const rows: [
    scope: Parameters<typeof settle>[1],
    hasCourier: boolean,
    capture: number,
    merchant: number,
    courier: number,
    tax: number,
    platform: number,
    taxed: number,
  ][] = [
    ['all', true, 2940, 1600, 650, 287, 403, 2720],
    ['allLessTip', true, 2740, 1600, 450, 287, 403, 2720],
    ['allLessTip', false, 2740, 1600, 0, 287, 853, 2720],
    ['items', false, 2200, 1600, 0, 200, 400, 2200],
    ['items', true, 2200, 1600, 450, 200, -50, 2200],
    ['itemsAndDelivery', true, 2600, 1600, 450, 267, 283, 2600],
    ['itemsAndDelivery', false, 2600, 1600, 0, 267, 733, 2600],
    ['none', true, 0, 0, 0, 0, 0, 0],
    ['platformPaysKitchen', true, 0, 1600, 450, 0, -2050, 0],
    ['platformPaysKitchen', false, 0, 1600, 0, 0, -1600, 0],
  ];
  for (const [
    scope,
    hasCourier,
    captureMinor,
    merchantMinor,
    courierMinor,
    taxMinor,
    platformMinor,
    taxedMinor,
  ] of rows) {
    it(`splits "${scope}" ${hasCourier ? 'with' : 'without'} a courier: captures ${captureMinor}`, () => {
      const { taxes: _, earned: __, ...settlement } = settle(aPricing(), scope, hasCourier);
      assert.deepEqual(settlement, {
        captureMinor,
        creditMinor: 0,
        promotionMinor: 0,
        roundingMinor: 0,
        promisedMinor: 0,
        taxedMinor,
        tipMinor: scope === 'all' ? 200 : 0,
        split: { merchantMinor, courierMinor, platformMinor, taxMinor },
      });
    });
  }
  it('names taxes by the party that owes them, and what the platform earns on each part that is charged', () => {
    const owed = (scope: Parameters<typeof settle>[1]) => {
      const { taxes, earned } = settle(aPricing(), scope, true);
      const { commissionMinor, deliveryMinor, serviceMinor } = earned;
      return [taxes.map((one) => `${one.taxpayer} ${one.taxMinor}`), commissionMinor, deliveryMinor, serviceMinor];
    };
    assert.deepEqual(owed('all'), [['restaurant 200', 'platform 87'], 400, 333, 120]);
    assert.deepEqual(owed('itemsAndDelivery'), [['restaurant 200', 'platform 67'], 400, 333, 0]);
    assert.deepEqual(owed('items'), [['restaurant 200'], 400, 0, 0]);
    assert.deepEqual(owed('platformPaysKitchen'), [[], 0, 0, 0]);
  });
  it('finds the platform’s tax in its commission', () => {
    const taxOf = (ratePpm: number) => withCommissionTax(settle(aPricing(), 'all', true), ratePpm).earned.commissionTax;
    assert.deepEqual([taxOf(0).taxMinor, taxOf(200_000)], [0, { ratePpm: 200_000, taxMinor: 67 }]);
  });
  it('never captures more than the hold', () => {
    const pricing = aPricing();
    const credited = { ...pricing, totals: { ...pricing.totals, creditMinor: 0, totalMinor: 1500 } };
    assert.equal(settle(credited, 'items', false).captureMinor, 1500);
  });
  it('uses credit for the part that is charged', () => {
    const pricing = aPricing();
    const credited = { ...pricing, totals: { ...pricing.totals, creditMinor: 700, totalMinor: 2240 } };
    assert.equal(settle(credited, 'items', false).captureMinor, 1500);
  });
  it('charges items and fees without the bag of a pickup order that is not collected', () => {
    assert.equal(settle(aPickupPricing(), 'itemsAndDelivery', false).captureMinor, 2200);
  });
});
