import type { DocumentRead, QueryRead } from '../../../../functions/src/contract/reads.js';
import type { Contract } from '../model/contract.js';
import { renderKotlinCalls } from './render-calls.js';
import { renderKotlinCurrencies } from './render-currencies.js';
import { renderKotlinRefusals } from './render-errors.js';
import { parametersInPath, parametersOf, renderKotlinReads } from './render-reads.js';
import { renderKotlinEnumerations, renderKotlinTypes } from './render-types.js';
import { renderKotlinFile, toKotlinLiteral } from './text.js';

const MAIN = 'kotlin/core/src/main/kotlin/tiffin/client/generated';
const TEST = 'kotlin/core/src/test/kotlin/tiffin/client/generated';

/** The generated files of the Kotlin package, by their paths within `clients/`. */
export const renderKotlin = (contract: Contract): Readonly<Record<string, string>> => ({
  [`${MAIN}/Enumerations.kt`]: renderKotlinEnumerations(contract),
  [`${MAIN}/Documents.kt`]: renderKotlinTypes(contract, 'read'),
  [`${MAIN}/Inputs.kt`]: renderKotlinTypes(contract, 'send'),
  [`${MAIN}/Refusal.kt`]: renderKotlinRefusals(contract),
  [`${MAIN}/Calls.kt`]: renderKotlinCalls(contract),
  [`${MAIN}/Reads.kt`]: renderKotlinReads(contract),
  [`${MAIN}/Currencies.kt`]: renderKotlinCurrencies(),
  [`${TEST}/Readers.kt`]: renderReaders(contract),
});

/** What the tests have to reach by name: the readers, and the reads with the names of their parameters as values. */
function renderReaders(contract: Contract): string {
  const readers = [...contract.declarations.values()].flatMap((one) =>
    one.kind !== 'enumeration' && one.direction === 'read' ? [toRow(one.name, one.name)] : [],
  );
  const documents = Object.entries<DocumentRead>(contract.documentReads).map(([name, { document }]) =>
    toRow(name, toCall('DocumentReads', name, parametersInPath(document).map(toKotlinLiteral))),
  );
  const queries = Object.entries<QueryRead>(contract.queryReads).map(([name, read]) => {
    const given = parametersOf(read).map((one) => (one.type === 'EpochMs' ? 'EpochMs(7)' : toKotlinLiteral(one.name)));
    return toRow(name, toCall('QueryReads', name, given));
  });
  return renderKotlinFile([
    toMap('What reads each type, by its name.', 'READERS: Map<String, Reader<Record>>', readers),
    toMap('The documents, by the names of their reads.', 'DOCUMENTS: Map<String, DocumentRead<Record>>', documents),
    toMap('The queries, by their names.', 'QUERIES: Map<String, QueryRead<Record>>', queries),
  ]);
}

const toRow = (name: string, value: string): string => `    ${toKotlinLiteral(name)} to ${value},`;
const toCall = (object: string, name: string, given: readonly string[]): string =>
  `${object}.${name}(${given.join(', ')})`;
const toMap = (doc: string, name: string, rows: readonly string[]): string =>
  `/** ${doc} */\ninternal val ${name} = mapOf(\n${rows.join('\n')}\n)`;
