import type { Order, Payment, TopUp } from '../../contract/orders.js';

/** A further hold, as the provider has it. */
export type AuthorizedTopUp = TopUp & Pick<Payment, 'holdUntilMs'>;

/** The holds that an order knows as its own; tips are payments apart. */
export function holdsOf({ payment, edit }: Pick<Order, 'payment' | 'edit'>): string[] {
  const topUps = payment.topUps?.map((one) => one.intentId) ?? [];
  return [payment.intentId, ...topUps, edit?.topUpIntentId].filter((id) => id !== null && id !== undefined);
}

/** The payment with a further hold. It becomes the first hold of an order that had nothing to pay. */
export function withTopUp(payment: Payment, { intentId, authorizedMinor, holdUntilMs }: AuthorizedTopUp): Payment {
  const untilMs = Math.min(payment.holdUntilMs ?? Infinity, holdUntilMs ?? Infinity);
  const until = untilMs < Infinity ? { holdUntilMs: untilMs } : {};
  if (payment.intentId === null) return { ...payment, status: 'authorized', intentId, authorizedMinor, ...until };
  const topUps = [...(payment.topUps ?? []), { intentId, authorizedMinor }];
  return { ...payment, authorizedMinor: payment.authorizedMinor + authorizedMinor, topUps, ...until };
}

/**
 * Is the charge, or the release, of an order that was decided not confirmed by the provider yet? A payment that is
 * called released although it was to be charged counts as well.
 */
export function isMoneyOpen({ status, capturedMinor }: Pick<Payment, 'status' | 'capturedMinor'>): boolean {
  return status === 'capturing' || status === 'voiding' || (status === 'voided' && capturedMinor > 0);
}

/** Does a bank keep the money, or want it, without having decided for good? */
export function isUndecided({ disputed, disputeLost }: Pick<Payment, 'disputed' | 'disputeLost'>): boolean {
  return disputed === true && disputeLost !== true;
}
