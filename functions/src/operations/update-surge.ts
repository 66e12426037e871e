import type { Query } from 'firebase-admin/firestore';
import type { Zone } from '../contract/zones.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { selectSurgePpm } from '../pricing/present-surge.js';
import { decideSurge } from './model/decide-surge.js';

/**
 * Computes the automatic surge of a zone, stores it where it changed, and returns the present factor. A stored one that
 * cannot be read is replaced as soon as there is surge. A zone without automatic surge costs no read.
 */
export async function updateSurge(ctx: Context, zoneId: string, zone: Zone, free: number): Promise<number> {
  const { autoSurge } = zone;
  if (autoSurge === null) return zone.pricing.surgePpm;
  const ref = paths.surge(ctx.db, zoneId);
  const [waiting, stored] = await Promise.all([countWaiting(ctx, zoneId), ref.get()]);
  const before = (await readOne(ctx, 'updateSurge', stored))?.data ?? null;
  const next = decideSurge(before, { waiting, free }, autoSurge, ctx.now());
  if (next) await ref.set(next);
  if (next) ctx.caches.surges.forget(zoneId);
  return selectSurgePpm(zone, next ?? before, ctx.now());
}

/** Counts the orders for which a courier is searched now. */
async function countWaiting(ctx: Context, zoneId: string): Promise<number> {
  const waiting: Query = paths.orders(ctx.db).where('zoneId', '==', zoneId).where('searchFromMs', '<=', ctx.now());
  return (await waiting.count().get()).data().count;
}
