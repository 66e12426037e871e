declare const unit: unique symbol;

/** An amount in a currency's minor unit, such as cents. */
export type Minor = number & { readonly [unit]: 'minor' };

/** A time by the server's clock, in milliseconds since 1970. */
export type EpochMs = number & { readonly [unit]: 'ms' };

/** Marks a whole number as an amount. Throws a RangeError for any other number. */
export function minor(amount: number): Minor {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is no whole number of minor units`);
  return amount as Minor;
}

/** Marks milliseconds since 1970 as a time. Throws a RangeError for a number that is not whole. */
export function epochMs(milliseconds: number): EpochMs {
  if (!Number.isSafeInteger(milliseconds)) throw new RangeError(`${milliseconds} is no whole number of milliseconds`);
  return milliseconds as EpochMs;
}

/** One of the known texts, or one that a newer server sends. */
export type Open<T extends string> = T | (string & Record<never, never>);

/** A case that a newer server sends, as it arrived. */
export type UnknownCase<Tag extends string> = { readonly [T in Tag]: 'unknown' } & { readonly raw: unknown };

/** A record without properties. */
export type NoFields = Readonly<Record<string, never>>;

/** An amount with its currency. */
export interface Money {
  readonly minor: Minor;
  /** ISO 4217. */
  readonly currency: string;
}
