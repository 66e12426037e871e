import { type Author } from '../store/document.js';
import { invalid, StatusError } from '../values/status.js';

/** The claims of a token, as JSON. */
type Claims = Readonly<Record<string, unknown>>;

/**
 * The header by which an Admin SDK names the function that it runs in; its calls contain no other hint. Only the meter
 * uses it.
 */
export const FUNCTION_HEADER = 'x-emulator-function';

/** The origin of a request: the administrator, who bypasses all rules; a signed-in user; or an anonymous client. */
export type Caller =
  | { readonly kind: 'admin'; readonly functionName?: string }
  | { readonly kind: 'user'; readonly uid: string | undefined; readonly claims: Claims }
  | { readonly kind: 'anonymous' };

const ADMIN_TOKEN = /^(owner|ya29\..*)$/is;

const ANONYMOUS: Caller = { kind: 'anonymous' };
/** A cache by header: a client sends the same token for an hour, with every call. */
const callers = new Map<string, Caller>();
const MAX_CALLERS = 1000;

/**
 * Parses an Authorization header. Tokens are read but not verified, since this is an emulator. Source: recorded answers
 * to some sixty headers.
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
  const claims = parseClaims(token);
  const uid = claims['sub'] ?? claims['user_id'];
  return { kind: 'user', uid: typeof uid === 'string' ? uid : undefined, claims };
}

const SEGMENT = /^[A-Za-z0-9_-]+={0,3}$/;
const SIGNATURE = /^[A-Za-z0-9_-]*={0,3}$/;

function parseClaims(token: string): Claims {
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
    // Text that is not JSON is refused like JSON that is not an object.
  }
  throw invalid('invalid jwt');
}

/** Returns whether a value is an object with fields: not null and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws PERMISSION_DENIED when the caller is not the administrator. */
export function requireAdmin(caller: Caller, what: string): void {
  if (caller.kind !== 'admin') throw new StatusError('PERMISSION_DENIED', `${what} require admin authentication.`);
}

/** Returns the author of an event that the caller caused. */
export function toAuthor(caller: Caller): Author {
  if (caller.kind === 'admin') return { type: 'system', id: undefined };
  return caller.kind === 'user' ? { type: 'app_user', id: caller.uid } : { type: 'unauthenticated', id: undefined };
}

/** Returns the label that a caller's operations are counted under: user:<uid>, anonymous, function:<name> or admin. */
export function getCallerLabel(caller: Caller): string {
  if (caller.kind === 'user') return `user:${caller.uid ?? ''}`;
  return caller.kind === 'admin' && caller.functionName !== undefined ? `function:${caller.functionName}` : caller.kind;
}
