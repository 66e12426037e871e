import type { WakeUp } from '../contract/wake-ups.js';
import { Refusal } from '../core/outcome.js';
import type { Context } from './context.js';
import { dropTask } from './tasks.js';

/** How long after a commit its recovery task looks whether what follows was done. */
const RECOVERY_MS = 30_000;

export interface RecoverableWork<T> {
  /**
   * The recovery task's, the same on every retry of one intention. Letters, digits, hyphens and underscores. Source:
   * Cloud Tasks documentation, "Task name".
   */
  name: string;
  wakeUp: WakeUp;
  /**
   * Awaits `schedule` before it writes. It may call it early, so that reading and scheduling overlap, or only once it
   * knows that it will write, so that a refusal schedules nothing.
   */
  commit: (schedule: () => Promise<unknown>) => Promise<T>;
  /**
   * Done after the commit; false, or thrown: the task is to do the rest. Null where nothing follows from this commit.
   */
  followUp: (committed: T) => Promise<boolean | void> | null;
}

/**
 * A commit and what follows outside of it. A named task, scheduled before the commit, does the rest should this process
 * die in between or the outside fail; it is cancelled when all is done, so the usual case costs no document for it.
 * Throws what `commit` throws, and never for a failure of what follows.
 */
export async function withRecoveryTask<T>(ctx: Context, work: RecoverableWork<T>): Promise<T> {
  const { name } = work;
  let scheduled: Promise<boolean> | undefined;
  const schedule = () => (scheduled ??= scheduleRecoveryTask(ctx, name, work.wakeUp));
  let committed: T;
  try {
    committed = await work.commit(schedule);
  } catch (error) {
    // A refusal proves that nothing was written. After another error the commit may have gone through unseen: the task
    // stays and looks.
    if (error instanceof Refusal && (await scheduled)) await dropTask(ctx, name);
    throw error;
  }
  const following = work.followUp(committed);
  if (following === null) {
    // An earlier commit has a task of its own; one scheduled just now has nothing to watch.
    if (await scheduled) await dropTask(ctx, name);
  } else if (await isDone(ctx, name, following)) {
    await dropTask(ctx, name);
  }
  return committed;
}

/**
 * False where a task of that name exists, or none could be scheduled. Without one the work goes on: it takes a crash,
 * or another failure, as well to leave something undone, and the nightly reconciliation finds what money was left so.
 */
export async function scheduleRecoveryTask(ctx: Context, name: string, wakeUp: WakeUp): Promise<boolean> {
  try {
    return await ctx.tasks.schedule(name, ctx.now() + RECOVERY_MS, wakeUp);
  } catch (error) {
    ctx.log.warn('recovery task not scheduled', { name, error: String(error) });
    return false;
  }
}

async function isDone(ctx: Context, name: string, following: Promise<boolean | void>): Promise<boolean> {
  try {
    return (await following) !== false;
  } catch (error) {
    ctx.log.error('to be done again', { task: name }, error);
    return false;
  }
}
