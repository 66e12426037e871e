import { Heap } from './heap.js';

/** One call at a virtual time. Calls of the same time run in the order of `tie`, which the seed draws. */
interface Entry {
  readonly atMs: number;
  readonly tie: number;
  readonly run: () => void;
  /** A call that does not keep the run going, as an unreferenced timer does not keep a process. */
  readonly isIdle: boolean;
  isCancelled: boolean;
}

/** A scheduled call. */
export interface Scheduled {
  cancel(): void;
}

/** The clock of a simulated run: time passes only from one scheduled call to the next. */
export class VirtualTime {
  #nowMs: number;
  #busy = 0;
  readonly #entries = new Heap<Entry>((a, b) => a.atMs - b.atMs || a.tie - b.tie);

  constructor(
    startMs: number,
    /** Draws the order of calls at the same time, in [0, 1). */
    private readonly drawTie: () => number,
  ) {
    this.#nowMs = startMs;
  }

  /** Whole milliseconds since 1970. */
  get nowMs(): number {
    return Math.floor(this.#nowMs);
  }

  /** Schedules a call. `isIdle` calls run in their order, but do not keep the run going. */
  after(delayMs: number, run: () => void, isIdle = false): Scheduled {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const entry: Entry = { atMs, tie: this.drawTie(), run, isIdle, isCancelled: false };
    this.#entries.push(entry);
    if (!isIdle) this.#busy += 1;
    return { cancel: () => this.#cancel(entry) };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** True while a call is left that keeps the run going. */
  get hasWork(): boolean {
    return this.#busy > 0;
  }

  /** Advances to the next call and runs it; false when none is left that keeps the run going. */
  step(): boolean {
    while (this.#busy > 0) {
      const entry = this.#entries.pop();
      if (!entry) return false;
      if (entry.isCancelled) continue;
      if (!entry.isIdle) this.#busy -= 1;
      this.#nowMs = entry.atMs;
      entry.isCancelled = true;
      entry.run();
      return true;
    }
    return false;
  }

  #cancel(entry: Entry): void {
    if (entry.isCancelled) return;
    entry.isCancelled = true;
    if (!entry.isIdle) this.#busy -= 1;
  }
}
