import {
  type Condition,
  type Conjunction,
  isInequality,
  isNamePath,
  type Query,
  samePath,
  type SortField,
} from '../query/query.js';
import { type FieldPath, formatFieldPath } from '../values/field-path.js';

export type IndexedField =
  | { readonly fieldPath: string; readonly order: 'ASCENDING' | 'DESCENDING' }
  | { readonly fieldPath: string; readonly arrayConfig: 'CONTAINS' };

/** The last field of a vector index, after the fields that the query filters by. */
export interface VectorField {
  readonly fieldPath: string;
  readonly vectorConfig: { readonly dimension: number; readonly flat: object };
}

/** An index as firestore.indexes.json lists it. A single-field index belongs in `fieldOverrides`. */
export interface RequiredIndex {
  readonly collectionGroup: string;
  readonly queryScope: 'COLLECTION' | 'COLLECTION_GROUP';
  readonly fields: readonly IndexedField[];
}

/**
 * Lists the indexes that production requires before it runs the query, at most one per disjunct. The automatic
 * single-field indexes serve a query on one field and joined equalities; a collection group has no automatic index. An
 * array-contains beside another field always requires a composite index here, although production can sometimes merge
 * indexes. Source: Firestore docs, "Index types in Cloud Firestore".
 */
export function listRequiredIndexes(query: Query): RequiredIndex[] {
  const found = new Map<string, RequiredIndex>();
  for (const conditions of query.disjuncts) {
    const index = getRequiredIndex(query, conditions);
    if (index) found.set(JSON.stringify(index), index);
  }
  return [...found.values()];
}

/** Returns the index for one disjunct, or undefined when the automatic indexes serve it. */
export function getRequiredIndex(query: Query, conditions: Conjunction): RequiredIndex | undefined {
  const { collectionId, allDescendants } = query.scope;
  if (collectionId === undefined) return undefined;
  const equal = distinctPaths(
    conditions.filter((c) => !isInequality(c.op) && c.op !== 'array-contains' && c.op !== 'exists'),
  );
  const arrays = distinctPaths(conditions.filter((c) => c.op === 'array-contains'));
  const sorted = listSortFields(query, conditions).filter(({ path }) => !equal.some((e) => samePath(e, path)));
  const isNameReversed = reversesNames(query.order, sorted);
  if (isServedAutomatically(equal, arrays, sorted, isNameReversed, allDescendants)) return undefined;
  const fields: IndexedField[] = [
    ...arrays.map((path): IndexedField => ({ fieldPath: formatFieldPath(path), arrayConfig: 'CONTAINS' })),
    ...equal.map((path): IndexedField => ({ fieldPath: formatFieldPath(path), order: 'ASCENDING' })),
    ...sorted.map(toIndexedField),
  ];
  if (isNameReversed) fields.push(...query.order.filter(({ path }) => isNamePath(path)).map(toIndexedField));
  return { collectionGroup: collectionId, queryScope: allDescendants ? 'COLLECTION_GROUP' : 'COLLECTION', fields };
}

/**
 * Lists the fields whose values an index must hold in order: the sort fields of the query, then the fields of sums and
 * averages, which production reads from the index alone. Source: Google Cloud blog, "Calculate SUM and AVG
 * aggregations": a field must be indexed to be aggregated; the indexes that the JS SDK's own tests deploy for sums
 * beside a filter (firestore_index_config.tf).
 */
export function listSortFields(query: Query, conditions: Conjunction): SortField[] {
  const sorts = query.order.filter(({ path }) => !isNamePath(path));
  for (const { path } of conditions.filter(({ op }) => op === 'exists'))
    if (!sorts.some((sort) => samePath(sort.path, path))) sorts.push({ path, direction: 1 });
  return sorts;
}

function isServedAutomatically(
  equal: readonly FieldPath[],
  arrays: readonly FieldPath[],
  sorted: readonly SortField[],
  isNameReversed: boolean,
  isGroup: boolean,
): boolean {
  const fields = equal.length + arrays.length + sorted.length;
  if (fields === 0) return true;
  if (isGroup || isNameReversed) return false;
  return fields === 1 || (arrays.length === 0 && sorted.length === 0);
}

/**
 * Returns whether the query sorts names in the other direction than its last field. The automatic index of a field
 * sorts names in the direction of the field.
 */
function reversesNames(order: readonly SortField[], sorted: readonly SortField[]): boolean {
  const name = order.find(({ path }) => isNamePath(path));
  const last = sorted.at(-1);
  return name !== undefined && last !== undefined && name.direction !== last.direction;
}

function toIndexedField({ path, direction }: SortField): IndexedField {
  return { fieldPath: formatFieldPath(path), order: direction === 1 ? 'ASCENDING' : 'DESCENDING' };
}

function distinctPaths(conditions: readonly Condition[]): FieldPath[] {
  const paths = new Map<string, FieldPath>();
  for (const { path } of conditions) if (!isNamePath(path)) paths.set(formatFieldPath(path), path);
  return [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}
