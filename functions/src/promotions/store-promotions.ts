import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { MANAGERS, requireStaff } from '../authority/staff.js';
import type {
  SaveStorePromotionInput,
  SaveStorePromotionOutput,
  SwitchStorePromotionInput,
  SwitchStorePromotionOutput,
} from '../calls/promotions.js';
import type { RecordChange } from '../catalog/store-settings.js';
import type { Restaurant } from '../contract/restaurants.js';
import type { StorePromotion, StorePromotions } from '../contract/store-promotions.js';
import { lookUp } from '../core/look-up.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { filterReadable } from '../platform/isolate.js';
import { update } from '../platform/stored.js';
import { distributeLimit } from './model/distribute-limit.js';
import { decideSave, decideSwitch, listOffered, withEntry, type PromotionSwitch } from './model/store-promotion.js';

/**
 * Creates a restaurant's own promotion, or a new version of one, for its managers. Saving the same again changes
 * nothing. Orders and quotes keep the version that they were priced with. Throws PROMOTION_ENDED, PROMOTION_CODE_TAKEN
 * and, beyond a limit of the zone, STORE_PROMOTION_LIMIT.
 */
export async function saveStorePromotion(
  ctx: Context,
  caller: Caller,
  { restaurantId, promotionId, promotion: terms }: z.infer<typeof SaveStorePromotionInput>,
): Promise<z.infer<typeof SaveStorePromotionOutput>> {
  await requireStaff(ctx, caller, restaurantId, MANAGERS);
  return ctx.db.runTransaction(async (tx) => {
    const { store, stored } = await readStorePromotions(ctx, tx, restaurantId);
    const { storePromotions: limits } = await getZone(ctx, store.zoneId);
    const before = lookUp(stored.promotions, promotionId);
    const saved = unwrap(decideSave(stored, { restaurantId, promotionId, terms }, limits, ctx.now()));
    const { id, version } = saved.promotion;
    if (before && isSame(before, saved)) return { promotionId, id, version: before.promotion.version };
    await requireFreeCode(ctx, tx, store.zoneId, restaurantId, saved);
    await distributeUses(ctx, tx, store.zoneId, before, saved);
    write(ctx, tx, restaurantId, withEntry(stored, promotionId, saved, ctx.now()));
    return { promotionId, id, version };
  });
}

/** True where only the version would be new. */
const isSame = (before: StorePromotion, { promotion }: StorePromotion): boolean =>
  isDeepStrictEqual({ ...before.promotion, version: 0 }, { ...promotion, version: 0 });

/** Pauses, resumes or ends a restaurant's own promotion for its managers. Throws PROMOTION_NOT_FOUND or PROMOTION_ENDED. */
export async function switchStorePromotion(
  ctx: Context,
  caller: Caller,
  { restaurantId, promotionId, to }: z.infer<typeof SwitchStorePromotionInput>,
): Promise<z.infer<typeof SwitchStorePromotionOutput>> {
  await requireStaff(ctx, caller, restaurantId, MANAGERS);
  await saveSwitch(ctx, restaurantId, { promotionId, to, by: 'merchant' });
  return { promotionId, state: to };
}

/** Saves a switch of a restaurant's own promotion. Throws RESTAURANT_NOT_FOUND, PROMOTION_NOT_FOUND or PROMOTION_ENDED. */
export async function saveSwitch(
  ctx: Context,
  restaurantId: string,
  change: PromotionSwitch,
  record: RecordChange = () => undefined,
): Promise<void> {
  await ctx.db.runTransaction(async (tx) => {
    const { store, stored } = await readStorePromotions(ctx, tx, restaurantId);
    const entry = unwrap(decideSwitch(stored, change, ctx.now()));
    record(tx, store);
    write(ctx, tx, restaurantId, withEntry(stored, change.promotionId, entry, ctx.now()));
  });
}

async function readStorePromotions(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
): Promise<{ store: Restaurant; stored: StorePromotions }> {
  const store = (await tx.get(paths.restaurant(ctx.db, restaurantId))).data();
  if (!store) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  const stored = (await tx.get(paths.storePromotions(ctx.db, restaurantId))).data();
  return { store, stored: stored ?? { promotions: {} } };
}

/** Both documents in one commit: what a quote applies is what the managers see. */
function write(ctx: Context, tx: Transaction, restaurantId: string, stored: StorePromotions): void {
  tx.set(paths.storePromotions(ctx.db, restaurantId), stored);
  update(tx, paths.restaurant(ctx.db, restaurantId), { promotions: listOffered(stored, ctx.now()) });
}

/** The promotions of the zone with a code that are checked. */
const MAX_OF_CODE = 10;

/**
 * Throws PROMOTION_CODE_TAKEN for a code of the platform that a customer may enter here, now or later. Codes of other
 * restaurants do not matter: each is valid in its own restaurant alone.
 */
async function requireFreeCode(
  ctx: Context,
  tx: Transaction,
  zoneId: string,
  restaurantId: string,
  { promotion: { code } }: StorePromotion,
): Promise<void> {
  if (code === undefined) return;
  const found = await tx.get(paths.promotions(ctx.db, zoneId).where('code', '==', code).limit(MAX_OF_CODE));
  const read = await filterReadable(ctx, 'promotions', found.docs);
  const isTaken = read.some(
    ({ data }) => data.endsAtMs > ctx.now() && (data.restaurantIds?.includes(restaurantId) ?? true),
  );
  if (isTaken || read.length < found.size) throw new Refusal('PROMOTION_CODE_TAKEN', { code });
}

/**
 * Distributes the total limit over shards, which are where those of the platform's promotions are: an order takes and
 * returns the uses of both in the same way.
 */
async function distributeUses(
  ctx: Context,
  tx: Transaction,
  zoneId: string,
  before: StorePromotion | undefined,
  { promotion: { id, totalLimit = 0, endsAtMs } }: StorePromotion,
): Promise<void> {
  const limitBefore = before?.promotion.totalLimit ?? 0;
  if (totalLimit === 0 && limitBefore === 0) return;
  const shards = paths.shards(ctx.db, zoneId, id);
  const known = (await tx.get(shards)).docs.map((shard) => shard.data());
  for (const [index, part] of distributeLimit(limitBefore, totalLimit, known, endsAtMs).entries())
    tx.set(shards.doc(String(index)), part);
}
