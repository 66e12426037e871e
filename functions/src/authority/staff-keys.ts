import type { DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import { z } from 'zod';
import { STAFFED_STATUSES, type Order, type OrderStatus } from '../contract/orders.js';
import type { Member } from '../contract/restaurants.js';
import { MAX_MEMBERS } from '../contract/staff-keys.js';
import { attemptEach, readPages, filterReadable, type Readable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { operatorTask, putOperatorTask, toOperatorTaskId } from '../platform/operator-tasks.js';
import { update } from '../platform/stored.js';
import { toStaffKey } from '../core/staff-key.js';

const JOB = 'staffKeys';
/** An order placed during a change may have read the restaurant before it. */
const AGAIN_MS = 60_000;

/**
 * Updates the staff keys after a change of a member: now and, where the keys change, once more for orders that were
 * placed during the change. `eventId` names the task, which is scheduled before the commit: a process that stops in
 * between loses neither.
 */
export async function onMember(ctx: Context, restaurantId: string, eventId: string): Promise<void> {
  const name = `staff-keys-${toStaffKey(`${restaurantId} ${eventId}`)}`;
  await refreshStaffKeys(ctx, restaurantId, async () => {
    await ctx.tasks.schedule(name, ctx.now() + AGAIN_MS, { type: 'staffKeys', restaurantId });
  });
}

/**
 * Updates the keys of a restaurant, of its orders that the staff reads and of their live positions to the membership
 * documents. Works from the stored state, so it may run in any order, any number of times and concurrently. Reads and
 * writes single fields: a dismissed member must not keep the key of an order or restaurant that cannot be read
 * otherwise. Without a member who can act the restaurant goes offline, until its staff opens it again, and its orders
 * that wait for the kitchen become operator tasks.
 */
export async function refreshStaffKeys(
  ctx: Context,
  restaurantId: string,
  beforeChange: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const open = await ctx.db.runTransaction(async (tx) => {
    const ref = paths.restaurant(ctx.db, restaurantId);
    const members = await tx.get(paths.members(ctx.db, restaurantId).limit(MAX_MEMBERS));
    const restaurant = await tx.get(ctx.db.doc(ref.path));
    const staffKeys = toStaffKeys(await filterReadable(ctx, JOB, members.docs));
    if (!restaurant.exists) return false;
    const closes = isUnstaffed(members.docs) && restaurant.get('availability') !== 'offline';
    if (!closes && areSame(readKeys(restaurant), staffKeys)) return true;
    await beforeChange();
    update(tx, ref, { staffKeys, ...(closes && CLOSED) });
    return true;
  });
  if (!open) return;
  const orders = paths
    .orders(ctx.db)
    .where('restaurantId', '==', restaurantId)
    .where('status', 'in', STAFFED_STATUSES)
    .orderBy('createdAtMs');
  for await (const page of readPages(orders))
    await attemptEach(ctx, JOB, page, (order) => refreshOrder(ctx, restaurantId, order));
}

const CLOSED = { availability: 'offline', pausedUntilMs: null } as const;

/** Reads whether a restaurant has a member who is not blocked. */
export async function hasStaff(ctx: Context, restaurantId: string): Promise<boolean> {
  return !isUnstaffed((await paths.members(ctx.db, restaurantId).limit(MAX_MEMBERS).get()).docs);
}

/** True where every member is blocked, or there is none. A document that cannot be read may be that of an able member. */
const isUnstaffed = (members: readonly DocumentSnapshot<Member>[]): boolean =>
  members.every((member) => member.get('blocked') === true);

function toStaffKeys(members: readonly Readable<Member>[]): string[] {
  return members
    .filter(({ data }) => !data.blocked)
    .map(({ id }) => toStaffKey(id))
    .toSorted();
}

async function refreshOrder(ctx: Context, restaurantId: string, { ref }: DocumentSnapshot<Order>): Promise<void> {
  await ctx.db.runTransaction(async (tx) => {
    const restaurant = await tx.get(ctx.db.doc(paths.restaurant(ctx.db, restaurantId).path));
    const order = await tx.get(ctx.db.doc(ref.path));
    if (!restaurant.exists || !STAFFED_STATUSES.some((status) => status === order.get('status'))) return;
    const staffKeys = readKeys(restaurant);
    if (areSame(readKeys(order), staffKeys)) return;
    const courierId = CourierId.parse(order.get('courierId'));
    const position = courierId === null ? null : await tx.get(paths.position(ctx.db, courierId, ref.id));
    update(tx, ref, { staffKeys });
    if (position?.exists) update(tx, position.ref, { staffKeys });
    if (staffKeys.length === 0) askOperator(ctx, tx, order);
  });
}

/** The statuses in which an order needs the kitchen. */
const WAITING: readonly OrderStatus[] = ['scheduled', 'placed', 'accepted', 'preparing', 'ready'];

/** In the transaction that takes the last key: an operator is asked once about each order. */
function askOperator(ctx: Context, tx: Transaction, order: DocumentSnapshot): void {
  const status = WAITING.find((one) => one === order.get('status'));
  if (status === undefined) return;
  const input = { kind: 'no_staff' as const, orderId: order.id, detail: `${status}: no member can act` };
  putOperatorTask(ctx, tx, toOperatorTaskId(input), operatorTask(input, ctx.now()));
}

const Keys = z.array(z.string()).catch([]);
const CourierId = z.string().min(1).nullable().catch(null);

/** Reads the field alone: the rest of the document may be unreadable. */
const readKeys = (stored: DocumentSnapshot): string[] => Keys.parse(stored.get('staffKeys'));

const areSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, index) => key === other[index]);
