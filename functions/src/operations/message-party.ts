import type { z } from 'zod';
import { requireOtherParty } from '../abuse/other-party.js';
import { takeTokens } from '../abuse/rate-limit-store.js';
import type { MessagePartyInput, MessagePartyOutput } from '../calls/operations.js';
import type { Order } from '../contract/orders.js';
import type { WakeUp } from '../contract/wake-ups.js';
import { notifyRecipient } from '../notifications/send.js';
import type { Recipient } from '../orders/model/effect.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';

type Input = z.infer<typeof MessagePartyInput>;

/**
 * Sends an operator's message to a party of an order: to the phones, and to the inbox. The audit entry contains the
 * recipient and the reason, not the text: it belongs to the recipient and expires with the inbox. Throws
 * OTHER_OPERATOR_REQUIRED for a party of the order: the recipient takes the message for the platform's.
 */
export async function messageParty(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, to, text, reason, idempotencyKey }: Input,
): Promise<z.infer<typeof MessagePartyOutput>> {
  const ref = paths.order(ctx.db, orderId);
  const order = (await ref.get()).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  await requireOtherParty(ctx, by, order);
  const recipient = await findRecipient(ctx, orderId, order, to);
  const id = `message-${orderId}-${to}-${idempotencyKey}`;
  const replayed = await ctx.db.runTransaction(async (tx) => {
    if ((await tx.get(paths.auditEntry(ctx.db, id))).exists) return true;
    await takeTokens(ctx, tx, [{ kind: 'partyMessage', whose: `${orderId} ${to}` }]);
    writeAudit(ctx, tx, { by, action: 'messageParty', subject: ref.path, reason, before: null, after: { to } }, id);
    return false;
  });
  // After the commit: if the call crashes in between, it fails and the app repeats it.
  await ctx.tasks.schedule(id, ctx.now(), { type: 'message', orderId, to: recipient, text, id });
  return { replayed };
}

async function findRecipient(
  ctx: Context,
  orderId: string,
  { status, restaurantId, customerId, courierId }: Order,
  to: Input['to'],
): Promise<Recipient> {
  if (to === 'merchant') {
    // An order that was never placed is unknown to the kitchen.
    if (status === 'pending_payment' || status === 'expired') throw new Refusal('MOVE_NOT_ALLOWED', { status });
    return { type: 'restaurant', restaurantId };
  }
  const uid = to === 'customer' ? customerId : courierId;
  if (uid === null) throw new Refusal('COURIER_REQUIRED', { orderId });
  // The order of a deleted account names no recipient.
  if (!(await ctx.identity.accountOf(uid))) throw new Refusal('USER_NOT_FOUND', { uid });
  return { type: 'user', uid };
}

/**
 * Delivers the message once, also when the task is repeated: the message's name is used in the inbox and on the phones
 * as well.
 */
export async function deliverMessage(
  ctx: Context,
  { orderId, to, text, id }: Extract<WakeUp, { type: 'message' }>,
): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order) await notifyRecipient(ctx, to, 'support_message', { orderId, order, values: { text }, id });
}
