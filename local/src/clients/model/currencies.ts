import { CURRENCY_CODES } from '../../../../functions/src/contract/currency-codes.js';
import { getExponent } from '../../../../functions/src/pricing/currencies.js';

/** Lists the decimals of the currencies that do not have two. */
export const listDecimals = (): (readonly [code: string, decimals: number])[] =>
  [...CURRENCY_CODES].map((code) => [code, getExponent(code)] as const).filter(([, decimals]) => decimals !== 2);
