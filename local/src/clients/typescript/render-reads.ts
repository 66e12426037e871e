import type { ParameterType } from '../../../../functions/src/contract/reads.js';
import type { Contract } from '../model/contract.js';
import {
  listDocumentReads,
  listQueryReads,
  type ClientQuery,
  type ClientRead,
  type ReadFilter,
  type Segment,
} from '../model/reads.js';
import { docComment, HEADER } from './text.js';

const PARAMETER_TYPES: Readonly<Record<ParameterType, string>> = {
  id: 'string',
  staffKey: 'string',
  accountId: 'string',
  day: 'string',
  time: 'EpochMs',
};

/** Renders the documents and the queries that the rules allow: their types, and the tables that the package reads. */
export function renderReads(contract: Contract): string {
  const types = [...new Set(contract.documents.map(({ type }) => type))].toSorted();
  const documents = listDocumentReads(contract);
  const queries = listQueryReads(contract);
  return `${HEADER}import type { DocumentTable, QueryTable } from '../reads.js';
import type { EpochMs, NoFields } from '../scalars.js';
import type {
${types.map((type) => `  ${type},`).join('\n')}
} from './types.js';

/** The documents of the screens. */
export interface DocumentReads {
${documents.map(renderRead).join('\n')}
}

/** The queries of the screens, a page of each. */
export interface QueryReads {
${queries.map(renderRead).join('\n')}
}

export const DOCUMENT_READS: { readonly [N in keyof DocumentReads]: DocumentTable } = ${JSON.stringify(
    Object.fromEntries(documents.map(({ name, path, type }) => [name, { path: toPattern(path), shape: type }])),
    null,
    2,
  )};

export const QUERY_READS: { readonly [N in keyof QueryReads]: QueryTable } = ${JSON.stringify(
    Object.fromEntries(queries.map((read) => [read.name, toQueryTable(read)])),
    null,
    2,
  )};
`;
}

function renderRead({ name, description, parameters, type }: ClientRead): string {
  const fields = parameters.map((one) => `readonly ${one.name}: ${PARAMETER_TYPES[one.type]}`).join('; ');
  const given = parameters.length > 0 ? `{ ${fields} }` : 'NoFields';
  return `${docComment(`${description}.`, '  ')}  readonly ${name}: { readonly parameters: ${given}; readonly document: ${type} };`;
}

const toPattern = (path: readonly Segment[]): string =>
  path.map(({ text, isParameter }) => (isParameter ? `{${text}}` : text)).join('/');

/** The table of a query; `stamp` marks a field that holds a Timestamp, with which it must be compared. */
const toQueryTable = ({ path, type, filters, orderBy, limit }: ClientQuery): object => ({
  collection: toPattern(path),
  shape: type,
  where: filters.map(toFilterTable),
  ...(orderBy && { orderBy: { field: orderBy[0], direction: orderBy[1] } }),
  limit,
});

const toFilterTable = ({ field, operator, value, stamp }: ReadFilter): object => ({
  field,
  operator,
  ...('parameter' in value ? { parameter: value.parameter.name } : { value: value.constant }),
  ...(stamp && { stamp: true }),
});
