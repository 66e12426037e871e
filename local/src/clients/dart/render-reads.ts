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
import { slashComment } from '../slash-comment.js';
import { escapeDart, formatDartJson, DART_HEADER, quoteDart } from './text.js';

const PARAMETER_TYPES: Readonly<Record<ParameterType, string>> = {
  id: 'String',
  staffKey: 'String',
  accountId: 'String',
  day: 'String',
  time: 'EpochMs',
};

const OPERATORS: Readonly<Record<Operator, string>> = {
  '==': 'equal',
  in: 'isIn',
  '>': 'greater',
  '>=': 'greaterOrEqual',
  'array-contains': 'contains',
};

/** Renders the documents and the queries that the rules allow, as data. */
export function renderDartReads(contract: Contract): string {
  return `${DART_HEADER}
import '../reads.dart';
import '../scalars.dart';
import 'types.dart';

/// The documents of the screens.
abstract final class Documents {
${listDocumentReads(contract).map(renderDocument).join('\n')}}

/// The queries of the screens, a page of each.
abstract final class Queries {
${listQueryReads(contract).map(renderQuery).join('\n')}}
`;
}

function renderHead(kind: string, { name, description, type, parameters }: ClientRead): string {
  const names = parameters.map((one) => `required ${PARAMETER_TYPES[one.type]} ${escapeDart(one.name)}`).join(', ');
  return `${slashComment(`${description}.`, '  ')}  static ${kind}<${type}> ${escapeDart(name)}(${names === '' ? '' : `{${names}}`})`;
}

const renderPath = (path: readonly Segment[]): string =>
  `[${path.map(({ text, isParameter }) => (isParameter ? escapeDart(text) : quoteDart(text))).join(', ')}]`;

const renderDocument = (read: ClientRead): string =>
  `${renderHead('DocumentRead', read)} =>\n      DocumentRead(path: ${renderPath(read.path)}, read: ${read.type}.read);\n`;

function renderQuery(read: ClientQuery): string {
  const filters = read.filters.map((filter) => `          ${renderFilter(filter)},\n`).join('');
  const ordering = read.orderBy
    ? `        ordering: Ordering(${quoteDart(read.orderBy[0])}, isDescending: ${read.orderBy[1] === 'desc'}),\n`
    : '';
  return `${renderHead('QueryRead', read)} => QueryRead(
        collection: ${renderPath(read.path)},
        read: ${read.type}.read,
        filters: [${filters === '' ? '' : `\n${filters}        `}],
${ordering}        limit: ${read.limit},
      );
`;
}

function renderFilter({ field, operator, value, stamp }: ReadFilter): string {
  const given = 'constant' in value ? formatDartJson(value.constant) : renderParameter(value.parameter);
  return `QueryFilter(${quoteDart(field)}, Operator.${OPERATORS[operator]}, ${given}${stamp ? ', isStamp: true' : ''})`;
}

const renderParameter = ({ name, type }: { name: string; type: ParameterType }): string =>
  `${escapeDart(name)}${type === 'time' ? '.value' : ''}`;
