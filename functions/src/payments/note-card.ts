import { findConflict, noteSignal } from '../abuse/links.js';
import type { Order } from '../contract/orders.js';
import { listUsedPromotions } from '../orders/model/reservation-rules.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import { isPlatformFunded } from '../promotions/usable.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import type { PaymentIntentState } from './payments.js';

/**
 * Links the customer with the other accounts that pay by the same card, once a discounted order is paid. A card entered
 * in the payment sheet is known only now: where it belongs to the restaurant's staff too, an operator task is created.
 * A failure here does not delay the payment.
 */
export async function recordCard(ctx: Context, orderId: string, order: Order, hold: PaymentIntentState): Promise<void> {
  const { cardFingerprint = null } = hold;
  if (cardFingerprint === null || order.totals.discountMinor === 0) return;
  try {
    const quote = (await paths.quote(ctx.db, orderId).get()).data();
    if (!quote || !listUsedPromotions(quote).some(isPlatformFunded)) return;
    const { customerId, restaurantId } = order;
    await noteSignal(ctx, customerId, { kind: 'card', value: cardFingerprint });
    const conflict = await findConflict(ctx, customerId, restaurantId);
    if (conflict) await raiseOperatorTask(ctx, { kind: 'linked_parties', orderId, detail: `customer: ${conflict}` });
  } catch (error) {
    ctx.log.error('card not recorded', { orderId }, error);
  }
}
