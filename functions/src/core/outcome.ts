import type { DetailsOf } from './error-details.js';
import type { ErrorReason } from './errors.js';

/** The result of a pure decision: a value, or an expected refusal with facts that a client may show. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; reason: ErrorReason; details: Details };
export type Details = Readonly<Record<string, string | number | boolean | null>>;

/** Returns an accepted outcome with its value. */
export const accept = <T>(value: T): Outcome<T> => ({ ok: true, value });
/** Returns a refusal with its reason and the facts for the client. */
export const refuse = <R extends ErrorReason>(reason: R, details?: DetailsOf<R>): Outcome<never> => ({
  ok: false,
  reason,
  details: withoutGaps(details),
});

/** Thrown by shells to leave a handler or a transaction; callable() converts it to the reason's code. */
export class Refusal<R extends ErrorReason = ErrorReason> extends Error {
  readonly details: Details;

  constructor(
    readonly reason: R,
    details?: DetailsOf<R>,
  ) {
    super(reason);
    this.name = 'Refusal';
    this.details = withoutGaps(details);
  }

  /** Returns the error of a refused outcome. */
  static of({ reason, details }: Extract<Outcome<unknown>, { ok: false }>): Refusal {
    return Object.assign(new Refusal(reason), { details });
  }
}

const withoutGaps = (details: Readonly<Record<string, Details[string] | undefined>> = {}): Details =>
  Object.fromEntries(Object.entries(details).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Returns the value of an outcome, or throws its refusal. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw Refusal.of(outcome);
  return outcome.value;
}

/** Throws for a claim that only a bug can break: the client receives `internal`, the log contains the message. */
export function invariant(claim: unknown, message: string): asserts claim {
  if (!claim) throw new Error(`invariant: ${message}`);
}
