import { type Cursor, type Filter, type Order, type StructuredQuery } from '../protocol/queries.js';
import { compareStrings } from '../values/compare.js';
import { type FieldPath, formatFieldPath, parseFieldPath } from '../values/field-path.js';
import { checkCollectionId, type ResourceName } from '../values/names.js';
import { failedPrecondition, invalid } from '../values/status.js';
import { type Value } from '../values/value.js';
import { toDisjuncts } from './filters.js';
import { parseNearest } from './nearest.js';
import {
  type CollectionScope,
  type Conjunction,
  isInequality,
  isNamePath,
  NAME_FIELD,
  type Position,
  type Query,
  samePath,
  type SortField,
} from './query.js';

/** Checks a query and converts it to the form that is run. The messages are those of the official emulator. */
export function compileQuery(parent: ResourceName, query: StructuredQuery): Query {
  if ((query.limit ?? 0) < 0) throw invalid('limit is negative');
  if (query.offset < 0) throw invalid('offset is negative');
  const scope = toScope(parent, query);
  const disjuncts = toDisjuncts(query.where);
  const explicitOrder = query.orderBy.map(sortField);
  checkOrder(explicitOrder);
  checkNameEquality(disjuncts, query.where);
  checkDescendants(scope, disjuncts, explicitOrder);
  const order = computeFullOrder(explicitOrder, disjuncts);
  checkKindless(scope, disjuncts, order);
  checkDescendingScan(explicitOrder, disjuncts);
  return {
    scope,
    disjuncts,
    order,
    explicitOrder,
    start: query.startAt && position(query.startAt, order),
    end: query.endAt && position(query.endAt, order),
    offset: query.offset,
    limit: query.limit,
    nearest: query.findNearest && parseNearest(query.findNearest),
    projection: query.select && toProjection(query.select.fields.map((f) => parseFieldPath(f.fieldPath))),
  };
}

function toScope(parent: ResourceName, query: StructuredQuery): CollectionScope {
  if (query.from.length > 1) throw invalid('StructuredQuery.from cannot have more than one collection selector.');
  const { collectionId = '', allDescendants = false } = query.from[0] ?? {};
  if (collectionId !== '') checkCollectionId(collectionId);
  return {
    database: parent.database,
    parent: parent.segments,
    collectionId: collectionId || undefined,
    allDescendants,
  };
}

function sortField(order: Order): SortField {
  return { path: parseFieldPath(order.field?.fieldPath ?? ''), direction: order.direction === 'DESCENDING' ? -1 : 1 };
}

function checkOrder(order: readonly SortField[]): void {
  for (const [i, { path }] of order.entries()) {
    if (order.slice(0, i).some((other) => samePath(other.path, path))) {
      throw invalid(`order by clause cannot contain duplicate fields ${formatFieldPath(path)}`);
    }
    if (isNamePath(path) && i < order.length - 1)
      throw invalid('order by clause cannot contain more fields after the key');
  }
}

/**
 * Returns the full order: the explicit orders, then inequality fields by path, then the name. Added fields take the
 * last direction.
 */
function computeFullOrder(explicit: readonly SortField[], disjuncts: readonly Conjunction[]): SortField[] {
  const direction = explicit.at(-1)?.direction ?? 1;
  const implied = inequalityPaths(disjuncts).filter((path) => !explicit.some((order) => samePath(order.path, path)));
  if (explicit.some(({ path }) => isNamePath(path))) {
    // The order that an inequality implies would come after the name.
    if (implied.length > 0) throw invalid('order by clause cannot contain more fields after the key');
    return [...explicit];
  }
  return [...explicit, ...implied.map((path) => ({ path, direction })), { path: [NAME_FIELD], direction }];
}

function inequalityPaths(disjuncts: readonly Conjunction[]): FieldPath[] {
  const paths = new Map<string, FieldPath>();
  for (const { op, path } of disjuncts.flat())
    if (isInequality(op) && !isNamePath(path)) paths.set(formatFieldPath(path), path);
  return [...paths].sort(([a], [b]) => compareStrings(a, b)).map(([, path]) => path);
}

/**
 * Refuses an equality on the name with an order by another field: at most one document can match. Source: the official
 * emulator.
 */
function checkNameEquality(disjuncts: readonly Conjunction[], where: StructuredQuery['where']): void {
  if (!hasNameEquality(where)) return;
  const inequalities = disjuncts.flat().filter(({ op }) => isInequality(op));
  if (inequalities.length > 0 && !inequalities.some(({ path }) => isNamePath(path)))
    throw invalid(
      'Equality on key is not allowed if there are other inequality fields and key does not appear in inequalities.',
    );
}

function hasNameEquality(filter: Filter | undefined): boolean {
  const { compositeFilter, fieldFilter } = filter ?? {};
  if (fieldFilter?.op === 'EQUAL') return isNamePath(parseFieldPath(fieldFilter.field?.fieldPath ?? ''));
  return compositeFilter?.filters.some(hasNameEquality) ?? false;
}

/**
 * Refuses queries of all descendants of a document other than the ascending scan of names that `recursiveDelete` sends.
 * Source: the official emulator.
 */
function checkDescendants(
  { parent, collectionId, allDescendants }: CollectionScope,
  disjuncts: readonly Conjunction[],
  explicit: readonly SortField[],
): void {
  if (!allDescendants || parent.length === 0) return;
  const namesField = [...disjuncts.flat(), ...explicit].some(({ path }) => !isNamePath(path));
  if (namesField) throw invalid('collection group queries are only allowed at the root parent');
  if (explicit.every(({ direction }) => direction === 1)) return;
  if (collectionId === undefined) throw invalid('kind is required for all orders except __key__ ascending');
  throw failedPrecondition(
    "collection group queries are only allowed if they're at the root or they're an ascending primary key scan",
  );
}

function checkKindless(scope: CollectionScope, disjuncts: readonly Conjunction[], order: readonly SortField[]): void {
  if (scope.collectionId !== undefined) return;
  const filtered = disjuncts.flat().find(({ path }) => !isNamePath(path));
  if (filtered) throw invalid(`kind is required for filter: ${formatFieldPath(filtered.path)}`);
  if (order.some(({ path }) => !isNamePath(path)))
    throw invalid('kind is required for all orders except __key__ ascending');
}

function checkDescendingScan(explicit: readonly SortField[], disjuncts: readonly Conjunction[]): void {
  const [only] = explicit;
  if (explicit.length !== 1 || !only || !isNamePath(only.path) || only.direction === 1) return;
  if (disjuncts.flat().every(({ path }) => isNamePath(path)))
    throw failedPrecondition('Firestore does not support descending key scans');
}

function position(cursor: Cursor, order: readonly SortField[]): Position {
  if (cursor.values.length > order.length) throw invalid('Cursor has too many values.');
  for (const [i, value] of cursor.values.entries()) checkCursorValue(order[i], value);
  return { values: cursor.values, before: cursor.before };
}

function checkCursorValue(field: SortField | undefined, value: Value): void {
  if (field && isNamePath(field.path) && value.kind !== 'reference')
    throw invalid('Cursor __key__ value is not a document reference.');
}

function toProjection(paths: readonly FieldPath[]): readonly FieldPath[] {
  return paths.filter((path) => !isNamePath(path));
}
