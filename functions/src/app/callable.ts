import type { z } from 'zod';
import { CALLABLES, type CallableName, type Inputs, type Outputs } from '../calls/callables.js';
import type { CallableHandler, CallerRole } from '../calls/define-callable.js';
import { toAddressKey } from '../abuse/model/address.js';
import { takeToken } from '../abuse/rate-limit-store.js';
import { CALLS_BY_ADDRESS, CALLS_BY_USER, findCountedLimit, findFreeLimit } from '../abuse/model/limits.js';
import { findOperatorRoles, mayOperate } from '../authority/operator-calls.js';
import type { Claims } from '../contract/accounts.js';
import { LIMITS } from '../contract/common.js';
import { asShownLineUpTo } from '../moderation/text.js';
import type { Caller, Context } from '../platform/context.js';
import { reportDocument } from '../platform/isolate.js';
import { DocumentError } from '../platform/document-error.js';
import { isRevoked } from '../platform/identity.js';
import { Refusal } from '../core/outcome.js';
import { hasRole } from '../platform/roles.js';

/** What runs a callable: its definition, or a handler that a test imports. */
export interface Handler<N extends CallableName> {
  roles?: readonly CallerRole[];
  run: CallableHandler<Inputs[N], Outputs[N]>;
}

/** The largest request of an app, in bytes. */
export const MAX_BODY_BYTES = 100_000;

/**
 * Runs a callable: applies the limits, checks the session and the role by the user's record, parses the input and calls
 * the handler. Deployed functions and the whole backend in one process share it. Throws Refusals, and every unexpected
 * error of the handler.
 */
export async function invoke<N extends CallableName>(
  ctx: Context,
  name: N,
  handler: Handler<N>,
  caller: Caller | null,
  data: unknown,
): Promise<Outputs[N]> {
  if (!caller) throw new Refusal('SIGN_IN_REQUIRED');
  const { limiter } = ctx.caches;
  limiter.take(`user:${caller.uid}`, CALLS_BY_USER);
  if (caller.address !== null) limiter.take(`address:${toAddressKey(caller.address)}`, CALLS_BY_ADDRESS);
  const record = await ctx.identity.recordOf(caller.uid, caller.tokenIssuedAtMs);
  if (isRevoked(record, caller.signedInAtMs)) throw new Refusal('SESSION_REVOKED');
  const current = { ...caller, claims: toClaimsFor(name, record.claims) };
  if (handler.roles && !handler.roles.some((role) => hasRole(current, role))) {
    throw new Refusal('ROLE_REQUIRED', { roles: handler.roles.join(','), ...toOperatorRoles(name) });
  }
  const input = parse(CALLABLES[name].input, data);
  await countCall(ctx, name, caller.uid);
  try {
    return await handler.run(ctx, { ...current, name: shownName(current) }, input);
  } catch (error) {
    if (error instanceof DocumentError) await reportDocument(ctx, name, error.path, error);
    throw error;
  }
}

/** An operator whose role does not include the call makes it as a customer. */
const toClaimsFor = (name: CallableName, claims: Claims): Claims =>
  claims.role === 'operator' && !mayOperate(name, claims.desk) ? { ...claims, role: 'customer' } : claims;

function toOperatorRoles(name: CallableName): { operatorRoles?: string } {
  const roles = findOperatorRoles(name);
  return roles ? { operatorRoles: roles.join(',') } : {};
}

/** Takes a token of the call's limit, over all instances. Throws TOO_MANY_REQUESTS. */
async function countCall(ctx: Context, name: CallableName, uid: string): Promise<void> {
  const kind = findCountedLimit(name);
  if (kind) await takeToken(ctx, { kind, whose: uid });
  const often = findFreeLimit(name);
  const isFast = often !== undefined && ctx.caches.limiter.wait(`${often.kind}:${uid}`, often.free) > 0;
  if (isFast) await takeToken(ctx, { kind: often.kind, whose: uid });
}

/** The name in a token is chosen by the user or the identity provider, and other users read it. */
const shownName = ({ name }: Caller): string => asShownLineUpTo(name, LIMITS.nameChars) || 'Customer';

function parse<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Refusal('INPUT_INVALID', { path: issue?.path.join('.') ?? '', problem: issue?.message ?? '' });
}
