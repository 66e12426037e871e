import { Refusal } from '../platform/outcome.js';
import { take, type Bucket, type Limit } from './bucket.js';

/** So many callers are remembered; then all begin anew, which nobody can bring about cheaply. */
const MAX_KEPT = 20_000;

/** Limits in memory: they cost nothing, and hold for one instance. */
export class Limiter {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => number) {}

  /** Throws TOO_MANY_REQUESTS. */
  take(key: string, limit: Limit): void {
    const taken = take(this.#buckets.get(key), limit, this.now());
    if (!taken.ok) throw new Refusal('TOO_MANY_REQUESTS', { retryAfterSeconds: taken.retryAfterSeconds });
    if (this.#buckets.size >= MAX_KEPT) this.#buckets.clear();
    this.#buckets.set(key, taken.bucket);
  }
}
