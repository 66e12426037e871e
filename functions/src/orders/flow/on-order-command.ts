import { Command, CommandId, type CommandRequest } from '../../contract/commands.js';
import { toAccountId } from '../../ledger/model/account-id.js';
import { reportDocument } from '../../platform/isolate.js';
import { DocumentError } from '../../platform/document-error.js';
import { isCurable, REASONS, type ErrorReason } from '../../core/errors.js';
import { toRefusal } from '../../platform/failure.js';
import type { Context } from '../../platform/context.js';
import { isRevoked } from '../../platform/identity.js';
import { paths } from '../../platform/firestore.js';
import { toPlain, updateOne } from '../../platform/stored.js';
import { Refusal } from '../../core/outcome.js';
import type { OrderCommand } from '../model/order-command.js';
import { requestTransition, readCodeForKitchen } from './move-order.js';

/** More than the steps of an order that one phone could take. */
const MAX_QUEUE = 10;

/**
 * Applies a command that a phone wrote while it was offline and writes the answer into the command. The session and the
 * role are checked again, by the user's record: a token may be an hour old, and rules know only the token. Throws
 * errors that a retry may resolve; the platform delivers the event again.
 */
export async function onOrderCommand(
  ctx: Context,
  orderId: string,
  commandId: string,
  behind: readonly string[] = [],
): Promise<void> {
  const ref = paths.command(ctx.db, orderId, commandId);
  const stored = await ctx.db.doc(ref.path).get();
  if (!stored.exists) return;
  const parsed = Command.safeParse(toPlain(stored.data()));
  if (!parsed.success || !CommandId.safeParse(commandId).success) {
    // Rules do not check every move: a command that violates the schema is answered, never retried.
    if (stored.get('answer.state') === 'pending') await updateOne(ref, { answer: refusal(ctx, 'INPUT_INVALID') });
    return;
  }
  if (parsed.data.answer.state !== 'pending') return;
  // Events come in any order. Commands that are queued in a circle do not wait.
  const queue = [...behind, commandId];
  const { after } = parsed.data;
  if (after !== undefined && !queue.includes(after) && queue.length < MAX_QUEUE)
    await onOrderCommand(ctx, orderId, after, queue);
  await updateOne(ref, { answer: await apply(ctx, orderId, commandId, parsed.data) });
}

async function apply(ctx: Context, orderId: string, commandId: string, command: Command): Promise<Command['answer']> {
  try {
    const { uid, authTime, createdAt } = command;
    // Read after the command arrived: until then its session was not revoked, nor its writer blocked or dismissed.
    const record = await ctx.identity.recordOf(uid, createdAt);
    if (isRevoked(record, authTime * 1000)) throw new Refusal('SESSION_REVOKED');
    const caller = { uid, claims: record.claims };
    const applied = await requestTransition(
      ctx,
      caller,
      orderId,
      toCauseId(uid, commandId),
      toOrderCommand(command.request),
      true,
    );
    const code = await readCodeForKitchen(ctx, caller, orderId, applied);
    return { state: 'applied', event: applied.event.n, answeredAtMs: ctx.now(), ...code };
  } catch (error) {
    const known = toRefusal(error);
    if (!known || isCurable(known.reason)) throw error;
    if (error instanceof DocumentError) await reportDocument(ctx, 'onOrderCommand', error.path, error);
    return refusal(ctx, known.reason);
  }
}

/**
 * A command's id is predictable: a callable's key has no colon, so it cannot collide with a command's. The id contains
 * the uid of its writer, and the order outlives an erasure of the writer: the event contains an opaque id instead.
 */
const toCauseId = (uid: string, commandId: string): string => `command:${commandId.replace(uid, toAccountId(uid))}`;

const refusal = (ctx: Context, reason: ErrorReason) =>
  ({ state: 'refused', code: REASONS[reason].code, reason, answeredAtMs: ctx.now() }) as const;

/**
 * A command may arrive long after the tap: without the app's statement it costs its customer nothing, and applies to an
 * order that was never restored.
 */
const SAFE_CANCELLATION = { mostMinor: 0, events: 1 } as const;

function toOrderCommand(request: CommandRequest): OrderCommand {
  if (request.type === 'move') return request.move;
  const { type: _, ...cancellation } = request;
  return { action: 'cancel', ...SAFE_CANCELLATION, ...cancellation };
}
