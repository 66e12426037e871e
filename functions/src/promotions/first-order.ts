import { FieldPath, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { findSharers } from '../abuse/links.js';
import { FIRST_ORDER, type Standing } from '../contract/accounts.js';
import { ORDER_STATUSES, type OrderStatus } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';

/** An order in one of these has not come to nothing, though it still may. */
const COUNTS = ORDER_STATUSES.filter((status) => !['expired', 'rejected', 'cancelled'].includes(status));
/** An order in one of these never comes to nothing. */
const LASTS: readonly OrderStatus[] = ['delivered', 'collected', 'completed', 'returned'];

/**
 * Has the customer ordered before, or an account that shares a device or a card with theirs? Nobody is new because of a
 * second account.
 */
export async function isKnownCustomer(ctx: Context, uid: string, own: Standing): Promise<boolean> {
  if (await hasOrdered(ctx, uid, own.hasOrdered === true)) return true;
  const standings = await readStandings(ctx, await findSharers(ctx, uid));
  if (standings.some(hasUsed)) return true;
  const ordered = await Promise.all(
    standings.map((one) => hasOrdered(ctx, ownerOf(one), one.get('hasOrdered') === true)),
  );
  return ordered.includes(true);
}

/** The same of uses alone, within the commit that counts one: of two such accounts that order at a time, one is first. */
export async function isUsedBySharers(ctx: Context, tx: Transaction, uid: string): Promise<boolean> {
  return (await readStandings(ctx, await findSharers(ctx, uid), tx)).some(hasUsed);
}

async function readStandings(
  ctx: Context,
  accounts: readonly string[],
  tx?: Transaction,
): Promise<DocumentSnapshot<Standing>[]> {
  const [first, ...rest] = accounts.map((uid) => paths.standing(ctx.db, uid));
  if (!first) return [];
  return tx ? tx.getAll(first, ...rest) : ctx.db.runTransaction((reading) => reading.getAll(first, ...rest), { readOnly: true }); // prettier-ignore
}

/** `users/{uid}/private/standing` */
const ownerOf = ({ ref }: DocumentSnapshot<Standing>): string => ref.parent.parent?.id ?? '';

/** By the field alone: the rest of another account's document need not be readable. */
const hasUsed = (standing: DocumentSnapshot<Standing>): boolean =>
  Number(standing.get(new FieldPath('uses', FIRST_ORDER)) ?? 0) > 0;

/**
 * Does the customer have an order that has not come to nothing? An order that lasts is remembered in the standing, so
 * it is looked for once; as long as there is none the whole history is asked, not its latest part.
 */
async function hasOrdered(ctx: Context, uid: string, isKnown: boolean): Promise<boolean> {
  if (isKnown) return true;
  const own = paths.orders(ctx.db).where('customerId', '==', uid);
  const lasting = await own.where('status', 'in', LASTS).limit(1).get();
  if (lasting.empty) return !(await own.where('status', 'in', COUNTS).limit(1).get()).empty;
  const batch = ctx.db.batch();
  merge(batch, paths.standing(ctx.db, uid), { hasOrdered: true });
  await batch.commit();
  return true;
}
