import type { z } from 'zod';
import type { AnswerEditInput, AnswerEditOutput, EditOrderInput, MoveOutput } from '../../calls/orders.js';
import type { Order } from '../../contract/orders.js';
import { readStripeCustomerId } from '../../payments/customers.js';
import { confirmOrRefuse } from '../../payments/confirm-intent.js';
import { editPurpose, type PaymentIntentState } from '../../payments/payments.js';
import { applyPaymentState } from './sync-payment.js';
import type { Caller, Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { Refusal, unwrap } from '../../core/outcome.js';
import { getChargeUnit, getMinimumCharge } from '../../pricing/currencies.js';
import { SYSTEM } from '../model/actors.js';
import type { Actor } from '../model/order-command.js';
import { editQuote, computeMissingMinor } from '../model/edits.js';
import { toMoveOutput, requestTransition } from './move-order.js';
import { checkTopUps } from '../model/step-limits.js';
import type { StepResult } from './commit-step.js';
import { transition } from './transition.js';

type AnswerRequest = z.infer<typeof AnswerEditInput>;

/**
 * Edits an order for the kitchen: a lower quantity applies at once; a dearer substitute needs the customer's consent.
 */
export async function editOrder(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, ...edit }: z.infer<typeof EditOrderInput>,
): Promise<MoveOutput> {
  return toMoveOutput(
    orderId,
    await requestTransition(ctx, caller, orderId, idempotencyKey, { action: 'edit', ...edit }),
  );
}

/**
 * Applies the customer's consent or refusal. A difference that the PaymentIntents do not cover is paid by one of its
 * own before the edit applies.
 */
export async function answerEdit(
  ctx: Context,
  caller: Caller,
  request: AnswerRequest,
): Promise<z.infer<typeof AnswerEditOutput>> {
  const { orderId } = request;
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order?.customerId !== caller.uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const event = request.event ?? findShownProposal(order, ctx.now());
  if (request.answer === 'decline')
    return { ...toMoveOutput(orderId, await decline(ctx, caller, request, event)), payment: null };
  const hold = order.edit?.event === event ? await openTopUp(ctx, orderId, order) : null;
  const command = {
    action: 'answerEdit' as const,
    reason: 'approved' as const,
    event,
    ...(hold && { topUpIntentId: hold.intentId }),
  };
  const answer = await requestTransition(ctx, caller, orderId, request.idempotencyKey, command);
  // A repeated call may find its proposal answered and another one open.
  if (!hold || answer.order.edit?.topUpIntentId !== hold.intentId)
    return { ...toMoveOutput(orderId, answer), payment: null };
  const paid = await payTopUp(ctx, caller.uid, request, hold);
  const now = (await paths.order(ctx.db, orderId).get()).data() ?? answer.order;
  const payment = paid.status === 'unpaid' ? { intentId: hold.intentId, clientSecret: hold.clientSecret } : null;
  return { ...toMoveOutput(orderId, { ...answer, order: now }), payment };
}

/** An app has shown a proposal to its user after this time. */
const SHOWN_MS = 10_000;

/**
 * Finds the proposal that an answer without a number means: the open one, unless it followed another a moment ago. 0,
 * which no proposal has, where there is none: such an answer does not apply to one that is made concurrently.
 */
function findShownProposal({ edit, events }: Order, nowMs: number): number {
  if (!edit) return 0;
  const before = events.slice(0, edit.event - 1);
  const isSecond = before.some(({ action }) => action === 'answerEdit');
  const isNew = nowMs - (events[edit.event - 1]?.atMs ?? 0) < SHOWN_MS;
  return isSecond && isNew ? 0 : edit.event;
}

/** Requires in the transaction that the proposal is still open: an approval may have been applied in between. */
function systemIfOpen({ edit }: Order, event: number): Actor {
  if (edit?.event !== event) throw new Refusal('EDIT_GONE');
  return SYSTEM;
}

/** Refusing to replace what the order cannot be sold without is a cancellation by the kitchen. */
async function decline(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey }: AnswerRequest,
  event: number,
): Promise<StepResult> {
  const answer = { action: 'answerEdit' as const, reason: 'declined' as const, event };
  try {
    return await requestTransition(ctx, caller, orderId, idempotencyKey, answer);
  } catch (error) {
    if (!(error instanceof Refusal && error.reason === 'LAST_LINE')) throw error;
    const command = { action: 'cancel' as const, reason: 'edit_unanswered' };
    return transition(ctx, {
      orderId,
      command,
      causeId: `declined:${idempotencyKey}`,
      actor: (now) => systemIfOpen(now, event),
    });
  }
}

/**
 * Opens a PaymentIntent for the difference; repeating the call returns the same one. Null when there is nothing to pay.
 */
async function openTopUp(ctx: Context, orderId: string, order: Order): Promise<PaymentIntentState | null> {
  const { edit, currency, customerId } = order;
  if (!edit) return null;
  const quote = (await paths.quote(ctx.db, orderId).get()).data();
  if (!quote) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  const edited = unwrap(editQuote(quote, edit.changes, null));
  const missing = computeMissingMinor(order, edited);
  if (missing === 0) return null;
  unwrap(checkTopUps(order.payment));
  const unit = getChargeUnit(currency);
  const amountMinor = Math.max(getMinimumCharge(currency), Math.ceil(missing / unit) * unit);
  const customer = await readStripeCustomerId(ctx, customerId);
  return ctx.payments.open({ orderId, purpose: editPurpose(edit.event), amountMinor, currency, customerId: customer });
}

/** Pays at once with a saved card; otherwise the app confirms, and the provider's event applies the edit. */
async function payTopUp(
  ctx: Context,
  customerId: string,
  { orderId, paymentMethodId }: AnswerRequest,
  opened: PaymentIntentState,
): Promise<PaymentIntentState> {
  if (opened.status === 'unpaid' && paymentMethodId === undefined) return opened;
  const { intentId } = opened;
  const hold =
    opened.status === 'unpaid' && paymentMethodId !== undefined
      ? await confirmOrRefuse(ctx, { orderId, customerId, intentId, paymentMethodId })
      : opened;
  await applyPaymentState(ctx, orderId, hold);
  return hold;
}
