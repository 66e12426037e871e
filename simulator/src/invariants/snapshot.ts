import type { CustomerBalance } from '../../../functions/src/contract/accounts.js';
import type { DayBook } from '../../../functions/src/contract/books.js';
import type { ChatMessage } from '../../../functions/src/contract/chat.js';
import type { CourierPayout } from '../../../functions/src/contract/courier-payouts.js';
import type { Courier, CourierApplication, LivePosition } from '../../../functions/src/contract/couriers.js';
import type { HeldPay } from '../../../functions/src/contract/held-pays.js';
import type { MerchantApplication } from '../../../functions/src/contract/merchants.js';
import type { AuditEntry } from '../../../functions/src/contract/operations.js';
import type { Journal, Order, OrderStatus, Quote } from '../../../functions/src/contract/orders.js';
import type { Dispute, Refund, Tip } from '../../../functions/src/contract/payments.js';
import type { Reconciliation } from '../../../functions/src/contract/reconciliation.js';
import type { Restaurant, RestaurantTerms, Slot, Stock } from '../../../functions/src/contract/restaurants.js';
import type { Rating, Report, Review } from '../../../functions/src/contract/reviews.js';
import type { StorePromotions } from '../../../functions/src/contract/store-promotions.js';
import type { StoreStrikes } from '../../../functions/src/contract/strikes.js';
import type { Claim } from '../../../functions/src/contract/support.js';
import type { Promotion } from '../../../functions/src/contract/zones.js';

/** Documents with their ids or, where noted, their paths. */
export type Rows<T> = readonly (readonly [id: string, document: T])[];

/** The documents that the invariants check, from the database or from a test. Missing parts are not checked. */
export interface Books {
  orders: Rows<Order>;
  couriers: Rows<Courier>;
  ledger: Rows<Journal>;
  quotes?: Rows<Quote>;
  /** By owner: `restaurants/rosa`, `ledgerAccounts/{id}`, `books/platform`. None before the first night. */
  days?: Rows<DayBook>;
  reconciliations?: Rows<Reconciliation>;
  /** By restaurant. */
  terms?: Rows<RestaurantTerms>;
  inventory?: Inventory;
  /** By restaurant. */
  strikes?: Rows<StoreStrikes>;
  /** By restaurant. */
  storePromotions?: Rows<StorePromotions>;
  notifications?: NotificationLog;
  /** By their paths. */
  positions?: Rows<LivePosition>;
  /** By path. */
  messages?: Rows<ChatMessage>;
  opinions?: Opinions;
  overrides?: Overrides;
  extras?: Extras;
  /** Changes of the provider's balance. */
  balance?: readonly BalanceChange[];
  /** By order. */
  provider?: ReadonlyMap<string, ProviderSums>;
  /** What the provider transferred to couriers, less reversals, by payout. */
  courierTransfers?: ReadonlyMap<string, number>;
  nowMs: number;
  /** The allowed delay of a deadline: the sweep's minute and a margin. */
  graceMs?: number;
  courierCapacity?: number;
}

/** One change of the provider's balance. `fee` and `bank` (a payout to the bank) belong to no order. */
export interface BalanceChange {
  kind: 'fee' | 'bank' | 'dispute' | 'other';
  currency: string;
  amountMinor: number;
  feeMinor: number;
  atMs: number;
}

/** Limited resources and their counters. */
export interface Inventory {
  /** By zone and id: `centre/half`; restaurants' own promotions are among them. */
  promotions: Rows<Promotion>;
  /** By zone and id, per shard of a promotion: the uses that are left, and the uses beyond a limit that was lowered. */
  shards: readonly (readonly [promotion: string, left: number, over?: number])[];
  standings: Rows<CustomerBalance>;
  restaurants: Rows<Pick<Restaurant, 'slotCapacity' | 'promotions'>>;
  slots: readonly (readonly [restaurantId: string, startMs: number, slot: Slot])[];
  stocks: Rows<Stock>;
  /** Portions that a restaurant started with, where they are known. */
  opened?: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** The pushes that devices received and the webhooks that the backend received. */
export interface NotificationLog {
  pushes: readonly { token: string; id: string }[];
  phones: readonly (readonly [uid: string, token: string])[];
  staff: readonly (readonly [restaurantId: string, uid: string])[];
  /** The last response to each event of the payment provider. */
  webhooks: readonly (readonly [event: string, status: number])[];
}

export interface Opinions {
  /** By order; the owner is `restaurants/rosa` or `couriers/omar`. */
  reviews: readonly (readonly [owner: string, orderId: string, review: Review])[];
  ratings: readonly (readonly [owner: string, rating: Rating | undefined])[];
}

/** Changes that operators made, and the audit entries of them. */
export interface Overrides {
  audit: Rows<AuditEntry>;
  /** Versioned documents by path, with the first version that an operator made. */
  versions: readonly (readonly [path: string, first: number, latest: number])[];
  /** By path. */
  claims: Rows<Claim>;
  refunds: Rows<Refund>;
  reports: Rows<Report>;
  courierApplications: Rows<CourierApplication>;
  merchantApplications: Rows<MerchantApplication>;
}

/** Documents that move money of an order besides its own events and refunds. */
export interface Extras {
  /** By path. */
  tips: Rows<Tip>;
  disputes: Rows<Dispute>;
  heldPays: Rows<HeldPay>;
  courierPayouts: Rows<CourierPayout>;
}

/** The amounts that the payment provider reports for an order. */
export interface ProviderSums {
  /** Captured from the order's own payment intents. */
  takenMinor: number;
  /** Captured for tips after the delivery. */
  tippedMinor: number;
  /** Refunded to cards, of both. */
  refundedMinor: number;
  /** Transferred to the merchant, less reversals. */
  paidOutMinor: number;
  /** By disputes: negative while the bank holds the amount. */
  disputedMinor: number;
}

export const FINAL: readonly OrderStatus[] = ['completed', 'expired', 'rejected', 'returned', 'cancelled'];
