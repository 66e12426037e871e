import type { Order } from '../../contract/orders.js';
import type { Transition } from './order-command.js';
import { reservesLimited } from './reservation-rules.js';

/**
 * True for a customer's own cancellation that charges neither money nor credit, whatever its scope says: cash that is
 * not paid at the door is never paid. A scheduled order that reserves nothing limited keeps no kitchen busy and does not
 * count.
 */
export function isFreeCancellation(before: Order, { order, event, released }: Transition): boolean {
  if (event.action !== 'cancel' || event.by !== 'customer' || event.liable !== 'customer') return false;
  if (event.from === 'scheduled' && !reservesLimited(before)) return false;
  const spentCreditMinor = (before.reserved?.creditMinor ?? 0) - (released?.creditMinor ?? 0);
  return order.payment.capturedMinor === 0 && spentCreditMinor === 0;
}
