interface Attempt<T> {
  find: () => Promise<T | undefined>;
  create: (idempotencyKey: string) => Promise<T>;
}

/**
 * Makes something at the provider once. Stripe keeps an answer of 500 under its key for a day, so that no retry could
 * ever succeed: then what the first try may have made is looked for, and another key used where it made nothing. Keys
 * are forgotten after a day, so a late retry looks first. Source: Stripe API reference, "Idempotent requests".
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

export function hasType(error: unknown, type: string): boolean {
  return stringField(error, 'type') === type;
}

export function stringField(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : undefined;
}
