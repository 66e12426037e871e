import type { Context } from '../platform/context.js';
import { Refusal } from '../core/outcome.js';
import { PaymentDeclined, type PaymentIntentState } from './payments.js';

/**
 * Pays with a saved card while the customer waits. After a decline the customer may pay the same PaymentIntent with
 * another card.
 */
export async function confirmOrRefuse(
  ctx: Context,
  { orderId, ...request }: { orderId: string; intentId: string; paymentMethodId: string },
): Promise<PaymentIntentState> {
  try {
    return await ctx.payments.confirm(request);
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    throw new Refusal('PAYMENT_DECLINED', { orderId, declineCode: error.declineCode });
  }
}
