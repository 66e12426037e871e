import type { Log } from './log.js';
import type { WakeUp } from '../contract/wake-ups.js';

/** Named, timed, at-least-once calls of the `wakeUp` function. Source: Cloud Tasks documentation. */
export interface Tasks {
  /** Schedules a task; false without effect when a task of that name exists or existed recently. */
  schedule(name: string, atMs: number, wakeUp: WakeUp): Promise<boolean>;
  /** Does nothing when there is no such task. */
  cancel(name: string): Promise<void>;
}

/** Cancels a task that has nothing left to do. It would have no effect, so a failure here is no failure of the step. */
export async function dropTask({ tasks, log }: { tasks: Tasks; log: Log }, name: string): Promise<void> {
  try {
    await tasks.cancel(name);
  } catch (error) {
    log.warn('task not cancelled', { name, error: String(error) });
  }
}
