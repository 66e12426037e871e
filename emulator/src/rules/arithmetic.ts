/** `+ - * / %` and the unary minus. */
import { fail, typeName, unsupported, type ExpressionValue, type Failure, type Outcome } from './outcome.js';
import { durationFromNanos, float, int, isNumber, str, timestampFromNanos, totalNanos, type Of } from './values.js';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

const DIVIDE_BY_ZERO = fail('Divide by zero error.');
const OVERFLOW = fail('Integer overflow error.');

/** Returns whether a result fits an int of 64 bits. */
export const fitsInt = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

const EXPECTED: Record<ArithmeticOperator, readonly string[]> = {
  '+': ['int + int', 'float + float', 'string + string', 'timestamp + duration', 'duration + duration'],
  '-': ['int - int', 'float - float', 'timestamp - duration', 'timestamp - timestamp', 'duration - duration'],
  '*': ['int * int', 'float * float'],
  '/': ['int / int', 'float / float'],
  '%': ['int % int', 'float % float'],
};

/** Evaluates `+ - * / %` on numbers, texts, timestamps, durations, lists and sets; fails for other operands. */
export function arithmetic(op: ArithmeticOperator, left: ExpressionValue, right: ExpressionValue): Outcome {
  return (
    (isNumber(left) && isNumber(right) ? onNumbers(op, left, right) : undefined) ??
    (op === '+' && left.kind === 'string' && right.kind === 'string' ? str(left.value + right.value) : undefined) ??
    (op === '+' || op === '-' ? onTimes(op, left, right) : undefined) ??
    unsupported(`${typeName(left)} ${op} ${typeName(right)}`, EXPECTED[op])
  );
}

/** Evaluates the unary minus; fails for an operand that is not a number, and on integer overflow. */
export function negate(operand: ExpressionValue): Outcome {
  if (operand.kind === 'int') return checked(-operand.value);
  if (operand.kind === 'float') return float(-operand.value);
  return unsupported(`-${typeName(operand)}`, ['-int', '-float']);
}

function onNumbers(op: ArithmeticOperator, left: Of<'int'> | Of<'float'>, right: Of<'int'> | Of<'float'>): Outcome {
  if (left.kind === 'int' && right.kind === 'int') return onInts(op, left.value, right.value);
  return float(onFloats(op, Number(left.value), Number(right.value)));
}

function onInts(op: ArithmeticOperator, a: bigint, b: bigint): Outcome {
  switch (op) {
    case '+':
      return checked(a + b);
    case '-':
      return checked(a - b);
    case '*':
      return checked(a * b);
    case '/':
      return b === 0n ? DIVIDE_BY_ZERO : checked(a / b);
    case '%':
      return b === 0n ? DIVIDE_BY_ZERO : int(a % b);
  }
}

function checked(value: bigint): Of<'int'> | Failure {
  return fitsInt(value) ? int(value) : OVERFLOW;
}

function onFloats(op: ArithmeticOperator, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

/** Evaluates timestamp ± duration, timestamp − timestamp and duration ± duration. */
function onTimes(op: '+' | '-', left: ExpressionValue, right: ExpressionValue): Outcome | undefined {
  const isTime = left.kind === 'timestamp' || left.kind === 'duration';
  if (!isTime || (right.kind !== 'duration' && right.kind !== 'timestamp')) return undefined;
  const [a, b] = [totalNanos(left), totalNanos(right)];
  if (right.kind === 'duration') {
    const moved = op === '+' ? a + b : a - b;
    return left.kind === 'timestamp' ? timestampFromNanos(moved) : durationFromNanos(moved);
  }
  return op === '-' && left.kind === 'timestamp' ? durationFromNanos(a - b) : undefined;
}
