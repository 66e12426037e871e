import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { readAuthority } from '../accounts/authority.js';
import { requireOwnerAfter } from '../authority/owners.js';
import type { DeleteMyAccountInput, DeleteMyAccountOutput } from '../calls/privacy.js';
import { TOKENS_LAPSE_MS } from '../contract/privacy.js';
import { toPseudonym } from '../ledger/model/account-id.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { requireSettled } from './leaving.js';

/** A deletion requires a recent sign-in: another person who holds the phone must not delete the account. */
const FRESH_MS = 10 * 60_000;

/**
 * Starts the erasure of the caller: the account is disabled at once, a task does the rest. Refused while an order, cash
 * or a restaurant needs the caller, or while money is owed on either side.
 */
export async function deleteMyAccount(
  ctx: Context,
  { uid, signedInAtMs }: Caller,
  _: z.infer<typeof DeleteMyAccountInput>,
): Promise<z.infer<typeof DeleteMyAccountOutput>> {
  if (signedInAtMs < ctx.now() - FRESH_MS) throw new Refusal('SIGN_IN_AGAIN');
  await requireNothingOpen(ctx, uid);
  await requireSettled(ctx, uid);
  const ref = paths.erasure(ctx.db, uid);
  const namelessId = await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    if (before) return before.namelessId;
    // Once more, in the transaction: another owner may have left since.
    await requireOtherOwners(ctx, tx, uid);
    const fresh = toPseudonym(uid);
    tx.create(ref, { namelessId: fresh, askedAtMs: ctx.now(), counts: {} });
    return fresh;
  });
  await ctx.tasks.schedule(`erase-${namelessId}`, ctx.now(), { type: 'erase', uid });
  await ctx.tasks.schedule(`erase-${namelessId}-again`, ctx.now() + TOKENS_LAPSE_MS, { type: 'erase', uid });
  await ctx.identity.setDisabled(uid, true);
  return { reportId: namelessId };
}

const OPEN_STATUSES = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'undeliverable',
  'delivered',
  'collected',
] as const;

/** Throws a Refusal while an order, cash or a restaurant needs this person. */
export async function requireNothingOpen(ctx: Context, uid: string): Promise<void> {
  const [isOpen, courierSnapshot] = await Promise.all([hasOpenOrder(ctx, uid), paths.courier(ctx.db, uid).get()]);
  const courier = courierSnapshot.data();
  if (isOpen || (courier && courier.load > 0)) throw new Refusal('ORDERS_OPEN');
  const cashMinor = courier?.cashMinor ?? 0;
  if (cashMinor > 0) throw new Refusal('CASH_CARRIED', { cashMinor });
  await ctx.db.runTransaction((tx) => requireOtherOwners(ctx, tx, uid), { readOnly: true });
}

/** Throws LAST_OWNER where a restaurant would have no owner without this person. */
async function requireOtherOwners(ctx: Context, tx: Transaction, uid: string): Promise<void> {
  const memberships = (await readAuthority(ctx, tx, uid))?.merchant ?? {};
  for (const [restaurantId, role] of Object.entries(memberships))
    await requireOwnerAfter(ctx, tx, restaurantId, { uid, before: role, after: null });
}

/**
 * Reads whether an order of the customer is under way, or a cancelled one waits for its settlement, which still owes
 * the customer credit and pays the courier.
 */
async function hasOpenOrder(ctx: Context, uid: string): Promise<boolean> {
  const orders = paths.orders(ctx.db);
  const found = await Promise.all([
    orders.where('customerId', '==', uid).where('status', 'in', OPEN_STATUSES).limit(1).get(),
    orders.where('customerId', '==', uid).where('due.kind', '==', 'settle').limit(1).get(),
    orders.where('courierId', '==', uid).where('due.kind', '==', 'settle').limit(1).get(),
  ]);
  return found.some(({ empty }) => !empty);
}
