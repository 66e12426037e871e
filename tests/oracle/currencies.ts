/*
 * Currencies, not generated from Intl or from `pricing/currencies.ts`. Source of the decimals: ISO 4217 list one
 * (SIX, maintenance agency); compared with moneyphp/iso-currencies, which is generated from an earlier edition: later
 * codes (SLE, VED, XAD, XCG, ZWG) are from memory. Source of the rest: https://docs.stripe.com/currencies, "Zero-
 * decimal currencies", "Three-decimal currencies", "Special cases" and "Minimum and maximum charge amounts"; of the
 * minimums, those of 17 currencies were compared with Automattic/jetpack, which names the same page.
 *
 * Of Stripe's special cases, HUF and TWD concern manual payouts to bank accounts, which the backend never makes:
 * charges and transfers have two decimals.
 */

const words = (list: string): string[] => list.trim().split(/\s+/);

/** ISO 4217: the active currencies, by the number of decimals of their minor unit. */
export const ISO_4217: ReadonlyMap<number, readonly string[]> = new Map([
  [0, words(`BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF`)],
  [
    2,
    words(`
      AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
      COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
      INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
      MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
      STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    `),
  ],
  [3, words(`BHD IQD JOD KWD LYD OMR TND`)],
  [4, words(`CLF UYW`)],
]);

/** How Stripe charges a currency. Amounts are in the minor units of ISO 4217. */
export interface StripeTerms {
  /** The least charge, where Stripe names one. */
  minimumMinor?: bigint;
  /** Charges are multiples of it. */
  stepMinor: bigint;
  /** What one step is in the amounts of Stripe's API. */
  stepInApi: bigint;
}

/** Stripe: amounts in the API are whole units of the currency. */
const ZERO_DECIMAL = words(`BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF`);
/**
 * Stripe, special cases: currencies without decimals whose amounts in the API have two, both 0. UGX is in the list of
 * those without decimals too; the special case holds.
 */
const TWO_DECIMAL_IN_API = words(`ISK UGX`);

/** Stripe: the least charges, in minor units. */
const MINIMUMS: ReadonlyMap<string, bigint> = new Map([
  ['AED', 200n],
  ['AUD', 50n],
  ['BRL', 50n],
  ['CAD', 50n],
  ['CHF', 50n],
  ['CZK', 1500n],
  ['DKK', 250n],
  ['EUR', 50n],
  ['GBP', 30n],
  ['HKD', 400n],
  ['HUF', 17_500n],
  ['INR', 50n],
  ['JPY', 50n],
  ['MXN', 1000n],
  ['MYR', 200n],
  ['NOK', 300n],
  ['NZD', 50n],
  ['PLN', 200n],
  ['RON', 200n],
  ['SEK', 300n],
  ['SGD', 50n],
  ['THB', 1000n],
  ['USD', 50n],
]);
/** Stripe: a charge has at most eight digits in the API. */
export const MOST_IN_API = 99_999_999n;

const toExponent = (currency: string): number | undefined =>
  [...ISO_4217].find(([, currencies]) => currencies.includes(currency))?.[0];

export function toStripeTerms(currency: string): StripeTerms {
  const minimumMinor = MINIMUMS.get(currency);
  const least = minimumMinor === undefined ? {} : { minimumMinor };
  // Stripe names BHD, JOD, KWD, OMR and TND; the specification rounds every currency of three decimals.
  if (toExponent(currency) === 3) return { ...least, stepMinor: 10n, stepInApi: 10n };
  if (TWO_DECIMAL_IN_API.includes(currency)) return { ...least, stepMinor: 1n, stepInApi: 100n };
  const isZero = ZERO_DECIMAL.includes(currency);
  return { ...least, stepMinor: isZero ? 10n ** BigInt(toExponent(currency) ?? 0) : 1n, stepInApi: 1n };
}
