import { FieldValue } from 'firebase-admin/firestore';
import type { Erasure } from '../contract/privacy.js';
import { isOutage } from '../core/outage.js';
import type { Context } from '../platform/context.js';
import { isTransient, paths } from '../platform/firestore.js';
import { handlePages, toDocumentTaskId, type Readable } from '../platform/isolate.js';
import { update } from '../platform/stored.js';
import { erase } from './erase.js';

/** The number of nights on which an erasure that fails is tried. Then an operator has to find the cause. */
const ERASURE_NIGHTS = 14;
/** The part of the night's run in which erasures are started. */
const RUN_BUDGET_MS = 120_000;

/**
 * Resumes erasures whose task was lost or gave up, every night. One that failed on `ERASURE_NIGHTS` nights is not tried
 * again before an operator closes its task, which names it.
 */
export async function resumeErasures(ctx: Context): Promise<void> {
  const untilMs = ctx.now() + RUN_BUDGET_MS;
  const erasures = paths.erasures(ctx.db).orderBy('__name__');
  await handlePages(
    ctx,
    'resumeErasures',
    () => ctx.now() < untilMs,
    erasures,
    (one) => resume(ctx, one),
  );
}

async function resume(ctx: Context, { id, ref, data: { nights = 0 } }: Readable<Erasure>): Promise<void> {
  if (nights >= ERASURE_NIGHTS && (await isTaskOpen(ctx, ref.path))) return;
  try {
    await erase(ctx, id);
  } catch (error) {
    // An outage says nothing about the erasure.
    if (isOutage(error) || isTransient(error)) throw error;
    await countNight(ctx, ref);
    throw nights + 1 < ERASURE_NIGHTS ? error : toFinalError(error);
  }
}

async function isTaskOpen({ db }: Context, path: string): Promise<boolean> {
  return (await paths.operatorTask(db, toDocumentTaskId(path)).get()).get('open') === true;
}

async function countNight(ctx: Context, ref: Readable<Erasure>['ref']): Promise<void> {
  const batch = ctx.db.batch();
  update(batch, ref, { nights: FieldValue.increment(1) });
  await batch.commit();
}

/** The operator task then belongs to the erasure, even if another document caused the failure. */
const toFinalError = (cause: unknown): Error =>
  new Error(
    `an erasure failed on ${ERASURE_NIGHTS} nights: repair the cause, then close this task to try it again. ` +
      (cause instanceof Error ? cause.message : String(cause)),
    { cause },
  );
