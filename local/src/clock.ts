/** The clock of a stand-in: real, faster than real, or advanced by a test. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once when `now()` has reached `atMs`; the result cancels the call. */
  at(atMs: number, run: () => void): () => void;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** The longest delay of setTimeout; a longer one overflows 31 bits and fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * A clock with a speed: 1 is real time, 10 runs ten times as fast, 0 stands still until `advance`.
 * Timers fire in order of their time, equal times in order of registration.
 */
export class LocalClock implements Clock {
  private readonly timers: Timer[] = [];
  private wake: NodeJS.Timeout | undefined;
  private originMs: number;
  private wallOriginMs = Date.now();

  constructor(
    private rate = 1,
    startMs = Date.now(),
  ) {
    this.originMs = startMs;
  }

  get speed(): number {
    return this.rate;
  }

  now(): number {
    return Math.floor(this.originMs + (Date.now() - this.wallOriginMs) * this.rate);
  }

  setSpeed(speed: number): void {
    this.rebase(this.now());
    this.rate = speed;
    this.arm();
  }

  at(atMs: number, run: () => void): () => void {
    const timer: Timer = { atMs, run };
    this.timers.splice(this.firstAfter(atMs), 0, timer);
    if (this.timers[0] === timer) this.arm();
    return () => this.cancel(timer);
  }

  /** Advances the clock and fires each timer in between at its own time. */
  advance(ms: number): void {
    const targetMs = this.now() + ms;
    for (let due = this.timers[0]; due && due.atMs <= targetMs; due = this.timers[0]) {
      this.rebase(Math.max(this.now(), due.atMs));
      this.timers.shift();
      due.run();
    }
    this.rebase(Math.max(this.now(), targetMs));
    this.arm();
  }

  /** Discards all timers, so that a closed server does not keep the process alive. */
  stop(): void {
    this.timers.length = 0;
    clearTimeout(this.wake);
  }

  private rebase(nowMs: number): void {
    this.originMs = nowMs;
    this.wallOriginMs = Date.now();
  }

  private cancel(timer: Timer): void {
    const index = this.timers.indexOf(timer);
    if (index >= 0) this.timers.splice(index, 1);
    if (index === 0) this.arm();
  }

  private arm(): void {
    clearTimeout(this.wake);
    const next = this.timers[0];
    if (!next || this.rate === 0) return;
    const waitMs = Math.ceil((next.atMs - this.now()) / this.rate);
    this.wake = setTimeout(() => this.advance(0), Math.min(Math.max(waitMs, 0), LONGEST_TIMEOUT_MS));
  }

  /** Returns the index of the first timer after a time. Binary search: a city has thousands of 7-day timers at once. */
  private firstAfter(atMs: number): number {
    let low = 0;
    for (let high = this.timers.length; low < high;) {
      const middle = (low + high) >> 1;
      const timer = this.timers[middle];
      if (timer && timer.atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
