/** Reading of JSON that nobody has checked. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Is the value a JSON object, not null and no array? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object, or undefined for anything else. */
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
/** An int as JSON has it, a number or a text; 0 for what is neither. */
export const asInt = (value: unknown): bigint =>
  BigInt.asIntN(64, /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : 0n);
