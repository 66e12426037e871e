import type { CustomerBalance } from '../../../functions/src/contract/accounts.js';
import type { DayBook } from '../../../functions/src/contract/books.js';
import type { ChatMessage } from '../../../functions/src/contract/chat.js';
import type { Courier, CourierApplication, LivePosition } from '../../../functions/src/contract/couriers.js';
import type { HeldPay } from '../../../functions/src/contract/held-pays.js';
import type { MerchantApplication } from '../../../functions/src/contract/merchants.js';
import type { AuditEntry } from '../../../functions/src/contract/operations.js';
import type { Journal, Order, OrderStatus, Quote } from '../../../functions/src/contract/orders.js';
import type { Dispute, Refund, Tip } from '../../../functions/src/contract/payments.js';
import type { Reconciliation } from '../../../functions/src/contract/reconciliation.js';
import type { Restaurant, Slot, Stock } from '../../../functions/src/contract/restaurants.js';
import type { Rating, Report, Review } from '../../../functions/src/contract/reviews.js';
import type { Claim } from '../../../functions/src/contract/support.js';
import type { Promotion } from '../../../functions/src/contract/zones.js';

/** Documents with their ids or, where said so, their paths. */
export type Rows<T> = readonly (readonly [id: string, document: T])[];

/** The documents that the invariants speak of, however they were read. What is not given is not checked. */
export interface Books {
  orders: Rows<Order>;
  couriers: Rows<Courier>;
  ledger: Rows<Journal>;
  quotes?: Rows<Quote>;
  /** Of every owner: `restaurants/rosa`, `ledgerAccounts/{id}`, `books/platform`; none before the first night. */
  days?: Rows<DayBook>;
  reconciliations?: Rows<Reconciliation>;
  supplies?: Supplies;
  told?: NotificationLog;
  /** By their paths. */
  positions?: Rows<LivePosition>;
  /** By path. */
  messages?: Rows<ChatMessage>;
  opinions?: Opinions;
  overrides?: Overrides;
  extras?: Extras;
  /** What changed the provider's balance. */
  balance?: readonly BalanceChange[];
  /** By order. */
  provider?: ReadonlyMap<string, ProviderSums>;
  nowMs: number;
  /** How late a deadline may be acted on: the sweep's minute and a little. */
  graceMs?: number;
  courierCapacity?: number;
}

/** One change of the provider's balance: `fee` and `bank` (a payout to the bank) belong to no order. */
export interface BalanceChange {
  kind: 'fee' | 'bank' | 'dispute' | 'other';
  currency: string;
  amountMinor: number;
  feeMinor: number;
  atMs: number;
}

/** What there is only so much of. */
export interface Supplies {
  promotions: Rows<Promotion>;
  /** By the promotion's id, what is left in each of its shards, and its uses beyond a lowered limit. */
  shards: readonly (readonly [promotionId: string, left: number, over?: number])[];
  standings: Rows<CustomerBalance>;
  restaurants: Rows<Pick<Restaurant, 'slotCapacity'>>;
  slots: readonly (readonly [restaurantId: string, startMs: number, slot: Slot])[];
  stocks: Rows<Stock>;
  /** Portions that a restaurant began with, where that is known. */
  opened?: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** What phones were told, and by whom the backend was told. */
export interface NotificationLog {
  pushes: readonly { token: string; id: string }[];
  phones: readonly (readonly [uid: string, token: string])[];
  staff: readonly (readonly [restaurantId: string, uid: string])[];
  /** The last answer to each event of the payment provider. */
  webhooks: readonly (readonly [event: string, status: number])[];
}

export interface Opinions {
  /** By the order; the owner is `restaurants/rosa` or `couriers/omar`. */
  reviews: readonly (readonly [owner: string, orderId: string, review: Review])[];
  ratings: readonly (readonly [owner: string, rating: Rating | undefined])[];
}

/** What operators changed, and what they had to say for it. */
export interface Overrides {
  audit: Rows<AuditEntry>;
  /** Of what has versions, by path, with the first that an operator made. */
  versions: readonly (readonly [path: string, first: number, latest: number])[];
  /** By path. */
  claims: Rows<Claim>;
  refunds: Rows<Refund>;
  reports: Rows<Report>;
  courierApplications: Rows<CourierApplication>;
  merchantApplications: Rows<MerchantApplication>;
}

/** What moves money of an order besides its own steps and refunds. */
export interface Extras {
  /** By path. */
  tips: Rows<Tip>;
  disputes: Rows<Dispute>;
  heldPays: Rows<HeldPay>;
}

/** What the payment provider itself says that it moved for an order. */
export interface ProviderSums {
  /** By the order's own holds. */
  takenMinor: number;
  /** By tips after the delivery. */
  tippedMinor: number;
  /** To cards, of both. */
  refundedMinor: number;
  /** To the merchant, less what was taken back. */
  paidOutMinor: number;
  /** By disputes: negative while it is the bank's. */
  disputedMinor: number;
}

export const FINAL: readonly OrderStatus[] = ['completed', 'expired', 'rejected', 'returned', 'cancelled'];
