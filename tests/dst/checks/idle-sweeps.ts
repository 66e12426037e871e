import { sweep } from '#functions/sweep/sweep.js';
import type { World } from '../world/world.js';

/** Silent couriers are looked for by every third sweep. Source: mark-stale-offline.ts. */
const SWEEPS = 3;
/** Due orders, expired offers, lost searches: a query each; and one for silent couriers in three minutes. */
const MOST_READS = 3 * SWEEPS + 1;

/** Sweeps when nothing is due: what a night without orders costs is bounded, and nothing is written. */
export async function checkIdleSweeps(world: World): Promise<void> {
  const { meter, time } = world;
  const before = { ...meter };
  for (let n = 0; n < SWEEPS; n += 1) {
    await time.sleep(60_000);
    await world.attempt('idle sweep', (ctx) => sweep(ctx), 120_000);
  }
  const [reads, commits] = [meter.reads - before.reads, meter.commits - before.commits];
  if (reads > MOST_READS) world.breach(`${SWEEPS} sweeps with nothing due read ${reads} documents`);
  if (commits > 0) world.breach(`${SWEEPS} sweeps with nothing due commit ${commits} times`);
}
