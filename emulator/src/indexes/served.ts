import { type IndexedField, listSortFields } from '../billing/required-index.js';
import { type Conjunction, isInequality, isNamePath, type Query } from '../query/query.js';
import { formatFieldPath } from '../values/field-path.js';
import { listFieldIndexes, type IndexDefinitions, type IndexMode, type QueryScope } from './definitions.js';

interface Entry {
  readonly fieldPath: string;
  readonly mode: IndexMode;
}

/** The index requirements of one disjunct. */
export interface IndexDemand {
  readonly collectionGroup: string;
  readonly queryScope: QueryScope;
  /** Fields compared for equality. */
  readonly equal: ReadonlySet<string>;
  /** Fields of array-contains filters. */
  readonly arrays: ReadonlySet<string>;
  /**
   * The sort fields and then the aggregated fields, without the name and without fields that are compared for equality.
   */
  readonly sorts: readonly Entry[];
  readonly nameMode: IndexMode;
}

/**
 * Returns the index requirements of a disjunct, or undefined for a query over all collections, which needs no index.
 */
export function computeDemand(query: Query, conditions: Conjunction): IndexDemand | undefined {
  const { collectionId, allDescendants } = query.scope;
  if (collectionId === undefined) return undefined;
  const onFields = conditions.filter(({ path }) => !isNamePath(path));
  const toPaths = (found: Conjunction): Set<string> => new Set(found.map(({ path }) => formatFieldPath(path)));
  const arrays = toPaths(onFields.filter(({ op }) => op === 'array-contains'));
  const equal = toPaths(onFields.filter(({ op }) => !isInequality(op) && op !== 'array-contains' && op !== 'exists'));
  const sorts = listSortFields(query, conditions).map(({ path, direction }): Entry => ({
    fieldPath: formatFieldPath(path),
    mode: toMode(direction),
  }));
  return {
    collectionGroup: collectionId,
    queryScope: allDescendants ? 'COLLECTION_GROUP' : 'COLLECTION',
    equal,
    arrays,
    sorts: sorts.filter(({ fieldPath }) => !equal.has(fieldPath)),
    nameMode: toMode(query.order.find(({ path }) => isNamePath(path))?.direction ?? 1),
  };
}

function toMode(direction: 1 | -1): IndexMode {
  return direction === 1 ? 'ASCENDING' : 'DESCENDING';
}

/**
 * Returns whether indexes serve a disjunct. Several indexes may be merged if all end in the query's order and together
 * begin with all of its equality fields. An automatic array index serves only alone here, although production may merge
 * it: the emulator then requires an index that production might not. Source: Firestore docs, "Index types", "Take
 * advantage of index merging".
 */
export function isServed(demand: IndexDemand, definitions: IndexDefinitions): boolean {
  const wanted = new Set([...demand.equal, ...demand.arrays]);
  if (wanted.size === 0 && demand.sorts.length === 0) return true;
  const covers = listCandidates(demand, definitions).flatMap((fields) => findCover(fields, demand) ?? []);
  const covered = new Set(covers.flat());
  return covers.length > 0 && [...wanted].every((fieldPath) => covered.has(fieldPath));
}

function listCandidates(demand: IndexDemand, definitions: IndexDefinitions): (readonly Entry[])[] {
  const composite = definitions.indexes
    .filter((index) => index.collectionGroup === demand.collectionGroup && index.queryScope === demand.queryScope)
    .map(({ fields }) => fields.map(toEntry));
  return [...composite, ...listSingleFieldIndexes(demand, definitions)];
}

function toEntry(field: IndexedField): Entry {
  return { fieldPath: field.fieldPath, mode: 'order' in field ? field.order : field.arrayConfig };
}

function listSingleFieldIndexes(demand: IndexDemand, definitions: IndexDefinitions): Entry[][] {
  const fields = new Set([...demand.equal, ...demand.arrays, ...demand.sorts.map(({ fieldPath }) => fieldPath)]);
  return [...fields].flatMap((fieldPath) =>
    listFieldIndexes(definitions, demand.collectionGroup, fieldPath)
      .filter(({ mode, queryScope }) => queryScope === demand.queryScope && (mode !== 'CONTAINS' || fields.size === 1))
      .map(({ mode }) => [{ fieldPath, mode }]),
  );
}

/** Lists the equality fields that an index begins with; returns undefined when the index cannot serve the query. */
function findCover(fields: readonly Entry[], demand: IndexDemand): string[][] | undefined {
  const last = fields.at(-1);
  const named = last?.fieldPath === '__name__' ? fields.slice(0, -1) : fields;
  // An index without an explicit `__name__` sorts names in the direction of its last field.
  const nameMode = last?.mode === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING';
  const start = named.length - demand.sorts.length;
  if (nameMode !== demand.nameMode || start < 0) return undefined;
  const isSorted = demand.sorts.every(
    ({ fieldPath, mode }, i) => named[start + i]?.fieldPath === fieldPath && named[start + i]?.mode === mode,
  );
  const prefix = named.slice(0, start);
  const isRequired = ({ fieldPath, mode }: Entry): boolean =>
    mode === 'CONTAINS' ? demand.arrays.has(fieldPath) : demand.equal.has(fieldPath);
  return isSorted && prefix.every(isRequired) ? [prefix.map(({ fieldPath }) => fieldPath)] : undefined;
}
