/** Equality of rules values, and a lookup of equal values in constant time. */
import type { RulesValue } from './types.js';
import { compareNumbers, isNumber, totalNanos } from './values.js';

/** Compares by `==` of the language: an int and a float can be equal, but not inside lists and maps. */
export function equal(a: RulesValue, b: RulesValue): boolean {
  return isNumber(a) && isNumber(b) ? compareNumbers(a, b) === 0 : identical(a, b);
}

/** Returns whether a list contains a value by `==`. */
export function contains(values: readonly RulesValue[], wanted: RulesValue): boolean {
  return values.some((value) => equal(value, wanted));
}

/** Compares values inside a container, where 1 and 1.0 differ. Sets compare their members by `==`. */
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

/** A collection of values, indexed by a text that equal values share and different values rarely share. */
export class Members {
  private readonly byKey = new Map<string, RulesValue[]>();

  constructor(values: Iterable<RulesValue> = []) {
    for (const value of values) this.add(value);
  }

  has(wanted: RulesValue): boolean {
    const alike = this.byKey.get(toKey(wanted) ?? '');
    return alike?.some((value) => equal(value, wanted)) ?? false;
  }

  /** Adds a value; one that equals nothing, such as NaN, is not stored. */
  add(value: RulesValue): void {
    const key = toKey(value);
    if (key === undefined) return;
    const alike = this.byKey.get(key);
    if (alike) alike.push(value);
    else this.byKey.set(key, [value]);
  }
}

/**
 * Returns the index key of a value compared by `==`, or undefined for one that equals nothing. An int and a float of
 * the same value share a key.
 */
function toKey(value: RulesValue): string | undefined {
  if (value.kind === 'int') return `float ${Number(value.value)}`;
  return toInnerKey(value);
}

/** Returns the index key of a value inside a container, where int and float differ. */
function toInnerKey(value: RulesValue): string | undefined {
  switch (value.kind) {
    case 'float':
      return Number.isNaN(value.value) ? undefined : `float ${value.value}`;
    case 'null':
      return 'null';
    case 'bool':
    case 'int':
    case 'string':
      return `${value.kind} ${value.value}`;
    case 'bytes':
      return `bytes ${Buffer.from(value.value).toString('base64')}`;
    case 'timestamp':
    case 'duration':
      return `${value.kind} ${totalNanos(value)}`;
    case 'latlng':
      return `latlng ${value.latitude} ${value.longitude}`;
    case 'path':
      return `path ${value.segments.join('/')}`;
    case 'vector':
      return `vector ${value.values.join()}`;
    case 'list':
      return joinKeys('list', value.values.map(toInnerKey));
    case 'set':
      return joinKeys('set', value.values.map(toKey).sort());
    case 'map':
      return joinKeys(
        'map',
        [...value.fields].sort(byName).map(([name, field]) => addName(name, toInnerKey(field))),
      );
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function addName(name: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : JSON.stringify([name, key]);
}

function joinKeys(kind: string, keys: readonly (string | undefined)[]): string | undefined {
  return keys.includes(undefined) ? undefined : `${kind} ${JSON.stringify(keys)}`;
}
