import { FieldValue } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { SavePromotionInput, SavePromotionOutput } from '../contract/calls/promotions.js';
import { writeAudit } from '../operations/audit.js';
import { shardsOf } from '../orders/reservations.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';
import { allocate } from '../pricing/money.js';

/**
 * An operator makes a promotion, or a new version of one. A total limit is dealt out over its shards; raising or
 * lowering it later deals out the difference, so that uses counted meanwhile stay counted.
 */
export async function savePromotion(
  ctx: Context,
  { uid: by }: Caller,
  { zoneId, promotion }: z.infer<typeof SavePromotionInput>,
): Promise<z.infer<typeof SavePromotionOutput>> {
  const { id } = promotion;
  const ref = paths.promotion(ctx.db, zoneId, id);
  const version = await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    const next = (before?.version ?? 0) + 1;
    const code = promotion.code?.trim().toUpperCase();
    tx.set(ref, { ...promotion, version: next, ...(code !== undefined && { code }) });
    const parts = dealt(before?.totalLimit ?? 0, promotion.totalLimit ?? 0);
    for (const [shard, change] of parts.entries()) {
      const part = paths.shards(ctx.db, zoneId, id).doc(String(shard));
      if (change !== 0) merge(tx, part, { left: FieldValue.increment(change) });
    }
    const facts = { before: before ? { version: before.version } : null, after: { version: next } };
    writeAudit(ctx, tx, { by, action: 'savePromotion', subject: ref.path, reason: 'saved', ...facts });
    return next;
  });
  ctx.caches.promotions.forget(zoneId);
  return { id, version };
}

/** The change of each shard when a total limit becomes another: what all held before, dealt anew. */
function dealt(before: number, after: number): number[] {
  const deal = (total: number) =>
    total === 0
      ? []
      : allocate(
          total,
          Array.from({ length: shardsOf(total) }, () => 1),
        );
  const [old, fresh] = [deal(before), deal(after)];
  return Array.from(
    { length: Math.max(old.length, fresh.length) },
    (_, shard) => (fresh[shard] ?? 0) - (old[shard] ?? 0),
  );
}
