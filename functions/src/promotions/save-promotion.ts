import type { z } from 'zod';
import type { SavePromotionInput, SavePromotionOutput } from '../calls/promotions.js';
import type { PromotionShard } from '../contract/zones.js';
import { writeAudit } from '../platform/audit.js';
import { countShards } from '../orders/model/reservation-rules.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { allocate, sum } from '../pricing/money.js';

/**
 * Creates a promotion, or a new version of one, for an operator. A total limit is distributed over its shards; raising
 * or lowering it later distributes the remaining uses.
 */
export async function savePromotion(
  ctx: Context,
  { uid: by }: Caller,
  { zoneId, promotion }: z.infer<typeof SavePromotionInput>,
): Promise<z.infer<typeof SavePromotionOutput>> {
  const { id } = promotion;
  const ref = paths.promotion(ctx.db, zoneId, id);
  const shards = paths.shards(ctx.db, zoneId, id);
  const version = await ctx.db.runTransaction(async (tx) => {
    const [before, { docs }] = [(await tx.get(ref)).data(), await tx.get(shards)];
    const known = docs.map((shard) => shard.data());
    const next = (before?.version ?? 0) + 1;
    const code = promotion.code?.trim().toUpperCase();
    tx.set(ref, { ...promotion, version: next, ...(code !== undefined && { code }) });
    for (const [index, part] of distributeLimit(before?.totalLimit ?? 0, promotion.totalLimit ?? 0, known).entries()) {
      tx.set(shards.doc(String(index)), part);
    }
    const facts = { before: before ? { version: before.version } : null, after: { version: next } };
    writeAudit(ctx, tx, { by, action: 'savePromotion', subject: ref.path, reason: 'saved', ...facts });
    return next;
  });
  ctx.caches.promotions.forget(zoneId);
  return { id, version };
}

/**
 * Distributes a total limit that replaces another over the shards: what remains after its uses. Below its uses nothing
 * remains, and the shards record the number beyond it, so that a higher limit later counts them.
 */
function distributeLimit(before: number, after: number, known: readonly PromotionShard[]): PromotionShard[] {
  const leftBefore = sum(known.map(({ left }) => left));
  const used = Math.max(0, before - leftBefore + (known[0]?.over ?? 0));
  const shards = Math.max(known.length, countShards(after));
  const weights = Array.from({ length: shards }, (_, shard) => (shard < countShards(after) ? 1 : 0));
  const over = Math.max(0, used - after);
  if (shards === 0) return [];
  return allocate(Math.max(0, after - used), weights).map((left) => ({ left, ...(over > 0 && { over }) }));
}
