import { z } from 'zod';
import { EpochMs, EpochSeconds, IdempotencyKey, numberedIdOf, Stamp, Uid } from './common.js';
import { Cancellation, CommandMove, Move, PickUpCode } from './moves.js';

/** A request of an app that may be offline: the same verbs as the callables'. */
export const CommandRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('move'), move: Move }),
  z.strictObject({ type: z.literal('cancel'), ...Cancellation.shape }),
]);
export type CommandRequest = z.infer<typeof CommandRequest>;

/**
 * What an app writes into a command: the requests that the rules let through. A call offers more, for example who is
 * liable for a cancellation.
 */
export const CommandStep = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('move'), move: CommandMove }),
  z.strictObject({ type: z.literal('cancel'), ...Cancellation.omit({ liable: true }).shape }),
]);

export const CommandAnswer = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('pending') }),
  z.strictObject({
    state: z.literal('applied'),
    event: z.int().min(1),
    answeredAtMs: EpochMs,
    /** For the kitchen's own steps: the code that the courier types at the counter. */
    pickUpCode: PickUpCode.optional(),
  }),
  z.strictObject({ state: z.literal('refused'), code: z.string(), reason: z.string(), answeredAtMs: EpochMs }),
]);

/** The number of commands that one person may give about one order. */
export const COMMANDS_PER_ORDER = 60;
/** The number of commands that may wait behind the first of a queue. */
export const COMMANDS_QUEUED = 9;

/** `{uid}-command-{n}`, or a client's key for a command that was written before they were numbered. */
export const CommandId = z.union([numberedIdOf('-command-', 2), IdempotencyKey]);

/**
 * `orders/{orderId}/commands/{uid}-command-{n}`: created by the app under rules; the server writes its answer into it.
 * The id numbers the commands of one writer about one order 1, 2, 3…, so a repeated write is the same command, and a
 * command is accepted no sooner than a second after the one before unless it is queued behind it.
 */
export const Command = z.strictObject({
  uid: Uid,
  role: z.enum(['customer', 'merchant', 'courier']),
  /** Absent in a command that was written before they were numbered. */
  n: z.int().min(1).max(COMMANDS_PER_ORDER).optional(),
  request: CommandRequest,
  /** The number of commands before it in its queue; absent: it is not queued. */
  queued: z.int().min(1).max(COMMANDS_QUEUED).optional(),
  /** The writer's previous command: this one is decided after that one is answered. */
  after: CommandId.optional(),
  /** The server's time of arrival. */
  createdAt: Stamp,
  /** When the writer signed in, from the token: a session that was revoked since may not send commands. */
  authTime: EpochSeconds,
  answer: CommandAnswer,
});
export type Command = z.infer<typeof Command>;
