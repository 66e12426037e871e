import { type Timestamp } from './time.js';

/** One Firestore value. Integers are int64, so they are bigints; timestamps are truncated to whole microseconds. */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | ({ readonly kind: 'timestamp' } & Timestamp)
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  /** The full name of a document: projects/p/databases/d/documents/… */
  | { readonly kind: 'reference'; readonly value: string }
  | { readonly kind: 'geo'; readonly latitude: number; readonly longitude: number }
  | { readonly kind: 'array'; readonly values: readonly Value[] }
  | { readonly kind: 'map'; readonly fields: Fields };

export type Fields = ReadonlyMap<string, Value>;

export type ArrayValue = Extract<Value, { kind: 'array' }>;
export type MapValue = Extract<Value, { kind: 'map' }>;

export const NULL: Value = { kind: 'null' };

/** Creates an integer of 64 bits. */
export function integerValue(value: bigint | number): Value {
  return { kind: 'integer', value: BigInt(value) };
}

/** Creates a double. */
export function doubleValue(value: number): Value {
  return { kind: 'double', value };
}

/** Creates a string. */
export function stringValue(value: string): Value {
  return { kind: 'string', value };
}

/** Creates a reference to a document by its full name. */
export function referenceValue(value: string): Value {
  return { kind: 'reference', value };
}

/** Creates an array. */
export function arrayValue(values: readonly Value[]): ArrayValue {
  return { kind: 'array', values };
}

/** Creates a map. */
export function mapValue(fields: Fields): MapValue {
  return { kind: 'map', fields };
}

/**
 * Returns the elements of a vector, which is a map `{__type__: "__vector__", value: [doubles]}`; undefined for another
 * map.
 */
export function vectorElements(fields: Fields): readonly Value[] | undefined {
  if (fields.size !== 2) return undefined;
  const type = fields.get('__type__');
  const elements = fields.get('value');
  if (type?.kind !== 'string' || type.value !== '__vector__' || elements?.kind !== 'array') return undefined;
  return elements.values;
}

/** Returns whether a value is the double NaN. */
export function isNaNValue(value: Value): boolean {
  return value.kind === 'double' && Number.isNaN(value.value);
}

/** Returns whether a value is an integer or a double. */
export function isNumberValue(value: Value): value is Extract<Value, { kind: 'integer' | 'double' }> {
  return value.kind === 'integer' || value.kind === 'double';
}
