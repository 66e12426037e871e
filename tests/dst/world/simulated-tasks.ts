import type { WakeUp } from '#functions/contract/wake-ups.js';
import type { Tasks } from '#functions/platform/tasks.js';
import type { Random } from '#simulator/random.js';
import type { VirtualTime } from '../virtual/time.js';
import { TASK_RETRIES, type Deliveries } from './deliveries.js';
import { createOutage } from './injected.js';
import type { FaultRates } from './fault-rates.js';

/** What the queue needs of the run. */
export interface QueueFacts {
  time: VirtualTime;
  random: Random;
  faults: () => FaultRates;
  deliveries: Deliveries;
  note: (fault: string) => void;
  /** Calls the function; false where it failed. `isLast`: it will not be tried again. */
  deliver: (name: string, wakeUp: WakeUp, isLast: boolean) => Promise<boolean>;
}

/** Cloud Tasks: each name is used once; a task may be late, delivered twice, or lost. */
export class SimulatedTasks implements Tasks {
  readonly #names = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(private readonly facts: QueueFacts) {}

  async schedule(name: string, atMs: number, wakeUp: WakeUp): Promise<boolean> {
    if (!/^[A-Za-z0-9_-]{1,500}$/.test(name)) throw new Error(`not a task name: ${name}`);
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    const { time, random, faults, deliveries, note, deliver } = this.facts;
    if (random.chance(faults().lostTask)) {
      note(`task ${name} is lost`);
      if (random.chance(0.5)) throw createOutage('tasks.schedule');
      return true;
    }
    const cancel = deliveries.send(atMs - time.nowMs, {
      what: `task ${name}`,
      policy: TASK_RETRIES,
      deliver: (attempt) => {
        this.#waiting.delete(name);
        return deliver(name, wakeUp, attempt >= TASK_RETRIES.maxAttempts);
      },
    });
    this.#waiting.set(name, cancel);
    return true;
  }

  /** A second copy of the task is delivered all the same. */
  async cancel(name: string): Promise<void> {
    this.#waiting.get(name)?.();
    this.#waiting.delete(name);
  }

  /** True while a task of this name is still to be delivered for the first time. */
  isWaiting(name: string): boolean {
    return this.#waiting.has(name);
  }
}
