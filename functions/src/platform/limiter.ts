import { LRUCache } from 'lru-cache';
import { Refusal } from '../core/outcome.js';
import { takeFromBucket, type Bucket, type Limit } from '../core/bucket.js';

/**
 * The number of callers that are kept; beyond it the least recently seen one is dropped, and has a full bucket again.
 */
const MAX_KEPT = 20_000;

/** Limits in memory: they are free of charge, and apply to one instance. */
export class Limiter {
  #kept: LRUCache<string, Bucket> | undefined;

  constructor(
    private readonly now: () => number,
    private readonly maxKept = MAX_KEPT,
  ) {}

  /** Allocated on first use: lru-cache allocates every entry at once. */
  get #buckets(): LRUCache<string, Bucket> {
    return (this.#kept ??= new LRUCache({ max: this.maxKept }));
  }

  /** Takes a token. Throws TOO_MANY_REQUESTS. */
  take(key: string, limit: Limit): void {
    const retryAfterSeconds = this.wait(key, limit);
    if (retryAfterSeconds > 0) throw new Refusal('TOO_MANY_REQUESTS', { retryAfterSeconds });
  }

  /** True where no token is left. Takes none. */
  isEmpty(key: string, limit: Limit): boolean {
    return !takeFromBucket(this.#buckets.get(key), limit, this.now()).ok;
  }

  /** Takes a token and returns 0, or returns in how many seconds the next one is available. */
  wait(key: string, limit: Limit): number {
    const taken = takeFromBucket(this.#buckets.get(key), limit, this.now());
    if (!taken.ok) return taken.retryAfterSeconds;
    this.#buckets.set(key, taken.bucket);
    return 0;
  }
}
