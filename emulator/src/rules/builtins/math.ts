import { fail, type Outcome } from '../outcome.js';
import { bool, float, int, type Of } from '../values.js';
import { fitsInt } from '../arithmetic.js';
import { overload, type Overload, type Overloads } from './overload.js';

const ofNumber = (run: (x: number) => Outcome): Overload[] => [overload(['number'], (x) => run(Number(x.value)))];

/** Rounds to the nearest integer; half rounds up, so -1.5 becomes -1. */
function round(x: number): Outcome {
  if (!Number.isFinite(x)) return fail('Number out of range.');
  const rounded = BigInt(Math.round(x));
  return fitsInt(rounded) ? int(rounded) : fail('Number out of range.');
}

function absInt(x: Of<'int'>): Outcome {
  const size = x.value < 0n ? -x.value : x.value;
  return fitsInt(size) ? int(size) : fail('Integer overflow.');
}

export const MATH_FUNCTIONS: Overloads = {
  abs: [overload(['int'], absInt), overload(['float'], (x) => float(Math.abs(x.value)))],
  ceil: ofNumber((x) => float(Math.ceil(x))),
  floor: ofNumber((x) => float(Math.floor(x))),
  round: ofNumber(round),
  sqrt: ofNumber((x) => float(Math.sqrt(x))),
  pow: [overload(['number', 'number'], (x, y) => float(Number(x.value) ** Number(y.value)))],
  isNaN: ofNumber((x) => bool(Number.isNaN(x))),
};
