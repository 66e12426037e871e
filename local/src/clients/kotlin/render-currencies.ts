import { CURRENCY_CODES } from '../../../../functions/src/contract/currency-codes.js';
import { getExponent } from '../../../../functions/src/pricing/currencies.js';
import { renderKotlinFile, toKotlinLiteral } from './text.js';

/** Renders the decimals of the currencies that do not have two. */
export function renderKotlinCurrencies(): string {
  const rows = [...CURRENCY_CODES]
    .map((code) => [code, getExponent(code)] as const)
    .filter(([, decimals]) => decimals !== 2)
    .map(([code, decimals]) => `    ${toKotlinLiteral(code)} to ${decimals},`);
  const doc = '/** The decimals of the currencies that do not have two. Source: ISO 4217. */';
  return renderKotlinFile([`${doc}\ninternal val DECIMALS: Map<String, Int> = mapOf(\n${rows.join('\n')}\n)`]);
}
