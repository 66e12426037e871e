import { geohashForLocation } from 'geofire-common';
import type { z } from 'zod';
import { requireOtherStore } from '../abuse/other-party.js';
import type { ActForStoreInput, ActForStoreOutput, SaveTermsInput, SaveTermsOutput } from '../calls/operations.js';
import { publishDraft } from '../catalog/publish-menu.js';
import { saveSettings, saveSoldOut, saveStock, type RecordChange } from '../catalog/store-settings.js';
import type { AuditFacts } from '../contract/operations.js';
import type { Restaurant } from '../contract/restaurants.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { saveSwitch } from '../promotions/store-promotions.js';
import { update } from '../platform/stored.js';

type Act = z.infer<typeof ActForStoreInput>['act'];

/**
 * Acts for a restaurant as its managers could; the audit entry of the same transaction has what was before. Throws
 * what `requireOtherStore` and the act itself throw.
 */
export async function actForStore(
  ctx: Context,
  { uid: by }: Caller,
  { restaurantId, act, reason }: z.infer<typeof ActForStoreInput>,
): Promise<z.infer<typeof ActForStoreOutput>> {
  await requireOtherStore(ctx, by, restaurantId);
  const subject = paths.restaurant(ctx.db, restaurantId).path;
  await carryOut(ctx, restaurantId, act, (tx, before) => {
    writeAudit(ctx, tx, { by, action: 'actForStore', subject, reason, ...toFacts(act, before) });
  });
  return { restaurantId };
}

function carryOut(ctx: Context, restaurantId: string, act: Act, record: RecordChange): Promise<unknown> {
  switch (act.type) {
    case 'settings':
      return saveSettings(ctx, restaurantId, act.changes, record);
    case 'place': {
      const { location, addressLine } = act;
      const geohash = geohashForLocation([location.lat, location.lng], 9);
      return saveSettings(ctx, restaurantId, { location, addressLine, geohash }, record);
    }
    case 'soldOut':
      return saveSoldOut(ctx, { restaurantId, ids: act.ids, untilMs: act.untilMs }, record);
    case 'stock':
      return saveStock(ctx, { restaurantId, left: act.left }, record);
    case 'endPromotion':
      return saveSwitch(ctx, restaurantId, { promotionId: act.promotionId, to: 'ended', by: 'operator' }, record);
    case 'menu':
      return publishDraft(ctx, { restaurantId, basedOnVersion: act.basedOnVersion }, act.draft, record);
  }
}

/** A few facts of before and after: of settings their names, since hours and areas do not fit an entry. */
function toFacts(act: Act, store: Restaurant): { before: AuditFacts; after: AuditFacts } {
  const after = { act: act.type };
  switch (act.type) {
    case 'settings': {
      const names = Object.keys(act.changes).toSorted().join(' ');
      const { name, acceptance, prepMinutes, slotCapacity } = store;
      return { before: { name, acceptance, prepMinutes, slotCapacity }, after: { ...after, changed: names } };
    }
    case 'place': {
      const toPlaceFacts = ({ addressLine, location: { lat, lng } }: Pick<Restaurant, 'addressLine' | 'location'>) => ({
        addressLine,
        lat,
        lng,
      });
      return { before: toPlaceFacts(store), after: { ...after, ...toPlaceFacts(act) } };
    }
    case 'soldOut':
      return { before: { soldOut: Object.keys(store.soldOut).length }, after: { ...after, items: act.ids.length } };
    case 'stock':
      return { before: { countsStock: store.countsStock }, after: { ...after, items: Object.keys(act.left).length } };
    case 'endPromotion':
      return {
        before: { offered: store.promotions?.length ?? 0 },
        after: { ...after, promotionId: act.promotionId },
      };
    case 'menu':
      return { before: { menuVersion: store.menuVersion }, after: { ...after, items: act.draft.items.length } };
  }
}

/**
 * Changes a restaurant's commission. Quotes and orders keep the one that they were priced with. Throws
 * RESTAURANT_NOT_FOUND, or what `requireOtherStore` throws.
 */
export async function saveTerms(
  ctx: Context,
  { uid: by }: Caller,
  { restaurantId, commissionPpm, reason }: z.infer<typeof SaveTermsInput>,
): Promise<z.infer<typeof SaveTermsOutput>> {
  await requireOtherStore(ctx, by, restaurantId);
  const ref = paths.terms(ctx.db, restaurantId);
  await ctx.db.runTransaction(async (tx) => {
    const terms = (await tx.get(ref)).data();
    if (!terms) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
    update(tx, ref, { commissionPpm });
    const before = { commissionPpm: terms.commissionPpm };
    writeAudit(ctx, tx, { by, action: 'saveTerms', subject: ref.path, reason, before, after: { commissionPpm } });
  });
  ctx.caches.terms.forget(restaurantId);
  return { commissionPpm };
}
