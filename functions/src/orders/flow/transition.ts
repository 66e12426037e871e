import type { ErrorReason } from '../../core/errors.js';
import { Refusal } from '../../core/outcome.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { raiseOperatorTask } from '../../platform/operator-tasks.js';
import { withRecoveryTask } from '../../platform/recovery.js';
import { hasCardToCheck, linkCardAndCheckUses } from '../../promotions/card-uses.js';
import { PROMOTION_USED } from '../model/actions/cancel.js';
import { SYSTEM } from '../model/actors.js';
import { listEffects } from '../model/effects.js';
import { commitStep, type StepResult, type StepInput } from './commit-step.js';
import { runEffects } from './run-effects.js';

/**
 * Moves an order; every step goes through this function. Decides and writes in a transaction, then runs the effects
 * outside, or leaves them to a recovery task.
 */
export async function transition(ctx: Context, input: StepInput): Promise<StepResult> {
  const { orderId, causeId } = input;
  return withRecoveryTask(ctx, {
    name: recoveryTaskName(orderId, causeId),
    wakeUp: { type: 'effects', orderId, causeId },
    commit: (schedule) => commitOnce(ctx, input, schedule()),
    followUp: ({ order, event, replayed }) => (replayed ? null : runFollowUp(ctx, orderId, order, event)),
  });
}

/**
 * The SDK repeats a transaction whose commit it got no response to. If that commit had succeeded, the repetition finds
 * this call's own event: that is not a replay, its effects are still to be run.
 */
async function commitOnce(ctx: Context, input: StepInput, ready: Promise<unknown>): Promise<StepResult> {
  let mayHaveWritten = false;
  const answer = await ctx.db.runTransaction(async (tx) => {
    const committed = await commitStep(ctx, tx, input, { ready, mayHaveWritten });
    mayHaveWritten ||= !('refusal' in committed) && !committed.replayed;
    return committed;
  });
  if ('refusal' in answer) throw answer.refusal;
  return answer;
}

/** Runs the effects of an event and, where the restaurant accepts automatically, the next step. False to try again. */
export async function runFollowUp(ctx: Context, orderId: string, order: Order, event: OrderEvent): Promise<boolean> {
  const card = await checkCard(ctx, orderId, order, event);
  // The cancellation has notified all parties.
  if (card === 'cancelled') return true;
  const done = await runEffects(ctx, { orderId, order, event });
  if (card === 'unknown') return false;
  if (!listEffects(order, event).some((effect) => effect.type === 'autoAccept')) return done;
  return (await autoAccept(ctx, orderId, event)) && done;
}

/**
 * Cancels an order whose card shows that its promotion was used up; creates an operator task where the kitchen has
 * accepted. Repeated after a crash, and before the kitchen may accept automatically. `unknown`: to be retried.
 */
async function checkCard(
  ctx: Context,
  orderId: string,
  order: Order,
  event: OrderEvent,
): Promise<'clear' | 'cancelled' | 'unknown'> {
  if (!hasCardToCheck(order, event)) return 'clear';
  try {
    if (!(await linkCardAndCheckUses(ctx, orderId, order))) return 'clear';
    return await cancelUsedUp(ctx, orderId, event);
  } catch (error) {
    ctx.log.error('comparison of the card failed, a recovery task retries it', { orderId, event: event.n }, error);
    return 'unknown';
  }
}

async function cancelUsedUp(ctx: Context, orderId: string, event: OrderEvent): Promise<'clear' | 'cancelled'> {
  const command = { action: 'cancel' as const, reason: PROMOTION_USED };
  try {
    await transition(ctx, { orderId, command, causeId: `card:used:${event.n}`, actor: () => SYSTEM });
    return 'cancelled';
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'MOVE_NOT_ALLOWED') throw error;
    const detail = 'customer: the promotion was used by another account of the card';
    await raiseOperatorTask(ctx, { kind: 'linked_parties', orderId, detail });
    return 'clear';
  }
}

const ENDS_AUTO_ACCEPT: readonly ErrorReason[] = ['MOVE_NOT_ALLOWED', 'RESTAURANT_CLOSED'];

/**
 * Accepts an order automatically. Done as well when the order has moved on by itself, and where the store is closed or
 * has no staff: the order waits for an answer like that of any other store, and its deadline rejects it.
 */
async function autoAccept(ctx: Context, orderId: string, event: OrderEvent): Promise<boolean> {
  const causeId = `auto:accept:${event.n}`;
  try {
    await transition(ctx, { orderId, command: { action: 'accept' }, causeId, actor: () => SYSTEM });
    return true;
  } catch (error) {
    if (error instanceof Refusal && ENDS_AUTO_ACCEPT.includes(error.reason)) return true;
    ctx.log.error('auto-accept failed', { orderId, event: event.n }, error);
    return false;
  }
}

/**
 * Builds the name of the recovery task of a cause. The backend's own causes get another prefix, since without their
 * colons they could equal a client's key.
 */
export function recoveryTaskName(orderId: string, causeId: string): string {
  const prefix = causeId.includes(':') ? 'own-effects' : 'effects';
  return `${prefix}-${orderId}-${causeId}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
