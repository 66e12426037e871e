import type { Journal, Order } from '../../../functions/src/contract/orders.js';
import { ACCOUNTS } from '../../../functions/src/ledger/model/chart.js';
import { toSendable } from '../../../functions/src/pricing/currencies.js';
import { sum, listIf } from './breach.js';
import { FINAL, type Books } from './snapshot.js';

export function journalBreaches(id: string, { entries }: Journal): string[] {
  const sumMinor = sum(entries.map((entry) => entry.amountMinor));
  return [
    ...listIf(sumMinor !== 0, `journal ${id} sums to ${sumMinor}`),
    ...listIf(
      entries.some((entry) => !Number.isSafeInteger(entry.amountMinor)),
      `journal ${id} has an amount that is not a safe integer`,
    ),
  ];
}

/** What payouts left owed because the merchant had no connected account, or deducted as its debt. */
const leftOwedBy = (events: Order['events']): number =>
  sum(events.map(({ money }) => (money?.type === 'transfer' ? (money.owedMinor ?? 0) + (money.debtMinor ?? 0) : 0)));

/** The most that the merchant may owe: for a courier who waited, and for refunds of a payout that deducted a debt. */
function computeMostDebt({ payment, events }: Pick<Order, 'payment' | 'events'>, owedMinor: number): number {
  const borneMinor = events.some(({ scope }) => scope === 'merchantPaysCourier') ? Math.max(0, -owedMinor) : 0;
  return borneMinor + (payment.merchantBearsMinor ?? 0);
}

const JOURNALS_OF_MERCHANTS = ['settlement', 'payout', 'refund', 'reversal', 'credit', 'correction'] as const;

/** A charge is confirmed with the payout, hours later. A dispute delays that. */
const UNCONFIRMED_MS = 12 * 3_600_000;

/** The status of a payment agrees with its amounts and with the provider. */
export function paymentBreaches(id: string, { payment, events }: Order, { provider, nowMs }: Books): string[] {
  const { status, capturedMinor, method, disputed } = payment;
  const isCharged = status === 'capturing' || status === 'captured';
  const takenMinor = method === 'cash' ? undefined : provider && (provider.get(id)?.takenMinor ?? 0);
  const decidedAtMs = events.findLast(({ money }) => money?.type === 'capture')?.atMs ?? nowMs;
  const isForgotten = status === 'capturing' && !disputed && nowMs - decidedAtMs > UNCONFIRMED_MS;
  const isTaken = takenMinor === undefined || status !== 'captured' || takenMinor === capturedMinor;
  return [
    ...listIf(capturedMinor > 0 && !isCharged, `order ${id}: ${capturedMinor} captured, but the payment is ${status}`),
    ...listIf(capturedMinor === 0 && isCharged, `order ${id}: nothing captured, but the payment is ${status}`),
    ...listIf(
      isForgotten,
      `order ${id}: the payment is capturing for ${Math.floor((nowMs - decidedAtMs) / 3_600_000)} hours`,
    ),
    ...listIf(!isTaken, `order ${id}: ${capturedMinor} captured, but the provider reports ${takenMinor}`),
  ];
}

/** Authorised ≥ captured ≥ refunded, and the merchant was paid what the end of the order settled. */
export function moneyBreaches(
  id: string,
  { payment, currency, restaurantId, courierId, status, due, kitchenPay, events }: Order,
  { ledger }: Books,
): string[] {
  const own = ledger.map(([, journal]) => journal).filter((journal) => journal.orderId === id);
  const postedTo = (kind: Journal['kind'], account: string) =>
    sum(
      own
        .filter((one) => one.kind === kind)
        .flatMap((one) => one.entries.filter((entry) => entry.account === account).map((entry) => entry.amountMinor)),
    );
  // Cash is taken by the courier at the customer's door, not by the provider.
  const holder = payment.method === 'cash' && courierId !== null ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider;
  const settledMinor = postedTo('settlement', holder);
  // Held pay is not owed yet, but a refund at the merchant's cost may be posted to either account.
  const ofMerchant = [`merchant:${restaurantId}`, `heldMerchant:${restaurantId}`];
  const owedMinor = -sum(ofMerchant.flatMap((account) => JOURNALS_OF_MERCHANTS.map((kind) => postedTo(kind, account))));
  const debtMinor = computeMostDebt({ payment, events }, owedMinor);
  const toCardMinor = -postedTo('refund', 'stripe');
  const settlements = own.filter((one) => one.kind === 'settlement').length;
  return [
    ...listIf(
      payment.capturedMinor > payment.authorizedMinor,
      `order ${id}: ${payment.capturedMinor} captured, but only ${payment.authorizedMinor} authorised`,
    ),
    ...listIf(
      payment.refundedMinor > payment.capturedMinor,
      `order ${id}: ${payment.refundedMinor} refunded, but only ${payment.capturedMinor} captured`,
    ),
    ...listIf(
      toCardMinor > payment.refundedMinor,
      `order ${id}: ${toCardMinor} refunded in the ledger, ${payment.refundedMinor} in the payment`,
    ),
    ...listIf(
      settledMinor !== payment.capturedMinor,
      `order ${id}: ${settledMinor} settled in the ledger, ${payment.capturedMinor} captured in the payment`,
    ),
    ...listIf(
      own.some((one) => one.currency !== currency),
      `order ${id}: a journal has another currency than the order`,
    ),
    ...listIf(settlements > 1, `order ${id}: settled ${settlements} times`),
    ...listIf(
      toSendable(-owedMinor - debtMinor, currency) > 0,
      `order ${id}: the merchant was paid ${-owedMinor} too much`,
    ),
    ...listIf(
      status === 'completed' &&
        due === null &&
        kitchenPay === undefined &&
        toSendable(owedMinor - leftOwedBy(events), currency) > 0,
      `order ${id}: completed, but the merchant is owed ${owedMinor}`,
    ),
    ...listIf(
      FINAL.includes(status) && due === null && payment.status === 'authorized',
      `order ${id}: ${status}, but the hold is not released`,
    ),
  ];
}
