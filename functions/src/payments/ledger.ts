import type { Journal, Order } from '../contract/orders.js';
import type { Settlement } from '../pricing/settle.js';

export type Parties = Pick<Order, 'restaurantId' | 'courierId' | 'customerId' | 'currency'> & {
  orderId: string;
  /** The courier took the money, not the provider. */
  inCash: boolean;
};

/** Where money stands: what others hold for us (debit), and what we owe each party (credit). */
export const ACCOUNTS = {
  provider: 'stripe',
  platform: 'platform',
  tax: 'tax',
  /** What promotions cost the platform. */
  promotions: 'promotions',
  merchant: (restaurantId: string) => `merchant:${restaurantId}`,
  courier: (uid: string) => `courier:${uid}`,
  /** What a customer may still spend. */
  credit: (uid: string) => `credit:${uid}`,
  /** What a courier took at doors and has not handed in. */
  cash: (uid: string) => `cash:${uid}`,
} as const;

export type Posting = readonly [account: string, amountMinor: number];

/**
 * The end of an order: the provider, or the courier who took cash, owes the capture; credit and promotions pay the
 * rest; each party is credited its part. Null when nobody moves.
 */
export function settlementJournal(parties: Parties, settlement: Settlement, atMs: number): Journal | null {
  const { captureMinor, creditMinor, promotionMinor, split } = settlement;
  const { courierId, restaurantId, customerId } = parties;
  const holder = parties.inCash && courierId ? ACCOUNTS.cash(courierId) : ACCOUNTS.provider;
  // Without a courier there is nobody to credit: a pickup order's split has no courier's part.
  const courier = courierId ? ACCOUNTS.courier(courierId) : ACCOUNTS.platform;
  return journal(parties, 'settlement', atMs, [
    [holder, captureMinor],
    [ACCOUNTS.credit(customerId), creditMinor],
    [ACCOUNTS.promotions, promotionMinor],
    [ACCOUNTS.merchant(restaurantId), -split.merchantMinor],
    [courier, -split.courierMinor],
    [ACCOUNTS.platform, -(split.platformMinor + creditMinor + promotionMinor)],
    [ACCOUNTS.tax, -split.taxMinor],
  ]);
}

/** The merchant's part leaves for the connected account. */
export function payoutJournal(parties: Parties, amountMinor: number, atMs: number): Journal | null {
  return journal(parties, 'payout', atMs, [
    [ACCOUNTS.merchant(parties.restaurantId), amountMinor],
    [ACCOUNTS.provider, -amountMinor],
  ]);
}

/** Credit given to a customer, or taken back: the platform's cost, and what it owes. */
export function creditJournal(uid: string, currency: string, amountMinor: number, atMs: number): Journal {
  const entries = [
    { account: ACCOUNTS.platform, amountMinor },
    { account: ACCOUNTS.credit(uid), amountMinor: -amountMinor },
  ];
  return { orderId: null, kind: 'credit', currency, atMs, entries };
}

/** A balanced journal without its empty postings; null when none is left. */
export function journal(
  { orderId, currency }: Pick<Parties, 'orderId' | 'currency'>,
  kind: Journal['kind'],
  atMs: number,
  postings: readonly Posting[],
): Journal | null {
  const entries = postings
    .filter(([, amount]) => amount !== 0)
    .map(([account, amountMinor]) => ({ account, amountMinor }));
  return entries.length === 0 ? null : { orderId, kind, currency, atMs, entries };
}
