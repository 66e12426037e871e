import type { WakeUp } from '../contract/wake-ups.js';
import type { Context } from '../platform/context.js';
import { dropTask, GUARD_MS } from '../platform/tasks.js';

interface RecoverableWork<T> {
  /** Of letters, digits, hyphens and underscores. Source: Cloud Tasks documentation, "Task name". */
  name: string;
  wakeUp: WakeUp;
  /** Awaits `guard` once it knows that it will write, and before it does: a refusal uses up no name. */
  commit: (guard: () => Promise<unknown>) => Promise<T>;
  /** May be done again by the task. */
  follow: (committed: T) => Promise<unknown>;
}

/**
 * A commit and what follows outside of it. A named task, scheduled before the commit, does the rest should this process
 * die in between or the outside fail; it is cancelled when all is done.
 */
export async function withRecoveryTask<T>(
  ctx: Context,
  { name, wakeUp, commit, follow }: RecoverableWork<T>,
): Promise<T> {
  let scheduled: Promise<boolean> | undefined;
  const committed = await commit(() => (scheduled ??= ctx.tasks.schedule(name, ctx.now() + GUARD_MS, wakeUp)));
  try {
    await follow(committed);
    await dropTask(ctx, name);
  } catch (error) {
    ctx.log.error('to be done again', { task: name }, error);
  }
  return committed;
}
