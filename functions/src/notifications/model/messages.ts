import type { Topic } from '../../contract/notifications.js';

interface MessageKind {
  topic: Topic;
  /** Kept in the inbox, where the user may look it up. The steps of an order are in the order. */
  kept?: true;
  /** The names of the values that the sender gives, besides the facts of the subject. */
  values?: readonly string[];
  /** The sender knows the restaurant and not the whole order: of its facts only `restaurant`; or no order at all. */
  about?: 'restaurant' | 'nothing';
}

/** The values that each message about an order may use. */
export const ORDER_FACTS = ['restaurant', 'code', 'items', 'promised', 'ready'] as const;

/** The notifications; their texts are in `locales/`. The app may show its own text by `key` and `data`. */
export const MESSAGES = {
  order_placed: { topic: 'orders' },
  order_waiting: { topic: 'orders' },
  order_accepted: { topic: 'orders' },
  order_rejected: { topic: 'orders' },
  order_assigned: { topic: 'orders' },
  own_rider_needed: { topic: 'orders' },
  rider_comes: { topic: 'orders' },
  order_ready: { topic: 'orders' },
  order_picked_up: { topic: 'orders' },
  order_delivered: { topic: 'orders' },
  order_edited: { topic: 'orders' },
  edit_proposed: { topic: 'orders' },
  edit_answered: { topic: 'orders' },
  payment_failed: { topic: 'orders' },
  order_delayed: { topic: 'orders' },
  order_postponed: { topic: 'orders' },
  pick_up_postponed: { topic: 'orders' },
  order_undeliverable: { topic: 'orders' },
  age_not_proven: { topic: 'orders' },
  order_cancelled: { topic: 'orders' },
  promotion_used: { topic: 'orders' },
  order_restored: { topic: 'orders' },
  chat_message: { topic: 'chat', values: ['from', 'text'] },
  support_message: { topic: 'orders', kept: true, values: ['text'] },
  support_answer: { topic: 'orders', kept: true, about: 'nothing', values: ['text'] },
  cart_sold_out: { topic: 'cart', about: 'restaurant' },
  order_refunded: { topic: 'money', kept: true, values: ['amount'] },
  claim_rejected: { topic: 'support', kept: true },
  review_answered: { topic: 'reviews', kept: true },
  content_removed: { topic: 'reviews', kept: true },
  tip_received: { topic: 'money', kept: true, values: ['amount'] },
  courier_paid: { topic: 'money', kept: true, about: 'nothing', values: ['amount'] },
  courier_payout_failed: { topic: 'money', kept: true, about: 'nothing', values: ['amount'] },
  courier_at_counter: { topic: 'orders' },
  courier_near: { topic: 'orders' },
  courier_here: { topic: 'orders' },
  courier_waits: { topic: 'orders' },
  late_credit: { topic: 'money', kept: true },
  courier_offer: { topic: 'offers', about: 'restaurant', values: ['amount'] },
} as const satisfies Record<string, MessageKind>;

export type MessageKey = keyof typeof MESSAGES;

/** The names of the values that the sender of a message gives. */
export type ValueName<K extends MessageKey> = (typeof MESSAGES)[K] extends { values: readonly (infer Name)[] }
  ? Name & string
  : never;

/** The messages whose values are all facts of the order. */
export type OrderMessageKey = {
  [K in MessageKey]: (typeof MESSAGES)[K] extends { values: unknown } | { about: unknown } ? never : K;
}[MessageKey];

/** Returns the properties of a message. */
export const getMessageKind = (key: MessageKey): MessageKind => MESSAGES[key];
