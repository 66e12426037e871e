import { LRUCache } from 'lru-cache';

interface Entry<T> {
  atMs: number;
  value: Promise<T>;
}

/**
 * Caches documents that rarely change (zones, terms, promotions, devices): they are read once a minute per instance,
 * not once a call. Concurrent loads are shared, a failed one is not kept; a full cache drops the least recently used
 * entry.
 */
export class Cache<T> {
  #kept: LRUCache<string, Entry<T>> | undefined;

  constructor(
    private readonly now: () => number,
    private readonly ttlMs: number,
    private readonly maxEntries = 2_000,
  ) {}

  /**
   * Allocated on first use, because lru-cache allocates every entry at once and most instances use few of the caches.
   */
  get #entries(): LRUCache<string, Entry<T>> {
    return (this.#kept ??= new LRUCache({ max: this.maxEntries }));
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    const nowMs = this.now();
    // An entry from the future was loaded before the clock went back: its age is unknown.
    if (known && known.atMs <= nowMs && nowMs - known.atMs < this.ttlMs) return known.value;
    const entry = { atMs: nowMs, value: load() };
    this.#entries.set(key, entry);
    // A later load under the same key is another entry, and stays.
    entry.value.catch(() => this.#entries.peek(key) === entry && this.#entries.delete(key));
    return entry.value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
