import type { WakeUp } from '../contract/wake-ups.js';
import { Refusal } from '../core/outcome.js';
import type { Context } from './context.js';
import { dropTask } from './tasks.js';

/** The time after a commit at which its recovery task checks the follow-up work. */
const RECOVERY_MS = 30_000;

export interface RecoverableWork<T> {
  /**
   * The recovery task's name, the same on every retry of one request. Letters, digits, hyphens and underscores. Source:
   * Cloud Tasks documentation, "Task name".
   */
  name: string;
  wakeUp: WakeUp;
  /**
   * Awaits `schedule` before it writes. It may call it early, so that reading and scheduling overlap, or only once it
   * is certain to write, so that a refusal schedules nothing.
   */
  commit: (schedule: () => Promise<unknown>) => Promise<T>;
  /**
   * Runs after the commit; after false or an error the task does the rest. Null where this commit has no follow-up
   * work.
   */
  followUp: (committed: T) => Promise<boolean | void> | null;
}

/**
 * Commits and runs the follow-up work outside of the commit. A named task, scheduled before the commit, does the rest
 * if this process stops in between or the work fails; it is cancelled when all is done, so the usual case costs no
 * document for it. Throws what `commit` throws, and never for a failure of the follow-up work.
 */
export async function withRecoveryTask<T>(ctx: Context, work: RecoverableWork<T>): Promise<T> {
  const { name } = work;
  let scheduled: Promise<boolean> | undefined;
  const schedule = () => (scheduled ??= scheduleRecoveryTask(ctx, name, work.wakeUp));
  let committed: T;
  try {
    committed = await work.commit(schedule);
  } catch (error) {
    // A refusal proves that nothing was written. After another error the commit may have succeeded: the task stays and
    // checks.
    if (error instanceof Refusal && (await scheduled)) await dropTask(ctx, name);
    throw error;
  }
  const following = work.followUp(committed);
  if (following === null) {
    // An earlier commit has a task of its own; one scheduled just now has no work.
    if (await scheduled) await dropTask(ctx, name);
  } else if (await awaitFollowUp(ctx, name, following)) {
    await dropTask(ctx, name);
  }
  return committed;
}

/**
 * Schedules a recovery task; false where a task of that name exists, or none could be scheduled. Without one the work
 * continues: work is lost only after a second failure or a crash, and the nightly reconciliation finds money that was
 * not moved.
 */
export async function scheduleRecoveryTask(ctx: Context, name: string, wakeUp: WakeUp): Promise<boolean> {
  try {
    return await ctx.tasks.schedule(name, ctx.now() + RECOVERY_MS, wakeUp);
  } catch (error) {
    ctx.log.warn('recovery task not scheduled', { name, error: String(error) });
    return false;
  }
}

async function awaitFollowUp(ctx: Context, name: string, following: Promise<boolean | void>): Promise<boolean> {
  try {
    return (await following) !== false;
  } catch (error) {
    ctx.log.error('follow-up work failed, the recovery task retries it', { task: name }, error);
    return false;
  }
}

/**
 * Lets a recovery task that finds nothing committed be repeated, except after its last try: the clock of the instance
 * that scheduled it may be slow, so that the task runs before the commit.
 */
export function checkAgain(what: string, lastTry: boolean): void {
  if (!lastTry) throw new Error(`${what} is not stored, or not yet`);
}
