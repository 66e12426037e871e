/** The texts of pushes. `{restaurant}` and `{code}` are filled in; the app may show its own by `key` and `data`. */
export const MESSAGES = {
  order_placed: { title: 'New order {code}', body: 'Please accept or decline it.' },
  order_waiting: { title: 'Order {code} is waiting', body: 'Please accept or decline it.' },
  order_accepted: { title: '{restaurant} is on it', body: 'Your order {code} was accepted.' },
  order_rejected: { title: '{restaurant} cannot take your order', body: 'You are not charged.' },
  order_ready: { title: 'Order {code} is ready', body: 'It can be picked up at {restaurant}.' },
  order_picked_up: { title: 'On its way', body: 'Your order from {restaurant} was picked up.' },
  order_delivered: { title: 'Enjoy your meal', body: 'Your order from {restaurant} has arrived.' },
  order_edited: {
    title: 'Your order {code} was changed',
    body: '{restaurant} could not get everything: see the order.',
  },
  edit_proposed: { title: 'Something else instead?', body: '{restaurant} suggests a change to your order {code}.' },
  edit_answered: { title: 'Order {code}', body: 'Your suggestion was answered.' },
  payment_failed: { title: 'Your card was refused', body: 'Please pay for your order {code} within the hour.' },
  order_delayed: { title: 'A little later', body: 'Your order from {restaurant} needs more time.' },
  order_undeliverable: { title: 'We could not reach you', body: 'Please contact support about order {code}.' },
  order_cancelled: { title: 'Order {code} was cancelled', body: 'See the order for details.' },
  order_restored: { title: 'Order {code} goes on', body: 'The cancellation was withdrawn.' },
  cart_sold_out: { title: 'Sold out', body: '{restaurant} has run out of something in your cart.' },
  order_refunded: { title: 'Money back', body: 'You get something back for your order {code}.' },
  tip_received: { title: 'A tip for you', body: 'Somebody liked your delivery from {restaurant}.' },
  courier_at_counter: { title: 'Courier for {code}', body: 'The courier is here.' },
  courier_near: { title: 'Almost there', body: 'Your order from {restaurant} is around the corner.' },
  courier_here: { title: 'Your courier is here', body: 'Please open for your order from {restaurant}.' },
  courier_waits: { title: 'Your courier is waiting', body: 'Please come to the door, or your order goes back.' },
  late_credit: { title: 'Sorry for the wait', body: 'You have credit for your next order.' },
  courier_offer: { title: 'New delivery', body: 'Pick up at {restaurant}.' },
} as const;

export type MessageKey = keyof typeof MESSAGES;

/** Fills a text; a missing value leaves its place empty, which no template here does. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
