import { FieldValue } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { ClaimShiftInput, ClaimShiftOutput, PublishShiftInput, PublishShiftOutput } from '../calls/couriers.js';
import { requireOtherZone } from '../abuse/other-party.js';
import type { Courier, Shift } from '../contract/couriers.js';
import type { AuditFacts } from '../contract/operations.js';
import { writeAudit } from '../platform/audit.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { withShift } from './model/shift-limits.js';
import { update } from '../platform/stored.js';

/**
 * Couriers cannot give a shift back once it has begun, and its hours are closed to others: one without an end would
 * stay in their documents for ever.
 */
const MAX_SHIFT_MS = 24 * 3_600_000;

/**
 * Publishes a shift of at most 24 hours, or changes one; couriers keep the places that they claimed. Throws SHIFT_CLASH,
 * ZONE_NOT_FOUND, or OTHER_OPERATOR_REQUIRED for an operator who is related to a courier or restaurant of the zone.
 */
export async function publishShift(
  ctx: Context,
  { uid: by }: Caller,
  { zoneId, shiftId, reason = 'published', ...shift }: z.infer<typeof PublishShiftInput>,
): Promise<z.infer<typeof PublishShiftOutput>> {
  await getZone(ctx, zoneId);
  await requireOtherZone(ctx, by, zoneId);
  if (shift.untilMs <= Math.max(shift.fromMs, ctx.now())) throw new Refusal('SHIFT_CLASH');
  if (shift.untilMs - shift.fromMs > MAX_SHIFT_MS) throw new Refusal('SHIFT_CLASH', { maxMs: MAX_SHIFT_MS });
  const ref = paths.shift(ctx.db, zoneId, shiftId);
  const left = await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    const taken = before ? before.places - before.left : 0;
    // Couriers' documents contain copies of its hours.
    const isMoved = before && (before.fromMs !== shift.fromMs || before.untilMs !== shift.untilMs);
    if (taken > shift.places || (taken > 0 && isMoved)) throw new Refusal('SHIFT_CLASH', { taken });
    tx.set(ref, { ...shift, left: shift.places - taken });
    const facts = { before: before ? toAuditFacts(before) : null, after: toAuditFacts(shift) };
    writeAudit(ctx, tx, { by, action: 'publishShift', subject: ref.path, reason, ...facts });
    return shift.places - taken;
  });
  return { shiftId, left };
}

const toAuditFacts = ({ fromMs, untilMs, places }: Omit<Shift, 'left'>): AuditFacts => ({ fromMs, untilMs, places });

/**
 * Claims a place in a shift of the courier's own zone, or returns it before the shift begins. Throws ROLE_NOT_ALLOWED,
 * SHIFT_NOT_FOUND or SHIFT_CLASH.
 */
export async function claimShift(
  ctx: Context,
  { uid }: Caller,
  { shiftId, answer }: z.infer<typeof ClaimShiftInput>,
): Promise<z.infer<typeof ClaimShiftOutput>> {
  const ref = paths.courier(ctx.db, uid);
  return ctx.db.runTransaction(async (tx) => {
    const courier: Courier | undefined = (await tx.get(ref)).data();
    if (!courier?.approved) throw new Refusal('ROLE_NOT_ALLOWED', { role: 'courier' });
    const shiftRef = paths.shift(ctx.db, courier.zoneId, shiftId);
    const shift = (await tx.get(shiftRef)).data();
    if (!shift) throw new Refusal('SHIFT_NOT_FOUND', { shiftId });
    const roster = withShift(courier.shifts ?? [], { ...shift, id: shiftId }, answer, ctx.now());
    if (!roster.ok) throw Refusal.of(roster);
    const { shifts, taken } = roster.value;
    const { limits } = await getZone(ctx, courier.zoneId);
    if (taken !== 0) {
      update(tx, shiftRef, { left: FieldValue.increment(-taken) });
      // In a zone that requires no shifts, a courier without one may be online at any time.
      const isFree = shifts.length === 0 && !limits.shiftsRequired;
      update(tx, ref, { shifts: isFree ? FieldValue.delete() : shifts });
    }
    return { shifts };
  });
}
