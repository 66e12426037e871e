import { type Index, type IndexEntry, type Table } from '../store/table.js';
import { compareValues, getTypeRank } from '../values/compare.js';
import { formatFieldPath } from '../values/field-path.js';
import { doubleValue, isNaNValue, NULL, type Value } from '../values/value.js';
import { comparePosition } from './match.js';
import {
  type Condition,
  type Conjunction,
  type FieldCondition,
  isNamePath,
  type Query,
  samePath,
  type SortField,
} from './query.js';

/** The plan for one disjunct: a range of one index, in the query's order, and the conditions to test for each entry. */
export interface Scan {
  readonly index: Index;
  /** True for the entries before the range. */
  readonly isBefore: (entry: IndexEntry) => boolean;
  /** True for the entries after the range. */
  readonly isAfter: (entry: IndexEntry) => boolean;
  readonly residual: readonly Condition[];
}

interface Fixed {
  readonly condition: Condition;
  readonly value: Value;
}

/**
 * Plans the scan for one disjunct. Equality fields lead the index and the query's sort fields follow, so that the
 * matches of equalities and of a range on the first sort field are contiguous and sorted. With a limit the scan reads
 * only the documents that it returns.
 */
export function planScan(table: Table, query: Query, conditions: Conjunction): Scan {
  const fixed = listFixedValues(conditions);
  const sorted = query.order.filter(
    ({ path }) => !isNamePath(path) && !fixed.some((f) => samePath(f.condition.path, path)),
  );
  const index = table.index({
    fields: [...fixed.map(({ condition }) => ({ path: condition.path, direction: 1 as const })), ...sorted],
    nameDirection: query.order.at(-1)?.direction ?? 1,
  });
  const prefix = fixed.map(({ value }) => value);
  const ranges = listRanges(conditions, sorted[0]);
  return {
    index,
    isBefore: (entry) => {
      const order = comparePrefix(entry, prefix);
      return (
        order < 0 || (order === 0 && (isBelow(entry, prefix.length, ranges, sorted[0]) || isBeforeStart(entry, query)))
      );
    },
    isAfter: (entry) =>
      comparePrefix(entry, prefix) > 0 || isAbove(entry, prefix.length, ranges, sorted[0]) || isAfterEnd(entry, query),
    residual: conditions.filter((condition) => !fixed.some((f) => f.condition === condition)),
  };
}

/** Returns one value per field that an equality fixes, by path. A second equality on a field is tested per entry. */
function listFixedValues(conditions: Conjunction): Fixed[] {
  const fixed = new Map<string, Fixed>();
  for (const condition of conditions) {
    const value = getFixedValue(condition);
    const key = formatFieldPath(condition.path);
    if (value && !isNamePath(condition.path) && !fixed.has(key)) fixed.set(key, { condition, value });
  }
  return [...fixed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, f]) => f);
}

/**
 * Returns the value of an equality. `== null` and `== NaN` match nothing, unlike `is null` and `is nan`, so the test of
 * each entry handles them.
 */
function getFixedValue(condition: Condition): Value | undefined {
  if (condition.op === 'is-null') return NULL;
  if (condition.op === 'is-nan') return doubleValue(NaN);
  if (condition.op !== '==' || condition.value.kind === 'null' || isNaNValue(condition.value)) return undefined;
  return condition.value;
}

function listRanges(conditions: Conjunction, first: SortField | undefined): FieldCondition[] {
  if (!first) return [];
  return conditions.flatMap((c) => (isRange(c) && samePath(c.path, first.path) ? [c] : []));
}

function isRange(condition: Condition): condition is FieldCondition {
  return ['<', '<=', '>', '>='].includes(condition.op);
}

function comparePrefix(entry: IndexEntry, prefix: readonly Value[]): number {
  for (const [i, value] of prefix.entries()) {
    const key = entry.keys[i];
    const order = key ? compareValues(key, value) : 0;
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * Returns whether an entry comes before the ranges in the index: too small when ascending, too great when descending.
 */
function isBelow(
  entry: IndexEntry,
  at: number,
  ranges: readonly FieldCondition[],
  field: SortField | undefined,
): boolean {
  return ranges.some((range) => compareWithRange(entry, at, range) === -(field?.direction ?? 1));
}

function isAbove(
  entry: IndexEntry,
  at: number,
  ranges: readonly FieldCondition[],
  field: SortField | undefined,
): boolean {
  return ranges.some((range) => compareWithRange(entry, at, range) === (field?.direction ?? 1));
}

/** Returns −1 for a value below the range, 1 for one above it, 0 within it. The test of each entry handles its ends. */
function compareWithRange(entry: IndexEntry, at: number, range: FieldCondition): -1 | 0 | 1 {
  const key = entry.keys[at];
  if (!key) return 0;
  const byType = getTypeRank(key) - getTypeRank(range.value);
  const order = byType !== 0 ? byType : compareValues(key, range.value);
  const isUpper = range.op === '<' || range.op === '<=';
  if (order < 0) return !isUpper || byType !== 0 ? -1 : 0;
  return order > 0 && (isUpper || byType !== 0) ? 1 : 0;
}

function isBeforeStart(entry: IndexEntry, query: Query): boolean {
  return query.start !== undefined && comparePosition(entry.document, query.order, query.start) < 0;
}

function isAfterEnd(entry: IndexEntry, query: Query): boolean {
  return query.end !== undefined && comparePosition(entry.document, query.order, query.end) >= 0;
}
