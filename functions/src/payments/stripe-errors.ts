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

/**
 * Creates an object once, as `createOnce` does, whose request may be refused now and accepted later: for instance while
 * a balance is too low. Stripe repeats a refusal under its key for a day. A repeated refusal created nothing, so the
 * request is sent again under a key made of the refused request, which concurrent retries have in common. Source: Stripe
 * docs, "Advanced error handling": `Idempotent-Replayed`; `Original-Request` names the refused request.
 */
export function createOnceAccepted<T>(key: string, { find, create }: Attempt<T>): Promise<T> {
  const createWith = async (first: string, next: string): Promise<T> => {
    try {
      return await create(next);
    } catch (error) {
      const refused = readRepeatedRefusal(error);
      if (refused === null) throw error;
      return createWith(first, `${first}-${refused}`);
    }
  };
  return createOnce(key, { find, create: (first) => createWith(first, first) });
}

/** Returns the id of the refused request; null where this refusal is the first one under its key. */
function readRepeatedRefusal(error: unknown): string | null {
  if (!hasType(error, 'StripeInvalidRequestError')) return null;
  const headers: unknown = Reflect.get(Object(error), 'headers');
  if (stringField(headers, 'idempotent-replayed') !== 'true') return null;
  return stringField(headers, 'original-request') ?? null;
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
