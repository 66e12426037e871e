import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { changeAuthority, type AuthorityChange } from '../accounts/authority.js';
import type { Authority } from '../contract/accounts.js';
import type { ReviewCourierInput, ReviewCourierOutput } from '../contract/calls/couriers.js';
import type { Courier, CourierApplication } from '../contract/couriers.js';
import { writeAudit } from '../operations/audit.js';
import { zoneOf } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { allowCourier, readCourier, stopCourier, type CourierDocuments } from './approval.js';
import { update } from '../platform/stored.js';

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
  const carries = await changeAuthority(ctx, uid, async (tx, authority, write) => {
    const { application, known } = await readBoth(ctx, tx, uid);
    if (!authority && decision !== 'reject') throw new Refusal('USER_NOT_FOUND', { uid });
    const isNew = application.status !== status;
    if (isNew && !POSSIBLE_FROM[decision].includes(application.status))
      throw new Refusal('APPLICATION_DECIDED', { status: application.status });
    if (isNew) {
      tx.set(paths.courierApplication(ctx.db, uid), { ...application, status, review });
      const facts = { before: { status: application.status }, after: { status } };
      const subject = paths.courier(ctx.db, uid).path;
      writeAudit(ctx, tx, { by: caller.uid, action: 'reviewCourier', subject, reason, ...facts });
    }
    if (decision === 'approve') await letRide(ctx, tx, uid, application, known, authority?.blocked ?? false);
    if (decision === 'suspend') stopCourier(ctx, tx, uid, known);
    if (authority) write(roleAfter(decision, authority));
    return Object.keys(known.courier?.active ?? {});
  });
  return { status, carries: decision === 'suspend' ? carries : [] };
}

/** A suspended courier's sessions end. An operator who once rode stays one. */
function roleAfter(decision: Request['decision'], { role }: Authority): AuthorityChange {
  if (decision === 'approve') return { role: 'courier' };
  return decision === 'suspend' && role === 'courier' ? { role: 'customer', endSessions: true } : {};
}

/** A courier whom an operator appointed without an application has one from now on. */
async function readBoth(
  ctx: Context,
  tx: Transaction,
  uid: string,
): Promise<{ application: CourierApplication; known: CourierDocuments }> {
  const application = (await tx.get(paths.courierApplication(ctx.db, uid))).data();
  const known = await readCourier(ctx, tx, uid);
  if (application) return { application, known };
  if (!known.courier) throw new Refusal('APPLICATION_NOT_FOUND', { uid });
  const { displayName: name, zoneId, vehicle, approved } = known.courier;
  const status = approved ? 'approved' : 'suspended';
  const made: CourierApplication = { name, zoneId, vehicle, papers: [], status, createdAtMs: ctx.now(), review: null };
  return { application: made, known };
}

/** A blocked user may ride once the block ends. */
async function letRide(
  ctx: Context,
  tx: Transaction,
  uid: string,
  { name, zoneId, vehicle }: CourierApplication,
  known: CourierDocuments,
  blocked: boolean,
): Promise<void> {
  const { limits } = await zoneOf(ctx, zoneId);
  // Where shifts are required, an empty list of them lets nobody online.
  const shifts = limits.shiftsRequired && !known.courier?.shifts ? { shifts: [] } : {};
  if (known.courier) {
    if (blocked) update(tx, paths.courier(ctx.db, uid), { zoneId, vehicle, ...shifts });
    else allowCourier(ctx, tx, uid, known, { zoneId, vehicle, ...shifts });
    return;
  }
  const courier: Courier = {
    displayName: name, zoneId, vehicle, approved: !blocked, online: false, presence: null, offer: null, load: 0, active: {}, ...shifts,
  }; // prettier-ignore
  tx.create(paths.courier(ctx.db, uid), courier);
}
