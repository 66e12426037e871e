/**
 * What changes rarely (zones, terms, promotions, devices) is read once a minute per instance, not once a call.
 * A failed load is not kept; a full cache starts anew.
 */
export class Cache<T> {
  readonly #entries = new Map<string, { untilMs: number; value: Promise<T> }>();

  constructor(
    private readonly now: () => number,
    private readonly ttlMs: number,
    private readonly maxEntries = 2_000,
  ) {}

  get(key: string, load: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry && entry.untilMs > this.now()) return entry.value;
    if (this.#entries.size >= this.maxEntries) this.#entries.clear();
    const value = load();
    this.#entries.set(key, { untilMs: this.now() + this.ttlMs, value });
    value.catch(() => this.#entries.delete(key));
    return value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
