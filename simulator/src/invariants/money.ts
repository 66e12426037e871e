import type { Journal, Order } from '../../../functions/src/contract/orders.js';
import { ACCOUNTS } from '../../../functions/src/ledger/model/journals.js';
import { sumOf, when } from './breach.js';
import { FINAL, type Books } from './snapshot.js';

export function journalBreaches(id: string, { entries }: Journal): string[] {
  const sum = sumOf(entries.map((entry) => entry.amountMinor));
  return [
    ...when(sum !== 0, `journal ${id} sums to ${sum}`),
    ...when(
      entries.some((entry) => !Number.isSafeInteger(entry.amountMinor)),
      `journal ${id} holds a fraction`,
    ),
  ];
}

/** What a payout left owed: the merchant had no connected account. */
const leftOwedBy = (events: Order['events']): number =>
  sumOf(events.map(({ money }) => (money?.type === 'transfer' ? (money.owedMinor ?? 0) : 0)));

const JOURNALS_OF_MERCHANTS = ['settlement', 'payout', 'refund', 'reversal', 'credit', 'correction'] as const;

/** A charge is confirmed with the payout, hours later; a bank's dispute lets that wait. */
const UNCONFIRMED_MS = 12 * 3_600_000;

/** The status of a payment says what its sums and its provider say. */
export function paymentBreaches(id: string, { payment, events }: Order, { provider, nowMs }: Books): string[] {
  const { status, capturedMinor, method, disputed } = payment;
  const isCharged = status === 'capturing' || status === 'captured';
  const takenMinor = method === 'cash' ? undefined : provider && (provider.get(id)?.takenMinor ?? 0);
  const decidedAtMs = events.findLast(({ money }) => money?.type === 'capture')?.atMs ?? nowMs;
  const isForgotten = status === 'capturing' && !disputed && nowMs - decidedAtMs > UNCONFIRMED_MS;
  const isTaken = takenMinor === undefined || status !== 'captured' || takenMinor === capturedMinor;
  return [
    ...when(capturedMinor > 0 && !isCharged, `order ${id}: ${capturedMinor} captured, but the payment is ${status}`),
    ...when(capturedMinor === 0 && isCharged, `order ${id}: nothing captured, but the payment is ${status}`),
    ...when(isForgotten, `order ${id}: capturing for ${Math.floor((nowMs - decidedAtMs) / 3_600_000)} hours`),
    ...when(!isTaken, `order ${id}: ${capturedMinor} captured, the provider took ${takenMinor}`),
  ];
}

/** Authorised ≥ captured ≥ refunded, and the merchant has what the end of the order left it. */
export function moneyBreaches(
  id: string,
  { payment, currency, restaurantId, courierId, status, due, kitchenPay, events }: Order,
  { ledger }: Books,
): string[] {
  const own = ledger.map(([, journal]) => journal).filter((journal) => journal.orderId === id);
  const postedTo = (kind: Journal['kind'], account: string) =>
    sumOf(
      own
        .filter((one) => one.kind === kind)
        .flatMap((one) => one.entries.filter((entry) => entry.account === account).map((entry) => entry.amountMinor)),
    );
  // At the door the courier took it, not the provider.
  const holder = payment.method === 'cash' && courierId !== null ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider;
  const settledMinor = postedTo('settlement', holder);
  // What waits for an operator is not owed yet, but a refund may be at its cost.
  const ofMerchant = [`merchant:${restaurantId}`, `heldMerchant:${restaurantId}`];
  const owedMinor = -sumOf(
    ofMerchant.flatMap((account) => JOURNALS_OF_MERCHANTS.map((kind) => postedTo(kind, account))),
  );
  const toCardMinor = -postedTo('refund', 'stripe');
  const settlements = own.filter((one) => one.kind === 'settlement').length;
  return [
    ...when(
      payment.capturedMinor > payment.authorizedMinor,
      `order ${id}: ${payment.capturedMinor} captured of ${payment.authorizedMinor} authorised`,
    ),
    ...when(
      payment.refundedMinor > payment.capturedMinor,
      `order ${id}: ${payment.refundedMinor} refunded of ${payment.capturedMinor} captured`,
    ),
    ...when(
      toCardMinor > payment.refundedMinor,
      `order ${id}: ${toCardMinor} given back in the ledger, ${payment.refundedMinor} refunded`,
    ),
    ...when(
      settledMinor !== payment.capturedMinor,
      `order ${id}: ${settledMinor} in the ledger, ${payment.capturedMinor} captured`,
    ),
    ...when(
      own.some((one) => one.currency !== currency),
      `order ${id}: a journal in another currency`,
    ),
    ...when(settlements > 1, `order ${id}: settled ${settlements} times`),
    ...when(owedMinor < 0, `order ${id}: the merchant was paid ${-owedMinor} too much`),
    ...when(
      status === 'completed' && due === null && kitchenPay === undefined && owedMinor > leftOwedBy(events),
      `order ${id}: completed, but the merchant is owed ${owedMinor}`,
    ),
    ...when(
      FINAL.includes(status) && due === null && payment.status === 'authorized',
      `order ${id}: ${status}, but the hold stands`,
    ),
  ];
}
