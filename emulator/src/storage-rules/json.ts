/** Reads unchecked JSON. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns whether a value is a JSON object: not null and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a nested member of an object, or undefined when a part is missing or not an object. */
export function member(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
export const asItems = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const asNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
/** Reads an int from a number or a text; returns 0 for any other value. */
export const asInt = (value: unknown): bigint =>
  BigInt.asIntN(64, /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : 0n);
