import { FieldValue, type DocumentReference, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import type { Courier, LivePosition } from '../contract/couriers.js';
import { Refusal } from '../core/outcome.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** The documents that a decision on a courier changes. */
export interface CourierDocuments {
  /**
   * Missing for a user who never was a courier. Not parsed: a document that cannot be read must not prevent the courier
   * from being stopped. Its `data()` then throws a DocumentError.
   */
  courier: DocumentSnapshot<Courier>;
  /** The live positions of the orders under way. */
  positions: readonly DocumentReference<LivePosition>[];
}

/** Reads a courier's document and the references of the live positions in a transaction, and parses none of them. */
export async function readCourier(ctx: Context, tx: Transaction, uid: string): Promise<CourierDocuments> {
  const [courier, live] = [await tx.get(paths.courier(ctx.db, uid)), await tx.get(paths.positions(ctx.db, uid))];
  return { courier, positions: live.docs.map(({ ref }) => ref) };
}

/**
 * Throws CASH_CARRIED or ORDERS_OPEN where a courier is to ride in a zone of another currency and still has cash, an
 * order or an offer: what is carried is counted in the currency of the courier's zone.
 */
export async function requireMovable(ctx: Context, { courier }: CourierDocuments, zoneId: string): Promise<void> {
  const known = courier.data();
  if (!known || known.zoneId === zoneId) return;
  const { cashMinor = 0, active, offer } = known;
  const isBusy = Object.keys(active).length > 0 || (offer !== null && offer.expiresAtMs > ctx.now());
  if (cashMinor === 0 && !isBusy) return;
  const [from, to] = await Promise.all([getZone(ctx, known.zoneId), getZone(ctx, zoneId)]);
  if (from.currency === to.currency) return;
  throw cashMinor === 0 ? new Refusal('ORDERS_OPEN') : new Refusal('CASH_CARRIED', { cashMinor });
}

/**
 * Stops a courier at once, also under rules and with an old token: offline, no offers, no more positions.
 * `releaseOrders` releases the orders under way afterwards. Does nothing for a user who is not a courier.
 */
export function stopCourier(ctx: Context, tx: Transaction, uid: string, known: CourierDocuments): void {
  if (known.courier.exists) update(tx, paths.courier(ctx.db, uid), { approved: false, online: false });
  for (const position of known.positions) update(tx, position, { stopped: true });
}

/** Allows a courier to go online and publish positions, and applies changes of the profile. */
export function allowCourier(
  ctx: Context,
  tx: Transaction,
  uid: string,
  known: CourierDocuments,
  changes: Partial<Pick<Courier, 'displayName' | 'zoneId' | 'vehicle' | 'shifts'>> = {},
): void {
  if (known.courier.exists) update(tx, paths.courier(ctx.db, uid), { approved: true, ...changes });
  for (const position of known.positions) update(tx, position, { stopped: FieldValue.delete() });
}
