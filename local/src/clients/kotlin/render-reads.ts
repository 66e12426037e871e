import {
  isParameter,
  type DocumentRead,
  type Operator,
  type Parameter,
  type QueryRead,
} from '../../../../functions/src/contract/reads.js';
import type { Contract } from '../model/contract.js';
import { indent, kdoc, renderKotlinFile, toKotlinLiteral } from './text.js';

const OPERATORS: Readonly<Record<Operator, string>> = {
  '==': 'EQUAL',
  in: 'IN',
  '>': 'GREATER',
  '>=': 'GREATER_OR_EQUAL',
  'array-contains': 'ARRAY_CONTAINS',
};

/** Renders the documents and the queries that the rules allow, as functions that return them as data. */
export function renderKotlinReads(contract: Contract): string {
  const documents = Object.entries<DocumentRead>(contract.documentReads).map(([name, read]) =>
    renderDocument(name, read, typeOf(contract, read.document)),
  );
  const queries = Object.entries<QueryRead>(contract.queryReads).map(([name, read]) =>
    renderQuery(contract, name, read),
  );
  return renderKotlinFile([
    `/** The documents of the screens. */\nobject DocumentReads {\n${indent(documents.join('\n\n'))}\n}`,
    `/** The queries of the screens, a page of each. */\nobject QueryReads {\n${indent(queries.join('\n\n'))}\n}`,
  ]);
}

function renderDocument(name: string, { description, document }: DocumentRead, type: string): string {
  const parameters = parametersInPath(document).map((one) => `${one}: String`);
  return `${kdoc(`${description}.`)}fun ${name}(${parameters.join(', ')}): DocumentRead<${type}> =
    DocumentRead(${toPath(document)}, ${type})`;
}

function renderQuery(contract: Contract, name: string, read: QueryRead): string {
  const type = typeOf(contract, read.of);
  const order = read.orderBy;
  const given = [
    `collection = ${toPath(collectionOf(read.of))}`,
    `filters = ${renderFilters(contract, read)}`,
    `orderBy = ${order ? `OrderBy(${toKotlinLiteral(order[0])}, descending = ${order[1] === 'desc'})` : 'null'}`,
    `limit = ${read.limit}`,
    `reader = ${type}`,
  ];
  const parameters = parametersOf(read).map((one) => `${one.name}: ${one.type}`);
  return `${kdoc(`${read.description}.`)}fun ${name}(${parameters.join(', ')}): QueryRead<${type}> = QueryRead(
${indent(given.map((one) => `${one},`).join('\n'))}
)`;
}

/** `isTimestamp` marks a field that holds a Timestamp, with which it must be compared. */
function renderFilters(contract: Contract, { of, where }: QueryRead): string {
  if (where.length === 0) return 'emptyList()';
  const declaration = contract.declarations.get(typeOf(contract, of));
  const stamps = declaration?.kind === 'record' ? declaration.fields.filter(({ stamp }) => stamp) : [];
  const rows = where.map(([field, operator, value]) => {
    const isStamp = stamps.some(({ name }) => name === field);
    const given = isParameter(value) ? toArgument(value) : toConstant(value);
    return `Filter(${toKotlinLiteral(field)}, Operator.${OPERATORS[operator]}, ${given}${isStamp ? ', isTimestamp = true' : ''}),`;
  });
  return `listOf(\n${indent(rows.join('\n'))}\n)`;
}

const toArgument = ({ parameter, type }: Parameter): string => (type === 'time' ? `${parameter}.ms` : parameter);

const toConstant = (value: string | boolean | null | readonly string[]): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? toKotlinLiteral(value) : `listOf(${value.map(toKotlinLiteral).join(', ')})`;
};

/** The names in braces of a path. */
export const parametersInPath = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** A path as a template that checks the ids in it. */
const toPath = (path: string): string => toKotlinLiteral(path).replaceAll(/\{(\w+)\}/g, '${id($1)}');

/** The collection of a query: the path without the last id. */
const collectionOf = (pattern: string): string => pattern.slice(0, pattern.lastIndexOf('/'));

/** The parameters of a query: those of its path, then those of its conditions. */
export function parametersOf({ of, where }: QueryRead): { readonly name: string; readonly type: string }[] {
  const inPath = parametersInPath(collectionOf(of));
  const filters = where.flatMap(([, , value]) =>
    isParameter(value) && !inPath.includes(value.parameter) ? [value] : [],
  );
  return [
    ...inPath.map((name) => ({ name, type: 'String' })),
    ...filters.map(({ parameter, type }) => ({ name: parameter, type: type === 'time' ? 'EpochMs' : 'String' })),
  ];
}

function typeOf({ documents }: Contract, pattern: string): string {
  const found = documents.find((one) => one.pattern === pattern);
  if (!found) throw new Error(`${pattern} is no document of the contract`);
  return found.type;
}
