import type { DocumentRead, ParameterType, QueryRead } from '../../../../functions/src/contract/reads.js';
import { isParameter } from '../../../../functions/src/contract/reads.js';
import type { Contract } from '../model/contract.js';
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
  const documents = Object.entries<DocumentRead>(contract.documentReads);
  const queries = Object.entries<QueryRead>(contract.queryReads);
  return `${HEADER}import type { DocumentTable, QueryTable } from '../reads.js';
import type { EpochMs, NoFields } from '../scalars.js';
import type {
${types.map((type) => `  ${type},`).join('\n')}
} from './types.js';

/** The documents of the screens. */
export interface DocumentReads {
${documents.map(([name, read]) => renderRead(name, read.description, pathParameters(read.document), typeOf(contract, read.document))).join('\n')}
}

/** The queries of the screens, a page of each. */
export interface QueryReads {
${queries.map(([name, read]) => renderRead(name, read.description, queryParameters(read), typeOf(contract, read.of))).join('\n')}
}

export const DOCUMENT_READS: { readonly [N in keyof DocumentReads]: DocumentTable } = ${JSON.stringify(
    Object.fromEntries(
      documents.map(([name, { document }]) => [name, { path: document, shape: typeOf(contract, document) }]),
    ),
    null,
    2,
  )};

export const QUERY_READS: { readonly [N in keyof QueryReads]: QueryTable } = ${JSON.stringify(
    Object.fromEntries(queries.map(([name, read]) => [name, toQueryTable(contract, read)])),
    null,
    2,
  )};
`;
}

type Parameters = readonly (readonly [name: string, type: string])[];

function renderRead(name: string, description: string, parameters: Parameters, type: string): string {
  const fields = parameters.map(([parameter, kind]) => `readonly ${parameter}: ${kind}`).join('; ');
  const given = parameters.length > 0 ? `{ ${fields} }` : 'NoFields';
  return `${docComment(`${description}.`, '  ')}  readonly ${name}: { readonly parameters: ${given}; readonly document: ${type} };`;
}

const pathParameters = (path: string): Parameters =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'string'] as const);

/** The collection of a query: the path without the last id. */
const collectionOf = (pattern: string): string => pattern.slice(0, pattern.lastIndexOf('/'));

function queryParameters({ of, where }: QueryRead): Parameters {
  const filters = where.flatMap(([, , value]) =>
    isParameter(value) ? [[value.parameter, PARAMETER_TYPES[value.type]] as const] : [],
  );
  const inPath = pathParameters(collectionOf(of));
  return [...inPath, ...filters.filter(([name]) => !inPath.some(([known]) => known === name))];
}

function typeOf({ documents }: Contract, pattern: string): string {
  const found = documents.find((one) => one.pattern === pattern);
  if (!found) throw new Error(`${pattern} is no document of the contract`);
  return found.type;
}

/** The table of a query; `stamp` marks a field that holds a Timestamp, with which it must be compared. */
function toQueryTable(contract: Contract, { of, where, orderBy, limit }: QueryRead): object {
  const shape = typeOf(contract, of);
  const declaration = contract.declarations.get(shape);
  const stamps = declaration?.kind === 'record' ? declaration.fields.filter(({ stamp }) => stamp) : [];
  return {
    collection: collectionOf(of),
    shape,
    where: where.map(([field, operator, value]) => ({
      field,
      operator,
      ...(isParameter(value) ? { parameter: value.parameter } : { value }),
      ...(stamps.some(({ name }) => name === field) && { stamp: true }),
    })),
    ...(orderBy && { orderBy: { field: orderBy[0], direction: orderBy[1] } }),
    limit,
  };
}
