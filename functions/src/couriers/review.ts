import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { Claims } from '../contract/accounts.js';
import type { ReviewCourierInput, ReviewCourierOutput } from '../contract/calls/couriers.js';
import type { Courier, CourierApplication } from '../contract/couriers.js';
import { writeAudit } from '../operations/audit.js';
import { zoneOf } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { update, updateOne } from '../platform/stored.js';

type Request = z.infer<typeof ReviewCourierInput>;
type Status = CourierApplication['status'];

const BECOMES: Readonly<Record<Request['decision'], Status>> = {
  approve: 'approved',
  reject: 'rejected',
  suspend: 'suspended',
};
const POSSIBLE_FROM: Readonly<Record<Request['decision'], readonly Status[]>> = {
  approve: ['submitted', 'suspended'],
  reject: ['submitted'],
  suspend: ['approved'],
};

/**
 * An operator's word on a courier. Approved, the courier may go online; suspended, the courier is offline at once and every
 * session ends. Repeating a decision makes good what a failure left undone.
 */
export async function reviewCourier(
  ctx: Context,
  caller: Caller,
  { uid, decision, reason }: Request,
): Promise<z.infer<typeof ReviewCourierOutput>> {
  const status = BECOMES[decision];
  const review = { by: caller.uid, atMs: ctx.now(), reason };
  const carries = await ctx.db.runTransaction(async (tx) => {
    const { application, courier } = await readBoth(ctx, tx, uid);
    const isNew = application.status !== status;
    if (isNew && !POSSIBLE_FROM[decision].includes(application.status))
      throw new Refusal('APPLICATION_DECIDED', { status: application.status });
    if (isNew) {
      tx.set(paths.courierApplication(ctx.db, uid), { ...application, status, review });
      const facts = { before: { status: application.status }, after: { status } };
      const subject = paths.courier(ctx.db, uid).path;
      writeAudit(ctx, tx, { by: caller.uid, action: 'reviewCourier', subject, reason, ...facts });
    }
    if (decision === 'approve') await letRide(ctx, tx, uid, application, courier);
    if (decision === 'suspend') update(tx, paths.courier(ctx.db, uid), { approved: false, online: false });
    return Object.keys(courier?.active ?? {});
  });
  if (decision !== 'reject') await setRole(ctx, uid, decision === 'approve' ? 'courier' : 'customer');
  return { status, carries: decision === 'suspend' ? carries : [] };
}

/** A courier whom an operator appointed without an application has one from now on. */
async function readBoth(
  ctx: Context,
  tx: Transaction,
  uid: string,
): Promise<{ application: CourierApplication; courier: Courier | undefined }> {
  const [application, courier] = [
    (await tx.get(paths.courierApplication(ctx.db, uid))).data(),
    (await tx.get(paths.courier(ctx.db, uid))).data(),
  ];
  if (application) return { application, courier };
  if (!courier) throw new Refusal('APPLICATION_NOT_FOUND', { uid });
  const { displayName: name, zoneId, vehicle, approved } = courier;
  const status = approved ? 'approved' : 'suspended';
  const made: CourierApplication = { name, zoneId, vehicle, papers: [], status, createdAtMs: ctx.now(), review: null };
  return { application: made, courier };
}

async function letRide(
  ctx: Context,
  tx: Transaction,
  uid: string,
  { name, zoneId, vehicle }: CourierApplication,
  known: Courier | undefined,
): Promise<void> {
  const { limits } = await zoneOf(ctx, zoneId);
  // Where shifts are required, an empty list of them lets nobody online.
  const shifts = limits.shiftsRequired && !known?.shifts ? { shifts: [] } : {};
  if (known) {
    update(tx, paths.courier(ctx.db, uid), { approved: true, zoneId, vehicle, ...shifts });
    return;
  }
  const courier: Courier = {
    displayName: name, zoneId, vehicle, approved: true, online: false, presence: null, offer: null, load: 0, active: {}, ...shifts,
  }; // prettier-ignore
  tx.create(paths.courier(ctx.db, uid), courier);
}

/** Documents first, the claims last, so that no token says more than they. */
async function setRole(ctx: Context, uid: string, role: 'courier' | 'customer'): Promise<void> {
  const claims: Claims | null = await ctx.identity.claimsOf(uid);
  if (!claims) throw new Refusal('USER_NOT_FOUND', { uid });
  await ctx.identity.setClaims(uid, { ...claims, role });
  if (role === 'customer') await ctx.identity.revokeSessions(uid);
  const user = ctx.db.doc(paths.user(ctx.db, uid).path);
  await updateOne(user, { claimsVersion: FieldValue.increment(1) });
}
