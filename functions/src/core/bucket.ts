/** This many at once, and one more after each `refillMs`. */
export interface Limit {
  capacity: number;
  refillMs: number;
}

/** The tokens left at a time; absent: full. Whole tokens: the fraction of the next one is in `atMs`. */
export interface Bucket {
  tokens: number;
  atMs: number;
}

export type RateLimitDecision = { ok: true; bucket: Bucket } | { ok: false; retryAfterSeconds: number };

/**
 * Takes some tokens, or none and returns in how many seconds they are available. Pure and exact for any sequence of
 * requests: each is counted once. `bucket` undefined: full.
 */
export function takeFromBucket(bucket: Bucket | undefined, limit: Limit, nowMs: number, wanted = 1): RateLimitDecision {
  const { tokens, atMs } = refillBucket(bucket ?? { tokens: limit.capacity, atMs: nowMs }, limit, nowMs);
  if (tokens >= wanted) return { ok: true, bucket: { tokens: tokens - wanted, atMs } };
  return { ok: false, retryAfterSeconds: Math.ceil((atMs + (wanted - tokens) * limit.refillMs - nowMs) / 1000) };
}

/** Returns tokens that were taken; a full bucket stays full. `bucket` undefined: full. */
export function returnToBucket(bucket: Bucket | undefined, limit: Limit, nowMs: number, taken = 1): Bucket {
  const { tokens, atMs } = refillBucket(bucket ?? { tokens: limit.capacity, atMs: nowMs }, limit, nowMs);
  return { tokens: Math.min(limit.capacity, tokens + taken), atMs };
}

/** A clock that goes back adds and removes no tokens. */
function refillBucket({ tokens, atMs }: Bucket, { capacity, refillMs }: Limit, nowMs: number): Bucket {
  const grown = Math.max(0, Math.floor((nowMs - atMs) / refillMs));
  // A full bucket does not accumulate: its next token is due a whole interval after one is taken.
  return tokens + grown >= capacity
    ? { tokens: capacity, atMs: nowMs }
    : { tokens: tokens + grown, atMs: atMs + grown * refillMs };
}
