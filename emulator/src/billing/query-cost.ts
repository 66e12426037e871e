import { isInequality, isNamePath, type Query, samePath } from '../query/query.js';
import { type StoredDocument } from '../store/document.js';
import { type FieldPath, formatFieldPath } from '../values/field-path.js';

const ENTRIES_PER_READ = 1000;

/** Runs a variant of the query that is billed, on the same state of the database. */
type Find = (query: Query) => readonly StoredDocument[];

/** Counts the billed reads of documents: each one found or skipped by the offset, at least one. */
export function countDocumentReads(query: Query, found: readonly StoredDocument[], find: Find): number {
  return Math.max(1, found.length + countSkipped(query, found, find));
}

/**
 * Counts the billed reads of index entries, which queries on several range fields cost in addition to their documents.
 * Source: Firestore docs, "Understand Cloud Firestore billing", "Index entry reads".
 */
export function countIndexReads(query: Query, found: readonly StoredDocument[], find: Find): number {
  return hasSeveralRanges(query) ? toReads(countEntries(query, found, find)) : 0;
}

/** Counts the billed reads of an aggregation over the documents found: one per 1,000 index entries, at least one. */
export function countAggregationReads(query: Query, found: readonly StoredDocument[], find: Find): number {
  const entries = hasSeveralRanges(query)
    ? countEntries(query, found, find)
    : found.length + countSkipped(query, found, find);
  return Math.max(1, toReads(entries));
}

function toReads(entries: number): number {
  return Math.ceil(entries / ENTRIES_PER_READ);
}

function countSkipped(query: Query, found: readonly StoredDocument[], find: Find): number {
  if (query.offset === 0 || found.length > 0) return query.offset;
  return find({ ...query, offset: 0, limit: query.offset }).length;
}

/**
 * Returns whether a query has ranges on several fields. A sort field counts in addition to a filtered range; a filter
 * on the document's name always counts. Source: as above.
 */
export function hasSeveralRanges(query: Query): boolean {
  const filtered = query.disjuncts.flat().filter(({ path, op }) => isInequality(op) || isNamePath(path));
  const ranges = new Set(filtered.map(({ path }) => formatFieldPath(path)));
  if (ranges.size === 0) return false;
  const equal = query.disjuncts.flat().filter(({ op }) => !isInequality(op));
  for (const { path } of query.order)
    if (!isNamePath(path) && !equal.some((condition) => samePath(condition.path, path)))
      ranges.add(formatFieldPath(path));
  return ranges.size > 1;
}

/**
 * Counts the index entries that the query reads: those between the ends of the range that the equalities and the filter
 * on the first sort field select. The other ranges are tested entry by entry. Production may skip some of these
 * entries, so this count is an upper bound.
 */
function countEntries(query: Query, found: readonly StoredDocument[], find: Find): number {
  const entries = find(toRangeQuery(query));
  const isCutShort = query.limit !== undefined && found.length >= query.limit;
  const last = isCutShort ? found.at(-1) : undefined;
  return last ? entries.findIndex(({ name }) => name === last.name) + 1 : entries.length;
}

function toRangeQuery(query: Query): Query {
  const disjuncts = query.disjuncts.map((conditions) => {
    const isEqual = (path: FieldPath): boolean =>
      conditions.some((condition) => !isInequality(condition.op) && samePath(condition.path, path));
    const first = query.order.find(({ path }) => isNamePath(path) || !isEqual(path));
    return conditions.filter(
      ({ path, op }) => (!isInequality(op) && !isNamePath(path)) || (first && samePath(path, first.path)),
    );
  });
  return { ...query, disjuncts, offset: 0, limit: undefined };
}
