import type { WakeUp } from '../contract/wake-ups.js';

/** Named, timed, at-least-once calls of the `wakeUp` function. Source: Cloud Tasks documentation. */
export interface Tasks {
  /** False, and nothing done, when a task of that name exists or existed lately. */
  schedule(name: string, atMs: number, wakeUp: WakeUp): Promise<boolean>;
  /** Does nothing when there is no such task. */
  cancel(name: string): Promise<void>;
}
