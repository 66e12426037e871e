/** The clock of deliveries. */
export interface DeliveryClock {
  /** Milliseconds since an arbitrary origin; a test may control the clock. */
  now(): number;
  /** Calls back after a time; the result cancels the call. */
  after(ms: number, callback: () => void): () => void;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
  wake: NodeJS.Timeout | undefined;
}

/** The longest delay that setTimeout supports. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** A clock with a speed: 1 is real time, 60 makes a minute a second, 0 stands still until `adjust` advances it. */
export class AcceleratedClock implements DeliveryClock {
  private readonly timers = new Set<Timer>();
  private originMs = 0;
  private wallOriginMs = performance.now();

  constructor(private rate: number) {}

  get speed(): number {
    return this.rate;
  }

  /** The number of pending callbacks. */
  get waiting(): number {
    return this.timers.size;
  }

  now(): number {
    return this.originMs + (performance.now() - this.wallOriginMs) * this.rate;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { atMs: this.now() + ms, callback, wake: undefined };
    this.timers.add(timer);
    this.arm(timer);
    return () => this.drop(timer);
  }

  /** Advances the clock and sets its speed. Callbacks that become due run in the order of their times. */
  adjust(speed: number, advanceMs: number): void {
    this.originMs = this.now() + advanceMs;
    this.wallOriginMs = performance.now();
    this.rate = speed;
    for (const timer of [...this.timers].sort((a, b) => a.atMs - b.atMs)) this.arm(timer);
  }

  private arm(timer: Timer): void {
    clearTimeout(timer.wake);
    const leftMs = Math.max(0, timer.atMs - this.now());
    if (this.rate === 0 && leftMs > 0) return;
    const waitMs = leftMs === 0 ? 0 : Math.ceil(leftMs / this.rate);
    timer.wake = setTimeout(() => this.fire(timer), Math.min(waitMs, LONGEST_TIMEOUT_MS));
  }

  private fire(timer: Timer): void {
    if (timer.atMs > this.now()) return this.arm(timer);
    this.drop(timer);
    timer.callback();
  }

  private drop(timer: Timer): void {
    clearTimeout(timer.wake);
    this.timers.delete(timer);
  }
}
