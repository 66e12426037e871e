import { FieldValue, type DocumentReference, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { Courier, CourierApplication, type LivePosition, type Shift } from '../contract/couriers.js';
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
  /** The courier's places in shifts that have not begun, in the courier's present zone. */
  places: readonly { id: string; ref: DocumentReference<Shift> }[];
}

/** Reads a courier's document and the references of the live positions in a transaction, and parses none of them. */
export async function readCourier(ctx: Context, tx: Transaction, uid: string): Promise<CourierDocuments> {
  const [courier, live] = [await tx.get(paths.courier(ctx.db, uid)), await tx.get(paths.positions(ctx.db, uid))];
  const places = await readPlaces(ctx, tx, courier);
  return { courier, positions: live.docs.map(({ ref }) => ref), places };
}

/** Reads single fields, and leaves out shifts that no longer exist. */
async function readPlaces(
  ctx: Context,
  tx: Transaction,
  courier: DocumentSnapshot<Courier>,
): Promise<CourierDocuments['places']> {
  const zoneId = Courier.shape.zoneId.safeParse(courier.get('zoneId'));
  if (!zoneId.success) return [];
  const future = listShifts(courier).filter(({ fromMs }) => fromMs > ctx.now());
  const stored = await Promise.all(future.map(({ id }) => tx.get(paths.shift(ctx.db, zoneId.data, id))));
  return stored.filter(({ exists }) => exists).map(({ id, ref }) => ({ id, ref }));
}

const listShifts = (courier: DocumentSnapshot<Courier>): NonNullable<Courier['shifts']> =>
  Courier.shape.shifts.safeParse(courier.get('shifts')).data ?? [];

/** Releases places in shifts, and returns the change of the courier's list; none where there is no place. */
function releasePlaces(tx: Transaction, { courier, places }: CourierDocuments): Partial<Pick<Courier, 'shifts'>> {
  if (places.length === 0) return {};
  for (const { ref } of places) update(tx, ref, { left: FieldValue.increment(1) });
  return { shifts: listShifts(courier).filter((shift) => !places.some(({ id }) => id === shift.id)) };
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
 * Stops a courier at once, also under rules and with an old token: offline, no offers, no more positions,
 * and the places in future shifts are free for others.
 * `releaseOrders` releases the orders under way afterwards. Does nothing for a user who is not a courier.
 */
export function stopCourier(ctx: Context, tx: Transaction, uid: string, known: CourierDocuments): void {
  const released = releasePlaces(tx, known);
  if (known.courier.exists) update(tx, paths.courier(ctx.db, uid), { approved: false, online: false, ...released });
  for (const position of known.positions) update(tx, position, { stopped: true });
}

/**
 * Allows a courier to go online and publish positions, and applies changes of the profile. A courier who moves to
 * another zone gives back the places in future shifts of the former one.
 */
export function allowCourier(
  ctx: Context,
  tx: Transaction,
  uid: string,
  known: CourierDocuments,
  changes: Partial<Pick<Courier, 'displayName' | 'zoneId' | 'vehicle' | 'plate' | 'shifts'>> = {},
): void {
  const isMoved = changes.zoneId !== undefined && changes.zoneId !== known.courier.get('zoneId');
  const released = isMoved ? releasePlaces(tx, known) : {};
  if (known.courier.exists) update(tx, paths.courier(ctx.db, uid), { approved: true, ...changes, ...released });
  for (const position of known.positions) update(tx, position, { stopped: FieldValue.delete() });
}

/**
 * Reads the version of a stored application, by the field alone; null where there is none or it cannot be read. An
 * application from before there were versions has the first one.
 */
export function readApplicationVersion(application: DocumentSnapshot<CourierApplication>): number | null {
  if (!application.exists) return null;
  return CourierApplication.shape.version.safeParse(application.get('version')).data ?? null;
}

/** Computes the version of an application after a decision. */
export const nextApplicationVersion = (application: DocumentSnapshot<CourierApplication>): number =>
  (readApplicationVersion(application) ?? 1) + 1;

/**
 * Decides on an application because its applicant became a courier, or is none any longer, without a review: a stored
 * decision that arrives again would otherwise undo that. Works by single fields. Returns the former and the new status;
 * null where nothing changes, since there is no application or it does not say otherwise.
 */
export function followRole(
  tx: Transaction,
  application: DocumentSnapshot<CourierApplication>,
  isCourier: boolean,
  review: NonNullable<CourierApplication['review']>,
): Record<'before' | 'after', { status: CourierApplication['status'] }> | null {
  const before = CourierApplication.shape.status.safeParse(application.get('status')).data;
  // An application that was not approved gives no authority that could come back.
  if (before === undefined || isCourier === (before === 'approved')) return null;
  const status = isCourier ? 'approved' : 'suspended';
  update(tx, application.ref, { status, review, version: nextApplicationVersion(application) });
  return { before: { status: before }, after: { status } };
}
