import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { CallableName } from '../calls/callables.js';
import { findOperatorRoles, mayOperate } from '../authority/operator-calls.js';
import { toDigest } from '../core/digest.js';
import { updateCourierParties } from '../abuse/links.js';
import type { Authority } from '../contract/accounts.js';
import { releaseOrders } from '../couriers/release-orders.js';
import { readRole } from '../authority/staff.js';
import { readOne, reportIfUnreadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { scheduleRecoveryTask } from '../platform/recovery.js';
import { dropTask } from '../platform/tasks.js';
import { update } from '../platform/stored.js';
import { deriveClaims, haveSameEntries } from './model/claims.js';
import { endSessions } from './sessions.js';

export type AuthorityChange = Partial<
  Pick<Authority, 'role' | 'operatorRole' | 'merchant' | 'blocked' | 'endSessions'>
>;

/** Writes the change with the transaction; callers run it after the transaction's last read. */
export type WriteAuthority = (change: AuthorityChange) => void;

interface Options {
  /** False for a caller that fetches a new token by itself: `claimsVersion` does not change. */
  announce?: boolean;
}

/**
 * Runs a transaction that may change a user's permissions, and then derives the user's claims from the documents.
 * Claims change only through this function. `work` receives null for a user who does not exist. A named recovery task
 * derives the claims if the process stops in between. Throws what `work` throws, and when the claims could not be
 * written: both a repeated call and the task finish the change.
 */
export async function changeAuthority<T>(
  ctx: Context,
  uid: string,
  work: (tx: Transaction, authority: Authority | null, write: WriteAuthority) => Promise<T>,
  options: Options = {},
): Promise<T> {
  let task: string | null = null;
  let isPending = false;
  const result = await ctx.db.runTransaction(async (tx) => {
    task = null;
    const before = await readAuthority(ctx, tx, uid);
    let after = before;
    const value = await work(tx, before, (change) => {
      after = before && { ...(after ?? before), ...change };
    });
    isPending = before !== null && before.appliedVersion < before.version;
    if (!before || !after || !isChanged(before, after)) return value;
    isPending = true;
    const version = before.version + 1;
    tx.set(paths.authority(ctx.db, uid), { ...after, version });
    task = await scheduleRecovery(ctx, uid, version);
    return value;
  });
  if (isPending) await applyAuthority(ctx, uid, options);
  if (task !== null) await dropTask(ctx, task);
  return result;
}

/** A document that is not stored yet counts as a change. */
function isChanged(before: Authority, after: Authority): boolean {
  const isSame =
    before.role === after.role &&
    (before.operatorRole ?? null) === (after.operatorRole ?? null) &&
    before.blocked === after.blocked &&
    before.endSessions === after.endSessions;
  return before.version === 0 || !isSame || !haveSameEntries(before.merchant, after.merchant);
}

/**
 * The task's name contains the version and the time, so that no other change has the same name. Without a task the
 * nightly comparison repairs the claims.
 */
async function scheduleRecovery(ctx: Context, uid: string, version: number): Promise<string | null> {
  const name = `claims-${toDigest(uid)}-${version}-${ctx.now()}`;
  return (await scheduleRecoveryTask(ctx, name, { type: 'claims', uid })) ? name : null;
}

/**
 * Reads a user's authority within a transaction. A user without an authority document (created before such documents
 * existed) gets one from the claims, whose memberships are checked against the membership documents. So does a user
 * whose document cannot be read, which becomes an operator task and is replaced by the next change: it must not prevent
 * the user from being blocked. Null when there is no such user.
 */
export async function readAuthority(ctx: Context, tx: Transaction, uid: string): Promise<Authority | null> {
  const stored = await readOne(ctx, 'authority', await tx.get(paths.authority(ctx.db, uid)));
  if (stored) return stored.data;
  const [claims, account] = [await ctx.identity.claimsOf(uid), await ctx.identity.accountOf(uid)];
  if (!claims || !account) return null;
  const merchant = await readMemberships(ctx, tx, uid, Object.keys(claims.merchant ?? {}));
  const { role = null, desk } = claims;
  const known = desk === 'unknown' ? { role: 'customer' as const } : { role, ...(desk && { operatorRole: desk }) };
  return { ...known, merchant, blocked: account.disabled, version: 0, appliedVersion: 0, endSessions: false };
}

/**
 * Requires, in a transaction that changes another user's permissions, that the caller is still an operator who may make
 * the call: this instance may have cached the user record from before the caller was blocked or got another role. Throws
 * SESSION_REVOKED or ROLE_REQUIRED.
 */
export async function requireOperator(ctx: Context, tx: Transaction, uid: string, name: CallableName): Promise<void> {
  const authority = await readAuthority(ctx, tx, uid);
  if (!authority || authority.blocked) throw new Refusal('SESSION_REVOKED');
  if (authority.role !== 'operator' || !mayOperate(name, authority.operatorRole))
    throw new Refusal('ROLE_REQUIRED', { roles: 'operator', operatorRoles: findOperatorRoles(name)?.join(',') ?? '' });
}

/** Reads the restaurants that a user works for, with the role in each. */
export async function readAllMemberships(ctx: Context, uid: string): Promise<Authority['merchant']> {
  return ctx.db.runTransaction(async (tx) => (await readAuthority(ctx, tx, uid))?.merchant ?? {}, { readOnly: true });
}

/** Reads the user's role in those of the restaurants that have a membership document of the user. */
export async function readMemberships(
  ctx: Context,
  tx: Transaction,
  uid: string,
  restaurantIds: readonly string[],
): Promise<Authority['merchant']> {
  const [first, ...rest] = restaurantIds.map((id) => paths.member(ctx.db, id, uid));
  if (!first) return {};
  const members = await tx.getAll(first, ...rest);
  const entries = members.map((member, index) => [restaurantIds[index] ?? '', readRole(member)] as const);
  return Object.fromEntries(entries.flatMap(([id, role]) => (role === undefined ? [] : [[id, role] as const])));
}

/** Attempts for concurrent changes of one user's roles; each failed attempt means that another change was committed. */
const MAX_ATTEMPTS = 20;

/**
 * Writes the claims that the authority document requires, and reads the document again: a change that was committed in
 * the meantime is written, too. So the last writer leaves the claims that the documents require, in every order of the
 * writes. Where the sessions end, a courier who was stopped releases the orders. Idempotent: it is retried until all of
 * it succeeds.
 */
export async function applyAuthority(ctx: Context, uid: string, { announce = true }: Options = {}): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const authority = (await paths.authority(ctx.db, uid).get()).data();
    // The account was erased.
    if (!authority) return;
    await writeClaims(ctx, uid, authority);
    await applyToCourier(ctx, uid, authority);
    if (await confirm(ctx, uid, authority.version, announce)) return;
  }
  throw new Error(`claims of ${uid} not written: the roles changed again during each attempt`);
}

/**
 * Disables a blocked user, and enables another one: in the loop over the versions, so that the last of a block and its
 * end that overlap decides. Ends the sessions before the claims change and again after: the user may have signed in
 * between.
 */
async function writeClaims(ctx: Context, uid: string, authority: Authority): Promise<void> {
  await writeDisabled(ctx, uid, authority.blocked);
  if (authority.endSessions) await endSessions(ctx, uid);
  await ctx.identity.setClaims(uid, deriveClaims(authority));
  if (authority.endSessions) await ctx.identity.revokeSessions(uid);
}

/** An account that is being erased stays disabled; an erasure that starts in between disables it again. */
async function writeDisabled(ctx: Context, uid: string, blocked: boolean): Promise<void> {
  const isStaying = async (): Promise<boolean> => !(await paths.erasure(ctx.db, uid).get()).exists;
  if (blocked) return ctx.identity.setDisabled(uid, true);
  const account = await ctx.identity.accountOf(uid);
  if (!account?.disabled || !(await isStaying())) return;
  await ctx.identity.setDisabled(uid, false);
  if (!(await isStaying())) await ctx.identity.setDisabled(uid, true);
}

/** After the claims: a courier's document that cannot be read or written must not keep the sessions from ending. */
async function applyToCourier(
  ctx: Context,
  uid: string,
  { version, endSessions: ends, merchant }: Authority,
): Promise<void> {
  await reportIfUnreadable(ctx, 'noteParties', () => updateCourierParties(ctx, uid, Object.keys(merchant)));
  if (ends) await releaseOrders(ctx, uid, version);
}

/**
 * Marks the version as applied; true while it is still the latest. The app sees `claimsVersion` rise and fetches a new
 * token.
 */
function confirm(ctx: Context, uid: string, version: number, announce: boolean): Promise<boolean> {
  const [ref, userRef] = [paths.authority(ctx.db, uid), paths.user(ctx.db, uid)];
  return ctx.db.runTransaction(async (tx) => {
    const [authority, user] = [(await tx.get(ref)).data(), await tx.get(userRef)];
    if (!authority) return true;
    if (authority.version !== version) return false;
    if (authority.appliedVersion === version) return true;
    update(tx, ref, { appliedVersion: version, endSessions: false });
    if (user.exists && announce) update(tx, userRef, { claimsVersion: FieldValue.increment(1) });
    return true;
  });
}
