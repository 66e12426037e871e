import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { CourierBalanceInput, CourierBalanceOutput } from '../calls/courier-payouts.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { filterReadable } from '../platform/isolate.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { computeAvailable } from './model/split-payout.js';
import { choosePayMethod, readOwed, readPay, toOwedPay } from './read-pay.js';

/** Reports what a courier is owed, by currency, from the ledger; for the courier, or for an operator. */
export async function courierBalance(
  ctx: Context,
  caller: Caller,
  { courierId }: z.infer<typeof CourierBalanceInput>,
): Promise<z.infer<typeof CourierBalanceOutput>> {
  const uid = chooseCourier(caller, courierId);
  return ctx.db.runTransaction((tx) => readBalance(ctx, tx, uid), { readOnly: true });
}

/** Returns the courier whom a call concerns: the caller, or whom an operator names. Throws USER_NOT_FOUND for another. */
export function chooseCourier({ uid, claims }: Caller, courierId: string | undefined): string {
  if (courierId === undefined || courierId === uid) return uid;
  if (claims.role !== 'operator') throw new Refusal('USER_NOT_FOUND', { uid: courierId });
  return courierId;
}

async function readBalance(ctx: Context, tx: Transaction, uid: string): Promise<z.infer<typeof CourierBalanceOutput>> {
  const [pay, held, payouts] = await Promise.all([
    readPay(ctx, tx, uid),
    readOwed(ctx, tx, ACCOUNTS.held(uid)),
    tx.get(paths.courierPayouts(ctx.db).where('courierId', '==', uid).where('status', 'in', ['pending', 'sent'])),
  ]);
  const underWay = (await filterReadable(ctx, 'courierBalance', payouts.docs)).map(({ data }) => data);
  const currencies = new Set([pay.zone.currency, ...pay.owed.keys(), ...held.keys()]);
  const balances = [...currencies].toSorted().map((currency) => {
    const owed = toOwedPay(pay, currency);
    const sent = underWay.filter((one) => one.currency === currency);
    return {
      currency,
      owedMinor: owed.owedMinor,
      heldMinor: held.get(currency) ?? 0,
      cashMinor: owed.cashMinor,
      underWayMinor: sent.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      availableMinor: computeAvailable(owed),
    };
  });
  return { method: choosePayMethod(pay.account), isSuspended: !pay.courier.approved, balances };
}
