import { type FieldFilter, type FieldOperator, type Filter, type UnaryFilter } from '../protocol/queries.js';
import { parseFieldPath } from '../values/field-path.js';
import { formatName, parseDocumentName } from '../values/names.js';
import { failedPrecondition, invalid } from '../values/status.js';
import { referenceValue, type Value } from '../values/value.js';
import { type Comparison, type Condition, type Conjunction, isNamePath, type Test } from './query.js';

const MAX_DISJUNCTIONS = 30;
const MAX_IN = 30;
const MAX_NOT_IN = 10;

const TESTS: Record<string, Test> = {
  IS_NULL: 'is-null',
  IS_NAN: 'is-nan',
  IS_NOT_NULL: 'is-not-null',
  IS_NOT_NAN: 'is-not-nan',
};
const COMPARISONS: Partial<Record<FieldOperator, Comparison>> = {
  EQUAL: '==',
  NOT_EQUAL: '!=',
  LESS_THAN: '<',
  LESS_THAN_OR_EQUAL: '<=',
  GREATER_THAN: '>',
  GREATER_THAN_OR_EQUAL: '>=',
  NOT_IN: 'not-in',
  ARRAY_CONTAINS: 'array-contains',
};

/** Converts a filter to a disjunction of conjunctions; without a filter it is one empty conjunction. */
export function toDisjuncts(filter: Filter | undefined): Conjunction[] {
  if (!filter) return [[]];
  checkCombinations(listLeaves(filter));
  return expand(filter);
}

/**
 * Expands a filter: each way to choose one alternative per part is a conjunction. Too many are refused before they are
 * created.
 */
function expand(filter: Filter): Conjunction[] {
  const { compositeFilter, fieldFilter, unaryFilter } = filter;
  if (unaryFilter) return [[unaryCondition(unaryFilter)]];
  if (fieldFilter) return listAlternatives(fieldFilter).map((alternative) => [alternative]);
  if (!compositeFilter) throw invalid('filter must be set');
  if (compositeFilter.op === 'OPERATOR_UNSPECIFIED') throw invalid('CompositeFilter operator must be set');
  const parts = compositeFilter.filters.map(expand);
  if (parts.length === 0) return [[]];
  if (compositeFilter.op === 'OR') return checkedCount(parts.flat());
  return parts.reduce((all, part) => {
    if (all.length * part.length > MAX_DISJUNCTIONS) throw tooMany(all.length * part.length);
    return all.flatMap((left) => part.map((right) => [...left, ...right]));
  });
}

function checkedCount(disjuncts: Conjunction[]): Conjunction[] {
  if (disjuncts.length > MAX_DISJUNCTIONS) throw tooMany(disjuncts.length);
  return disjuncts;
}

function tooMany(count: number): Error {
  return invalid(
    `Too many disjunctions after normalization. Result had ${count} disjunctions which is more than the maximum of ${MAX_DISJUNCTIONS}`,
  );
}

function unaryCondition(filter: UnaryFilter): Condition {
  const op = TESTS[filter.op];
  if (!op) throw invalid('Unknown UnaryFilter operator.');
  return { path: parseFieldPath(filter.field?.fieldPath ?? ''), op };
}

/** Lists the alternatives of a filter: `in` and `array-contains-any` have one condition per operand, others one. */
function listAlternatives(filter: FieldFilter): Condition[] {
  const path = parseFieldPath(filter.field?.fieldPath ?? '');
  const operand = requireOperand(filter);
  if (filter.op === 'IN') return requireList(filter, operand, MAX_IN).map((value) => condition(path, '==', value));
  if (filter.op === 'ARRAY_CONTAINS_ANY')
    return requireList(filter, operand, MAX_IN).map((value) => condition(path, 'array-contains', value));
  if (filter.op === 'NOT_IN') requireList(filter, operand, MAX_NOT_IN);
  const op = COMPARISONS[filter.op];
  if (!op) throw invalid('Unknown FieldFilter operator.');
  return [condition(path, op, operand)];
}

function requireOperand(filter: FieldFilter): Value {
  if (!filter.value) throw invalid('Cannot convert firestore.v1.Value with type unset.');
  return filter.value;
}

function requireList(filter: FieldFilter, operand: Value, max: number): readonly Value[] {
  if (operand.kind !== 'array') throw invalid(`'${filter.op}' requires an ArrayValue.`);
  if (operand.values.length === 0) throw invalid(`'${filter.op}' requires an non-empty ArrayValue.`);
  if (operand.values.length > max) throw invalid(`'${filter.op}' supports up to ${max} comparison values.`);
  return operand.values;
}

function condition(path: readonly string[], op: Comparison, value: Value): Condition {
  if (!isNamePath(path)) return { path, op, value };
  if (value.kind === 'array' && op === 'not-in')
    return { path, op, value: { kind: 'array', values: value.values.map(requireName) } };
  return { path, op, value: requireName(value) };
}

/** Checks a document's name given as an operand. */
function requireName(value: Value): Value {
  if (value.kind !== 'reference') throw invalid('__key__ filter value must be a Key');
  return referenceValue(formatName(parseDocumentName(value.value)));
}

interface Leaf {
  readonly op: string;
  readonly underOr: boolean;
}

function listLeaves(filter: Filter, underOr = false): Leaf[] {
  const { compositeFilter, fieldFilter, unaryFilter } = filter;
  if (fieldFilter) return [{ op: fieldFilter.op, underOr }];
  if (unaryFilter) return [{ op: unaryFilter.op, underOr }];
  const isOr = compositeFilter?.op === 'OR' && compositeFilter.filters.length > 1;
  return (compositeFilter?.filters ?? []).flatMap((part) => listLeaves(part, underOr || isOr));
}

const NEGATIVE = ['NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', 'IS_NOT_NULL'];

/** Refuses filters that may not be combined in one query. Source: the official emulator's messages. */
function checkCombinations(leaves: readonly Leaf[]): void {
  const count = (...ops: string[]): number => leaves.filter((leaf) => ops.includes(leaf.op)).length;
  if (count(...NEGATIVE) > 1)
    throw invalid("Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter allowed per query.");
  if (count('NOT_IN') > 0 && (count('IN', 'ARRAY_CONTAINS_ANY') > 0 || leaves.some((leaf) => leaf.underOr))) {
    throw invalid("'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.");
  }
  const conjunctive = leaves.filter((leaf) => !leaf.underOr && leaf.op.startsWith('ARRAY_CONTAINS'));
  if (conjunctive.length > 1) throw failedPrecondition('Only a single array-contains clause is allowed in a query');
}
