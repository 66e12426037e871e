import { FieldPath, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { findShared, findSharers, type Uses } from '../abuse/links.js';
import type { CustomerBalance } from '../contract/accounts.js';
import { ORDER_STATUSES, type OrderStatus } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { merge } from '../platform/stored.js';

/** An order in one of these has not come to nothing, though it still may. */
const COUNTS = ORDER_STATUSES.filter((status) => !['expired', 'rejected', 'cancelled'].includes(status));
/** An order in one of these never comes to nothing. */
const LASTS: readonly OrderStatus[] = ['delivered', 'collected', 'completed', 'returned'];

/**
 * Has the customer ordered before, or an account that shares a device or a card with theirs? Nobody is new because of a
 * second account.
 */
export async function isKnownCustomer(ctx: Context, uid: string, own: CustomerBalance): Promise<boolean> {
  if (await hasOrdered(ctx, uid, own.hasOrdered === true)) return true;
  const standings = await readStandings(ctx, await findSharers(ctx, uid));
  const ordered = await Promise.all(
    standings.map((one) => hasOrdered(ctx, ownerOf(one), one.get('hasOrdered') === true)),
  );
  return ordered.includes(true);
}

/**
 * How often the other accounts of a customer's devices and cards have used the promotions of these names, erased accounts
 * included. Within the commit that counts a use: of two such accounts that order at a time, one is first.
 */
export async function readSharedUses(
  ctx: Context,
  uid: string,
  names: readonly string[],
  tx?: Transaction,
): Promise<Uses> {
  if (names.length === 0) return {};
  const { accounts, used } = await findShared(ctx, uid);
  const standings = await readStandings(ctx, accounts, tx);
  const count = (name: string) => standings.reduce((sum, one) => sum + usesIn(one, name), lookUp(used, name) ?? 0);
  return Object.fromEntries(names.map((name) => [name, count(name)]));
}

async function readStandings(
  ctx: Context,
  accounts: readonly string[],
  tx?: Transaction,
): Promise<DocumentSnapshot<CustomerBalance>[]> {
  const [first, ...rest] = accounts.map((uid) => paths.standing(ctx.db, uid));
  if (!first) return [];
  return tx ? tx.getAll(first, ...rest) : ctx.db.runTransaction((reading) => reading.getAll(first, ...rest), { readOnly: true }); // prettier-ignore
}

/** `users/{uid}/private/standing` */
const ownerOf = ({ ref }: DocumentSnapshot<CustomerBalance>): string => ref.parent.parent?.id ?? '';

/** By the field alone: the rest of another account's document need not be readable. */
const usesIn = (standing: DocumentSnapshot<CustomerBalance>, name: string): number =>
  Math.max(0, Number(standing.get(new FieldPath('uses', name)) ?? 0));

/**
 * Does the customer have an order that has not come to nothing? An order that lasts is remembered in the standing, so
 * it is looked for once; as long as there is none the whole history is asked, not its latest part.
 */
export async function hasOrdered(ctx: Context, uid: string, isKnown: boolean): Promise<boolean> {
  if (isKnown) return true;
  const own = paths.orders(ctx.db).where('customerId', '==', uid);
  const lasting = await own.where('status', 'in', LASTS).limit(1).get();
  if (lasting.empty) return !(await own.where('status', 'in', COUNTS).limit(1).get()).empty;
  const batch = ctx.db.batch();
  merge(batch, paths.standing(ctx.db, uid), { hasOrdered: true });
  await batch.commit();
  return true;
}
