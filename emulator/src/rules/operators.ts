/** Operators on values, with three-valued results where a query leaves a value open. */
import { arithmetic, type ArithmeticOperator } from './arithmetic.js';
import { proveComparison, proveMembership, proveType } from './constraints.js';
import {
  fail,
  functionNotFound,
  isKnown,
  NULL_VALUE,
  typeName,
  undefinedProperty,
  UNDETERMINED,
  unsupported,
  type ExpressionValue,
  type Outcome,
} from './outcome.js';
import type { RulesValue } from './types.js';
import { bool, compare, list, str } from './values.js';
import { equal } from './equality.js';
import { contains } from './equality.js';

type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type StrictOperator = ComparisonOperator | ArithmeticOperator | 'in';

const COMPARABLE = ['string', 'bytes', 'int', 'float', 'duration', 'timestamp'];

/** Evaluates an operator that always needs both operands. */
export function operate(op: StrictOperator, left: ExpressionValue, right: ExpressionValue): Outcome {
  if (left.kind === 'unknown' || right.kind === 'unknown') return UNDETERMINED;
  switch (op) {
    case '==':
    case '!=':
      return equality(op, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordering(op, left, right);
    case 'in':
      return membership(left, right);
    default:
      return arithmetic(op, left, right);
  }
}

const toOutcome = (answer: boolean | undefined): Outcome => (answer === undefined ? UNDETERMINED : bool(answer));

function equality(op: '==' | '!=', left: ExpressionValue, right: ExpressionValue): Outcome {
  const answer = areEqual(left, right);
  return toOutcome(answer === undefined ? undefined : answer === (op === '=='));
}

/** Compares two values; returns undefined when the documents of a query may differ in the result. */
function areEqual(left: ExpressionValue, right: ExpressionValue): boolean | undefined {
  if (isKnown(left) && isKnown(right)) return equal(left, right);
  if (left.kind === 'constraint' && isKnown(right)) return proveComparison(left, '==', right);
  if (right.kind === 'constraint' && isKnown(left)) return proveComparison(right, '==', left);
  if (left.kind === 'partial' || right.kind === 'partial') return areMaps(left, right) ? undefined : false;
  return left.kind === 'constraint' || right.kind === 'constraint' ? undefined : left === right;
}

const areMaps = (...values: ExpressionValue[]): boolean =>
  values.every(({ kind }) => kind === 'map' || kind === 'partial' || kind === 'constraint');

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function ordering(op: keyof typeof MIRRORED, left: ExpressionValue, right: ExpressionValue): Outcome {
  if (left.kind === 'constraint' && isKnown(right)) return toOutcome(proveComparison(left, op, right));
  if (right.kind === 'constraint' && isKnown(left)) return toOutcome(proveComparison(right, MIRRORED[op], left));
  const order = isKnown(left) && isKnown(right) ? compare(left, right) : undefined;
  if (order !== undefined) return bool(holdsFor(op, order));
  const expected = [
    ...COMPARABLE.map((kind) => `${kind} ${op} ${kind}`),
    `constraint ${op} any`,
    `any ${op} constraint`,
  ];
  return unsupported(`${typeName(left)} ${op} ${typeName(right)}`, expected);
}

function holdsFor(op: keyof typeof MIRRORED, order: number): boolean {
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

function membership(item: ExpressionValue, container: ExpressionValue): Outcome {
  switch (container.kind) {
    case 'null':
      return NULL_VALUE;
    case 'list':
    case 'set':
      return isAmong(item, container.values);
    case 'map':
    case 'partial':
      return hasKey(item, container);
    case 'constraint':
      return toOutcome(isKnown(item) ? proveMembership(container, item) : undefined);
    default:
      return functionNotFound('in');
  }
}

function isAmong(item: ExpressionValue, values: readonly RulesValue[]): Outcome {
  if (isKnown(item)) return bool(contains(values, item));
  const answers = values.map((value) => areEqual(item, value));
  return toOutcome(answers.includes(true) ? true : answers.includes(undefined) ? undefined : false);
}

/** Evaluates `in` on a map. A document of a query has the fields that the query filters, and may have any other. */
function hasKey(item: ExpressionValue, container: Extract<ExpressionValue, { kind: 'map' | 'partial' }>): Outcome {
  if (!isKnown(item)) return UNDETERMINED;
  if (item.kind !== 'string') return unsupported(`${item.kind} in map`, ['string in map']);
  if (container.fields.has(item.value)) return bool(true);
  return container.kind === 'map' ? bool(false) : UNDETERMINED;
}

/** Evaluates `value is type`. A set matches no type name, and neither does null. */
export function hasType(value: ExpressionValue, type: string): Outcome {
  if (value.kind === 'unknown') return UNDETERMINED;
  if (value.kind === 'constraint') return toOutcome(proveType(value, type));
  if (type === 'number') return bool(value.kind === 'int' || value.kind === 'float');
  return bool(typeName(value) === type && type !== 'set');
}

/** Evaluates `object.name` and `object['name']`. */
export function property(object: ExpressionValue, name: string): Outcome {
  if (object.kind === 'null') return NULL_VALUE;
  if (object.kind === 'unknown') return UNDETERMINED;
  if (object.kind !== 'map' && object.kind !== 'partial') return undefinedProperty(name);
  return object.fields.get(name) ?? undefinedProperty(name);
}

/** Evaluates `object[index]` of a list, a string, a path or a map. */
export function element(object: ExpressionValue, index: ExpressionValue): Outcome {
  if (object.kind === 'null') return NULL_VALUE;
  if (object.kind === 'unknown' || index.kind === 'unknown') return UNDETERMINED;
  if (object.kind === 'map' || object.kind === 'partial') {
    return index.kind === 'string'
      ? property(object, index.value)
      : unsupported(`map[${typeName(index)}]`, ['map[string]']);
  }
  const items = getItems(object);
  if (items === undefined)
    return unsupported(`${typeName(object)}[${typeName(index)}]`, [
      'list[int]',
      'map[string]',
      'string[int]',
      'path[int]',
    ]);
  if (index.kind !== 'int') return unsupported(`${object.kind}[${typeName(index)}]`, [`${object.kind}[int]`]);
  const item = items[Number(index.value)];
  if (item === undefined) return fail(`Index out of bound error. Index: [${index.value}] , size: [${items.length}].`);
  return typeof item === 'string' ? str(item) : item;
}

function getItems(object: ExpressionValue): ArrayLike<RulesValue | string> | undefined {
  if (object.kind === 'list') return object.values;
  if (object.kind === 'path') return object.segments;
  return object.kind === 'string' ? object.value : undefined;
}

/**
 * Evaluates `object[from:to]` of a list or a string. An empty slice is allowed in the middle, not at 0 nor at the end.
 */
export function slice(object: ExpressionValue, from: ExpressionValue, to: ExpressionValue): Outcome {
  if ([object, from, to].some(({ kind }) => kind === 'unknown')) return UNDETERMINED;
  if (object.kind === 'null') return NULL_VALUE;
  const isSliced = object.kind === 'list' || object.kind === 'string';
  if (!isSliced || from.kind !== 'int' || to.kind !== 'int') {
    return unsupported(`${typeName(object)}[${typeName(from)}:${typeName(to)}]`, ['list[int:int]', 'string[int:int]']);
  }
  const [i, j, size] = [
    Number(from.value),
    Number(to.value),
    object.kind === 'list' ? object.values.length : object.value.length,
  ];
  if (i < 0 || i >= size || j < 1 || j > size || i > j) {
    return fail(`Index out of bound error. Index: [${i}:${j}] , size: [${size}].`);
  }
  return object.kind === 'list' ? list(object.values.slice(i, j)) : str(object.value.slice(i, j));
}

/** Returns the segments that `$(…)` adds to a path: one for a string, all segments of a path. */
export function pathSegments(value: ExpressionValue): readonly string[] | undefined {
  if (value.kind === 'path') return value.segments;
  return value.kind === 'string' && /^[^/]+$/s.test(value.value) ? [value.value] : undefined;
}
