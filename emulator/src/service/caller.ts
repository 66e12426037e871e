import { type Author } from '../store/document.js';
import { invalid, StatusError } from '../values/status.js';

/** The claims of a token, as JSON. */
type Claims = Readonly<Record<string, unknown>>;

/**
 * With this header an Admin SDK may say which function it works for: nothing else in its calls tells. Only the meter
 * looks at it.
 */
export const FUNCTION_HEADER = 'x-emulator-function';

/** Who asks: the administrator, past all rules; a signed-in user; or nobody. */
export type Caller =
  | { readonly kind: 'admin'; readonly functionName?: string }
  | { readonly kind: 'user'; readonly uid: string | undefined; readonly claims: Claims }
  | { readonly kind: 'anonymous' };

const ADMIN_TOKEN = /^(owner|ya29\..*)$/is;

const ANONYMOUS: Caller = { kind: 'anonymous' };
/** A client sends the same token for an hour, with every call. */
const callers = new Map<string, Caller>();
const MAX_CALLERS = 1000;

/**
 * Reads an Authorization header. Tokens are read, not verified: this is an emulator.
 * Source: recorded answers to some sixty headers.
 */
export function parseAuthorization(header: string | undefined): Caller {
  if (header === undefined) return ANONYMOUS;
  const known = callers.get(header);
  if (known) return known;
  const caller = read(header);
  if (callers.size >= MAX_CALLERS) callers.clear();
  callers.set(header, caller);
  return caller;
}

function read(header: string): Caller {
  if (/^bearer\t/i.test(header)) return ANONYMOUS;
  const match = /^bearer (.*)$/is.exec(header);
  if (!match) throw new StatusError('UNKNOWN', '');
  const token = match[1] ?? '';
  if (ADMIN_TOKEN.test(token)) return { kind: 'admin' };
  const claims = claimsOf(token);
  const uid = claims['sub'] ?? claims['user_id'];
  return { kind: 'user', uid: typeof uid === 'string' ? uid : undefined, claims };
}

const SEGMENT = /^[A-Za-z0-9_-]+={0,3}$/;
const SIGNATURE = /^[A-Za-z0-9_-]*={0,3}$/;

function claimsOf(token: string): Claims {
  const [header = '', payload = '', signature, ...rest] = token.split('.');
  if (signature === undefined || rest.length > 0 || !SIGNATURE.test(signature)) throw invalid('invalid jwt');
  if (signature.replace(/=/g, '').length % 4 === 1) throw invalid('invalid jwt');
  jsonObject(header);
  return jsonObject(payload);
}

function jsonObject(segment: string): Claims {
  if (!SEGMENT.test(segment)) throw invalid('invalid jwt');
  try {
    const json: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    if (isRecord(json)) return json;
  } catch {
    // Not JSON: refused like any other text that is no object.
  }
  throw invalid('invalid jwt');
}

/** Is the value an object with fields, not null and no array? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws PERMISSION_DENIED where the caller is not the administrator. */
export function requireAdmin(caller: Caller, what: string): void {
  if (caller.kind !== 'admin') throw new StatusError('PERMISSION_DENIED', `${what} require admin authentication.`);
}

/** Returns whom an event names as its author. */
export function authorOf(caller: Caller): Author {
  if (caller.kind === 'admin') return { type: 'system', id: undefined };
  return caller.kind === 'user' ? { type: 'app_user', id: caller.uid } : { type: 'unauthenticated', id: undefined };
}

/** The name under which a caller's operations are counted: user:<uid>, anonymous, function:<name> or admin. */
export function callerLabel(caller: Caller): string {
  if (caller.kind === 'user') return `user:${caller.uid ?? ''}`;
  return caller.kind === 'admin' && caller.functionName !== undefined ? `function:${caller.functionName}` : caller.kind;
}
