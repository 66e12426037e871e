/**
 * The network address of a request's caller, by its `x-forwarded-for` header: the last one, which Google's front end
 * saw; what stands before it was said by the caller. Null where there is none. Limits count it by `addressKey`.
 */
export function addressOf(forwardedFor: string | undefined): string | null {
  return forwardedFor?.split(',').at(-1)?.trim() || null;
}
