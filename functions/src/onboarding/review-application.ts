import type { Transaction } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { z } from 'zod';
import { changeAuthority, requireOperator } from '../accounts/authority.js';
import { withMembership } from '../accounts/model/claims.js';
import type { ReviewApplicationInput, ReviewApplicationOutput } from '../calls/merchants.js';
import { ORDER_KINDS } from '../contract/common.js';
import type { MerchantApplication } from '../contract/merchants.js';
import type { Menu, Restaurant } from '../contract/restaurants.js';
import { computeSearchTokens } from '../catalog/model/search-tokens.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherUser, requireOtherZone } from '../abuse/other-party.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { toStaffKey } from '../core/staff-key.js';
import { requireStayingUser } from '../authority/erasing-user.js';
import { forgetStaff } from '../authority/staff.js';
import { update } from '../platform/stored.js';

type Request = z.infer<typeof ReviewApplicationInput>;

/**
 * Decides on an application for an operator. The approval creates a restaurant: offline, with an empty menu, its
 * applicant the owner. Repeating the decision completes it after a failure; another decision is refused, and one on
 * another version than the stored one (VERSION_CHANGED). Throws OTHER_OPERATOR_REQUIRED for an operator who is related to
 * the applicant, or to a restaurant or courier of the zone, and USER_NOT_FOUND for the approval of an applicant whose
 * account is erased, or being erased.
 */
export async function reviewApplication(
  ctx: Context,
  caller: Caller,
  { applicationId, version, decision, reason }: Request,
): Promise<z.infer<typeof ReviewApplicationOutput>> {
  const status = decision.type === 'approve' ? 'approved' : 'rejected';
  const ref = paths.merchantApplication(ctx.db, applicationId);
  const submitted = (await ref.get()).data();
  if (!submitted) throw new Refusal('APPLICATION_NOT_FOUND', { applicationId });
  // The owner never changes: applyAsMerchant refuses it.
  const { ownerId } = submitted;
  await requireOtherUser(ctx, caller.uid, [ownerId]);
  await requireOtherZone(ctx, caller.uid, submitted.venture.zoneId);
  await changeAuthority(ctx, ownerId, async (tx, authority, write) => {
    await requireOperator(ctx, tx, caller.uid, 'reviewApplication');
    const application = (await tx.get(ref)).data();
    if (!application) throw new Refusal('APPLICATION_NOT_FOUND', { applicationId });
    if (application.status === status) return;
    if (application.status !== 'submitted') throw new Refusal('APPLICATION_DECIDED', { status: application.status });
    // The applicant may submit other documents, and another zone, until the decision.
    if (application.version !== version || application.version !== submitted.version)
      throw new Refusal('VERSION_CHANGED', { version: application.version });
    if (decision.type === 'approve') {
      if (!authority) throw new Refusal('USER_NOT_FOUND', { uid: ownerId });
      await requireStayingUser(ctx, tx, ownerId);
      const isBlocked = authority.blocked;
      await openRestaurant(ctx, tx, applicationId, application, { commissionPpm: decision.commissionPpm, isBlocked });
      write({ merchant: withMembership(authority, applicationId, 'owner') });
    }
    writeAudit(ctx, tx, {
      by: caller.uid,
      action: 'reviewApplication',
      subject: ref.path,
      reason,
      before: { status: application.status },
      after: { status },
    });
    update(tx, ref, { status, review: { by: caller.uid, atMs: ctx.now(), reason } });
  });
  forgetStaff(ctx, applicationId, ownerId);
  return { status };
}

async function openRestaurant(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  { ownerId, ownerName, venture }: MerchantApplication,
  { commissionPpm, isBlocked }: { commissionPpm: number; isBlocked: boolean },
): Promise<void> {
  const { name, cuisines, zoneId, timeZone, location, addressLine } = venture;
  const { currency } = await getZone(ctx, zoneId);
  const restaurant: Restaurant = {
    name,
    cuisines,
    logo: null,
    cover: null,
    description: null,
    phone: null,
    kinds: [...ORDER_KINDS],
    zoneId,
    currency,
    timeZone,
    location,
    addressLine,
    availability: 'offline',
    pausedUntilMs: null,
    geohash: geohashForLocation([location.lat, location.lng], 9),
    acceptance: 'manual',
    prepMinutes: 20,
    menuVersion: 1,
    diets: [],
    soldOut: {},
    slotCapacity: null,
    ticketColumns: null,
    countsStock: false,
    canGoOnline: false,
    hours: null,
    busy: null,
    deliveryArea: null,
    staffKeys: isBlocked ? [] : [toStaffKey(ownerId)],
  };
  const menu: Menu = { version: 1, currency, items: [], groups: [] };
  // A blocked owner's membership is worth nothing until the block ends.
  const blocked = isBlocked ? { blocked: true as const } : {};
  const member = { role: 'owner' as const, displayName: ownerName, addedAtMs: ctx.now(), ...blocked };
  tx.create(paths.restaurant(ctx.db, restaurantId), restaurant);
  tx.create(paths.menu(ctx.db, restaurantId), menu);
  tx.create(paths.terms(ctx.db, restaurantId), { commissionPpm, stripeAccountId: null, payoutsEnabled: false });
  tx.create(paths.members(ctx.db, restaurantId).doc(ownerId), member);
  tx.create(paths.searchEntry(ctx.db, restaurantId), { zoneId, tokens: computeSearchTokens(restaurant, menu) });
}
