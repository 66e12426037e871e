import { countReads, type Usage } from './meter.js';

/** The prices of operations at one date. Check the current prices before you plan with them. */
export interface PriceList {
  /** Year and month of these prices. */
  readonly asOf: string;
  readonly source: string;
  readonly location: string;
  readonly currency: string;
  /** Per 100,000 documents, beyond the free quota. */
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  /** Per million invocations of functions, beyond the free quota; their computing time is billed separately. */
  readonly invocations: number;
}

/** Prices of the multi-region in the United States; a single region costs about half. */
export const PRICES: PriceList = {
  asOf: '2026-11',
  source: 'https://firebase.google.com/docs/firestore/pricing, https://firebase.google.com/pricing',
  location: 'nam5',
  currency: 'USD',
  reads: 0.06,
  writes: 0.18,
  deletes: 0.02,
  invocations: 0.4,
};

/** Returns the price of operations in the currency of the list. The free quota is not subtracted. */
export function computePrice(usage: Usage, prices = PRICES): number {
  return (countReads(usage) * prices.reads + usage.writes * prices.writes + usage.deletes * prices.deletes) / 100_000;
}
