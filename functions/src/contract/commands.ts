import { z } from 'zod';
import { EpochMs, EpochSeconds, IdempotencyKey, Stamp, Uid } from './common.js';
import { Cancellation, Move, PickUpCode } from './moves.js';

/** What a phone that may be offline asks for: the same verbs as the callables'. */
export const CommandRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('move'), move: Move }),
  z.strictObject({ type: z.literal('cancel'), ...Cancellation.shape }),
]);
export type CommandRequest = z.infer<typeof CommandRequest>;

export const CommandAnswer = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('pending') }),
  z.strictObject({
    state: z.literal('applied'),
    event: z.int().min(1),
    answeredAtMs: EpochMs,
    /** For the kitchen's own steps: what the courier has to type at the counter. */
    pickUpCode: PickUpCode.optional(),
  }),
  z.strictObject({ state: z.literal('refused'), code: z.string(), reason: z.string(), answeredAtMs: EpochMs }),
]);

/**
 * `orders/{orderId}/commands/{commandId}`: created by the app, answered by the server in place. The id is the
 * command's idempotency key.
 */
export const Command = z.strictObject({
  uid: Uid,
  role: z.enum(['customer', 'merchant', 'courier']),
  request: CommandRequest,
  /** The command of the same phone that waits before it: this one is decided once that one is answered. */
  after: IdempotencyKey.optional(),
  /** The server's time of arrival. */
  createdAt: Stamp,
  /** When the writer signed in, as the token says: a session that was revoked since may ask for nothing. */
  authTime: EpochSeconds,
  answer: CommandAnswer,
});
export type Command = z.infer<typeof Command>;
