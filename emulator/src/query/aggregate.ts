import { type Aggregation } from '../protocol/queries.js';
import { type StoredDocument } from '../store/document.js';
import { type FieldPath, formatFieldPath, getField, parseFieldPath } from '../values/field-path.js';
import { isReserved } from '../values/limits.js';
import { invalid } from '../values/status.js';
import { doubleValue, integerValue, isNumberValue, NULL, type Value } from '../values/value.js';
import { type Condition, isNamePath, type Query } from './query.js';

const MAX_AGGREGATIONS = 5;

export interface Aggregate {
  readonly alias: string;
  /** The field of a sum or an average; undefined for a count. */
  readonly path: FieldPath | undefined;
  compute(documents: readonly StoredDocument[]): Value;
}

/** Checks the aggregations of one query and returns them with the aliases under which the client receives them. */
export function parseAggregations(aggregations: readonly Aggregation[]): Aggregate[] {
  if (aggregations.length === 0) throw invalid('Aggregations can not be empty.');
  if (aggregations.length > MAX_AGGREGATIONS) {
    throw invalid(
      `The maximum number of aggregations allowed in an aggregation query is ${MAX_AGGREGATIONS}. Received: ${aggregations.length}`,
    );
  }
  let unnamed = 0;
  const aliases = new Set<string>();
  return aggregations.map((aggregation) => {
    const alias = aggregation.alias || `field_${++unnamed}`;
    if (aliases.has(alias)) throw invalid(`Aggregation aliases contain duplicate alias: ${alias}.`);
    if (isReserved(alias)) throw invalid(`The property.name "${alias}" is reserved.`);
    aliases.add(alias);
    return { alias, ...operator(aggregation) };
  });
}

function operator(aggregation: Aggregation): Omit<Aggregate, 'alias'> {
  if (aggregation.count) {
    const upTo = aggregation.count.upTo ?? 2n ** 63n;
    if (upTo < 0n) throw invalid('The `up_to` value in a COUNT aggregation must be greater than or equal to zero.');
    return { path: undefined, compute: (documents) => integerValue(upTo < documents.length ? upTo : documents.length) };
  }
  const over = aggregation.sum ?? aggregation.avg;
  if (!over) throw invalid('Operator field in Aggregation is not set.');
  const path = parseFieldPath(over.field?.fieldPath ?? '');
  if (isNamePath(path)) throw invalid('Aggregations are not supported for the property: __key__');
  return { path, compute: (documents) => (aggregation.sum ? sum : average)(numbersAt(documents, path)) };
}

/**
 * Restricts a query to documents that have every field summed or averaged: a document without one of them counts for
 * none of the aggregations. Source: recorded from the official emulator.
 */
export function restrictQuery(query: Query, aggregates: readonly Aggregate[]): Query {
  const paths = aggregates.flatMap(({ path }) => (path ? [path] : []));
  checkDescendantsIndex(query, paths);
  const present = paths.map((path): Condition => ({ path, op: 'exists' }));
  return { ...query, disjuncts: query.disjuncts.map((conditions) => [...conditions, ...present]) };
}

/** Refuses an aggregation of fields below a document, where only names have an index. Source: the official emulator. */
function checkDescendantsIndex({ scope }: Query, paths: readonly FieldPath[]): void {
  if (paths.length === 0 || !scope.allDescendants || scope.parent.length === 0) return;
  const fields = [...new Set(paths.map(formatFieldPath))].join(', ');
  throw invalid(`This query requires an index that has fields [${fields}] after __name__`);
}

/** Computes counts, sums and averages over documents, by alias. */
export function aggregate(aggregates: readonly Aggregate[], documents: readonly StoredDocument[]): Map<string, Value> {
  return new Map(aggregates.map(({ alias, compute }) => [alias, compute(documents)]));
}

function numbersAt(documents: readonly StoredDocument[], path: FieldPath): (bigint | number)[] {
  return documents.flatMap((document) => {
    const value = getField(document.fields, path);
    return value && isNumberValue(value) ? [value.value] : [];
  });
}

const INT64_MAX = 2n ** 63n - 1n;

/** Sums up numbers: an integer while all are integers and the total fits int64, otherwise a double. */
function sum(numbers: readonly (bigint | number)[]): Value {
  const integers = numbers.filter((n) => typeof n === 'bigint');
  const total = integers.reduce((a, b) => a + b, 0n);
  if (integers.length === numbers.length && total <= INT64_MAX && total >= -INT64_MAX - 1n) return integerValue(total);
  return doubleValue(addAll(numbers));
}

function addAll(numbers: readonly (bigint | number)[]): number {
  return numbers.reduce<number>((a, b) => a + Number(b), 0);
}

function average(numbers: readonly (bigint | number)[]): Value {
  return numbers.length === 0 ? NULL : doubleValue(addAll(numbers) / numbers.length);
}
