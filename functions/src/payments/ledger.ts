import type { Journal, Order } from '../contract/orders.js';
import type { Split } from '../contract/pricing.js';
import type { Settlement } from '../pricing/settle.js';

type Parties = Pick<Order, 'restaurantId' | 'courierId' | 'currency'> & { orderId: string };

/** Where money stands: what the provider owes us, and what we owe each party. */
export const ACCOUNTS = {
  provider: 'stripe',
  platform: 'platform',
  tax: 'tax',
  merchant: (restaurantId: string) => `merchant:${restaurantId}`,
  courier: (uid: string) => `courier:${uid}`,
} as const;

/** The end of an order: the provider owes the capture, each party is credited its part. Null when nobody moves. */
export function settlementJournal(parties: Parties, settlement: Settlement, atMs: number): Journal | null {
  const { captureMinor, split } = settlement;
  // Without a courier there is nobody to credit: a pickup order's split has no courier's part.
  const courier = parties.courierId ? ACCOUNTS.courier(parties.courierId) : ACCOUNTS.platform;
  return journal(parties, 'settlement', atMs, [
    [ACCOUNTS.provider, captureMinor],
    [ACCOUNTS.merchant(parties.restaurantId), -split.merchantMinor],
    [courier, -split.courierMinor],
    [ACCOUNTS.platform, -split.platformMinor],
    [ACCOUNTS.tax, -split.taxMinor],
  ]);
}

/** The merchant's part leaves for the connected account. */
export function payoutJournal(parties: Parties, split: Split, atMs: number): Journal | null {
  return journal(parties, 'payout', atMs, [
    [ACCOUNTS.merchant(parties.restaurantId), split.merchantMinor],
    [ACCOUNTS.provider, -split.merchantMinor],
  ]);
}

function journal(
  parties: Parties,
  kind: Journal['kind'],
  atMs: number,
  postings: readonly (readonly [string, number])[],
): Journal | null {
  const entries = postings
    .filter(([, amount]) => amount !== 0)
    .map(([account, amountMinor]) => ({ account, amountMinor }));
  return entries.length === 0 ? null : { orderId: parties.orderId, kind, currency: parties.currency, atMs, entries };
}
