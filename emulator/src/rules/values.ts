/** Rules values: constructors, names of types, equality and order. */
import type { RulesValue } from './types.js';

type Kind = RulesValue['kind'];
export type Of<K extends Kind> = Extract<RulesValue, { kind: K }>;

export const RULES_NULL: Of<'null'> = { kind: 'null' };
const TRUE: Of<'bool'> = { kind: 'bool', value: true };
const FALSE: Of<'bool'> = { kind: 'bool', value: false };
export const bool = (value: boolean): Of<'bool'> => (value ? TRUE : FALSE);
export const int = (value: bigint | number): Of<'int'> => ({ kind: 'int', value: BigInt(value) });
export const float = (value: number): Of<'float'> => ({ kind: 'float', value });
export const str = (value: string): Of<'string'> => ({ kind: 'string', value });
export const bytes = (value: Uint8Array): Of<'bytes'> => ({ kind: 'bytes', value });
export const path = (segments: readonly string[]): Of<'path'> => ({ kind: 'path', segments });
export const list = (values: readonly RulesValue[]): Of<'list'> => ({ kind: 'list', values });
export const latlng = (latitude: number, longitude: number): Of<'latlng'> => ({ kind: 'latlng', latitude, longitude });

/** Creates a map from a plain object or from entries; rules do not see the order of the entries. */
export function map(fields: Record<string, RulesValue> | ReadonlyMap<string, RulesValue>): Of<'map'> {
  return { kind: 'map', fields: fields instanceof Map ? fields : new Map(Object.entries(fields)) };
}

/** Creates a timestamp; nanos are 0 to 999 999 999 and count forward from the second, also before 1970. */
export const timestamp = (seconds: bigint, nanos: number): Of<'timestamp'> => ({ kind: 'timestamp', seconds, nanos });

/** Creates a duration; seconds and nanos never differ in sign. */
export const duration = (seconds: bigint, nanos: number): Of<'duration'> => ({ kind: 'duration', seconds, nanos });

const NANOS_PER_SECOND = 1_000_000_000n;

/** Returns all nanoseconds of a timestamp (since 1970) or of a duration. */
export function totalNanos(value: Of<'timestamp'> | Of<'duration'>): bigint {
  return value.seconds * NANOS_PER_SECOND + BigInt(value.nanos);
}

/** Converts nanoseconds since 1970, which may be negative, to a timestamp. */
export function timestampFromNanos(nanos: bigint): Of<'timestamp'> {
  const rest = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return timestamp((nanos - rest) / NANOS_PER_SECOND, Number(rest));
}

/** Converts nanoseconds to a duration. */
export function durationFromNanos(nanos: bigint): Of<'duration'> {
  return duration(nanos / NANOS_PER_SECOND, Number(nanos % NANOS_PER_SECOND));
}

export const timestampFromMillis = (ms: number | bigint): Of<'timestamp'> =>
  timestampFromNanos(BigInt(ms) * 1_000_000n);

/** Parses an ISO time in UTC with up to nine decimals; returns undefined for any other text. */
export function timestampFromIso(text: string): Of<'timestamp'> | undefined {
  const parts = /^(.+T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = Date.parse(`${parts?.[1]}${parts?.[3]}`);
  if (!parts || Number.isNaN(ms)) return undefined;
  return timestamp(BigInt(Math.floor(ms / 1000)), Number((parts[2] ?? '').padEnd(9, '0')));
}

/** Returns whether a value is an int or a float. */
export function isNumber(value: { kind: string }): value is Of<'int'> | Of<'float'> {
  return value.kind === 'int' || value.kind === 'float';
}

/** Compares two numbers: negative, zero or positive; NaN when either number is NaN. */
export function compareNumbers(a: Of<'int'> | Of<'float'>, b: Of<'int'> | Of<'float'>): number {
  if (a.kind === 'int' && b.kind === 'int') return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  const [x, y] = [Number(a.value), Number(b.value)];
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
}

/** Compares values by the order of `<`; returns undefined for kinds without a common order. NaN compares as NaN. */
export function compare(a: RulesValue, b: RulesValue): number | undefined {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (a.kind === 'string' && b.kind === 'string') return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (a.kind === 'bytes' && b.kind === 'bytes') return Buffer.compare(a.value, b.value);
  if ((a.kind === 'timestamp' && b.kind === 'timestamp') || (a.kind === 'duration' && b.kind === 'duration')) {
    const difference = totalNanos(a) - totalNanos(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return undefined;
}
