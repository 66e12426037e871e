import type { ErrorReason } from './errors.js';

/** The result of a pure decision: a value, or an expected refusal with facts that a client may show. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; reason: ErrorReason; details: Details };
export type Details = Readonly<Record<string, string | number | boolean | null>>;

/** Returns an accepted outcome with its value. */
export const accept = <T>(value: T): Outcome<T> => ({ ok: true, value });
/** Returns a refusal with its reason and the facts for the client. */
export const refuse = (reason: ErrorReason, details: Details = {}): Outcome<never> => ({ ok: false, reason, details });

/** Thrown by shells to leave a handler or a transaction; callable() converts it to the reason's code. */
export class Refusal extends Error {
  constructor(
    readonly reason: ErrorReason,
    readonly details: Details = {},
  ) {
    super(reason);
    this.name = 'Refusal';
  }
}

/** Returns the value of an outcome, or throws its refusal. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Refusal(outcome.reason, outcome.details);
  return outcome.value;
}

/** Throws for a claim that only a bug can break: the client receives `internal`, the log contains the message. */
export function invariant(claim: unknown, message: string): asserts claim {
  if (!claim) throw new Error(`invariant: ${message}`);
}
