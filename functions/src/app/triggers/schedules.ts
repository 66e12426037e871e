import { onSchedule } from 'firebase-functions/scheduler';
import type { Context } from '../../platform/context.js';
import { COMMON, ORDERING } from '../common-options.js';

/** One run at a time, retried when it fails. */
const NIGHTLY = {
  ...COMMON,
  timeZone: 'Etc/UTC',
  timeoutSeconds: 1800,
  maxInstances: 1,
  concurrency: 1,
  retryCount: 3,
} as const;

/** Handles every deadline that is due, and counts the boards. */
export const sweep = onSchedule(
  { ...COMMON, schedule: 'every 1 minutes', timeoutSeconds: 120, secrets: ORDERING },
  async ({ scheduleTime }) => {
    const [{ sweep: run }, { rollUpBoards }, ctx] = await Promise.all([
      import('../../sweep/sweep.js'),
      import('../../operations/boards.js'),
      contextAt(scheduleTime),
    ]);
    await Promise.all([run(ctx), rollUpBoards(ctx)]);
  },
);

export const countReviews = onSchedule(
  { ...COMMON, schedule: '10 * * * *', maxInstances: 1, concurrency: 1, retryCount: 3 },
  async ({ scheduleTime }) => {
    const { countReviews: run } = await import('../../reviews/count-reviews.js');
    await run(await contextAt(scheduleTime));
  },
);

export const rollUpDays = onSchedule({ ...NIGHTLY, schedule: '30 2 * * *' }, async ({ scheduleTime }) => {
  const { rollUpDays: run } = await import('../../ledger/roll-up-days.js');
  const { raiseMerchantDebts } = await import('../../payments/raise-debts.js');
  const { closeMonths } = await import('../../ledger/close-months.js');
  const ctx = await contextAt(scheduleTime);
  await run(ctx);
  await closeMonths(ctx);
  await raiseMerchantDebts(ctx);
});

export const reconcile = onSchedule(
  { ...NIGHTLY, schedule: '0 3 * * *', secrets: ORDERING },
  async ({ scheduleTime }) => {
    const { reconcile: run } = await import('../../reconciliation/reconcile.js');
    await run(await contextAt(scheduleTime));
  },
);

export const compareClaims = onSchedule({ ...NIGHTLY, schedule: '30 3 * * *' }, async ({ scheduleTime }) => {
  const { compareClaims: run } = await import('../../accounts/compare-claims.js');
  await run(await contextAt(scheduleTime));
});

/** Pays the couriers, after their balances were summed up and compared. */
export const payCouriers = onSchedule(
  { ...NIGHTLY, schedule: '30 4 * * *', secrets: ORDERING },
  async ({ scheduleTime }) => {
    const { payCouriers: run } = await import('../../payouts/pay-couriers.js');
    await run(await contextAt(scheduleTime));
  },
);

export const learnRides = onSchedule({ ...NIGHTLY, schedule: '0 4 * * *' }, async ({ scheduleTime }) => {
  const { updateEtaTables: run } = await import('../../tracking/update-eta-table.js');
  await run(await contextAt(scheduleTime));
});

/** Learns how long kitchens take, by hour and load. */
export const learnPreparations = onSchedule({ ...NIGHTLY, schedule: '45 3 * * *' }, async ({ scheduleTime }) => {
  const { learnPrepTimes: run } = await import('../../catalog/learn-prep-times.js');
  await run(await contextAt(scheduleTime));
});

/** Deletes expired files, and finishes erasures whose task was lost. */
export const tidyUp = onSchedule({ ...NIGHTLY, schedule: '0 4 * * *', secrets: ORDERING }, async ({ scheduleTime }) => {
  const { runNightlyJobs: run } = await import('../tidy-up.js');
  await run(await contextAt(scheduleTime));
});

/**
 * Uses the scheduled time as the clock: a late run sees the time it was scheduled for, and a test may name a later
 * time.
 */
async function contextAt(scheduleTime: string): Promise<Context> {
  const { createProductionContext: productionContext } = await import('../production.js');
  return { ...productionContext(), now: () => Math.max(Date.now(), Date.parse(scheduleTime)) };
}
