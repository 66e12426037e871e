import { CURRENCY_CODES } from '../../../../functions/src/contract/currency-codes.js';
import { getExponent } from '../../../../functions/src/pricing/currencies.js';
import { HEADER } from './text.js';

/** Renders the decimals of the currencies that do not have two. */
export function renderCurrencies(): string {
  const others = [...CURRENCY_CODES]
    .map((code) => [code, getExponent(code)] as const)
    .filter(([, decimals]) => decimals !== 2);
  const rows = others.map(([code, decimals]) => `  ['${code}', ${decimals}],`);
  return `${HEADER}/** The decimals of the currencies that do not have two. Source: ISO 4217. */
export const DECIMALS: ReadonlyMap<string, number> = new Map([
${rows.join('\n')}
]);
`;
}
