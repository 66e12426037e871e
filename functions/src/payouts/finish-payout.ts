import type { Transaction } from 'firebase-admin/firestore';
import type { CourierPayout } from '../contract/courier-payouts.js';
import { isPseudonym } from '../ledger/model/account-id.js';
import { returnedPayoutJournal, toReturnJournalId } from '../ledger/model/courier-journals.js';
import { notifyRecipient } from '../notifications/send.js';
import { PayoutRefused, type BankPayout } from '../payments/payments.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import { checkAgain } from '../platform/recovery.js';
import { update } from '../platform/stored.js';

/**
 * Does what is left of a payout outside of the database: sends it through the provider, or takes a failed one back, and
 * notifies the courier once. Does nothing where nothing is left. Throws where another try may succeed.
 */
export async function finishPayout(ctx: Context, payoutId: string): Promise<void> {
  const payout = await readPayout(ctx, payoutId);
  if (!payout?.open) return;
  if (payout.status === 'pending') {
    await send(ctx, payoutId, payout);
    return finishPayout(ctx, payoutId);
  }
  if (payout.status === 'failed') {
    await takeBack(ctx, payoutId, payout);
    await raiseIfUnexpected(ctx, payoutId, payout);
  }
  await notifyCourier(ctx, payoutId, payout);
  await close(ctx, payoutId, payout.status);
}

/** Continues a payout for its recovery task. After the last try an operator continues it. */
export async function continuePayout(ctx: Context, payoutId: string, lastTry: boolean): Promise<void> {
  if (!(await readPayout(ctx, payoutId))) return checkAgain(`payout ${payoutId}`, lastTry);
  try {
    await finishPayout(ctx, payoutId);
  } catch (error) {
    if (!lastTry) throw error;
    await raiseForPayout(ctx, payoutId, `the payout is not finished: ${String(error)}`);
  }
}

/**
 * Applies the provider's state of a payout to the bank, which is fetched: events arrive late, twice and in any order.
 * Payouts that were made without the backend are ignored.
 */
export async function syncBankPayout(ctx: Context, accountId: string, bankPayoutId: string): Promise<void> {
  const bank = await ctx.payments.retrieveBankPayout({ accountId, bankPayoutId });
  if (bank.payoutId === null) return;
  const payout = await readPayout(ctx, bank.payoutId);
  if (payout?.stripeAccountId !== accountId) return;
  await applyBankPayout(ctx, bank.payoutId, bank);
  await finishPayout(ctx, bank.payoutId);
}

/**
 * Repeats the steps of a payout at the provider, for the nightly comparison: fetches its state, takes a failed one back
 * and finishes what is left.
 */
export async function repairPayout(ctx: Context, payoutId: string): Promise<void> {
  const payout = await readPayout(ctx, payoutId);
  if (!payout) return;
  const { stripeAccountId: accountId, bankPayoutId, status } = payout;
  if (status === 'failed') await takeBack(ctx, payoutId, payout);
  if (status === 'sent' && accountId !== null && bankPayoutId !== null)
    await applyBankPayout(ctx, payoutId, await ctx.payments.retrieveBankPayout({ accountId, bankPayoutId }));
  await finishPayout(ctx, payoutId);
}

const readPayout = async (ctx: Context, payoutId: string): Promise<CourierPayout | undefined> =>
  (await paths.courierPayout(ctx.db, payoutId).get()).data();

/** A transfer to the courier's account, then a payout from there to the bank; each once for each payout. */
async function send(ctx: Context, payoutId: string, payout: CourierPayout): Promise<void> {
  const { stripeAccountId: accountId, amountMinor, currency, type } = payout;
  if (accountId === null) throw new Error(`payout ${payoutId} has no account`);
  const request = { payoutId, accountId, amountMinor, currency };
  await ctx.payments.transferToCourier(request);
  try {
    await applyBankPayout(ctx, payoutId, await ctx.payments.payOut({ ...request, instant: type === 'instant' }));
  } catch (error) {
    if (!(error instanceof PayoutRefused)) throw error;
    ctx.log.warn('payout refused', { payoutId, code: error.code, cause: String(error.cause) });
    await ctx.db.runTransaction(async (tx) => {
      const before = (await tx.get(paths.courierPayout(ctx.db, payoutId))).data();
      if (before?.status === 'pending') failPayout(ctx, tx, payoutId, before, { failureCode: error.code });
    });
  }
}

async function applyBankPayout(ctx: Context, payoutId: string, bank: BankPayout): Promise<void> {
  const { bankPayoutId, status, failureCode } = bank;
  const ref = paths.courierPayout(ctx.db, payoutId);
  await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    if (!before || before.status === 'failed') return;
    // Another payout of the account that names this one says nothing about it.
    if (before.bankPayoutId !== null && before.bankPayoutId !== bankPayoutId) return;
    if (status === 'failed' || status === 'canceled')
      failPayout(ctx, tx, payoutId, before, { failureCode: failureCode ?? status, bankPayoutId });
    else if (before.status === 'pending' && status === 'pending')
      update(tx, ref, { status: 'sent', bankPayoutId, open: false });
    else if (status === 'paid' && before.status !== 'paid')
      update(tx, ref, { status: 'paid', bankPayoutId, open: true });
  });
}

/**
 * Ends a payout that did not arrive: its journal is reversed, so that the amount and the fee are owed again. A later
 * payout has another id, under which the provider accepts it.
 */
export function failPayout(
  ctx: Context,
  tx: Transaction,
  payoutId: string,
  payout: CourierPayout,
  facts: { failureCode: string; bankPayoutId?: string },
): void {
  const nowMs = ctx.now();
  update(tx, paths.courierPayout(ctx.db, payoutId), { status: 'failed', ...facts, failedAtMs: nowMs, open: true });
  const returned = returnedPayoutJournal(payoutId, payout, nowMs);
  if (returned) tx.create(paths.journal(ctx.db, toReturnJournalId(payoutId)), returned);
}

/** Reverses the transfer at the provider, where there is one. */
async function takeBack(ctx: Context, payoutId: string, payout: CourierPayout): Promise<void> {
  const { stripeAccountId: accountId, amountMinor, currency } = payout;
  if (accountId === null) return;
  const transfers = await ctx.payments.transfersOf(payoutId);
  if (transfers.some((transfer) => transfer.amountMinor > 0))
    await ctx.payments.reverseTransfer({ payoutId, accountId, amountMinor, currency });
}

/** A bank that accepts no instant payouts is no task: the courier is paid by the next run. */
async function raiseIfUnexpected(ctx: Context, payoutId: string, { failureCode, type }: CourierPayout): Promise<void> {
  if (type === 'instant' && failureCode === 'instant') return;
  if (type === 'manual') return;
  await raiseForPayout(ctx, payoutId, `the payout failed: ${failureCode}`);
}

const raiseForPayout = (ctx: Context, payoutId: string, detail: string): Promise<void> => {
  const { path } = paths.courierPayout(ctx.db, payoutId);
  return raiseOperatorTask(ctx, { kind: 'courier_payout', orderId: null, path, detail }, `courier-payout-${payoutId}`);
};

async function notifyCourier(ctx: Context, payoutId: string, payout: CourierPayout): Promise<void> {
  const { courierId, status, amountMinor, currency } = payout;
  // A payout that is returned after the erasure of its courier.
  if (isPseudonym(courierId)) return;
  const key = status === 'failed' ? 'courier_payout_failed' : 'courier_paid';
  await notifyRecipient(ctx, { type: 'user', uid: courierId }, key, {
    id: `${payoutId}-${status}`,
    values: { amount: { amountMinor, currency } },
  });
}

/** The bank may have returned the payout since. */
async function close(ctx: Context, payoutId: string, status: CourierPayout['status']): Promise<void> {
  const ref = paths.courierPayout(ctx.db, payoutId);
  await ctx.db.runTransaction(async (tx) => {
    if ((await tx.get(ref)).data()?.status === status) update(tx, ref, { open: false });
  });
}
