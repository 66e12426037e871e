import { Timestamp } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { isPreconditionFailure, paths } from '../platform/firestore.js';
import { updateOne } from '../platform/stored.js';

/** Twice what dispatch takes for stale: whoever is silent so long has no network, or no battery. */
const SILENT_MS = 180_000;
const BATCH = 100;
/** Every so many minutes: the look costs a read even when it finds nobody. */
const EVERY_MS = 180_000;
const MINUTE_MS = 60_000;

/** Takes couriers offline of whom nothing was heard; the next heartbeat brings them back. Returns how many. */
export async function fadeSilent(ctx: Context): Promise<number> {
  if (ctx.now() % EVERY_MS >= MINUTE_MS) return 0;
  const before = Timestamp.fromMillis(ctx.now() - SILENT_MS);
  const silent = await paths.couriers(ctx.db).where('online', '==', true).where('presence.at', '<', before).orderBy('presence.at').limit(BATCH).get(); // prettier-ignore
  const gone = await Promise.all(
    silent.docs.map(async (courier) => {
      try {
        // A heartbeat since then wins.
        await updateOne(courier.ref, { online: false }, { lastUpdateTime: courier.updateTime });
        return 1;
      } catch (error) {
        if (isPreconditionFailure(error)) return 0;
        throw error;
      }
    }),
  );
  return gone.reduce<number>((sum, one) => sum + one, 0);
}
