import { DECIMALS } from './generated/currencies.js';
import type { Money } from './scalars.js';

/** The decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
export const decimalsOf = (currency: string): number => DECIMALS.get(currency) ?? 2;

/**
 * Formats an amount for a user: `€24.24`, `¥2,400`.
 *
 * @param locale BCP 47, for example that of the browser
 */
export function formatMoney({ minor, currency }: Money, locale: string): string {
  const decimals = decimalsOf(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(minor / 10 ** decimals);
}
