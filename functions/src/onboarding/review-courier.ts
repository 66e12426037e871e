import type { DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { changeAuthority, requireOperator, type AuthorityChange } from '../accounts/authority.js';
import type { Authority } from '../contract/accounts.js';
import type { ReviewCourierInput, ReviewCourierOutput } from '../calls/couriers.js';
import { CourierApplication, type Courier } from '../contract/couriers.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherCourier } from '../abuse/other-party.js';
import { readOne } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import {
  allowCourier,
  nextApplicationVersion,
  readApplicationVersion,
  readCourier,
  requireMovable,
  stopCourier,
  type CourierDocuments,
} from '../authority/courier-approval.js';
import { requireStayingUser } from '../authority/erasing-user.js';
import { readActive } from '../couriers/release-orders.js';
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
 * Decides on a courier for an operator. An approved courier may go online. A suspended one is offline at once, every
 * session ends, and orders that were not picked up are offered again; `carries` are those that were. A suspension needs
 * no document of the courier to be readable. Repeating a decision completes it after a failure; an approval that was
 * followed by another decision changes nothing. The application of a courier who already works cannot be rejected: the
 * courier is suspended instead. Only an admin decides on an operator, who leaves the operators with the approval. Throws
 * USER_NOT_FOUND, also for the approval of a courier whose account
 * is being erased, APPLICATION_NOT_FOUND, APPLICATION_DECIDED, VERSION_CHANGED where the application was submitted again
 * or decided on since, or what `requireOtherCourier` and `requireMovable` throw.
 */
export async function reviewCourier(
  ctx: Context,
  caller: Caller,
  { uid, version, decision, reason }: Request,
): Promise<z.infer<typeof ReviewCourierOutput>> {
  const status = BECOMES[decision];
  const review = { by: caller.uid, atMs: ctx.now(), reason };
  await requireOtherCourier(ctx, caller.uid, uid);
  await changeAuthority(ctx, uid, async (tx, authority, write) => {
    // An admin alone decides who is an operator: otherwise a dispatcher could take the role even from the last admin.
    await requireOperator(ctx, tx, caller.uid, authority?.role === 'operator' ? 'grantRole' : 'reviewCourier');
    const reviewed = await readReviewed(ctx, tx, uid, decision);
    if (!authority && decision !== 'reject') throw new Refusal('USER_NOT_FOUND', { uid });
    if (decision === 'approve') await requireStayingUser(ctx, tx, uid);
    const isNew = reviewed.status !== status;
    if (isNew && !POSSIBLE_FROM[decision].includes(reviewed.status))
      throw new Refusal('APPLICATION_DECIDED', { status: reviewed.status });
    // All documents of an approval were written with it: what a repeated one finds otherwise was decided since.
    if (!isNew && decision === 'approve') return;
    if (isNew) requireVersion(reviewed, decision, version);
    if (isNew) {
      writeDecision(ctx, tx, uid, reviewed, { status, review });
      const facts = { before: { status: reviewed.status }, after: { status } };
      const subject = paths.courier(ctx.db, uid).path;
      writeAudit(ctx, tx, { by: caller.uid, action: 'reviewCourier', subject, reason, ...facts });
    }
    if (decision === 'approve') await allowToWork(ctx, tx, uid, reviewed, authority?.blocked ?? false);
    if (decision === 'suspend') stopCourier(ctx, tx, uid, reviewed.known);
    if (authority) write(roleAfter(decision, authority, isNew));
  });
  return { status, carries: decision === 'suspend' ? await readActive(ctx, uid) : [] };
}

/**
 * Each submission and each decision is a new version, so that an older decision that arrives again is refused. A
 * suspension need not name the version, and cannot where it is unreadable.
 */
function requireVersion(
  { isStored, version: stored }: Reviewed,
  decision: Request['decision'],
  version: number | undefined,
): void {
  const isOptional = decision === 'suspend' && (version === undefined || stored === null);
  if (!isStored || isOptional || version === stored) return;
  throw new Refusal('VERSION_CHANGED', { version: stored });
}

/**
 * A suspended courier's sessions end, and those of an operator who becomes a courier. An operator who was a courier
 * before stays an operator after a suspension, and signs in again.
 */
function roleAfter(decision: Request['decision'], { role }: Authority, isNew: boolean): AuthorityChange {
  if (decision === 'approve') return { role: 'courier', ...(role === 'operator' && { endSessions: true }) };
  if (decision === 'reject') return {};
  return role === 'courier' ? { role: 'customer', endSessions: true } : isNew ? { endSessions: true } : {};
}

/** What is stored about a courier before a decision. */
interface Reviewed {
  status: Status;
  /** Null where the stored documents cannot be read: a suspension does not need them. */
  application: CourierApplication | null;
  isStored: boolean;
  /** Of the stored application; null where there is none or it cannot be read. */
  version: number | null;
  /** Of the application after the decision. */
  nextVersion: number;
  known: CourierDocuments;
}

/**
 * Reads a courier's documents. For a suspension, one that cannot be read becomes an operator task; otherwise it throws a
 * DocumentError. Throws APPLICATION_NOT_FOUND.
 */
async function readReviewed(
  ctx: Context,
  tx: Transaction,
  uid: string,
  decision: Request['decision'],
): Promise<Reviewed> {
  const isTolerant = decision === 'suspend';
  const stored = await tx.get(paths.courierApplication(ctx.db, uid));
  const known = await readCourier(ctx, tx, uid);
  if (!stored.exists && !known.courier.exists) throw new Refusal('APPLICATION_NOT_FOUND', { uid });
  const application = await readData(ctx, stored, isTolerant);
  const courier = await readData(ctx, known.courier, isTolerant);
  const made = !stored.exists && courier ? applicationFrom(courier, ctx.now()) : null;
  return {
    status: readStatus(decision, stored, known),
    application: application ?? made,
    isStored: stored.exists,
    version: readApplicationVersion(stored),
    nextVersion: nextApplicationVersion(stored),
    known,
  };
}

async function readData<T>(ctx: Context, doc: DocumentSnapshot<T>, isTolerant: boolean): Promise<T | null> {
  return isTolerant ? ((await readOne(ctx, 'reviewCourier', doc))?.data ?? null) : (doc.data() ?? null);
}

/**
 * Reads single fields, so that the rest of the documents may be unreadable. A courier who may work is approved, even if
 * the application says otherwise: an operator may have appointed the courier. Only an approval follows the application,
 * since it decides on that.
 */
function readStatus(
  decision: Request['decision'],
  application: DocumentSnapshot<CourierApplication>,
  { courier }: CourierDocuments,
): Status {
  const mayWork = courier.get('approved') === true;
  if (mayWork && decision !== 'approve') return 'approved';
  const status = CourierApplication.shape.status.safeParse(application.get('status'));
  return status.success ? status.data : mayWork ? 'approved' : 'suspended';
}

/** A courier whom an operator appointed without an application gets one now. */
function applicationFrom({ displayName: name, zoneId, vehicle, approved }: Courier, nowMs: number): CourierApplication {
  const status = approved ? 'approved' : 'suspended';
  return { name, zoneId, vehicle, papers: [], status, version: 1, createdAtMs: nowMs, review: null };
}

function writeDecision(
  ctx: Context,
  tx: Transaction,
  uid: string,
  { application, isStored, nextVersion: version }: Reviewed,
  decided: Pick<CourierApplication, 'status' | 'review'>,
): void {
  const ref = paths.courierApplication(ctx.db, uid);
  if (isStored) update(tx, ref, { ...decided, version });
  else if (application) tx.set(ref, { ...application, ...decided, version });
}

/** Lets a courier work; a blocked user may do so once the block ends. */
async function allowToWork(
  ctx: Context,
  tx: Transaction,
  uid: string,
  { application, known }: Reviewed,
  blocked: boolean,
): Promise<void> {
  if (!application) return;
  const { name, zoneId, vehicle, plate } = application;
  const facts = { zoneId, vehicle, ...(plate !== undefined && { plate }) };
  await requireMovable(ctx, known, zoneId);
  const { limits } = await getZone(ctx, zoneId);
  // Where shifts are required, a courier with an empty list of them cannot go online.
  const shifts = limits.shiftsRequired && !known.courier.data()?.shifts ? { shifts: [] } : {};
  if (known.courier.exists) {
    if (blocked) update(tx, paths.courier(ctx.db, uid), { ...facts, ...shifts });
    else allowCourier(ctx, tx, uid, known, { ...facts, ...shifts });
    return;
  }
  const courier: Courier = {
    displayName: name,
    ...facts,
    approved: !blocked,
    online: false,
    presence: null,
    offer: null,
    load: 0,
    active: {},
    ...shifts,
  };
  tx.create(paths.courier(ctx.db, uid), courier);
}
