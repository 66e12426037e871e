import type { Payment } from '../../contract/orders.js';

export interface Part {
  intentId: string;
  amountMinor: number;
}

/**
 * Divides the capture of an amount over an order's PaymentIntents. An amount that the first one covers is taken from it
 * alone. Otherwise top-ups are captured as far as they go, one after the other, until the first one covers the rest: so
 * parts are seldom below the provider's minimum, although the difference for which a top-up was opened may be. Parts of
 * 0 release their PaymentIntent.
 */
export function splitCapture(payment: Payment, amountMinor: number): Part[] {
  const { intentId, authorizedMinor, topUps = [] } = payment;
  if (intentId === null) return [];
  const firstMinor = topUps.reduce((left, topUp) => left - topUp.authorizedMinor, authorizedMinor);
  let leftMinor = amountMinor;
  const others = topUps.map((topUp) => {
    const partMinor = leftMinor > firstMinor ? Math.min(leftMinor, topUp.authorizedMinor) : 0;
    leftMinor -= partMinor;
    return { intentId: topUp.intentId, amountMinor: partMinor };
  });
  return [{ intentId, amountMinor: leftMinor }, ...others];
}

/** Divides a refund over the captured amounts, less earlier refunds: the first PaymentIntent first. */
export function splitRefund(payment: Payment, earlier: readonly Part[], amountMinor: number): Part[] {
  let leftMinor = amountMinor;
  return splitCapture(payment, payment.capturedMinor).flatMap(({ intentId, amountMinor: capturedMinor }) => {
    const given = earlier.filter((part) => part.intentId === intentId);
    const backMinor = given.reduce((rest, part) => rest - part.amountMinor, capturedMinor);
    const partMinor = Math.min(leftMinor, backMinor);
    leftMinor -= partMinor;
    return partMinor > 0 ? [{ intentId, amountMinor: partMinor }] : [];
  });
}
