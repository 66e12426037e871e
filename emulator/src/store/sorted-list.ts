const MAX_CHUNK = 256;

/** True for the items before a position, false for all following ones. */
export type Before<T> = (item: T) => boolean;

/**
 * A sorted list in chunks, so that an insertion moves a few hundred references at most. It is simpler than a balanced
 * tree and as fast up to some million items.
 */
export class SortedList<T> {
  private chunks: T[][] = [];
  private count = 0;

  /** `compare` must not return 0 for two different items of the list. */
  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.count;
  }

  /** Adds an item; it replaces an equal one. */
  add(item: T): void {
    if (this.append(item)) return;
    const before = (other: T): boolean => this.compare(other, item) < 0;
    const chunkIndex = this.chunkAt(before);
    const chunk = this.chunks[chunkIndex] ?? [];
    const index = firstNot(chunk, before);
    const there = chunk[index];
    if (there !== undefined && this.compare(there, item) === 0) chunk[index] = item;
    else {
      chunk.splice(index, 0, item);
      this.count++;
      if (chunk.length > MAX_CHUNK) this.chunks.splice(chunkIndex + 1, 0, chunk.splice(MAX_CHUNK / 2));
    }
  }

  delete(item: T): void {
    const before = (other: T): boolean => this.compare(other, item) < 0;
    const chunkIndex = this.chunkAt(before);
    const chunk = this.chunks[chunkIndex];
    if (!chunk) return;
    const index = firstNot(chunk, before);
    const there = chunk[index];
    if (there === undefined || this.compare(there, item) !== 0) return;
    chunk.splice(index, 1);
    this.count--;
    if (chunk.length === 0) this.chunks.splice(chunkIndex, 1);
  }

  /** Fills an empty list; sorting once is faster than single insertions. */
  fill(items: Iterable<T>): void {
    const sorted = [...items].sort(this.compare);
    this.count = sorted.length;
    this.chunks = [];
    for (let i = 0; i < sorted.length; i += MAX_CHUNK / 2) this.chunks.push(sorted.slice(i, i + MAX_CHUNK / 2));
  }

  /** Lists the items from the first one that is not before the position, in order. */
  *from(before: Before<T>): Generator<T> {
    let chunkIndex = this.chunkAt(before);
    let index = firstNot(this.chunks[chunkIndex] ?? [], before);
    for (; chunkIndex < this.chunks.length; chunkIndex++, index = 0) {
      const chunk = this.chunks[chunkIndex] ?? [];
      for (; index < chunk.length; index++) {
        const item = chunk[index];
        if (item !== undefined) yield item;
      }
    }
  }

  [Symbol.iterator](): Generator<T> {
    return this.from(() => false);
  }

  /**
   * Appends an item that comes after all others; returns false for any other item. Items are often added in their
   * order, for example by a seed.
   */
  private append(item: T): boolean {
    const chunk = this.chunks.at(-1) ?? this.firstChunk();
    const last = chunk.at(-1);
    if (last !== undefined && this.compare(last, item) >= 0) return false;
    if (chunk.length < MAX_CHUNK) chunk.push(item);
    else this.chunks.push([item]);
    this.count++;
    return true;
  }

  private firstChunk(): T[] {
    const chunk: T[] = [];
    this.chunks.push(chunk);
    return chunk;
  }

  /** Returns the index of the first chunk whose last item is not before the position. */
  private chunkAt(before: Before<T>): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.chunks[middle]?.at(-1);
      if (last !== undefined && before(last)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function firstNot<T>(items: readonly T[], before: Before<T>): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && before(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
