import type { Order, Payment, TopUp } from '../../contract/orders.js';

/** A further PaymentIntent, as the provider reports it. */
export type AuthorizedTopUp = TopUp & Pick<Payment, 'holdUntilMs'>;

/** Lists the PaymentIntents of an order; tips are separate payments. */
export function listIntentIds({ payment, edit }: Pick<Order, 'payment' | 'edit'>): string[] {
  const topUps = payment.topUps?.map((one) => one.intentId) ?? [];
  return [payment.intentId, ...topUps, edit?.topUpIntentId].filter((id) => id !== null && id !== undefined);
}

/** Returns the payment with a further PaymentIntent. It becomes the first one of an order that had nothing to pay. */
export function withTopUp(payment: Payment, { intentId, authorizedMinor, holdUntilMs }: AuthorizedTopUp): Payment {
  const untilMs = Math.min(payment.holdUntilMs ?? Infinity, holdUntilMs ?? Infinity);
  const until = untilMs < Infinity ? { holdUntilMs: untilMs } : {};
  if (payment.intentId === null) return { ...payment, status: 'authorized', intentId, authorizedMinor, ...until };
  const topUps = [...(payment.topUps ?? []), { intentId, authorizedMinor }];
  return { ...payment, authorizedMinor: payment.authorizedMinor + authorizedMinor, topUps, ...until };
}

/**
 * True where the provider has not yet confirmed the charge, or the release, of an order that was decided. A payment
 * that is marked as released although it was to be charged counts as well.
 */
export function isMoneyOpen({ status, capturedMinor }: Pick<Payment, 'status' | 'capturedMinor'>): boolean {
  return status === 'capturing' || status === 'voiding' || (status === 'voided' && capturedMinor > 0);
}

/** True where a bank keeps the money, or claims it, without a final decision. */
export function isUndecided({ disputed, disputeLost }: Pick<Payment, 'disputed' | 'disputeLost'>): boolean {
  return disputed === true && disputeLost !== true;
}
