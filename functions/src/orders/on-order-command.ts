import { Claims } from '../contract/accounts.js';
import type { Command, CommandRequest } from '../contract/commands.js';
import { REASONS } from '../platform/errors.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import type { OrderCommand } from './decide.js';
import { askFor } from './move-order.js';

/**
 * Applies a command that a phone wrote while it was offline and answers in the command itself. The role is proven
 * here again, from the user's claims: rules only keep out what never could be allowed.
 * Throws what a retry may cure; the platform delivers the event again.
 */
export async function onOrderCommand(ctx: Context, orderId: string, commandId: string): Promise<void> {
  const ref = paths.command(ctx.db, orderId, commandId);
  const command = (await ref.get()).data();
  if (!command || command.answer.state !== 'pending') return;
  const answer = await apply(ctx, orderId, commandId, command);
  await ref.update({ answer });
}

async function apply(ctx: Context, orderId: string, commandId: string, command: Command): Promise<Command['answer']> {
  try {
    const claims = Claims.parse((await ctx.identity.claimsOf(command.uid)) ?? {});
    const caller = { uid: command.uid, claims };
    const { event } = await askFor(ctx, caller, orderId, commandId, toOrderCommand(command.request));
    return { state: 'applied', event: event.n, answeredAtMs: ctx.now() };
  } catch (error) {
    if (!(error instanceof Refusal) || REASONS[error.reason] === 'unavailable') throw error;
    return { state: 'refused', code: REASONS[error.reason], reason: error.reason, answeredAtMs: ctx.now() };
  }
}

function toOrderCommand(request: CommandRequest): OrderCommand {
  if (request.type === 'move') return request.move;
  const { type: _, ...cancellation } = request;
  return { action: 'cancel', ...cancellation };
}
