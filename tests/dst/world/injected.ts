import { rpcError, UNAVAILABLE } from '#fixtures/in-process-firestore.js';

/** Errors that the run injected: a callable that passes one on has no fault. */
const injected = new WeakSet<Error>();

/** True for an error of `createOutage`, or one that it caused. */
export function isInjected(error: unknown): boolean {
  return error instanceof Error && (injected.has(error) || isInjected(error.cause));
}

/** Creates the error of a call that found no server, in the form of the SDK that makes the call. */
export function createOutage(call: string): Error {
  const error = call.startsWith('payments.')
    ? Object.assign(new Error(`${call}: no connection`), { type: 'StripeConnectionError' })
    : rpcError(UNAVAILABLE, `UNAVAILABLE: ${call}`);
  injected.add(error);
  return error;
}
