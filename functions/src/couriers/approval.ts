import { FieldValue, type DocumentReference, type Transaction } from 'firebase-admin/firestore';
import type { Courier, LivePosition } from '../contract/couriers.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** What a decision on a courier is written to. */
export interface CourierDocuments {
  /** Undefined for a user who never was a courier. */
  courier: Courier | undefined;
  /** Of the orders under way. */
  positions: readonly DocumentReference<LivePosition>[];
}

export async function readCourier(ctx: Context, tx: Transaction, uid: string): Promise<CourierDocuments> {
  const [courier, live] = [await tx.get(paths.courier(ctx.db, uid)), await tx.get(paths.positions(ctx.db, uid))];
  return { courier: courier.data(), positions: live.docs.map(({ ref }) => ref) };
}

/**
 * Takes a courier off the road at once, also under rules and with an old token: offline, no offers, no more positions.
 * Does nothing for a user who is no courier.
 */
export function stopCourier(ctx: Context, tx: Transaction, uid: string, known: CourierDocuments): void {
  if (known.courier) update(tx, paths.courier(ctx.db, uid), { approved: false, online: false });
  for (const position of known.positions) update(tx, position, { stopped: true });
}

/** Lets a courier go online and publish positions. */
export function allowCourier(
  ctx: Context,
  tx: Transaction,
  uid: string,
  known: CourierDocuments,
  changes: Partial<Pick<Courier, 'displayName' | 'zoneId' | 'vehicle' | 'shifts'>> = {},
): void {
  if (known.courier) update(tx, paths.courier(ctx.db, uid), { approved: true, ...changes });
  for (const position of known.positions) update(tx, position, { stopped: FieldValue.delete() });
}
