/** Counts names within a time window and starts again with the next window, so that memory stays bounded. */
export class Tally {
  private readonly counts = new Map<string, number>();
  private startMs = -Infinity;

  constructor(private readonly windowMs: number) {}

  /** Counts a name once more and returns its count in the current window. */
  count(name: string, nowMs: number): number {
    if (nowMs - this.startMs >= this.windowMs) {
      this.counts.clear();
      this.startMs = nowMs;
    }
    const counted = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, counted);
    return counted;
  }
}
