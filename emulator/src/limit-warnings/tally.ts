/** Counts by name within a stretch of time, then begins anew, so that it never holds more than that stretch named. */
export class Tally {
  private readonly counts = new Map<string, number>();
  private startMs = -Infinity;

  constructor(private readonly windowMs: number) {}

  /** The count of a name since the stretch began, this time included. */
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
