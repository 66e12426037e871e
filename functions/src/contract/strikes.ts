import { z } from 'zod';
import { DocumentId, EpochMs, Role, Stamp } from './common.js';
import { OrderStatus } from './orders.js';

/** One order that was cancelled at its kitchen's cost. */
export const StoreStrike = z.strictObject({
  /** The order's code, by which people name it. */
  code: z.string(),
  /** The status of the order before its cancellation. */
  status: OrderStatus,
  /** The kitchen itself, an operator, the customer of a late order, or the backend: a proposal without an answer. */
  by: Role,
  atMs: EpochMs,
});
export type StoreStrike = z.infer<typeof StoreStrike>;

/**
 * `restaurants/{restaurantId}/stats/strikes`: the orders that were cancelled at the kitchen's cost before
 * their pick-up, by order id; at most `MAX_STRIKES`, the latest ones. Each is forgotten after the
 * zone's `strikeDays`: with the next strike, or with the document. An order that an operator restored is removed.
 */
export const StoreStrikes = z.strictObject({
  strikes: z.record(DocumentId, StoreStrike),
  /** The TTL policy deletes the document then: when its last strike is forgotten. */
  expireAt: Stamp,
});
export type StoreStrikes = z.infer<typeof StoreStrikes>;
