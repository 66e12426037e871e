import type { Random } from '#simulator/random.js';
import type { VirtualTime } from '../virtual/time.js';
import type { FaultRates } from './fault-rates.js';

/** How a service repeats a delivery that failed. */
export interface RetryPolicy {
  firstPauseMs: number;
  longestPauseMs: number;
  maxAttempts: number;
}

/** Cloud Tasks. Source: the retry configuration of `wakeUp` in app/triggers/tasks.ts. */
export const TASK_RETRIES: RetryPolicy = { firstPauseMs: 10_000, longestPauseMs: 600_000, maxAttempts: 10 };
/** Events of Firestore, for a function with `retry: true`: for a day. Source: Firebase, "Retry asynchronous functions". */
export const TRIGGER_RETRIES: RetryPolicy = { firstPauseMs: 10_000, longestPauseMs: 600_000, maxAttempts: 150 };
/** Stripe repeats a webhook for three days. Source: Stripe, "Webhooks", retries. */
export const WEBHOOK_RETRIES: RetryPolicy = { firstPauseMs: 60_000, longestPauseMs: 3_600_000, maxAttempts: 80 };

interface Delivery {
  what: string;
  policy: RetryPolicy;
  /** True where the receiver took it. */
  deliver: (attempt: number) => Promise<boolean>;
}

/** Delivers tasks, events and webhooks as their services promise: at least once, in any order. */
export class Deliveries {
  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
    private readonly faults: () => FaultRates,
    private readonly note: (fault: string) => void,
  ) {}

  /** Delivers something after a delay, and again until the receiver takes it. Returns what stops the first attempt. */
  send(delayMs: number, delivery: Delivery): () => void {
    const { random } = this;
    const { duplicate, late } = this.faults();
    const lateMs = late > 0 && random.chance(late) ? random.between(1_000, 180_000) : 0;
    if (lateMs > 0) this.note(`${delivery.what} is ${lateMs} ms late`);
    const first = this.#attempt(delayMs + lateMs, delivery, 1);
    if (duplicate > 0 && random.chance(duplicate)) {
      this.note(`${delivery.what} is delivered twice`);
      this.#attempt(
        delayMs + random.between(0, 60_000),
        { ...delivery, policy: { ...delivery.policy, maxAttempts: 1 } },
        1,
      );
    }
    return first;
  }

  #attempt(delayMs: number, delivery: Delivery, attempt: number): () => void {
    const run = async () => {
      const isTaken = await delivery.deliver(attempt);
      if (isTaken || attempt >= delivery.policy.maxAttempts) return;
      const { firstPauseMs, longestPauseMs } = delivery.policy;
      this.#attempt(Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)), delivery, attempt + 1);
    };
    return this.time.after(delayMs, () => void run()).cancel;
  }
}
