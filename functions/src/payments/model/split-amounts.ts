import type { Payment } from '../../contract/orders.js';

export interface Part {
  intentId: string;
  amountMinor: number;
}

/**
 * How an amount is taken from an order's holds. What fits into the first hold is taken from it alone. Otherwise top-ups
 * are taken as far as they go, one after the other, until the first hold can give the rest: so parts are seldom below
 * what the provider charges, although the difference that a top-up was opened for may be.
 * Parts of 0 release their hold.
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

/** How an amount is given back over what was captured, less what was given back before: the first hold first. */
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
