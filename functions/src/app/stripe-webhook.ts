import { applyAccount } from '../merchants/connect.js';
import type { Context } from '../platform/context.js';
import { reportIfUnreadable } from '../platform/isolate.js';
import { syncDispute } from '../payments/disputes.js';
import { syncRefund } from '../payments/finish-refund.js';
import type { PaymentEvent } from '../payments/payments.js';
import { applyCourierAccount } from '../payouts/accounts.js';
import { syncBankPayout } from '../payouts/finish-payout.js';
import { applyPaymentState } from '../orders/flow/sync-payment.js';

export interface WebhookAnswer {
  status: 200 | 400 | 500;
  body: string;
}

/**
 * Handles an event of Stripe. The signature is checked over the raw bytes; then the PaymentIntent, refund or dispute is
 * fetched, since events arrive late, twice and out of order. Its state is applied once: the order's own events record
 * the PaymentIntent that moved it, in the same transaction. A failure is answered with 500, so that Stripe sends the
 * event again, for three days. A document that cannot be read becomes an operator task as well: an event that arrives
 * after its repair is applied.
 */
export async function stripeWebhook(ctx: Context, rawBody: Buffer, signature: string): Promise<WebhookAnswer> {
  const event = await ctx.payments.verifyEvent(rawBody, signature);
  if (!event) return { status: 400, body: 'SIGNATURE_INVALID' };
  try {
    await reportIfUnreadable(ctx, 'stripeWebhook', () => follow(ctx, event), true);
    return { status: 200, body: 'ok' };
  } catch (error) {
    ctx.log.error('webhook failed', { event: event.id, type: event.type }, error);
    return { status: 500, body: 'RETRY' };
  }
}

async function follow(ctx: Context, event: PaymentEvent): Promise<void> {
  const { intentId, refundId, disputeId, accountId, bankPayoutId } = event;
  if (intentId !== null) return followIntent(ctx, intentId);
  if (refundId !== undefined) return syncRefund(ctx, await ctx.payments.retrieveRefund(refundId));
  if (disputeId !== undefined) return syncDispute(ctx, disputeId);
  if (accountId === undefined) return;
  // An event of a payout names its account too, which has not changed.
  if (bankPayoutId !== undefined) return syncBankPayout(ctx, accountId, bankPayoutId);
  const account = await ctx.payments.retrieveAccount(accountId);
  if (account.owner?.type === 'courier') return applyCourierAccount(ctx, accountId, account);
  await applyAccount(ctx, accountId, account);
}

async function followIntent(ctx: Context, intentId: string): Promise<void> {
  const hold = await ctx.payments.retrieve(intentId);
  if (hold.orderId !== null) await applyPaymentState(ctx, hold.orderId, hold);
}
