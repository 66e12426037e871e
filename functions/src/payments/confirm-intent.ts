import { FREE_DECLINES } from '../abuse/model/limits.js';
import { returnToken, takeToken, type Count } from '../abuse/rate-limit-store.js';
import { Refusal } from '../core/outcome.js';
import type { Context } from '../platform/context.js';
import { PaymentDeclined, type PaymentIntentState } from './payments.js';

interface Confirmation {
  orderId: string;
  /** The customer who pays. */
  customerId: string;
  intentId: string;
  paymentMethodId: string;
}

/**
 * Pays with a saved card while the customer waits. After a decline the customer may pay the same PaymentIntent with
 * another card. Declined cards count by customer, over all instances; after a few of them the count is checked before
 * the provider is called, so that a list of cards cannot be tried. Throws PAYMENT_DECLINED or TOO_MANY_REQUESTS.
 */
export async function confirmOrRefuse(
  ctx: Context,
  { orderId, customerId, ...request }: Confirmation,
): Promise<PaymentIntentState> {
  const declines: Count = { kind: 'declinedCard', whose: customerId };
  const { limiter } = ctx.caches;
  const key = `declinedCard:${customerId}`;
  const isSuspect = limiter.isEmpty(key, FREE_DECLINES);
  if (isSuspect) await takeToken(ctx, declines);
  try {
    const confirmed = await ctx.payments.confirm(request);
    if (isSuspect) await returnToken(ctx, declines);
    return confirmed;
  } catch (error) {
    const isDeclined = error instanceof PaymentDeclined;
    if (isDeclined) limiter.wait(key, FREE_DECLINES);
    if (isDeclined && !isSuspect) await takeToken(ctx, declines);
    if (!isDeclined && isSuspect) await returnToken(ctx, declines);
    throw isDeclined ? new Refusal('PAYMENT_DECLINED', { orderId, declineCode: error.declineCode }) : error;
  }
}
