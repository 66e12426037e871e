import { listDecimals } from '../model/currencies.js';
import type { Contract } from '../model/contract.js';
import { listReadNames } from '../model/read-names.js';
import { renderSwiftCalls } from './render-calls.js';
import { renderSwiftErrors } from './render-errors.js';
import { renderSwiftReads } from './render-reads.js';
import { renderSwiftTypes } from './render-types.js';
import { SWIFT_HEADER, quoteSwift } from './text.js';

const FOLDER = 'swift/Sources/TiffinCore/Generated';

/** The generated files of the Swift package, by their paths within `clients/`. */
export const renderSwift = (contract: Contract): Readonly<Record<string, string>> => ({
  [`${FOLDER}/Enumerations.swift`]: renderSwiftTypes(contract, 'enumeration'),
  [`${FOLDER}/Records.swift`]: renderSwiftTypes(contract, 'record'),
  [`${FOLDER}/Unions.swift`]: renderSwiftTypes(contract, 'union'),
  [`${FOLDER}/Calls.swift`]: renderSwiftCalls(contract),
  [`${FOLDER}/Refusal.swift`]: renderSwiftErrors(contract),
  [`${FOLDER}/Reads.swift`]: renderSwiftReads(contract),
  [`${FOLDER}/Currencies.swift`]: renderCurrencies(),
  'swift/Tests/TiffinCoreTests/Readers.swift': renderReaders(contract),
});

const renderCurrencies = (): string => `${SWIFT_HEADER}
/// The decimals of the currencies that do not have two. Source: ISO 4217.
let currencyDecimals: [String: Int] = [
${listDecimals()
  .map(([code, decimals]) => `  ${quoteSwift(code)}: ${decimals},\n`)
  .join('')}]
`;

/** For the test of the golden documents: each type by its name. */
const renderReaders = (contract: Contract): string => `${SWIFT_HEADER}
@testable import TiffinCore

/// Reads a value as a type of the contract and writes it again; nil for an unknown type.
func readAndWrite(_ type: String, _ reading: Reading) throws -> JSON? {
  switch type {
${listReadNames(contract)
  .map((name) => `  case ${quoteSwift(name)}: return try ${name}(reading: reading).json\n`)
  .join('')}  default: return nil
  }
}
`;
