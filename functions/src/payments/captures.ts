import type { Payment } from '../contract/orders.js';

export interface Part {
  intentId: string;
  amountMinor: number;
}

/**
 * How an amount is taken from an order's holds. What fits into the first hold is taken from it alone. Otherwise the
 * top-ups are taken in full and the first hold gives the rest: so no part is below what the provider charges, although
 * the difference that a top-up was opened for may be.
 * Parts of 0 release their hold.
 */
export function splitCapture(payment: Payment, amountMinor: number): Part[] {
  const { intentId, authorizedMinor, topUps = [] } = payment;
  if (intentId === null) return [];
  const toppedUpMinor = topUps.reduce((sum, topUp) => sum + topUp.authorizedMinor, 0);
  const firstMinor = authorizedMinor - toppedUpMinor;
  const needsTopUps = amountMinor > firstMinor;
  const first = { intentId, amountMinor: needsTopUps ? amountMinor - toppedUpMinor : amountMinor };
  return [
    first,
    ...topUps.map((one) => ({ intentId: one.intentId, amountMinor: needsTopUps ? one.authorizedMinor : 0 })),
  ];
}
