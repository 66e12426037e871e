import type { Operator, ParameterType } from '../../../../functions/src/contract/reads.js';
import type { Contract } from '../model/contract.js';
import {
  listDocumentReads,
  listQueryReads,
  type ClientQuery,
  type ClientRead,
  type ReadFilter,
  type Segment,
} from '../model/reads.js';
import type { Json } from '../model/types.js';
import { slashComment } from '../slash-comment.js';
import { escapeSwift, SWIFT_HEADER, quoteSwift } from './text.js';

const PARAMETER_TYPES: Readonly<Record<ParameterType, string>> = {
  id: 'String',
  staffKey: 'String',
  accountId: 'String',
  day: 'String',
  time: 'EpochMs',
};

const OPERATORS: Readonly<Record<Operator, string>> = {
  '==': '.equal',
  in: '.isIn',
  '>': '.greater',
  '>=': '.greaterOrEqual',
  'array-contains': '.contains',
};

/** Renders the documents and the queries that the rules allow, as data. */
export function renderSwiftReads(contract: Contract): string {
  return `${SWIFT_HEADER}
/// The documents of the screens.
public enum Documents {
${listDocumentReads(contract).map(renderDocument).join('\n')}}

/// The queries of the screens, a page of each.
public enum Queries {
${listQueryReads(contract).map(renderQuery).join('\n')}}
`;
}

const renderHead = ({ name, description, parameters }: ClientRead): string =>
  `${slashComment(`${description}.`, '  ')}  public static func ${escapeSwift(name)}(${parameters
    .map((one) => `${escapeSwift(one.name)}: ${PARAMETER_TYPES[one.type]}`)
    .join(', ')})`;

const renderPath = (path: readonly Segment[]): string =>
  `[${path.map(({ text, isParameter }) => (isParameter ? escapeSwift(text) : quoteSwift(text))).join(', ')}]`;

const renderDocument = (read: ClientRead): string =>
  `${renderHead(read)} -> DocumentRead<${read.type}> {\n    DocumentRead(path: ${renderPath(read.path)})\n  }\n`;

function renderQuery(read: ClientQuery): string {
  const filters = read.filters.map((filter) => `        ${renderFilter(filter)},\n`).join('');
  const ordering = read.orderBy
    ? `Ordering(${quoteSwift(read.orderBy[0])}, isDescending: ${read.orderBy[1] === 'desc'})`
    : 'nil';
  return `${renderHead(read)} -> QueryRead<${read.type}> {
    QueryRead(
      collection: ${renderPath(read.path)},
      filters: [${filters === '' ? '' : `\n${filters}      `}],
      ordering: ${ordering},
      limit: ${read.limit})
  }
`;
}

function renderFilter({ field, operator, value, stamp }: ReadFilter): string {
  const given = 'constant' in value ? renderConstant(value.constant) : renderParameter(value.parameter, stamp);
  return `QueryFilter(${quoteSwift(field)}, ${OPERATORS[operator]}, ${given})`;
}

function renderParameter({ name, type }: { name: string; type: ParameterType }, stamp: boolean): string {
  if (type !== 'time') return `.text(${escapeSwift(name)})`;
  return `${stamp ? '.timestamp' : '.time'}(${escapeSwift(name)})`;
}

function renderConstant(value: Json): string {
  if (value === null) return '.null';
  if (typeof value === 'boolean') return `.boolean(${value})`;
  if (typeof value === 'string') return `.text(${quoteSwift(value)})`;
  if (Array.isArray(value)) return `.texts([${value.map(String).map(quoteSwift).join(', ')}])`;
  throw new Error(`a query has no filter by ${JSON.stringify(value)}`);
}
