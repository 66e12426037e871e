import type { z } from 'zod';
import { takeCounted } from '../abuse/rate-limit-store.js';
import type { MessagePartyInput, MessagePartyOutput } from '../calls/operations.js';
import type { Order } from '../contract/orders.js';
import type { WakeUp } from '../contract/wake-ups.js';
import { pushTo } from '../notifications/send.js';
import type { Recipient } from '../orders/model/effect.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';

type Input = z.infer<typeof MessagePartyInput>;

/**
 * An operator writes to a party of an order: to the phones, and to the inbox. The audit says to whom and why, not the
 * words: they are the recipient's, and lapse with the inbox.
 */
export async function messageParty(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, to, text, reason, idempotencyKey }: Input,
): Promise<z.infer<typeof MessagePartyOutput>> {
  const ref = paths.order(ctx.db, orderId);
  const recipient = await recipientOf(ctx, orderId, (await ref.get()).data(), to);
  const id = `message-${orderId}-${to}-${idempotencyKey}`;
  const replayed = await ctx.db.runTransaction(async (tx) => {
    if ((await tx.get(paths.auditEntry(ctx.db, id))).exists) return true;
    await takeCounted(ctx, tx, [{ kind: 'partyMessage', whose: `${orderId} ${to}` }]);
    writeAudit(ctx, tx, { by, action: 'messageParty', subject: ref.path, reason, before: null, after: { to } }, id);
    return false;
  });
  // After the commit: a call that dies in between fails, and the app repeats it.
  await ctx.tasks.schedule(id, ctx.now(), { type: 'message', orderId, to: recipient, text, id });
  return { replayed };
}

async function recipientOf(
  ctx: Context,
  orderId: string,
  order: Order | undefined,
  to: Input['to'],
): Promise<Recipient> {
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const { status, restaurantId, customerId, courierId } = order;
  if (to === 'merchant') {
    // What was never placed never reached the kitchen.
    if (status === 'pending_payment' || status === 'expired') throw new Refusal('MOVE_NOT_ALLOWED', { status });
    return { type: 'restaurant', restaurantId };
  }
  const uid = to === 'customer' ? customerId : courierId;
  if (uid === null) throw new Refusal('COURIER_REQUIRED', { orderId });
  // The order of an account that was deleted names nobody.
  if (!(await ctx.identity.accountOf(uid))) throw new Refusal('USER_NOT_FOUND', { uid });
  return { type: 'user', uid };
}

/** Told once, however often the task comes: the message's name is the inbox's and the phones' as well. */
export async function deliverMessage(
  ctx: Context,
  { orderId, to, text, id }: Extract<WakeUp, { type: 'message' }>,
): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order) await pushTo(ctx, to, 'support_message', { orderId, order, values: { text }, id });
}
