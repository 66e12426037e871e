import type { z } from 'zod';
import type { SavePromotionInput, SavePromotionOutput } from '../calls/promotions.js';
import { requireOtherStore, requireOtherZone } from '../abuse/other-party.js';
import type { WeeklySpan } from '../contract/hours.js';
import type { AuditFacts } from '../contract/operations.js';
import type { Promotion } from '../contract/zones.js';
import { toDigest } from '../core/digest.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { readOne } from '../platform/isolate.js';
import { distributeLimit } from './model/distribute-limit.js';
import { updateShownPromotions } from './model/shown-promotions.js';
import { isPlatformFunded } from './usable.js';

/**
 * Creates a promotion, or a new version of one, for an operator. A total limit is distributed over its shards; raising
 * or lowering it later distributes the remaining uses. Customers see it where it is `shown`. The audit entry contains
 * both versions, since only the latest is stored. Throws ZONE_NOT_FOUND, or what `requireOtherRestaurants` throws.
 */
export async function savePromotion(
  ctx: Context,
  { uid: by }: Caller,
  { zoneId, promotion, shown, reason = 'saved' }: z.infer<typeof SavePromotionInput>,
): Promise<z.infer<typeof SavePromotionOutput>> {
  const { id } = promotion;
  if (!(await paths.zone(ctx.db, zoneId).get()).exists) throw new Refusal('ZONE_NOT_FOUND', { zoneId });
  const ref = paths.promotion(ctx.db, zoneId, id);
  const shards = paths.shards(ctx.db, zoneId, id);
  const shownRef = paths.shownPromotions(ctx.db, zoneId);
  const stored = (await ref.get()).data();
  for (const one of stored ? [promotion, stored] : [promotion]) await requireOtherRestaurants(ctx, by, zoneId, one);
  const version = await ctx.db.runTransaction(async (tx) => {
    const [before, { docs }, list] = [(await tx.get(ref)).data(), await tx.get(shards), await tx.get(shownRef)];
    const listed = (await readOne(ctx, 'savePromotion', list))?.data.promotions ?? [];
    const known = docs.map((shard) => shard.data());
    const next = (before?.version ?? 0) + 1;
    const code = promotion.code?.trim().toUpperCase();
    const saved = { ...promotion, version: next, savedBy: toAccountId(by), ...(code !== undefined && { code }) };
    tx.set(ref, saved);
    if (shown || list.exists) tx.set(shownRef, { promotions: updateShownPromotions(listed, saved, shown, ctx.now()) });
    const [limit, limitBefore] = [promotion.totalLimit ?? 0, before?.totalLimit ?? 0];
    const parts = distributeLimit(limitBefore, limit, known, promotion.endsAtMs);
    for (const [index, part] of parts.entries()) tx.set(shards.doc(String(index)), part);
    const facts = {
      before: before ? toFacts(before) : null,
      after: { ...toFacts(saved), ...(shown && { shown: shown.title }) },
    };
    writeAudit(ctx, tx, { by, action: 'savePromotion', subject: ref.path, reason, ...facts });
    return next;
  });
  ctx.caches.promotions.forget(zoneId);
  return { id, version };
}

/**
 * Throws OTHER_OPERATOR_REQUIRED for a promotion of a restaurant of the operator's own or of a competitor. A promotion of
 * all restaurants of the zone is one of them where the platform pays a part of it.
 */
async function requireOtherRestaurants(ctx: Context, by: string, zoneId: string, promotion: Promotion): Promise<void> {
  const { restaurantIds } = promotion;
  if (restaurantIds) await Promise.all(restaurantIds.map((id) => requireOtherStore(ctx, by, id)));
  else if (isPlatformFunded(promotion)) await requireOtherZone(ctx, by, zoneId);
}

/** Lists the facts of a version: each field but the operator, whom the entry names, with lists and the benefit as single values. */
function toFacts({ restaurantIds, itemIds, windows, benefit, savedBy: _, ...fields }: Promotion): AuditFacts {
  const { type, ...values } = benefit;
  const lists = {
    restaurantIds: toFact(restaurantIds),
    itemIds: toFact(itemIds),
    windows: toFact(windows?.map(toSpanText), 'windows'),
  };
  const facts = { ...fields, benefit: type, ...values, ...lists };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** The length of a text among the facts of an audit entry. */
const FACT_CHARS = 200;

/** A window of the week as `0+1:900-1020`: its days and its minutes. */
const toSpanText = ({ days, fromMinute, toMinute }: WeeklySpan): string =>
  `${days.join('+')}:${fromMinute}-${toMinute}`;

/** Joins texts; a list that is too long for a fact becomes its number and digest, which differ where the list does. */
function toFact(texts: readonly string[] | undefined, what = 'ids'): string | undefined {
  const joined = texts?.join(' ');
  if (joined === undefined || joined.length <= FACT_CHARS) return joined;
  return `${texts?.length ?? 0} ${what}, ${toDigest(joined)}`;
}
