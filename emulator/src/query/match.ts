import { comparePaths, compareValues, getTypeRank, valuesEqual } from '../values/compare.js';
import { getField } from '../values/field-path.js';
import { isNaNValue, referenceValue, type Value } from '../values/value.js';
import { getCollectionId, type StoredDocument } from '../store/document.js';
import {
  type CollectionScope,
  type Condition,
  type FieldCondition,
  isNamePath,
  type Position,
  type Query,
  type SortField,
} from './query.js';

/** Returns the value that a condition or an order compares, or undefined if the document has no such field. */
export function getValueAt(document: StoredDocument, path: readonly string[]): Value | undefined {
  return isNamePath(path) ? referenceValue(document.name) : getField(document.fields, path);
}

/** Returns whether a document belongs to a query's result, ignoring limit and offset. */
export function matches(query: Query, document: StoredDocument): boolean {
  return (
    inScope(query.scope, document.segments) &&
    query.disjuncts.some((conditions) => conditions.every((condition) => satisfies(document, condition))) &&
    query.order.every(({ path }) => isNamePath(path) || getField(document.fields, path) !== undefined) &&
    isBetween(query, document)
  );
}

/** Returns whether a document is inside the collections of a query. */
export function inScope(scope: CollectionScope, segments: readonly string[]): boolean {
  const depth = scope.parent.length;
  if (segments.length < depth + 2 || (!scope.allDescendants && segments.length !== depth + 2)) return false;
  if (scope.collectionId !== undefined && getCollectionId(segments) !== scope.collectionId) return false;
  return scope.parent.every((id, i) => segments[i] === id);
}

/** Returns whether a document is within the cursors. */
function isBetween(query: Query, document: StoredDocument): boolean {
  if (query.start && comparePosition(document, query.order, query.start) < 0) return false;
  return !query.end || comparePosition(document, query.order, query.end) < 0;
}

/** Compares a document with a position: negative when the document comes before it, otherwise positive. */
export function comparePosition(document: StoredDocument, order: readonly SortField[], position: Position): number {
  for (const [i, value] of position.values.entries()) {
    const field = order[i];
    const own = field && getValueAt(document, field.path);
    if (!field || !own) continue;
    const result = compareValues(own, value) * field.direction;
    if (result !== 0) return result;
  }
  return position.before ? 1 : -1;
}

/** Compares two documents by the sort fields of a query. */
export function compareDocuments(order: readonly SortField[], a: StoredDocument, b: StoredDocument): number {
  for (const { path, direction } of order) {
    const result = isNamePath(path) ? comparePaths(a.segments, b.segments) : compareFieldsAt(path, a, b);
    if (result !== 0) return result * direction;
  }
  return 0;
}

function compareFieldsAt(path: readonly string[], a: StoredDocument, b: StoredDocument): number {
  const x = getField(a.fields, path);
  const y = getField(b.fields, path);
  return x && y ? compareValues(x, y) : 0;
}

/**
 * Returns whether a document satisfies a condition; a missing field never does. Source: Firestore docs, "Query
 * operators".
 */
export function satisfies(document: StoredDocument, condition: Condition): boolean {
  const value = getValueAt(document, condition.path);
  if (!value) return false;
  switch (condition.op) {
    case 'exists':
      return true;
    case 'is-null':
      return value.kind === 'null';
    case 'is-nan':
      return isNaNValue(value);
    case 'is-not-null':
      return value.kind !== 'null';
    case 'is-not-nan':
      return value.kind !== 'null' && !isNaNValue(value);
    default:
      return compares(value, condition);
  }
}

function compares(value: Value, { op, value: operand }: FieldCondition): boolean {
  switch (op) {
    case '==':
      return filterEqual(value, operand);
    case '!=':
      return value.kind !== 'null' && operand.kind !== 'null' && !filterEqual(value, operand);
    case 'not-in':
      return (
        value.kind !== 'null' &&
        !elements(operand).some((candidate) => candidate.kind === 'null' || filterEqual(value, candidate))
      );
    case 'array-contains':
      return elements(value).some((element) => filterEqual(element, operand));
    default:
      return inRange(value, op, operand);
  }
}

/** Compares two values as filters do: 1 equals 1.0, but null and NaN equal nothing. */
function filterEqual(a: Value, b: Value): boolean {
  return a.kind !== 'null' && !isNaNValue(a) && valuesEqual(a, b);
}

function elements(value: Value): readonly Value[] {
  return value.kind === 'array' ? value.values : [];
}

/** Returns whether a value is in a range. Only values of the operand's type can be; null and NaN never are. */
function inRange(value: Value, op: '<' | '<=' | '>' | '>=', operand: Value): boolean {
  if (getTypeRank(value) !== getTypeRank(operand) || value.kind === 'null' || isNaNValue(value)) return false;
  const order = compareValues(value, operand);
  switch (op) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
