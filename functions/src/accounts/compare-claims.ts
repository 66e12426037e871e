import type { Authority } from '../contract/accounts.js';
import type { Member } from '../contract/restaurants.js';
import { attempt, handleEach, readPages, type Readable } from '../platform/isolate.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import type { Context, UserPage } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';
import { applyAuthority, changeAuthority, readMemberships } from './authority.js';
import { areSameClaims, deriveClaims, withMembership } from './model/claims.js';
import { lookUp } from '../core/look-up.js';

const JOB = 'compareClaims';
/** Users whose documents are read in one request. */
const CHUNK = 50;

/**
 * Compares every membership with its user's authority document, and every user's claims with those that the document
 * requires. Disables a blocked user who is enabled; a user whom the provider's console disabled stays so. Repairs differences by the membership documents; gives users without an authority document one from their
 * claims; creates one operator task when there was something to repair. Returns how many users were repaired. A user
 * whose comparison fails becomes an operator task and does not stop the others.
 */
export async function compareClaims(ctx: Context): Promise<number> {
  const repaired = new Set<string>();
  for await (const members of readPages(paths.allMembers(ctx.db).orderBy('__name__')))
    for (const uid of await handleEach(ctx, JOB, members, (member) => compareMembership(ctx, member)))
      if (uid !== null) repaired.add(uid);
  for (let page: UserPage | null = await ctx.identity.listUsers(); page; page = await pageAfter(ctx, page))
    for (let start = 0; start < page.users.length; start += CHUNK)
      for (const uid of await compareUsers(ctx, page.users.slice(start, start + CHUNK)))
        if (uid !== null) repaired.add(uid);
  if (repaired.size > 0) await report(ctx, repaired.size);
  return repaired.size;
}

const pageAfter = (ctx: Context, { next }: UserPage): Promise<UserPage> | null =>
  next === undefined ? null : ctx.identity.listUsers(next);

/**
 * Compares one membership; the membership document is right. Returns the user's id where the authority document
 * differed.
 */
async function compareMembership(ctx: Context, { ref, id: uid, data }: Readable<Member>): Promise<string | null> {
  const restaurantId = ref.parent.parent?.id ?? '';
  const known = (await paths.authority(ctx.db, uid).get()).data();
  if (known && lookUp(known.merchant, restaurantId) === data.role && known.blocked === (data.blocked ?? false))
    return null;
  return changeAuthority(ctx, uid, async (tx, authority, write) => {
    const member = (await tx.get(ref)).data();
    // The membership of an erased account is deleted by the erasure.
    if (!authority) return null;
    const isBlockSaid = !member || authority.blocked === (member.blocked ?? false);
    const isSame = isBlockSaid && lookUp(authority.merchant, restaurantId) === member?.role;
    if (authority.blocked && !isBlockSaid) update(tx, ref, { blocked: true });
    write({ merchant: withMembership(authority, restaurantId, member?.role ?? null) });
    return isSame ? null : uid;
  });
}

type User = UserPage['users'][number];

async function compareUsers(ctx: Context, users: readonly User[]): Promise<(string | null)[]> {
  const [first, ...rest] = users.map(({ uid }) => paths.authority(ctx.db, uid));
  if (!first) return [];
  const documents = await ctx.db.runTransaction((tx) => tx.getAll(first, ...rest), { readOnly: true });
  const listed = new Map(users.map((user) => [user.uid, user]));
  const stored = documents.filter(({ exists }) => exists);
  const known = await handleEach(ctx, JOB, stored, ({ id, data }) => compareUser(ctx, id, data, listed.get(id)));
  const strangers = users.filter((user, index) => documents[index]?.exists === false && hasClaims(user));
  const migrated = await Promise.all(
    strangers.map((user) => attempt(ctx, JOB, paths.authority(ctx.db, user.uid).path, () => migrate(ctx, user))),
  );
  return [...known, ...migrated.map((one) => (one.ok ? one.value : null))];
}

/** A user without a profile has no claims that an authority document could require. */
const hasClaims = ({ claims }: User): boolean => !areSameClaims(claims, {});

/**
 * Compares one user. What was listed may be older than the document, so it is read again before it counts as wrong.
 */
async function compareUser(ctx: Context, uid: string, known: Authority, listed?: User): Promise<string | null> {
  const isCurrent = known.version === known.appliedVersion && listed !== undefined && isApplied(listed, known);
  if (isCurrent && Object.keys(known.merchant).length === 0) return null;
  const { authority, isChanged } = await changeAuthority(ctx, uid, async (tx, before, write) => {
    if (!before) return { authority: null, isChanged: false };
    const merchant = await readMemberships(ctx, tx, uid, Object.keys(before.merchant));
    write({ merchant });
    const isSame = areSameClaims({ merchant }, { merchant: before.merchant });
    return { authority: { ...before, merchant }, isChanged: !isSame };
  });
  const [claims, account] = [await ctx.identity.claimsOf(uid), await ctx.identity.accountOf(uid)];
  const isGone = !authority || !claims || !account;
  if (isGone || isApplied({ claims, disabled: account.disabled }, authority)) return isChanged ? uid : null;
  await applyAuthority(ctx, uid);
  return uid;
}

/** True where a user has the claims that the authority document requires, and is disabled where it blocks the user. */
const isApplied = ({ claims, disabled }: Pick<User, 'claims' | 'disabled'>, authority: Authority): boolean =>
  areSameClaims(claims, deriveClaims(authority)) && (disabled || !authority.blocked);

async function migrate(ctx: Context, { uid, claims }: User): Promise<string | null> {
  const authority = await changeAuthority(
    ctx,
    uid,
    (_, before, write) => {
      write({});
      return Promise.resolve(before);
    },
    { announce: false },
  );
  return !authority || areSameClaims(claims, deriveClaims(authority)) ? null : uid;
}

/** One task for all nights: if an operator has closed it and the difference occurs again, it is opened again. */
function report(ctx: Context, users: number): Promise<void> {
  const detail = `claims of ${users} users did not say what their role and membership documents say; repaired`;
  return raiseOperatorTask(ctx, { kind: 'claims_differ', orderId: null, detail }, 'claims-differ');
}
