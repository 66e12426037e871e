interface Attempt<T> {
  find: () => Promise<T | undefined>;
  create: (idempotencyKey: string) => Promise<T>;
}

/**
 * Creates an object at the provider once. Stripe keeps a response of 500 under its key for a day, so that every retry
 * would fail: then the object of the first attempt is searched for, and another key is used where there is none. Keys
 * expire after a day, so a late retry searches first. Source: Stripe API reference, "Idempotent requests".
 */
export async function createOnce<T>(key: string, { find, create }: Attempt<T>): Promise<T> {
  const made = await find();
  if (made !== undefined) return made;
  try {
    return await create(key);
  } catch (error) {
    if (!hasType(error, 'StripeAPIError')) throw error;
    return (await find()) ?? create(`${key}-again`);
  }
}

/** True for an error of Stripe's SDK with this type. */
export function hasType(error: unknown, type: string): boolean {
  return stringField(error, 'type') === type;
}

/** Reads a field of an error; undefined where it is not a string. */
export function stringField(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : undefined;
}
