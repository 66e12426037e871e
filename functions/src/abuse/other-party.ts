import type { DocumentSnapshot } from 'firebase-admin/firestore';
import { findConflict } from './links.js';
import { listFormerEmployers } from './model/parties.js';
import type { Order } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { readOne } from '../platform/isolate.js';

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is one of the users concerned, or shares a device or card with one
 * of them.
 */
export async function requireOtherUser(
  ctx: Context,
  operator: string,
  users: readonly (string | null)[],
): Promise<void> {
  if (users.includes(operator)) throw new Refusal('OTHER_OPERATOR_REQUIRED');
  const linked = await readLinked(ctx, operator);
  if (users.some((uid) => uid !== null && linked.includes(uid))) throw new Refusal('OTHER_OPERATOR_REQUIRED');
}

/** Reads the accounts that share a device or card with the operator. Throws OTHER_OPERATOR_REQUIRED. */
async function readLinked(ctx: Context, operator: string): Promise<readonly string[]> {
  const links = await readOrRefuse(ctx, await paths.links(ctx.db, operator).get());
  return links?.linked ?? [];
}

/** Lists the restaurants whose staff an account left recently. Throws OTHER_OPERATOR_REQUIRED. */
async function readFormerEmployers(ctx: Context, uid: string): Promise<string[]> {
  const links = await readOrRefuse(ctx, await paths.links(ctx.db, uid).get());
  return links ? listFormerEmployers(links, ctx.now()) : [];
}

/** Reads a document. Throws OTHER_OPERATOR_REQUIRED where it cannot be read: it may show that the operator is a party. */
async function readOrRefuse<T>(ctx: Context, stored: DocumentSnapshot<T>): Promise<T | null> {
  const read = await readOne(ctx, 'ownMatter', stored);
  if (stored.exists && !read) throw new Refusal('OTHER_OPERATOR_REQUIRED');
  return read?.data ?? null;
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is related to the order's customer, its courier or the restaurant's
 * staff, or to a restaurant or courier of its zone: a competitor decides about none of its orders.
 */
export async function requireOtherParty(
  ctx: Context,
  operator: string,
  { customerId, courierId, restaurantId, zoneId }: Pick<Order, 'customerId' | 'courierId' | 'restaurantId' | 'zoneId'>,
): Promise<void> {
  await requireOtherUser(ctx, operator, [customerId, courierId]);
  await requireOtherStaff(ctx, operator, restaurantId);
  await requireOtherZone(ctx, operator, zoneId);
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is related to a party of the order, or the order cannot be read. An
 * order that no longer exists has no parties.
 */
export async function requireOtherPartyOf(ctx: Context, operator: string, orderId: string): Promise<void> {
  const order = await readOrRefuse(ctx, await paths.order(ctx.db, orderId).get());
  if (order) await requireOtherParty(ctx, operator, order);
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is related to a restaurant's staff. A former membership counts, also
 * that of a linked account: otherwise an operator could leave the staff, decide, and be invited again.
 */
async function requireOtherStaff(ctx: Context, operator: string, restaurantId: string): Promise<void> {
  const conflict = await findConflict(ctx, operator, restaurantId);
  if (conflict !== null && conflict !== 'address') throw new Refusal('OTHER_OPERATOR_REQUIRED');
  const linked = await readLinked(ctx, operator);
  const former = await Promise.all(linked.map((uid) => readFormerEmployers(ctx, uid)));
  if (former.flat().includes(restaurantId)) throw new Refusal('OTHER_OPERATOR_REQUIRED');
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is related to a restaurant's staff, or to a restaurant or courier of
 * its zone: a competitor neither sets its commission nor closes it.
 */
export async function requireOtherStore(ctx: Context, operator: string, restaurantId: string): Promise<void> {
  await requireOtherStaff(ctx, operator, restaurantId);
  // Reads the field alone: the rest of the document may be unreadable.
  const store = await ctx.db.doc(paths.restaurant(ctx.db, restaurantId).path).get();
  const zoneId: unknown = store.get('zoneId');
  if (typeof zoneId === 'string') await requireOtherZone(ctx, operator, zoneId);
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator, or a linked account, delivers in the zone, or works for a restaurant
 * of it, or did until recently.
 */
export async function requireOtherZone(ctx: Context, operator: string, zoneId: string): Promise<void> {
  const accounts = [operator, ...(await readLinked(ctx, operator))];
  const own = new Set((await Promise.all(accounts.map((uid) => listEmployers(ctx, uid)))).flat());
  const concerned = await Promise.all([
    ...[...own].map((id) => ctx.db.doc(paths.restaurant(ctx.db, id).path).get()),
    ...accounts.map((uid) => ctx.db.doc(paths.courier(ctx.db, uid).path).get()),
  ]);
  // Reads the field alone: the rest of the document may be unreadable.
  if (concerned.some((one) => one.get('zoneId') === zoneId)) throw new Refusal('OTHER_OPERATOR_REQUIRED');
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is the courier or a linked account, or is related to a restaurant or
 * courier of the zone in which the courier rides or applies to ride: a competitor takes no courier from it.
 */
export async function requireOtherCourier(ctx: Context, operator: string, uid: string): Promise<void> {
  await requireOtherUser(ctx, operator, [uid]);
  const refs = [paths.courier(ctx.db, uid), paths.courierApplication(ctx.db, uid)];
  // Reads the field alone: the rest of the documents may be unreadable.
  const stored = await Promise.all(refs.map(({ path }) => ctx.db.doc(path).get()));
  const zoneIds = new Set(stored.map((one): unknown => one.get('zoneId')));
  for (const zoneId of zoneIds) if (typeof zoneId === 'string') await requireOtherZone(ctx, operator, zoneId);
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is related to an application's owner, or to a restaurant or courier
 * of the zone in which it is to open.
 */
export async function requireOtherApplicant(ctx: Context, operator: string, applicationId: string): Promise<void> {
  // Reads the fields alone: the rest of the document may be unreadable.
  const stored = await ctx.db.doc(paths.merchantApplication(ctx.db, applicationId).path).get();
  const [ownerId, zoneId]: unknown[] = [stored.get('ownerId'), stored.get('venture.zoneId')];
  if (typeof ownerId === 'string') await requireOtherUser(ctx, operator, [ownerId]);
  if (typeof zoneId === 'string') await requireOtherZone(ctx, operator, zoneId);
}

/**
 * Lists the restaurants for which an account works, or worked until recently; without an authority document (created
 * before such documents existed) those of its claims. Throws OTHER_OPERATOR_REQUIRED.
 */
async function listEmployers(ctx: Context, uid: string): Promise<string[]> {
  const authority = await readOrRefuse(ctx, await paths.authority(ctx.db, uid).get());
  const merchant = authority?.merchant ?? (await ctx.identity.claimsOf(uid))?.merchant ?? {};
  return [...Object.keys(merchant), ...(await readFormerEmployers(ctx, uid))];
}
