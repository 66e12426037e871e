import { listDecimals } from '../model/currencies.js';
import type { Contract } from '../model/contract.js';
import { listReadNames } from '../model/read-names.js';
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
  'dart/test/readers.dart': renderReaders(contract),
});

const renderCurrencies = (): string => `${DART_HEADER}
/// The decimals of the currencies that do not have two. Source: ISO 4217.
const Map<String, int> currencyDecimals = {
${listDecimals()
  .map(([code, decimals]) => `  ${quoteDart(code)}: ${decimals},\n`)
  .join('')}};
`;

/** For the test of the golden documents: each type by its name. */
const renderReaders = (contract: Contract): string => `${DART_HEADER}
import 'package:tiffin_client/core.dart';

/// The types that the server sends.
final Map<String, ContractValue Function(Reading reading)> readers = {
${listReadNames(contract)
  .map((name) => `  ${quoteDart(name)}: ${name}.read,\n`)
  .join('')}};
`;
