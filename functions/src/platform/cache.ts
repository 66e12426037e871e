import { LRUCache } from 'lru-cache';

interface Entry<T> {
  untilMs: number;
  value: Promise<T>;
}

/**
 * What changes rarely (zones, terms, promotions, devices) is read once a minute per instance, not once a call.
 * A load in flight is shared, a failed one is not kept; a full cache forgets what was longest unused.
 */
export class Cache<T> {
  readonly #entries: LRUCache<string, Entry<T>>;

  constructor(
    private readonly now: () => number,
    private readonly ttlMs: number,
    maxEntries = 2_000,
  ) {
    this.#entries = new LRUCache({ max: maxEntries });
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known && known.untilMs > this.now()) return known.value;
    const entry = { untilMs: this.now() + this.ttlMs, value: load() };
    this.#entries.set(key, entry);
    // A later load under the same key is another entry, and stays.
    entry.value.catch(() => this.#entries.peek(key) === entry && this.#entries.delete(key));
    return entry.value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
