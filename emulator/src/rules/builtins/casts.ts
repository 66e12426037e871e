/** `int()`, `float()`, `string()` and `path()`. There is no `bool()` and no `bytes()`. */
import { fitsInt } from '../arithmetic.js';
import { fail, type Failure, type Outcome } from '../outcome.js';
import { float, int, path, str, type Of } from '../values.js';
import { overload, type Overloads } from './overload.js';
import { parsePath } from './path.js';
import { castToString } from './text.js';

const cannotConvert = (text: string, to: string): Failure =>
  fail(`Type conversion error. Received: '${text}'. Expected: ${to}.`);

function intFromFloat(x: Of<'float'>): Outcome {
  const whole = Number.isFinite(x.value) ? BigInt(Math.trunc(x.value)) : undefined;
  return whole !== undefined && fitsInt(whole) ? int(whole) : cannotConvert(String(x.value), 'int');
}

function intFromString({ value }: Of<'string'>): Outcome {
  const whole = /^[+-]?\d{1,19}$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
  return whole !== undefined && fitsInt(whole) ? int(whole) : cannotConvert(value, 'int');
}

function floatFromString({ value }: Of<'string'>): Outcome {
  const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
  return isDecimal ? float(Number(value)) : cannotConvert(value, 'float');
}

function pathFromString({ value }: Of<'string'>): Outcome {
  const segments = parsePath(value);
  return segments ? path(segments) : cannotConvert(value, 'path');
}

export const CASTS: Overloads = {
  int: [overload(['int'], (x) => x), overload(['float'], intFromFloat), overload(['string'], intFromString)],
  float: [
    overload(['float'], (x) => x),
    overload(['int'], (x) => float(Number(x.value))),
    overload(['string'], floatFromString),
  ],
  string: (['bool', 'int', 'float', 'null', 'string', 'path'] as const).map((kind) =>
    overload([kind], (x) => str(castToString(x) ?? '')),
  ),
  path: [overload(['string'], pathFromString)],
};
