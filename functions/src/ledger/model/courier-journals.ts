import type { CourierPayout } from '../../contract/courier-payouts.js';
import type { Journal } from '../../contract/orders.js';
import { ACCOUNTS } from './chart.js';

type PaidParts = Pick<CourierPayout, 'courierId' | 'currency' | 'type' | 'amountMinor' | 'feeMinor'>;

/** Returns the id of the journal that pays a courier. */
export const toPayoutJournalId = (payoutId: string): string => `payout-${payoutId}`;
/** Returns the id of the journal that sets a courier's cash off against the pay. */
export const toSetOffJournalId = (payoutId: string): string => `setOff-${payoutId}`;
/** Returns the id of the journal that reverses a payment. */
export const toReturnJournalId = (payoutId: string): string => `return-${payoutId}`;

/**
 * Builds the journal of a payment to a courier, from the provider's balance or, by hand, from the bank. The fee is kept.
 * Null where nothing is paid.
 */
export function courierPayoutJournal(payout: PaidParts, atMs: number): Journal | null {
  const { courierId, currency, type, amountMinor, feeMinor } = payout;
  return toJournal({ kind: 'payout', currency, atMs }, [
    [ACCOUNTS.courier(courierId), amountMinor + feeMinor],
    [type === 'manual' ? ACCOUNTS.bank : ACCOUNTS.provider, -amountMinor],
    [ACCOUNTS.payoutFees, -feeMinor],
  ]);
}

/**
 * Builds the journal that settles cash, which the courier collected and keeps, against the pay. Null where there is
 * none.
 */
export function setOffJournal(
  { courierId, currency, setOffMinor }: Pick<CourierPayout, 'courierId' | 'currency' | 'setOffMinor'>,
  atMs: number,
): Journal | null {
  return toJournal({ kind: 'setOff', currency, atMs }, [
    [ACCOUNTS.courier(courierId), setOffMinor],
    [ACCOUNTS.cash(courierId), -setOffMinor],
  ]);
}

/** Builds the journal of a payment that did not arrive: it reverses the first one, the fee included. */
export function returnedPayoutJournal(payoutId: string, payout: PaidParts, atMs: number): Journal | null {
  const paid = courierPayoutJournal(payout, atMs);
  if (!paid) return null;
  // Without a negative zero.
  const entries = paid.entries.map(({ account, amountMinor }) => ({ account, amountMinor: 0 - amountMinor }));
  return { ...paid, kind: 'correction', entries, corrects: toPayoutJournalId(payoutId) };
}

/** How a courier's debt ended: the bank account received it, or the platform bears it. */
export type DebtEnd = 'repaid' | 'writtenOff';

/** Builds the journal by which a courier owes the platform less. */
export function courierDebtJournal(
  uid: string,
  { currency, amountMinor, how }: { currency: string; amountMinor: number; how: DebtEnd },
  atMs: number,
): Journal {
  const entries = [
    { account: how === 'repaid' ? ACCOUNTS.bank : ACCOUNTS.refundLosses, amountMinor },
    { account: ACCOUNTS.courier(uid), amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'correction', currency, atMs, entries };
}

function toJournal(
  head: Pick<Journal, 'kind' | 'currency' | 'atMs'>,
  postings: readonly (readonly [account: string, amountMinor: number])[],
): Journal | null {
  const entries = postings.flatMap(([account, amountMinor]) => (amountMinor === 0 ? [] : { account, amountMinor }));
  return entries.length === 0 ? null : { ...head, orderId: null, entries };
}
