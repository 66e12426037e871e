import { fail, type Outcome } from '../outcome.js';
import { durationFromNanos, int, totalNanos, type Of } from '../values.js';
import { overload, type Overloads } from './overload.js';

const SECOND = 1_000_000_000n;
const NANOS: Record<string, bigint> = {
  w: 604_800n * SECOND,
  d: 86_400n * SECOND,
  h: 3600n * SECOND,
  m: 60n * SECOND,
  s: SECOND,
  ms: 1_000_000n,
  ns: 1n,
};

function inUnit(amount: Of<'int'>, unit: Of<'string'>): Outcome {
  const nanos = Object.hasOwn(NANOS, unit.value) ? NANOS[unit.value] : undefined;
  return nanos === undefined
    ? fail(`Invalid duration unit. Unit: ${unit.value}.`)
    : durationFromNanos(amount.value * nanos);
}

function fromTime(hours: Of<'int'>, minutes: Of<'int'>, seconds: Of<'int'>, nanos: Of<'int'>): Outcome {
  return durationFromNanos((hours.value * 3600n + minutes.value * 60n + seconds.value) * SECOND + nanos.value);
}

function magnitude(self: Of<'duration'>): Outcome {
  const nanos = totalNanos(self);
  return durationFromNanos(nanos < 0n ? -nanos : nanos);
}

export const DURATION_METHODS: Overloads = {
  seconds: [overload(['duration'], (self) => int(self.seconds))],
  nanos: [overload(['duration'], (self) => int(self.nanos))],
};

export const DURATION_FUNCTIONS: Overloads = {
  value: [overload(['int', 'string'], inUnit)],
  time: [overload(['int', 'int', 'int', 'int'], fromTime)],
  abs: [overload(['duration'], magnitude)],
};
