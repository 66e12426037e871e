import { compareClaims } from '#functions/accounts/compare-claims.js';
import { runNightlyJobs } from '#functions/app/tidy-up.js';
import { learnPrepTimes } from '#functions/catalog/learn-prep-times.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import type { Context } from '#functions/platform/context.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { countReviews } from '#functions/reviews/count-reviews.js';
import { updateEtaTables } from '#functions/tracking/update-eta-table.js';
import type { World } from './world.js';

const DAY_MS = 86_400_000;
const NIGHTLY_TIMEOUT_MS = 1_800_000;

/** The scheduled jobs of a night, by their minute after midnight UTC. Source: app/triggers/schedules.ts. */
const JOBS: readonly (readonly [minute: number, name: string, run: (ctx: Context) => Promise<unknown>])[] = [
  [10, 'countReviews', countReviews],
  [150, 'rollUpDays', rollUpDays],
  [180, 'reconcile', reconcile],
  [210, 'compareClaims', compareClaims],
  [225, 'learnPreparations', learnPrepTimes],
  [240, 'learnRides', updateEtaTables],
  [240, 'tidyUp', runNightlyJobs],
  [270, 'payCouriers', payCouriers],
];

/** A job that fails is repeated so often. Source: `retryCount` of the schedules. */
const RETRIES = 3;
/** The first pause before a repetition; each further one is twice as long. Source: Cloud Scheduler, "Retry jobs". */
const FIRST_PAUSE_MS = 5_000;

/** Runs the jobs of the next night. One that fails without a fault is a violation: nothing would repeat it by day. */
export async function liveNight(world: World): Promise<void> {
  const { time, story } = world;
  const midnightMs = Math.ceil(time.nowMs / DAY_MS) * DAY_MS;
  for (const [minute, name, run] of JOBS) {
    await time.sleep(midnightMs + minute * 60_000 - time.nowMs);
    story.tell(`${name} runs`);
    const isCalm = world.isCalm;
    const isDone = await runJob(world, name, run);
    if (!isDone && isCalm) world.breach(`the nightly job ${name} fails`);
  }
}

async function runJob(world: World, name: string, run: (ctx: Context) => Promise<unknown>): Promise<boolean> {
  for (let retry = 0; retry <= RETRIES; retry += 1) {
    if (await world.attempt(name, run, NIGHTLY_TIMEOUT_MS)) return true;
    await world.time.sleep(FIRST_PAUSE_MS * 2 ** retry);
  }
  return false;
}
