import { vectorElements, type Fields, type Value } from './value.js';

/** Ranks of the types; vectors come between array and map. Source: Firestore docs, "Value type ordering". */
const RANK = {
  null: 0,
  boolean: 1,
  nan: 2,
  number: 3,
  timestamp: 4,
  string: 5,
  bytes: 6,
  reference: 7,
  geo: 8,
  array: 9,
  vector: 10,
  map: 11,
} as const;

/** Returns the type class of a value; `<` and similar operators only match values of one class. */
export function getTypeRank(value: Value): number {
  switch (value.kind) {
    case 'integer':
      return RANK.number;
    case 'double':
      return Number.isNaN(value.value) ? RANK.nan : RANK.number;
    case 'map':
      return vectorElements(value.fields) ? RANK.vector : RANK.map;
    default:
      return RANK[value.kind];
  }
}

/** Compares by UTF-8 bytes, which is the order of code points; JavaScript's own order is by UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return getCodeUnitOrder(x) - getCodeUnitOrder(y);
  }
  return a.length - b.length;
}

/**
 * Returns the order of a UTF-16 unit. Surrogates, which encode code points above U+FFFF, come after U+E000 to U+FFFF.
 */
function getCodeUnitOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

const NUMERIC_ID = /^__id(-?\d+)__$/;

/** Returns the number of an id `__id<int64>__`, otherwise undefined. */
export function parseNumericId(id: string): bigint | undefined {
  if (!id.startsWith('__id')) return undefined;
  const match = NUMERIC_ID.exec(id);
  return match?.[1] === undefined ? undefined : BigInt(match[1]);
}

/** Compares ids: numeric ids come first, by number; others follow by code point. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const x = parseNumericId(a);
  const y = parseNumericId(b);
  if (x !== undefined && y !== undefined) return x < y ? -1 : x > y ? 1 : 0;
  if (x !== undefined) return -1;
  return y !== undefined ? 1 : compareStrings(a, b);
}

/** Compares paths segment by segment; a prefix comes first. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareIds(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Compares values by the order of queries; returns 0 also for 1 and 1.0, −0 and 0, NaN and NaN. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  const byType = getTypeRank(a) - getTypeRank(b);
  if (byType !== 0) return byType;
  switch (a.kind) {
    case 'boolean':
      return b.kind === 'boolean' ? Number(a.value) - Number(b.value) : 0;
    case 'integer':
    case 'double':
      return b.kind === 'integer' || b.kind === 'double' ? compareNumbers(a.value, b.value) : 0;
    case 'timestamp':
      return b.kind === 'timestamp' ? a.seconds - b.seconds || a.nanos - b.nanos : 0;
    case 'string':
      return b.kind === 'string' ? compareStrings(a.value, b.value) : 0;
    case 'bytes':
      return b.kind === 'bytes' ? Buffer.compare(a.value, b.value) : 0;
    case 'reference':
      return b.kind === 'reference' ? comparePaths(a.value.split('/'), b.value.split('/')) : 0;
    case 'geo':
      return b.kind === 'geo' ? a.latitude - b.latitude || a.longitude - b.longitude : 0;
    case 'array':
      return b.kind === 'array' ? compareArrays(a.values, b.values) : 0;
    case 'map':
      return b.kind === 'map' ? compareMaps(a.fields, b.fields) : 0;
    case 'null':
      return 0;
  }
}

/** Compares numbers. JavaScript compares a bigint with a number exactly, without converting either. NaN equals NaN. */
function compareNumbers(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (y === undefined) return 1;
    const order = compareValues(x, y);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareMaps(a: Fields, b: Fields): number {
  const x = vectorElements(a);
  const y = vectorElements(b);
  if (x && y) return x.length - y.length || compareArrays(x, y);
  const keysA = [...a.keys()].sort(compareStrings);
  const keysB = [...b.keys()].sort(compareStrings);
  for (let i = 0; i < Math.min(keysA.length, keysB.length); i++) {
    const order = compareEntries(a, keysA[i] ?? '', b, keysB[i] ?? '');
    if (order !== 0) return order;
  }
  return keysA.length - keysB.length;
}

function compareEntries(a: Fields, keyA: string, b: Fields, keyB: string): number {
  const byKey = compareStrings(keyA, keyB);
  if (byKey !== 0) return byKey;
  const x = a.get(keyA);
  const y = b.get(keyB);
  return x && y ? compareValues(x, y) : 0;
}

/** Compares as array elements and transforms do: 1 = 1.0, NaN = NaN, null = null. */
export function valuesEqual(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}

/** Compares so that 1 and 1.0 differ, to decide whether a write changes a value. */
export function identical(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'array' && b.kind === 'array') {
    return a.values.length === b.values.length && a.values.every((x, i) => sameOrBothAbsent(x, b.values[i]));
  }
  if (a.kind === 'map' && b.kind === 'map') return identicalFields(a.fields, b.fields);
  if (a.kind === 'double' && b.kind === 'double') return Object.is(a.value, b.value);
  return compareValues(a, b) === 0;
}

function sameOrBothAbsent(a: Value, b: Value | undefined): boolean {
  return b !== undefined && identical(a, b);
}

/** Returns whether two sets of fields hold the same values, of the same types. */
export function identicalFields(a: Fields, b: Fields): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!sameOrBothAbsent(value, b.get(key))) return false;
  return true;
}
