/** Values as rules see them: constructors, names of types, equality and order. */
import { Members } from './value-set.js';
import type { RulesValue } from './types.js';

export type Kind = RulesValue['kind'];
export type Of<K extends Kind> = Extract<RulesValue, { kind: K }>;

export const NULL: Of<'null'> = { kind: 'null' };
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

/** A map from a plain object or from entries; the order of the entries does not show in rules. */
export function map(fields: Record<string, RulesValue> | ReadonlyMap<string, RulesValue>): Of<'map'> {
  return { kind: 'map', fields: fields instanceof Map ? fields : new Map(Object.entries(fields)) };
}

/** A set: later values equal to an earlier one are dropped. */
export function set(values: readonly RulesValue[]): Of<'set'> {
  const distinct: RulesValue[] = [];
  const known = new Members();
  for (const value of values) {
    if (known.has(value)) continue;
    known.add(value);
    distinct.push(value);
  }
  return { kind: 'set', values: distinct };
}

/** A timestamp; nanos are 0 to 999 999 999 and count forward from the second, also before 1970. */
export const timestamp = (seconds: bigint, nanos: number): Of<'timestamp'> => ({ kind: 'timestamp', seconds, nanos });

/** A duration; seconds and nanos never differ in sign. */
export const duration = (seconds: bigint, nanos: number): Of<'duration'> => ({ kind: 'duration', seconds, nanos });

const NANOS_PER_SECOND = 1_000_000_000n;

/** All nanoseconds of a timestamp (since 1970) or of a duration. */
export function totalNanos(value: Of<'timestamp'> | Of<'duration'>): bigint {
  return value.seconds * NANOS_PER_SECOND + BigInt(value.nanos);
}

export function timestampFromNanos(nanos: bigint): Of<'timestamp'> {
  const rest = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return timestamp((nanos - rest) / NANOS_PER_SECOND, Number(rest));
}

export function durationFromNanos(nanos: bigint): Of<'duration'> {
  return duration(nanos / NANOS_PER_SECOND, Number(nanos % NANOS_PER_SECOND));
}

export const timestampFromMillis = (ms: number | bigint): Of<'timestamp'> =>
  timestampFromNanos(BigInt(ms) * 1_000_000n);

/** An ISO time in UTC with up to nine decimals, or undefined when the text is none. */
export function timestampFromIso(text: string): Of<'timestamp'> | undefined {
  const parts = /^(.+T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = Date.parse(`${parts?.[1]}${parts?.[3]}`);
  if (!parts || Number.isNaN(ms)) return undefined;
  return timestamp(BigInt(Math.floor(ms / 1000)), Number((parts[2] ?? '').padEnd(9, '0')));
}

/** `==` of the language: numbers meet across int and float, but not inside lists and maps. */
export function equal(a: RulesValue, b: RulesValue): boolean {
  return isNumber(a) && isNumber(b) ? compareNumbers(a, b) === 0 : identical(a, b);
}

/** Membership by `==`. */
export function contains(values: readonly RulesValue[], wanted: RulesValue): boolean {
  return values.some((value) => equal(value, wanted));
}

/** Equality inside a container: 1 and 1.0 differ there. Sets compare their members by `==`. */
function identical(a: RulesValue, b: RulesValue): boolean {
  switch (a.kind) {
    case 'null':
      return b.kind === 'null';
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
      return b.kind === a.kind && b.value === a.value;
    case 'bytes':
      return b.kind === 'bytes' && Buffer.compare(a.value, b.value) === 0;
    case 'timestamp':
    case 'duration':
      return b.kind === a.kind && totalNanos(a) === totalNanos(b);
    case 'latlng':
      return b.kind === 'latlng' && a.latitude === b.latitude && a.longitude === b.longitude;
    case 'path':
      return b.kind === 'path' && sameItems(a.segments, b.segments, Object.is);
    case 'vector':
      return b.kind === 'vector' && sameItems(a.values, b.values, Object.is);
    case 'list':
      return b.kind === 'list' && sameItems(a.values, b.values, identical);
    case 'set':
      return b.kind === 'set' && sameSets(a.values, b.values);
    case 'map':
      return b.kind === 'map' && sameFields(a.fields, b.fields);
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  return a.every((item, i) => {
    const other = b[i];
    return other !== undefined && same(item, other);
  });
}

function sameSets(a: readonly RulesValue[], b: readonly RulesValue[]): boolean {
  const others = new Members(b);
  return a.length === b.length && a.every((value) => others.has(value));
}

function sameFields(a: ReadonlyMap<string, RulesValue>, b: ReadonlyMap<string, RulesValue>): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && identical(value, other);
  });
}

export function isNumber(value: { kind: string }): value is Of<'int'> | Of<'float'> {
  return value.kind === 'int' || value.kind === 'float';
}

/** Negative, zero or positive; NaN when either number is NaN. */
function compareNumbers(a: Of<'int'> | Of<'float'>, b: Of<'int'> | Of<'float'>): number {
  if (a.kind === 'int' && b.kind === 'int') return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  const [x, y] = [Number(a.value), Number(b.value)];
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
}

/** The order of `<`, or undefined for kinds that have none together. NaN compares as NaN. */
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
