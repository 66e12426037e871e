import { lookUp } from '../core/look-up.js';

/** Decimals of the currency's minor unit where they are not two. Source: ISO 4217. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  UYI: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Formats an amount in the currency's main unit, with all its decimals: 16.00 EUR, 1600 JPY, 1.600 KWD. */
export function formatMinor(amountMinor: number, currency: string): string {
  const exponent = getExponent(currency);
  return (amountMinor / 10 ** exponent).toFixed(exponent);
}

/** Currencies without decimals that the provider still counts in hundredths. Source: Stripe, "Special cases". */
const COUNTED_IN_HUNDREDTHS = ['ISK', 'UGX'];
/** Currencies of two decimals that the provider counts without any. Source: Stripe, "Zero-decimal currencies". */
const COUNTED_WHOLE = ['MGA'];

/** The minimum charge, in minor units. Source: Stripe, "Minimum and maximum charge amounts". */
const MINIMUMS: Readonly<Record<string, number>> = {
  USD: 50,
  AED: 200,
  AUD: 50,
  BGN: 100,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 1500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17500,
  INR: 50,
  JPY: 50,
  MXN: 1000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PLN: 200,
  RON: 200,
  SEK: 300,
  SGD: 50,
  THB: 1000,
};

/** The maximum charge in the provider's unit: eight digits. Source: Stripe, "Minimum and maximum charge amounts". */
export const MAXIMUM_CHARGE = 99_999_999;

/** Returns the number of decimals of the currency's minor unit. */
export function getExponent(currency: string): number {
  return lookUp(EXPONENTS, currency) ?? 2;
}

/**
 * Returns the unit of which charged amounts are multiples: in currencies of three decimals the last digit must be 0.
 */
export function getChargeUnit(currency: string): number {
  if (COUNTED_WHOLE.includes(currency.toUpperCase())) return 100;
  return getExponent(currency) === 3 ? 10 : 1;
}

/** Returns the smallest total that can be charged; where the provider names none, one charge unit. */
export function getMinimumCharge(currency: string): number {
  return lookUp(MINIMUMS, currency) ?? getChargeUnit(currency);
}

/** Converts minor units to the provider's unit of the currency. */
export function toStripeAmount(amountMinor: number, currency: string): number {
  const name = currency.toUpperCase();
  if (COUNTED_WHOLE.includes(name)) return Math.floor(amountMinor / 100);
  return COUNTED_IN_HUNDREDTHS.includes(name) ? amountMinor * 100 : amountMinor;
}

/** Converts the provider's amount to minor units. */
export function fromStripeAmount(amount: number, currency: string): number {
  const name = currency.toUpperCase();
  if (COUNTED_WHOLE.includes(name)) return amount * 100;
  return COUNTED_IN_HUNDREDTHS.includes(name) ? Math.floor(amount / 100) : amount;
}

/** Rounds an amount of a transfer down to one that the provider can express. */
export const toSendable = (amountMinor: number, currency: string): number =>
  fromStripeAmount(toStripeAmount(amountMinor, currency), currency);
