import { readsOf, type Usage } from './meter.js';

/** What operations cost. A list of its own day: look the prices up again before you plan by them. */
export interface PriceList {
  /** When the prices were looked up, year and month. */
  readonly asOf: string;
  readonly source: string;
  readonly location: string;
  readonly currency: string;
  /** Per 100,000 documents, beyond the free quota. */
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  /** Per million invocations of functions, beyond the free quota; their computing time is billed besides. */
  readonly invocations: number;
}

/** The multi-region in the United States, the dearer kind; a single region costs about half. */
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

/** In the currency of the list, the free quota left out of account. */
export function priceOf(usage: Usage, prices = PRICES): number {
  return (readsOf(usage) * prices.reads + usage.writes * prices.writes + usage.deletes * prices.deletes) / 100_000;
}
