import type { OrderKind } from '#functions/contract/orders.js';
import type { CartLine, Menu } from '#functions/contract/restaurants.js';
import type { Promotion, ZonePricing } from '#functions/contract/zones.js';

/** How the customer pays, and what the means of payment can carry. */
export type Means =
  | {
      method: 'card';
      /** The least and the greatest amount that the provider charges. */
      minimumMinor: bigint;
      maximumMinor: bigint;
      /** The provider charges multiples of it: 10 in currencies of three decimals. */
      stepMinor: bigint;
    }
  | { method: 'cash'; coinMinor: bigint };

/** All that the price of an order depends on. */
export interface OracleOrder {
  /** With the surge of the quote. */
  zone: ZonePricing;
  /** As it is served at the time of the order: the base prices are those of the daypart. */
  menu: Menu;
  kind: OrderKind;
  lines: readonly CartLine[];
  distanceMeters: number;
  /** Those that run and that the customer may use. */
  promotions: readonly Promotion[];
  tipPpm: number;
  /** The customer's credit; 0 where the customer does not use it. */
  creditMinor: number;
  commissionPpm: number;
  means: Means;
}
