/** True for an object of properties, such as a document: no list, no Timestamp and no other object of a class. */
const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/** Copies a value without the properties that are `undefined`, which Firestore refuses, also inside of lists. */
export function withoutGaps<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== undefined).map(copy);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  const present = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(present.map(([key, one]) => [key, copy(one)]));
}
