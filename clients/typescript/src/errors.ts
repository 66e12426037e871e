import { FirebaseError } from 'firebase/app';
import { FunctionsError } from 'firebase/functions';
import { REASONS, type Reason, type ReasonDetails } from './generated/errors.js';

/** Why the server refused, with its facts: `switch (refusal.reason)` narrows `details`. */
export type Refusal = { readonly [R in Reason]: { readonly reason: R; readonly details: ReasonDetails[R] } }[Reason];

/** A reason of a newer server, or `INTERNAL` for a failure that only the server's log describes. */
export interface UnknownRefusal {
  readonly reason: 'unknown';
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A refused call. Everything else, such as no connection, stays the error of the Firebase SDK. */
export class RefusedError extends Error {
  constructor(
    readonly refusal: Refusal | UnknownRefusal,
    cause: unknown,
  ) {
    super(refusal.reason === 'unknown' ? refusal.text : refusal.reason, { cause });
    this.name = 'RefusedError';
  }
}

/** Returns why the server refused; undefined for any other error. */
export const refusalOf = (error: unknown): Refusal | UnknownRefusal | undefined =>
  error instanceof RefusedError ? error.refusal : undefined;

/** True for a refusal with one of these reasons. */
export const isRefused = (error: unknown, ...reasons: readonly Reason[]): boolean =>
  reasons.some((reason) => refusalOf(error)?.reason === reason);

/** True where the security rules of Firestore or Storage denied a read or a write. */
export const isDenied = (error: unknown): boolean =>
  error instanceof FirebaseError && (error.code === 'permission-denied' || error.code === 'storage/unauthorized');

/** True where Firestore was not reached, or where a document is not on the phone. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof FirebaseError && error.code === 'unavailable';

const isReason = (text: string): text is Reason => REASONS.some((one) => one === text);

/** Converts an error of a call: a refusal of the server becomes a RefusedError. */
export function toRefusedError(error: unknown): unknown {
  if (!(error instanceof FunctionsError) || typeof error.details !== 'object' || error.details === null) return error;
  const { reason, ...details }: Record<string, unknown> = { ...error.details };
  return typeof reason === 'string' ? new RefusedError(toRefusal(reason, details), error) : error;
}

/** The server sends the facts that its contract names for the reason. */
export function toRefusal(reason: string, details: Readonly<Record<string, unknown>>): Refusal | UnknownRefusal {
  return isReason(reason) ? ({ reason, details } as Refusal) : { reason: 'unknown', text: reason, details };
}
