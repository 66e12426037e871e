import fc from 'fast-check';
import type { CourierPayout } from '#functions/contract/courier-payouts.js';
import type { Journal } from '#functions/contract/orders.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import {
  courierPayoutJournal,
  returnedPayoutJournal,
  setOffJournal,
  toPayoutJournalId,
  toReturnJournalId,
  toSetOffJournalId,
} from '#functions/ledger/model/courier-journals.js';
import { splitPayout } from '#functions/payouts/model/split-payout.js';

/** The courier of a walk. */
export const COURIER = 'omar';
const CURRENCY = 'EUR';
const INSTANT = { ratePpm: 10_000, minMinor: 50 };

export type Payouts = [id: string, payout: CourierPayout][];
export type Ledger = [id: string, journal: Journal][];

/** Now and then the courier is paid, or the bank returns the last payment. */
export const payoutWish = fc.record({
  type: fc.constantFrom<CourierPayout['type']>('scheduled', 'instant', 'manual'),
  isReturned: fc.boolean(),
});
export type PayoutWish = typeof payoutWish extends fc.Arbitrary<infer T> ? T : never;

interface Paying {
  payouts: Payouts;
  ledger: Ledger;
  nowMs: number;
}

/** Applies a wish as the transaction of a payout does: the document, its journals and the cash that is set off. */
export function pay<W extends Paying>(world: W, wish: PayoutWish, index: number): W {
  const last = world.payouts.at(-1);
  return wish.isReturned && last ? giveBack(world, last) : payOut(world, wish.type, `payout-${index}`);
}

function payOut<W extends Paying>(world: W, type: CourierPayout['type'], id: string): W {
  const { ledger, nowMs } = world;
  // Without a negative zero.
  const owedMinor = 0 - sumAccount(ledger, ACCOUNTS.courier(COURIER));
  const cashMinor = sumAccount(ledger, ACCOUNTS.cash(COURIER));
  const fee = type === 'instant' ? INSTANT : null;
  const parts = splitPayout({ owedMinor, cashMinor }, { minimumMinor: 0, fee, currency: CURRENCY });
  if (parts.setOffMinor + parts.amountMinor === 0) return world;
  const payout: CourierPayout = {
    courierId: COURIER,
    zoneId: 'centre',
    type,
    currency: CURRENCY,
    owedMinor,
    ...parts,
    stripeAccountId: type === 'manual' || parts.amountMinor === 0 ? null : 'acct_omar',
    bankPayoutId: null,
    status: parts.amountMinor === 0 ? 'settled' : 'paid',
    failureCode: null,
    createdAtMs: nowMs,
    failedAtMs: null,
    open: false,
  };
  return {
    ...world,
    payouts: [...world.payouts, [id, payout]],
    ledger: [
      ...ledger,
      ...posted(toPayoutJournalId(id), courierPayoutJournal(payout, nowMs)),
      ...posted(toSetOffJournalId(id), setOffJournal(payout, nowMs)),
    ],
  };
}

/** The cash that was set off stays set off. */
function giveBack<W extends Paying>(world: W, [id, payout]: Payouts[number]): W {
  if (payout.status !== 'paid') return world;
  const failed: CourierPayout = { ...payout, status: 'failed', failureCode: 'account_closed', failedAtMs: world.nowMs };
  const returned = returnedPayoutJournal(id, payout, world.nowMs);
  return {
    ...world,
    payouts: [...world.payouts.slice(0, -1), [id, failed]],
    ledger: [...world.ledger, ...posted(toReturnJournalId(id), returned)],
  };
}

const posted = (id: string, journal: Journal | null): Ledger => (journal ? [[id, journal]] : []);

/** The balance of an account, in minor units: debits are positive. */
export const sumAccount = (ledger: Ledger, account: string): number =>
  ledger
    .flatMap(([, { entries }]) => entries)
    .filter((entry) => entry.account === account)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
