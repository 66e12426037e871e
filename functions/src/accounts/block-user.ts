import { deviceSignalId } from '../abuse/links.js';
import { requireOtherCourier, requireOtherStore } from '../abuse/other-party.js';
import { AccountSignal } from '../contract/abuse.js';
import { FieldValue, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { Origin } from '../contract/abuse.js';
import type { Authority } from '../contract/accounts.js';
import type { OrderStatus } from '../contract/orders.js';
import type { Member } from '../contract/restaurants.js';
import type { BlockUserInput, BlockUserOutput } from '../calls/accounts.js';
import { allowCourier, readCourier, stopCourier } from '../authority/courier-approval.js';
import { forgetStaff } from '../authority/staff.js';
import { writeAudit } from '../platform/audit.js';
import { readOne } from '../platform/isolate.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { update } from '../platform/stored.js';
import { changeAuthority, requireOperator } from './authority.js';

type Input = z.infer<typeof BlockUserInput>;
type Answer = z.infer<typeof BlockUserOutput>;

/**
 * Blocks a user. The user cannot sign in or refresh a token; callables, commands and messages with the old token are
 * refused within half a minute. Memberships have no effect, also under rules; a restaurant without another member who can
 * act goes offline: see `refreshStaffKeys`. A courier gets no offers and cannot go
 * online; orders that were not picked up are offered again. The user's devices are not notified, and the device on
 * which the account was created cannot create another one. Each open order of the user's becomes an operator task. A document of the user that cannot be read becomes an
 * operator task and does not prevent the block. Throws USER_NOT_FOUND, or what `requireOtherAccount` throws.
 */
export async function blockUser(ctx: Context, caller: Caller, input: Input): Promise<Answer> {
  await requireOtherAccount(ctx, caller, input.uid);
  await requireUser(ctx, input.uid);
  const answer = await setBlocked(ctx, caller, input, true);
  await askAboutOrders(ctx, input.uid);
  return answer;
}

/** The statuses in which an operator can still decide whether the customer gets the order. */
const CANCELLABLE: readonly OrderStatus[] = ['scheduled', 'placed', 'accepted', 'preparing', 'ready'];
/** More than a customer may have open. */
const MAX_OPEN = 100;

/**
 * Creates an operator task for each open order of a blocked customer: it is paid, and goes on. An unpaid one expires. If
 * the call crashes before, its caller repeats it.
 */
async function askAboutOrders(ctx: Context, uid: string): Promise<void> {
  const open = paths.orders(ctx.db).where('customerId', '==', uid).where('status', 'in', CANCELLABLE).limit(MAX_OPEN);
  // Read by the id alone: an order may be unreadable.
  for (const { id: orderId } of (await open.select().get()).docs)
    await raiseOperatorTask(ctx, { kind: 'customer_blocked', orderId, detail: 'the customer was blocked' });
}

/**
 * Ends a block. A courier may work again, unless suspended. Throws USER_NOT_FOUND, or what `requireOtherAccount` throws.
 */
export async function unblockUser(ctx: Context, caller: Caller, input: Input): Promise<Answer> {
  await requireOtherAccount(ctx, caller, input.uid);
  await requireUser(ctx, input.uid);
  return setBlocked(ctx, caller, input, false);
}

/**
 * Throws OTHER_OPERATOR_REQUIRED for the caller's own account, one that is linked with it, a courier of a zone in which the
 * caller competes, and one of the staff of the caller's own restaurant or of a competitor: a block takes the rights there,
 * and may close it.
 */
async function requireOtherAccount(ctx: Context, { uid: by }: Caller, uid: string): Promise<void> {
  await requireOtherCourier(ctx, by, uid);
  // Names the restaurants alone: a membership document that cannot be read must not prevent the block.
  const authority = await readOne(ctx, 'blockUser', await paths.authority(ctx.db, uid).get());
  const merchant = authority?.data.merchant ?? (await ctx.identity.claimsOf(uid))?.merchant ?? {};
  await Promise.all(Object.keys(merchant).map((id) => requireOtherStore(ctx, by, id)));
}

async function requireUser(ctx: Context, uid: string): Promise<void> {
  const account = await ctx.identity.accountOf(uid);
  const isLeaving = (await paths.erasure(ctx.db, uid).get()).exists;
  if (!account || isLeaving) throw new Refusal('USER_NOT_FOUND', { uid });
}

/** The app sees `claimsVersion` rise and asks for a new token, which is refused while the user is blocked. */
async function setBlocked(ctx: Context, caller: Caller, input: Input, blocked: boolean): Promise<Answer> {
  const { uid, reason } = input;
  const subject = paths.user(ctx.db, uid).path;
  const action = blocked ? 'blockUser' : 'unblockUser';
  const restaurantIds = await changeAuthority(ctx, uid, async (tx, authority, write) => {
    // An admin alone decides who is an operator.
    await requireOperator(ctx, tx, caller.uid, authority?.role === 'operator' ? 'grantRole' : action);
    if (!authority) throw new Refusal('USER_NOT_FOUND', { uid });
    const known = await readCourier(ctx, tx, uid);
    const [user, origin] = [await tx.get(paths.user(ctx.db, uid)), await tx.get(paths.origin(ctx.db, uid))];
    const members = await readMembers(ctx, tx, uid, authority);
    const device = deviceIn(origin);
    const other = blocked || device === undefined ? null : await findOtherBlocked(ctx, tx, uid, device);
    await reportUnreadable(ctx, [known.courier, user, origin, ...members]);
    if (blocked) stopCourier(ctx, tx, uid, known);
    else if (authority.role === 'courier') allowCourier(ctx, tx, uid, known);
    setDeviceBlocked(ctx, tx, device, blocked ? uid : other, caller.uid);
    members.forEach(({ ref }) => update(tx, ref, { blocked: blocked ? true : FieldValue.delete() }));
    const facts = { before: { blocked: !blocked }, after: { blocked } };
    writeAudit(ctx, tx, { by: caller.uid, action, subject, reason, ...facts });
    write({ blocked, ...(blocked && { endSessions: true }) });
    return Object.keys(authority.merchant);
  });
  restaurantIds.forEach((id) => forgetStaff(ctx, id, uid));
  return { blocked };
}

/**
 * Finds another blocked user of the device: the device then stays blocked for that user. Reads single fields, as all of
 * a block does.
 */
async function findOtherBlocked(ctx: Context, tx: Transaction, uid: string, device: string): Promise<string | null> {
  const signal = await tx.get(ctx.db.doc(paths.signal(ctx.db, deviceSignalId(device)).path));
  const accounts = AccountSignal.shape.accounts.safeParse(signal.get('accounts')).data ?? [];
  const [first, ...rest] = accounts
    .filter((one) => one !== uid)
    .map((one) => ctx.db.doc(paths.authority(ctx.db, one).path));
  if (!first) return null;
  return (await tx.getAll(first, ...rest)).find((authority) => authority.get('blocked') === true)?.id ?? null;
}

/** `uid`: the user for whom the device is blocked; null ends the block of the device. */
function setDeviceBlocked(
  ctx: Context,
  tx: Transaction,
  device: string | undefined,
  uid: string | null,
  by: string,
): void {
  if (device === undefined) return;
  if (uid !== null) tx.set(paths.blockedDevice(ctx.db, device), { by, uid, atMs: ctx.now() });
  else tx.delete(paths.blockedDevice(ctx.db, device));
}

/** Reads the membership documents that exist: a missing one must not prevent the block. */
async function readMembers(
  ctx: Context,
  tx: Transaction,
  uid: string,
  { merchant }: Authority,
): Promise<DocumentSnapshot<Member>[]> {
  const [first, ...rest] = Object.keys(merchant).map((id) => paths.member(ctx.db, id, uid));
  if (!first) return [];
  return (await tx.getAll(first, ...rest)).filter(({ exists }) => exists);
}

/** A block works by references and single fields; an operator is asked to repair every document that cannot be read. */
async function reportUnreadable(ctx: Context, documents: readonly DocumentSnapshot[]): Promise<void> {
  for (const document of documents) await readOne(ctx, 'blockUser', document);
}

function deviceIn(origin: DocumentSnapshot): string | undefined {
  const device = Origin.shape.device.safeParse(origin.get('device'));
  return device.success ? device.data : undefined;
}

/** Ends the caller's own sessions on every device. */
export async function signOutEverywhere(ctx: Context, { uid }: Caller): Promise<Record<string, never>> {
  // Through the authority document, so that the recovery task finishes a call that crashed: its caller can no longer
  // repeat it.
  await changeAuthority(ctx, uid, (_, authority, write) => Promise.resolve(authority && write({ endSessions: true })));
  return {};
}
