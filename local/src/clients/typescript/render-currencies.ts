import { listDecimals } from '../model/currencies.js';
import { HEADER } from './text.js';

/** Renders the decimals of the currencies that do not have two. */
export function renderCurrencies(): string {
  const rows = listDecimals().map(([code, decimals]) => `  ['${code}', ${decimals}],`);
  return `${HEADER}/** The decimals of the currencies that do not have two. Source: ISO 4217. */
export const DECIMALS: ReadonlyMap<string, number> = new Map([
${rows.join('\n')}
]);
`;
}
