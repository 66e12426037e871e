import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { CourierPayout } from '../contract/courier-payouts.js';
import {
  courierPayoutJournal,
  setOffJournal,
  toPayoutJournalId,
  toSetOffJournalId,
} from '../ledger/model/courier-journals.js';
import { runAtOnce, type RunWork } from '../core/work-queue.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { withRecoveryTask } from '../platform/recovery.js';
import { update } from '../platform/stored.js';
import { finishPayout } from './finish-payout.js';
import type { PayoutParts } from './model/split-payout.js';
import { readPay, toOwedPay, type CourierPay } from './read-pay.js';

export interface PayoutRequest {
  payoutId: string;
  uid: string;
  currency: string;
  type: CourierPayout['type'];
  reference?: string;
  /** Runs the transaction: a batch runs one after another, since each queries the ledger and writes to it. */
  run?: RunWork;
}

/** `pay` is what was read before it; null where the payout existed. `payout` is null where nothing is paid. */
export interface BegunPayout {
  payout: CourierPayout | null;
  pay: CourierPay | null;
}

/** Decides the parts of a payout; throws a Refusal, or returns null where nothing is paid. */
export type DecideParts = (pay: CourierPay) => PayoutParts | null;

/**
 * Pays a courier once for each id: the payout, its journals and the cash that is set off in one transaction, then the
 * steps at the provider, which a recovery task repeats. `record` adds the caller's writes to the transaction.
 */
export function beginPayout(
  ctx: Context,
  request: PayoutRequest,
  decide: DecideParts,
  record: (tx: Transaction, pay: CourierPay) => void = () => undefined,
): Promise<BegunPayout> {
  const { payoutId, run = runAtOnce } = request;
  return withRecoveryTask(ctx, {
    name: `courier-payout-${payoutId}`,
    wakeUp: { type: 'courierPayout', payoutId },
    commit: (schedule) =>
      run(() =>
        ctx.db.runTransaction(async (tx) => {
          const known = (await tx.get(paths.courierPayout(ctx.db, payoutId))).data();
          if (known) return { payout: known, pay: null };
          const pay = await readPay(ctx, tx, request.uid);
          const parts = decide(pay);
          if (!parts) return { payout: null, pay };
          const payout = toPayout(request, pay, parts, ctx.now());
          if (payout.open) await schedule();
          writePayout(ctx, tx, payoutId, payout, pay);
          record(tx, pay);
          return { payout, pay };
        }),
      ),
    followUp: ({ payout }) => (payout?.open === true ? finishPayout(ctx, payoutId) : null),
  });
}

function toPayout(
  { uid, currency, type, reference }: PayoutRequest,
  pay: CourierPay,
  parts: PayoutParts,
  nowMs: number,
): CourierPayout {
  const isSent = parts.amountMinor > 0;
  const byProvider = isSent && type !== 'manual';
  return {
    courierId: uid,
    zoneId: pay.courier.zoneId,
    type,
    currency,
    owedMinor: toOwedPay(pay, currency).owedMinor,
    ...parts,
    stripeAccountId: byProvider ? pay.account.stripeAccountId : null,
    bankPayoutId: null,
    status: byProvider ? 'pending' : isSent ? 'paid' : 'settled',
    failureCode: null,
    ...(reference !== undefined && { reference }),
    createdAtMs: nowMs,
    failedAtMs: null,
    open: isSent,
  };
}

function writePayout(
  ctx: Context,
  tx: Transaction,
  payoutId: string,
  payout: CourierPayout,
  { uid, account, courier }: CourierPay,
): void {
  const { createdAtMs, setOffMinor } = payout;
  tx.create(paths.courierPayout(ctx.db, payoutId), payout);
  const paid = courierPayoutJournal(payout, createdAtMs);
  if (paid) tx.create(paths.journal(ctx.db, toPayoutJournalId(payoutId)), paid);
  const setOff = setOffJournal(payout, createdAtMs);
  if (setOff) tx.create(paths.journal(ctx.db, toSetOffJournalId(payoutId)), setOff);
  if (setOffMinor > 0)
    update(tx, paths.courier(ctx.db, uid), {
      cashMinor: courier.cashMinor === setOffMinor ? FieldValue.delete() : FieldValue.increment(-setOffMinor),
    });
  // Read by every payout of the courier: two at the same time conflict here.
  tx.set(paths.courierAccount(ctx.db, uid), { ...account, payouts: account.payouts + 1 });
}
