import { strict as assert } from 'node:assert';
import { Currency } from '#functions/contract/common.js';
import { CURRENCY_CODES } from '#functions/contract/currency-codes.js';
import { Menu, Restaurant } from '#functions/contract/restaurants.js';
import { Zone } from '#functions/contract/zones.js';
import {
  fromStripeAmount,
  getChargeUnit,
  getExponent,
  getMinimumCharge,
  MAXIMUM_CHARGE,
  toSendable,
  toStripeAmount,
} from '#functions/pricing/currencies.js';
import { aMenu, aRestaurant, aZone } from '#fixtures/catalogue.js';
import { ISO_4217, MOST_IN_API, toStripeTerms } from '../../../oracle/currencies.js';

const CURRENCIES = [...ISO_4217.values()].flat();

/** Returns the currencies for which the implementation answers other than the published lists. */
const findDiffering = (isSame: (currency: string) => boolean): string[] =>
  CURRENCIES.filter((currency) => !isSame(currency));

describe('published lists of currencies', () => {
  it('hold each active currency once, and the contract accepts all of them', () => {
    assert.equal(new Set(CURRENCIES).size, CURRENCIES.length);
    assert.deepEqual(
      findDiffering((currency) => Currency.safeParse(currency).success),
      [],
    );
  });

  it('hold all that the contract accepts, but for currencies of older orders', () => {
    const others = [...CURRENCY_CODES].filter((currency) => !CURRENCIES.includes(currency));
    assert.deepEqual(others.toSorted(), ['BGN', 'HRK']);
  });

  for (const currency of ['ZZZ', 'XXX', 'XTS', 'XAU', 'eur', 'EURO', '']) {
    it(`do not hold "${currency}", which a zone and a catalogue refuse`, () => {
      const [zone, menu, restaurant] = [aZone(), aMenu(), aRestaurant()];
      for (const [schema, document] of [
        [Zone, zone],
        [Menu, menu],
        [Restaurant, restaurant],
      ] as const) {
        assert.equal(schema.safeParse({ ...document, currency: 'JPY' }).success, true);
        assert.equal(schema.safeParse({ ...document, currency }).success, false);
      }
    });
  }

  it('state the same decimals as the implementation', () => {
    const differing = [...ISO_4217].flatMap(([exponent, currencies]) =>
      currencies.filter((currency) => getExponent(currency) !== exponent),
    );
    assert.deepEqual(differing, []);
  });

  it('state the same steps and the same least charges as the implementation', () => {
    const isSame = (currency: string): boolean => {
      const { stepMinor, minimumMinor = stepMinor } = toStripeTerms(currency);
      return getChargeUnit(currency) === Number(stepMinor) && getMinimumCharge(currency) === Number(minimumMinor);
    };
    assert.deepEqual(findDiffering(isSame), []);
  });

  it('state the same amounts in the API of Stripe, which are converted back without a loss', () => {
    const isSame = (currency: string): boolean => {
      const { stepMinor, stepInApi } = toStripeTerms(currency);
      return [1, 7, 1230].every((steps) => {
        const [amountMinor, inApi] = [steps * Number(stepMinor), steps * Number(stepInApi)];
        return toStripeAmount(amountMinor, currency) === inApi && fromStripeAmount(inApi, currency) === amountMinor;
      });
    };
    assert.deepEqual(findDiffering(isSame), []);
    assert.equal(MAXIMUM_CHARGE, Number(MOST_IN_API));
  });

  it('state amounts of transfers that Stripe can express: whole ariary, and every minor unit of the others', () => {
    const isSame = (currency: string): boolean =>
      toSendable(1234, currency) === (currency === 'MGA' ? 1200 : 1234) && toSendable(99, 'MGA') === 0;
    assert.deepEqual(findDiffering(isSame), []);
  });

  const rows: [currency: string, main: string, amountMinor: number, inApi: number][] = [
    ['USD', '5.00', 500, 500],
    ['JPY', '500', 500, 500],
    ['KWD', '5.120', 5120, 5120],
    ['ISK', '5', 5, 500],
    ['UGX', '5', 5, 500],
    ['HUF', '10.00', 1000, 1000],
    ['TWD', '800.00', 80_000, 80_000],
    ['MGA', '5.00', 500, 5],
  ];
  for (const [currency, main, amountMinor, inApi] of rows) {
    it(`write ${main} ${currency} as ${amountMinor} minor units, and as ${inApi} in the API of Stripe`, () => {
      assert.equal((amountMinor / 10 ** getExponent(currency)).toFixed(getExponent(currency)), main);
      assert.equal(toStripeAmount(amountMinor, currency), inApi);
    });
  }
});
