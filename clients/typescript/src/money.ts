import { DECIMALS } from './generated/currencies.js';
import type { Money } from './scalars.js';

/** The decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
export const decimalsOf = (currency: string): number => DECIMALS.get(currency.toUpperCase()) ?? 2;

/** Formats an amount as a decimal number. A division would round the largest amounts. */
function toDecimal(amount: number, decimals: number): Intl.StringNumericLiteral {
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${fraction}` : ''}` as Intl.StringNumericLiteral;
}

/**
 * Formats an amount for a user: `€24.24`, `¥2,400`.
 *
 * @param locale BCP 47, for example that of the browser; an underscore (`de_AT`, as phones write it) is a hyphen. One that
 * is no locale (`C`, or empty) is replaced by the default one.
 */
export function formatMoney({ minor, currency }: Money, locale: string): string {
  const decimals = decimalsOf(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = new Intl.NumberFormat(toUsable(locale), { style: 'currency', currency, ...digits });
  return format.format(toDecimal(minor, decimals));
}

/** Returns a locale that `Intl` accepts; undefined for its default one. */
function toUsable(locale: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
