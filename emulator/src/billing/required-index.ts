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

/** Of a vector index: the last field, after those that the query filters by. */
export interface VectorField {
  readonly fieldPath: string;
  readonly vectorConfig: { readonly dimension: number; readonly flat: object };
}

/** An index as firestore.indexes.json lists it. One of a single field belongs in its `fieldOverrides`. */
export interface RequiredIndex {
  readonly collectionGroup: string;
  readonly queryScope: 'COLLECTION' | 'COLLECTION_GROUP';
  readonly fields: readonly IndexedField[];
}

/**
 * The indexes that production asks for before it runs the query, one per kind of disjunct. Automatic
 * single-field indexes serve one field, or equalities joined; a collection group has none of its own.
 * An array-contains beside another field is taken to need one, which errs on the side of asking.
 * Source: Firestore docs, "Index types in Cloud Firestore".
 */
export function requiredIndexes(query: Query): RequiredIndex[] {
  const found = new Map<string, RequiredIndex>();
  for (const conditions of query.disjuncts) {
    const index = requiredIndex(query, conditions);
    if (index) found.set(JSON.stringify(index), index);
  }
  return [...found.values()];
}

/** The index for one disjunct, or undefined when the automatic ones serve it. */
export function requiredIndex(query: Query, conditions: Conjunction): RequiredIndex | undefined {
  const { collectionId, allDescendants } = query.scope;
  if (collectionId === undefined) return undefined;
  const equal = distinctPaths(
    conditions.filter((c) => !isInequality(c.op) && c.op !== 'array-contains' && c.op !== 'exists'),
  );
  const arrays = distinctPaths(conditions.filter((c) => c.op === 'array-contains'));
  const sorted = sortsOf(query, conditions).filter(({ path }) => !equal.some((e) => samePath(e, path)));
  const nameTurns = turnsAtName(query.order, sorted);
  if (isServedAutomatically(equal, arrays, sorted, nameTurns, allDescendants)) return undefined;
  const fields: IndexedField[] = [
    ...arrays.map((path): IndexedField => ({ fieldPath: formatFieldPath(path), arrayConfig: 'CONTAINS' })),
    ...equal.map((path): IndexedField => ({ fieldPath: formatFieldPath(path), order: 'ASCENDING' })),
    ...sorted.map(indexedField),
  ];
  if (nameTurns) fields.push(...query.order.filter(({ path }) => isNamePath(path)).map(indexedField));
  return { collectionGroup: collectionId, queryScope: allDescendants ? 'COLLECTION_GROUP' : 'COLLECTION', fields };
}

/**
 * The fields whose values an index has to have in order: those of the query's order, then those summed or
 * averaged, which production reads from the index alone.
 * Source: Google Cloud blog, "Calculate SUM and AVG aggregations": a field must be indexed to be aggregated; the
 * indexes that the JS SDK's own tests deploy for sums beside a filter (firestore_index_config.tf).
 */
export function sortsOf(query: Query, conditions: Conjunction): SortField[] {
  const sorts = query.order.filter(({ path }) => !isNamePath(path));
  for (const { path } of conditions.filter(({ op }) => op === 'exists'))
    if (!sorts.some((sort) => samePath(sort.path, path))) sorts.push({ path, direction: 1 });
  return sorts;
}

function isServedAutomatically(
  equal: readonly FieldPath[],
  arrays: readonly FieldPath[],
  sorted: readonly SortField[],
  nameTurns: boolean,
  isGroup: boolean,
): boolean {
  const fields = equal.length + arrays.length + sorted.length;
  if (fields === 0) return true;
  if (isGroup || nameTurns) return false;
  return fields === 1 || (arrays.length === 0 && sorted.length === 0);
}

/** The automatic index of a field has the names in the field's own direction. */
function turnsAtName(order: readonly SortField[], sorted: readonly SortField[]): boolean {
  const name = order.find(({ path }) => isNamePath(path));
  const last = sorted.at(-1);
  return name !== undefined && last !== undefined && name.direction !== last.direction;
}

function indexedField({ path, direction }: SortField): IndexedField {
  return { fieldPath: formatFieldPath(path), order: direction === 1 ? 'ASCENDING' : 'DESCENDING' };
}

function distinctPaths(conditions: readonly Condition[]): FieldPath[] {
  const paths = new Map<string, FieldPath>();
  for (const { path } of conditions) if (!isNamePath(path)) paths.set(formatFieldPath(path), path);
  return [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}
