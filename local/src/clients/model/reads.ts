import {
  isParameter,
  type DocumentRead,
  type Operator,
  type ParameterType,
  type QueryRead,
} from '../../../../functions/src/contract/reads.js';
import type { Contract } from './contract.js';
import type { Json } from './types.js';

/** One part of a path: a name, or a parameter. */
export interface Segment {
  readonly text: string;
  readonly isParameter: boolean;
}

interface ReadParameter {
  readonly name: string;
  readonly type: ParameterType;
}

export interface ReadFilter {
  readonly field: string;
  readonly operator: Operator;
  readonly value: { readonly parameter: ReadParameter } | { readonly constant: Json };
  /** True where the field holds a Timestamp. */
  readonly stamp: boolean;
}

/** A document or a query of a screen, as a client package declares it. */
export interface ClientRead {
  readonly name: string;
  readonly description: string;
  /** The name of the record that it returns. */
  readonly type: string;
  readonly path: readonly Segment[];
  readonly parameters: readonly ReadParameter[];
}

export interface ClientQuery extends ClientRead {
  readonly filters: readonly ReadFilter[];
  readonly orderBy: QueryRead['orderBy'];
  readonly limit: number;
}

/** Lists the documents that the rules let apps get. */
export const listDocumentReads = (contract: Contract): ClientRead[] =>
  Object.entries<DocumentRead>(contract.documentReads).map(([name, { description, document }]) => {
    const path = toSegments(document);
    return { name, description, type: typeOf(contract, document), path, parameters: pathParameters(path) };
  });

/** Lists the queries that the rules let apps make. */
export const listQueryReads = (contract: Contract): ClientQuery[] =>
  Object.entries<QueryRead>(contract.queryReads).map(([name, read]) => {
    const path = toSegments(read.of).slice(0, -1);
    const filters = toFilters(contract, read);
    const inPath = pathParameters(path);
    const inFilters = filters.flatMap(({ value }) => ('parameter' in value ? [value.parameter] : []));
    const parameters = [...inPath, ...inFilters.filter(({ name: own }) => !inPath.some((one) => one.name === own))];
    const { description, orderBy, limit } = read;
    return { name, description, type: typeOf(contract, read.of), path, parameters, filters, orderBy, limit };
  });

const toSegments = (pattern: string): Segment[] =>
  pattern.split('/').map((text) => ({ text: text.replaceAll(/[{}]/g, ''), isParameter: text.startsWith('{') }));

const pathParameters = (path: readonly Segment[]): ReadParameter[] =>
  path.filter((segment) => segment.isParameter).map(({ text }) => ({ name: text, type: 'id' }));

function typeOf({ documents }: Contract, pattern: string): string {
  const found = documents.find((one) => one.pattern === pattern);
  if (!found) throw new Error(`${pattern} is no document of the contract`);
  return found.type;
}

function toFilters(contract: Contract, { of, where }: QueryRead): ReadFilter[] {
  const declaration = contract.declarations.get(typeOf(contract, of));
  const fields = declaration?.kind === 'record' ? declaration.fields : [];
  return where.map(([field, operator, value]) => ({
    field,
    operator,
    value: isParameter(value) ? { parameter: { name: value.parameter, type: value.type } } : { constant: value },
    stamp: fields.some(({ name, stamp }) => name === field && stamp),
  }));
}
