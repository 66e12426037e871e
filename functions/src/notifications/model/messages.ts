import type { Topic } from '../../contract/notifications.js';

interface MessageKind {
  topic: Topic;
  /** Kept in the inbox, where the user may look it up. The steps of an order are in the order. */
  kept?: true;
}

/** The notifications; their texts are in `locales/`. The app may show its own text by `key` and `data`. */
export const MESSAGES = {
  order_placed: { topic: 'orders' },
  order_waiting: { topic: 'orders' },
  order_accepted: { topic: 'orders' },
  order_rejected: { topic: 'orders' },
  order_ready: { topic: 'orders' },
  order_picked_up: { topic: 'orders' },
  order_delivered: { topic: 'orders' },
  order_edited: { topic: 'orders' },
  edit_proposed: { topic: 'orders' },
  edit_answered: { topic: 'orders' },
  payment_failed: { topic: 'orders' },
  order_delayed: { topic: 'orders' },
  order_undeliverable: { topic: 'orders' },
  order_cancelled: { topic: 'orders' },
  promotion_used: { topic: 'orders' },
  order_restored: { topic: 'orders' },
  chat_message: { topic: 'chat' },
  support_message: { topic: 'orders', kept: true },
  cart_sold_out: { topic: 'cart' },
  order_refunded: { topic: 'money', kept: true },
  claim_rejected: { topic: 'support', kept: true },
  content_removed: { topic: 'reviews', kept: true },
  tip_received: { topic: 'money', kept: true },
  courier_at_counter: { topic: 'orders' },
  courier_near: { topic: 'orders' },
  courier_here: { topic: 'orders' },
  courier_waits: { topic: 'orders' },
  late_credit: { topic: 'money', kept: true },
  courier_offer: { topic: 'offers' },
} as const satisfies Record<string, MessageKind>;

export type MessageKey = keyof typeof MESSAGES;

/** Returns the properties of a message. */
export const getMessageKind = (key: MessageKey): MessageKind => MESSAGES[key];
