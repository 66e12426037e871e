/**
 * Reads the network address of a request's caller from its `x-forwarded-for` header: the last entry, which Google's
 * front end adds; the caller chose the entries before it. Null where there is none. Limits count it by `toAddressKey`.
 */
export function readClientAddress(forwardedFor: string | undefined): string | null {
  return forwardedFor?.split(',').at(-1)?.trim() || null;
}
