import { logger } from 'firebase-functions';
import { HttpsError, type CallableRequest } from 'firebase-functions/https';
import type { CallableName, Definition } from '../calls/callables.js';
import { Claims } from '../contract/accounts.js';
import { readClientAddress } from '../core/address.js';
import { Refusal } from '../core/outcome.js';
import type { Caller } from '../platform/context.js';
import { toFailure } from '../platform/failure.js';
import { invoke, MAX_BODY_BYTES } from './callable.js';
import { createProductionContext } from './production.js';

/**
 * Runs a callable in production: refusals are returned with stable reasons, bugs are logged and returned as `internal`.
 */
export async function runCallable<N extends CallableName>(
  name: N,
  { roles, handler }: Definition<N>,
  request: CallableRequest,
): Promise<unknown> {
  try {
    if (request.rawRequest.rawBody.length > MAX_BODY_BYTES)
      throw new Refusal('INPUT_TOO_LARGE', { maxBytes: MAX_BODY_BYTES });
    const run = await handler();
    return await invoke(
      createProductionContext(),
      name,
      { ...(roles && { roles }), run },
      toCaller(request),
      request.data,
    );
  } catch (error) {
    const { code, reason, details } = toFailure(error);
    if (code === 'internal' || code === 'unavailable') logger.error(`${name} failed`, error);
    throw new HttpsError(code, reason, { reason, ...details });
  }
}

function toCaller({ auth, rawRequest }: CallableRequest): Caller | null {
  if (!auth) return null;
  const { token, uid } = auth;
  const name: unknown = token['name'];
  return {
    uid,
    claims: Claims.parse(token),
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : 'Customer',
    email: token.email_verified === true && token.email !== undefined ? token.email : null,
    signedInAtMs: token.auth_time * 1000,
    // The token counts whole seconds: it was issued before the next one.
    tokenIssuedAtMs: (token.iat + 1) * 1000,
    address: readClientAddress(rawRequest.header('x-forwarded-for')),
  };
}
