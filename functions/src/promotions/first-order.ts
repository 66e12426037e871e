import { FieldPath, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { findAndRecordOrder } from '../abuse/has-ordered.js';
import { findShared, findSharers, type Uses } from '../abuse/links.js';
import { findHousehold, prepareHousehold, type Destination, type Household } from '../abuse/household.js';
import { FIRST_ORDER, type CustomerBalance } from '../contract/accounts.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';

/**
 * Reads whether the customer, or an account that shares a device or a card with theirs, has ordered before. A second
 * account does not make a customer new.
 */
export async function recordOrderOrFindShared(ctx: Context, uid: string, own: CustomerBalance): Promise<boolean> {
  if (await findAndRecordOrder(ctx, uid, own.hasOrdered === true)) return true;
  const standings = await readStandings(ctx, await findSharers(ctx, uid));
  const ordered = await Promise.all(
    standings.map((one) => findAndRecordOrder(ctx, getOwnerId(one), one.get('hasOrdered') === true)),
  );
  return ordered.includes(true);
}

/**
 * Reads how often the other accounts of a customer's devices and cards have used the promotions of these names, erased
 * accounts included. Within the commit that counts a use: of two such accounts that order concurrently, one is first.
 */
export async function readSharedUses(ctx: Context, uid: string, names: readonly string[]): Promise<Uses> {
  return (await readShared(ctx, uid, names)).uses;
}

/**
 * Reads the same uses, with the devices and cards that have dropped the account: one that uses a promotion must be
 * found again.
 */
export async function readShared(
  ctx: Context,
  uid: string,
  names: readonly string[],
  tx?: Transaction,
): Promise<{ uses: Uses; forgottenBy: readonly string[] }> {
  if (names.length === 0) return { uses: {}, forgottenBy: [] };
  const { accounts, used, forgottenBy } = await findShared(ctx, uid);
  const standings = await readStandings(ctx, accounts, tx);
  const count = (name: string) => standings.reduce((sum, one) => sum + usesIn(one, name), lookUp(used, name) ?? 0);
  return { uses: Object.fromEntries(names.map((name) => [name, count(name)])), forgottenBy };
}

/**
 * How the household of an order has used promotions for the first order. `unknown`: the order is picked up, so that
 * nothing shows the household; cash is paid without a telephone number; or a document that would show the uses in cash
 * cannot be read.
 */
export type HouseholdUse = 'none' | 'used' | 'unknown';

/** Reads how the household of an order has used promotions for the first order. */
export async function readHouseholdUse(ctx: Context, uid: string, destination: Destination): Promise<HouseholdUse> {
  const household = await findHousehold(ctx, uid, destination);
  return toHouseholdUse(household, destination, await readStandings(ctx, household.accounts));
}

/** Reads the same in the commit that counts a use, with the function that records the account with the household. */
export async function prepareHouseholdUse(
  ctx: Context,
  tx: Transaction,
  uid: string,
  destination: Destination,
): Promise<{ use: HouseholdUse; join: () => void }> {
  const { join, ...household } = await prepareHousehold(ctx, tx, uid, destination);
  return { use: toHouseholdUse(household, destination, await readStandings(ctx, household.accounts, tx)), join };
}

function toHouseholdUse(
  { used, isLost }: Household,
  { dropOff, paymentMethod }: Destination,
  standings: readonly DocumentSnapshot<CustomerBalance>[],
): HouseholdUse {
  if ((lookUp(used, FIRST_ORDER) ?? 0) > 0 || standings.some((one) => usesIn(one, FIRST_ORDER) > 0)) return 'used';
  const isUnknown = !showsHousehold({ dropOff, paymentMethod }) || (paymentMethod === 'cash' && isLost);
  return isUnknown ? 'unknown' : 'none';
}

/** True where the order itself shows its household: it is delivered, and cash is paid with a telephone number. */
export function showsHousehold({ dropOff, paymentMethod }: Pick<Destination, 'dropOff' | 'paymentMethod'>): boolean {
  return dropOff !== null && (paymentMethod !== 'cash' || dropOff.phone !== undefined);
}

async function readStandings(
  ctx: Context,
  accounts: readonly string[],
  tx?: Transaction,
): Promise<DocumentSnapshot<CustomerBalance>[]> {
  const [first, ...rest] = accounts.map((uid) => paths.standing(ctx.db, uid));
  if (!first) return [];
  return tx
    ? tx.getAll(first, ...rest)
    : ctx.db.runTransaction((reading) => reading.getAll(first, ...rest), { readOnly: true });
}

/** `users/{uid}/private/standing` */
const getOwnerId = ({ ref }: DocumentSnapshot<CustomerBalance>): string => ref.parent.parent?.id ?? '';

/** Reads the field alone: the rest of another account's document may be unreadable. */
const usesIn = (standing: DocumentSnapshot<CustomerBalance>, name: string): number =>
  Math.max(0, Number(standing.get(new FieldPath('uses', name)) ?? 0));
