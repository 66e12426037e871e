import { listDecimals } from '../model/currencies.js';
import type { Contract } from '../model/contract.js';
import { renderDartCalls } from './render-calls.js';
import { renderDartErrors } from './render-errors.js';
import { renderDartReads } from './render-reads.js';
import { renderDartEnumerations, renderDartTypes } from './render-types.js';
import { DART_HEADER, quoteDart } from './text.js';

const FOLDER = 'dart/lib/src/core/generated';

/** The generated files of the Dart package, by their paths within `clients/`. */
export const renderDart = (contract: Contract): Readonly<Record<string, string>> => ({
  [`${FOLDER}/enumerations.dart`]: renderDartEnumerations(contract),
  [`${FOLDER}/types.dart`]: renderDartTypes(contract),
  [`${FOLDER}/calls.dart`]: renderDartCalls(contract),
  [`${FOLDER}/refusal.dart`]: renderDartErrors(contract),
  [`${FOLDER}/reads.dart`]: renderDartReads(contract),
  [`${FOLDER}/currencies.dart`]: renderCurrencies(),
});

const renderCurrencies = (): string => `${DART_HEADER}
/// The decimals of the currencies that do not have two. Source: ISO 4217.
const Map<String, int> currencyDecimals = {
${listDecimals()
  .map(([code, decimals]) => `  ${quoteDart(code)}: ${decimals},\n`)
  .join('')}};
`;
