import { type FieldTransform } from '../protocol/documents.js';
import { valuesEqual, compareValues } from '../values/compare.js';
import { type FieldPath, parseFieldPath } from '../values/field-path.js';
import { invalid } from '../values/status.js';
import { type Micros, toTimestamp } from '../values/time.js';
import { doubleValue, integerValue, isNaNValue, isNumberValue, NULL, type Value } from '../values/value.js';

/** Computes the new value of a field from its old one, and the result for the client. */
export interface Transform {
  readonly path: FieldPath;
  apply(old: Value | undefined, commitTime: Micros): { value: Value; result: Value };
}

/** Parses a field transform. Throws INVALID_ARGUMENT. */
export function parseTransform(transform: FieldTransform): Transform {
  const path = parseFieldPath(transform.fieldPath);
  const { increment, maximum, minimum, appendMissingElements, removeAllFromArray } = transform;
  if (transform.setToServerValue === 'REQUEST_TIME')
    return { path, apply: (_old, time) => withResult(requestTime(time)) };
  if (increment) return numeric(path, increment, add);
  if (maximum) return numeric(path, maximum, (old, operand) => pickExtreme(old, operand, 1));
  if (minimum) return numeric(path, minimum, (old, operand) => pickExtreme(old, operand, -1));
  if (appendMissingElements) return arrays(path, (old) => withMissing(old, appendMissingElements.values));
  if (removeAllFromArray)
    return arrays(path, (old) => old.filter((e) => !removeAllFromArray.values.some((r) => valuesEqual(e, r))));
  throw invalid('Unknown field transform.');
}

/** Returns the time of the commit, truncated to milliseconds as in production. */
function requestTime(commitTime: Micros): Value {
  return { kind: 'timestamp', ...toTimestamp(commitTime - (commitTime % 1000)) };
}

function withResult(value: Value): { value: Value; result: Value } {
  return { value, result: value };
}

function numeric(path: FieldPath, operand: Value, combine: (old: Value, operand: Value) => Value): Transform {
  if (!isNumberValue(operand)) throw invalid('Input must be int64 or double.');
  return { path, apply: (old) => withResult(old && isNumberValue(old) ? combine(old, operand) : operand) };
}

function arrays(path: FieldPath, change: (old: readonly Value[]) => readonly Value[]): Transform {
  return {
    path,
    apply: (old) => ({
      value: { kind: 'array', values: change(old?.kind === 'array' ? old.values : []) },
      result: NULL,
    }),
  };
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Adds two numbers. Integers saturate at the ends of int64; with a double on either side the sum is a double. */
function add(a: Value, b: Value): Value {
  if (a.kind === 'integer' && b.kind === 'integer') {
    const sum = a.value + b.value;
    return integerValue(sum > INT64_MAX ? INT64_MAX : sum < INT64_MIN ? INT64_MIN : sum);
  }
  return isNumberValue(a) && isNumberValue(b) ? doubleValue(Number(a.value) + Number(b.value)) : b;
}

/**
 * Returns the larger or smaller number. Of equal numbers the stored one stays, with its type. NaN on either side wins.
 */
function pickExtreme(old: Value, operand: Value, sign: 1 | -1): Value {
  if (isNaNValue(old)) return old;
  if (isNaNValue(operand)) return operand;
  return compareValues(operand, old) * sign > 0 ? operand : old;
}

function withMissing(old: readonly Value[], elements: readonly Value[]): readonly Value[] {
  const result = [...old];
  for (const element of elements) if (!result.some((e) => valuesEqual(e, element))) result.push(element);
  return result;
}
