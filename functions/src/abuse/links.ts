import { FieldValue, type DocumentReference, type Transaction } from 'firebase-admin/firestore';
import {
  LINKED_PER_SIGNAL,
  MAX_LINKED,
  MAX_SIGNALS_OF,
  USERS_PER_SIGNAL,
  type AccountLinks,
  type AccountSignal,
  type FormerUses,
} from '../contract/abuse.js';
import { MAX_STAFF_OF } from '../contract/couriers.js';
import type { DropOff } from '../contract/common.js';
import type { Order } from '../contract/orders.js';
import { MAX_MEMBERS } from '../contract/staff-keys.js';
import type { Context } from '../platform/context.js';
import { readOne, reportIfUnreadable } from '../platform/isolate.js';
import { findAndRecordOrder } from './has-ordered.js';
import { operatorTask, putOperatorTask, toOperatorTaskId } from '../platform/operator-tasks.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { Refusal } from '../core/outcome.js';
import { merge, update } from '../platform/stored.js';
import { toDigest } from '../core/digest.js';
import { toStaffKey } from '../core/staff-key.js';
import { isSameParty, type Conflict } from './model/parties.js';

/**
 * What accounts may share. Only its digest is stored. A door and a telephone number link no accounts: any customer may
 * name them. They are those of a household, see `household.ts`.
 */
export interface Signal {
  kind: LinkingSignal['kind'] | 'door' | 'phone';
  value: string;
}

/** What links the accounts that share it. */
export interface LinkingSignal {
  kind: 'device' | 'card' | 'address';
  value: string;
}

/** Converts a drop-off to a signal: letters and digits of the address line, and the place to about ten metres. */
export function toAddressSignal({
  addressLine,
  lat,
  lng,
}: Pick<DropOff, 'addressLine' | 'lat' | 'lng'>): LinkingSignal {
  const line = addressLine
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return { kind: 'address', value: `${line} ${lat.toFixed(4)} ${lng.toFixed(4)}` };
}

/** Converts a signal to its id. */
export const toSignalId = ({ kind, value }: Signal): string => `${kind}-${toDigest(value)}`;

/** Converts a device's digest to the id of its signal. */
export const deviceSignalId = (device: string): string => `device-${device}`;

const DAY_MS = 24 * 3_600_000;
/**
 * A signal that no account has used for this long is deleted; an erased account's use of a promotion counts for as
 * long.
 */
export const SIGNAL_LIVES_MS = 395 * DAY_MS;
/** The expiry of a signal in use is extended at most this often. */
const RENEWED_MS = 30 * DAY_MS;

/** The links of an account that shares nothing yet. */
export const NO_LINKS: AccountLinks = { signals: [], linked: [] };

/**
 * Records that an account uses a signal, and links it by a device, card or address with the first ten accounts that used it and
 * with the ten latest: accounts created in between do not displace the first ones. A signal's accounts are a union, so
 * the later account of two concurrent ones finds the earlier. A signal that is already known of the account costs one
 * read; once a month its expiry is extended. A document that cannot be read becomes an operator task and prevents no
 * order.
 */
export function noteSignal(ctx: Context, uid: string, signal: LinkingSignal): Promise<void> {
  return reportIfUnreadable(ctx, 'noteSignal', () => note(ctx, uid, signal));
}

async function note(ctx: Context, uid: string, signal: LinkingSignal): Promise<void> {
  const signalId = toSignalId(signal);
  const own = (await paths.links(ctx.db, uid).get()).data() ?? NO_LINKS;
  const renewedAtMs = lookUp(own.renewedAtMs, signalId) ?? 0;
  if (own.signals.includes(signalId) && ctx.now() - renewedAtMs < RENEWED_MS) return;
  const ref = paths.signal(ctx.db, signalId);
  await unite(ctx, ref, { accounts: FieldValue.arrayUnion(uid), expireAt: ctx.now() + SIGNAL_LIVES_MS });
  const accounts = (await ref.get()).data()?.accounts ?? [];
  const before = accounts.slice(0, Math.max(0, accounts.indexOf(uid)));
  for (const earlier of new Set([...before.slice(0, LINKED_PER_SIGNAL), ...before.slice(-LINKED_PER_SIGNAL)]))
    await linkAccounts(ctx, uid, earlier, signal.kind);
  if (accounts.length > 3 * LINKED_PER_SIGNAL) await forgetIdle(ctx, ref, accounts);
  // Last, so that an earlier call that crashed is not mistaken for a finished one.
  await rememberSignal(ctx, uid, signalId);
}

/**
 * Removes accounts from a signal that many accounts use: those that are neither among its first ten nor its latest ten,
 * and have neither an order nor a use of a promotion. The others are kept, since a limit by customer counts them
 * together.
 */
async function forgetIdle(
  ctx: Context,
  ref: DocumentReference<AccountSignal>,
  accounts: readonly string[],
): Promise<void> {
  const between = accounts.slice(LINKED_PER_SIGNAL, -LINKED_PER_SIGNAL);
  const isUsed = await Promise.all(between.map((uid) => recordOrderOrFindUse(ctx, uid)));
  const used = between.filter((_, index) => isUsed[index]);
  const idle = between.filter((uid) => !used.slice(0, USERS_PER_SIGNAL).includes(uid));
  if (idle.length > 0) await unite(ctx, ref, { accounts: FieldValue.arrayRemove(...idle) });
}

async function recordOrderOrFindUse(ctx: Context, uid: string): Promise<boolean> {
  const stored = await paths.standing(ctx.db, uid).get();
  // Reads single fields: the rest of another account's document may be unreadable.
  const uses: unknown = stored.get('uses');
  const isCounted = typeof uses === 'object' && uses !== null && Object.values(uses).some((count) => Number(count) > 0);
  return isCounted || findAndRecordOrder(ctx, uid, stored.get('hasOrdered') === true);
}

/** Adds an account that uses a promotion to the devices and cards that removed it while it was idle. */
export function rejoinSignals(ctx: Context, tx: Transaction, uid: string, signalIds: readonly string[]): void {
  for (const id of signalIds) merge(tx, paths.signal(ctx.db, id), { accounts: FieldValue.arrayUnion(uid) });
}

async function linkAccounts(ctx: Context, one: string, other: string, kind: LinkingSignal['kind']): Promise<void> {
  const link = kind === 'address' ? noteNeighbour : linkPerson;
  const linkOne = (uid: string, to: string) => reportIfUnreadable(ctx, 'noteSignal', () => link(ctx, uid, to));
  await Promise.all([linkOne(one, other), linkOne(other, one)]);
}

/** Adds an account to another's links, in the courier's document too, so that dispatch needs no further read. */
async function linkPerson(ctx: Context, uid: string, other: string): Promise<void> {
  const [ref, courierRef] = [paths.links(ctx.db, uid), paths.courier(ctx.db, uid)];
  await ctx.db.runTransaction(async (tx) => {
    const [known, courier] = await Promise.all([tx.get(ref), tx.get(ctx.db.doc(courierRef.path))]);
    const links = known.data() ?? NO_LINKS;
    const linked = withLatest(links.linked, other);
    tx.set(ref, { ...links, linked });
    if (courier.exists) update(tx, courierRef, { linked: linked.map(toStaffKey) });
  });
}

async function noteNeighbour(ctx: Context, uid: string, other: string): Promise<void> {
  const ref = paths.links(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const links = (await tx.get(ref)).data() ?? NO_LINKS;
    tx.set(ref, { ...links, neighbours: withLatest(links.neighbours ?? [], other) });
  });
}

/** Keeps the first half and the latest: the devices of an account have no upper limit, and some may be made up. */
function withLatest(accounts: readonly string[], latest: string): string[] {
  if (accounts.includes(latest)) return [...accounts];
  const first = accounts.slice(0, MAX_LINKED / 2);
  return [...first, ...[...accounts.slice(first.length), latest].slice(-MAX_LINKED / 2)];
}

async function unite<T>(ctx: Context, ref: DocumentReference<T>, fields: object): Promise<void> {
  const batch = ctx.db.batch();
  merge(batch, ref, fields);
  await batch.commit();
}

/** The first devices and first cards of an account that later ones do not displace. */
const FIRST_KEPT = 2;

const keepBoth = (ids: readonly string[], max: number): string[] =>
  ids.length <= max ? [...ids] : [...ids.slice(0, FIRST_KEPT), ...ids.slice(FIRST_KEPT - max)];

const KINDS = ['device', 'card', 'address', 'door', 'phone'] as const;
const filterSignals = (ids: readonly string[], kind: Signal['kind']): string[] =>
  ids.filter((id) => id.startsWith(`${kind}-`));

/**
 * Adds a signal to an account's signals: the first and the latest of each kind stay. Those of its household are written
 * by `household.ts` alone.
 */
async function rememberSignal(ctx: Context, uid: string, signalId: string): Promise<void> {
  const ref = paths.links(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const known = (await tx.get(ref)).data() ?? NO_LINKS;
    const others = known.signals.filter((id) => id !== signalId);
    const all = [...others, signalId];
    const signals = KINDS.flatMap((kind) => keepBoth(filterSignals(all, kind), MAX_SIGNALS_OF[kind]));
    const renewed = { ...known.renewedAtMs, [signalId]: ctx.now() };
    const renewedAtMs = Object.fromEntries(Object.entries(renewed).filter(([id]) => signals.includes(id)));
    tx.set(ref, { ...known, signals, renewedAtMs });
  });
}

/**
 * Writes into a courier's document for which restaurants the courier works and with which accounts it is linked, so
 * that dispatch needs no further read. Callers run it when the memberships of an account change and when an account
 * becomes a courier; it does nothing for an account that is not a courier.
 */
export async function updateCourierParties(ctx: Context, uid: string, restaurantIds: readonly string[]): Promise<void> {
  const ref = paths.courier(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const [courier, links] = await Promise.all([tx.get(ctx.db.doc(ref.path)), tx.get(paths.links(ctx.db, uid))]);
    if (!courier.exists) return;
    const read = await readOne(ctx, 'noteParties', links);
    const isLost = links.exists && !read;
    const linked = (read?.data.linked ?? []).map(toStaffKey);
    update(tx, ref, { staffOf: restaurantIds.slice(0, MAX_STAFF_OF), ...(!isLost && { linked }) });
  });
}

/**
 * A former member of the staff gets no promotion funded by the platform at that restaurant for this long, and as an
 * operator decides nothing about it.
 */
const FORMER_STAFF_MS = 30 * DAY_MS;

/**
 * Reads the links of an account that leaves a restaurant's staff, and returns a function that records the former
 * membership. Links that cannot be read become an operator task and do not prevent the dismissal.
 */
export async function prepareFormerStaff(
  ctx: Context,
  tx: Transaction,
  uid: string,
  restaurantId: string,
): Promise<() => void> {
  const stored = await tx.get(paths.links(ctx.db, uid));
  const read = await readOne(ctx, 'formerStaff', stored);
  if (stored.exists && !read) return () => undefined;
  const links = read?.data ?? NO_LINKS;
  const counting = Object.entries(links.formerStaffOf ?? {}).filter(([, untilMs]) => untilMs > ctx.now());
  const formerStaffOf = { ...Object.fromEntries(counting), [restaurantId]: ctx.now() + FORMER_STAFF_MS };
  return () => tx.set(stored.ref, { ...links, formerStaffOf });
}

/**
 * Reads when the account last left a restaurant's staff, in epoch ms; 0: never, or before the oldest invitation that is
 * still valid. Links that cannot be read become an operator task and may hide a dismissal: only an invitation created
 * from now on counts.
 */
export async function readDismissal(ctx: Context, tx: Transaction, uid: string, restaurantId: string): Promise<number> {
  const stored = await tx.get(paths.links(ctx.db, uid));
  const read = await readOne(ctx, 'acceptInvitation', stored);
  if (stored.exists && !read) return ctx.now();
  const untilMs = lookUp(read?.data.formerStaffOf, restaurantId);
  return untilMs === undefined ? 0 : untilMs - FORMER_STAFF_MS;
}

/**
 * Finds how the customer is related to the restaurant's staff, the closest relation first; null where there is none.
 * Links that cannot be read become an operator task and may hide a relation: `unknown`.
 */
export async function findConflict(ctx: Context, uid: string, restaurantId: string): Promise<Conflict | null> {
  const members = paths.members(ctx.db, restaurantId);
  const [own, stored] = await Promise.all([members.doc(uid).get(), paths.links(ctx.db, uid).get()]);
  if (own.exists) return 'staff';
  const read = await readOne(ctx, 'findConflict', stored);
  if (stored.exists && !read) return 'unknown';
  const { linked, neighbours = [], formerStaffOf } = read?.data ?? NO_LINKS;
  const former = (lookUp(formerStaffOf, restaurantId) ?? 0) > ctx.now() ? 'formerStaff' : null;
  if (linked.length === 0 && neighbours.length === 0) return former;
  const staff = (await members.limit(MAX_MEMBERS).get()).docs;
  if (staff.some(({ id }) => linked.includes(id))) return 'linked';
  return former ?? (staff.some(({ id }) => neighbours.includes(id)) ? 'address' : null);
}

/**
 * True where the customer, or an account that is linked to the customer, works for the restaurant or did until recently:
 * by the keys of its staff, so that it costs one read. Links that cannot be read may hide a relation.
 */
export async function isRelatedToStaff(
  ctx: Context,
  uid: string,
  { restaurantId, staffKeys }: { restaurantId: string; staffKeys: readonly string[] },
): Promise<boolean> {
  const stored = await paths.links(ctx.db, uid).get();
  const read = await readOne(ctx, 'findConflict', stored);
  if (stored.exists && !read) return true;
  const { linked, neighbours = [], formerStaffOf } = read?.data ?? NO_LINKS;
  if ((lookUp(formerStaffOf, restaurantId) ?? 0) > ctx.now()) return true;
  return [uid, ...linked, ...neighbours].some((one) => staffKeys.includes(toStaffKey(one)));
}

/**
 * Finds the other accounts of an account's devices and cards: the first and the latest of each kind. A shared address
 * does not suggest one person.
 */
export async function findSharers(ctx: Context, uid: string): Promise<string[]> {
  return listAccounts(await readPersonalSignals(ctx, uid), uid);
}

/**
 * Finds the same accounts, with the uses of promotions that erased accounts left on these devices and cards, by the
 * promotion's name.
 */
export async function findShared(ctx: Context, uid: string): Promise<Shared> {
  return toShared(await readPersonalSignals(ctx, uid), uid, ctx.now());
}

export interface Shared {
  accounts: string[];
  /** Of erased accounts. */
  used: Uses;
  /** The signals that have dropped the account. */
  forgottenBy: string[];
}

/** Summarizes what an account shares by these signals. */
export function toShared(signals: readonly IdentifiedSignal[], uid: string, nowMs: number): Shared {
  const used: Record<string, number> = {};
  for (const [name, { count, untilMs }] of signals.flatMap((one) => Object.entries(one.used ?? {}))) {
    // An erased account leaves the same count on each of its signals: the highest is counted, not the sum.
    if (untilMs > nowMs) used[name] = Math.max(count, lookUp(used, name) ?? 0);
  }
  const forgottenBy = signals.filter(({ accounts }) => !accounts.includes(uid)).map(({ id }) => id);
  return { accounts: listAccounts(signals, uid), used, forgottenBy };
}

/** How often limited promotions were used, by the names that listUseNames() returns. */
export type Uses = Readonly<Record<string, number>>;

/**
 * Lists the subjects by which a limit of one person is counted: the account, and its first and latest devices and
 * cards. Links that cannot be read become an operator task: then only the account counts.
 */
export async function listPersonalKeys(ctx: Context, tx: Transaction | null, uid: string): Promise<string[]> {
  const ref = paths.links(ctx.db, uid);
  const links = await readOne(ctx, 'countPerson', await (tx ? tx.get(ref) : ref.get()));
  return [uid, ...listPersonalSignals(links?.data ?? NO_LINKS)];
}

const listPersonalSignals = ({ signals }: AccountLinks): string[] =>
  (['device', 'card'] as const).flatMap((kind) => keepBoth(filterSignals(signals, kind), MAX_SHARED));

type IdentifiedSignal = AccountSignal & { id: string };

/** Links or a signal that cannot be read become an operator task: others share a signal, and their orders go on. */
async function readPersonalSignals(ctx: Context, uid: string): Promise<IdentifiedSignal[]> {
  const links = await readOne(ctx, 'readSignals', await paths.links(ctx.db, uid).get());
  const refs = listPersonalSignals(links?.data ?? NO_LINKS).map((id) => paths.signal(ctx.db, id));
  const read = await Promise.all(refs.map(async (ref) => readOne(ctx, 'readSignals', await ref.get())));
  return read.flatMap((one) => (one ? [{ ...one.data, id: one.id }] : []));
}

function listAccounts(signals: readonly AccountSignal[], except: string): string[] {
  const accounts = signals.flatMap((one) => [
    ...one.accounts.slice(0, LINKED_PER_SIGNAL + USERS_PER_SIGNAL),
    ...one.accounts.slice(-LINKED_PER_SIGNAL),
  ]);
  return [...new Set(accounts)].filter((account) => account !== except);
}

/**
 * Adds the uses of an account that is being erased to its signals but addresses, without its uid. Reads the signals first
 * and returns the function that writes.
 */
export async function prepareFormerUses(ctx: Context, tx: Transaction, uid: string, uses: Uses): Promise<() => void> {
  const links = await readOne(ctx, 'leaveUses', await tx.get(paths.links(ctx.db, uid)));
  const signals = (links?.data ?? NO_LINKS).signals.filter((id) => !id.startsWith('address-'));
  const stored = await Promise.all(
    signals.map(async (id) => {
      const ref = paths.signal(ctx.db, id);
      return { ref, known: (await readOne(ctx, 'leaveUses', await tx.get(ref)))?.data };
    }),
  );
  return () =>
    stored.forEach(({ ref, known }) =>
      merge(tx, ref, { used: withFormer(ctx.now(), known?.used, uses), expireAt: ctx.now() + SIGNAL_LIVES_MS }),
    );
}

function withFormer(nowMs: number, known: AccountSignal['used'], uses: Uses): Record<string, FormerUses> {
  const used = Object.entries(uses).filter(([, count]) => count > 0);
  return Object.fromEntries(
    used.map(([name, count]) => {
      const before = lookUp(known, name);
      const counted = before && before.untilMs > nowMs ? before.count : 0;
      return [name, { count: counted + count, untilMs: nowMs + SIGNAL_LIVES_MS }];
    }),
  );
}

/** The number of devices, and of cards, of an account that are read. */
const MAX_SHARED = 4;

/**
 * Throws PARTY_CONFLICT where the customer of an order belongs to its restaurant's staff or is its courier, or shares a
 * device or card with one of them. Returns a relation that is only a risk: flagParties() shows it to the operators.
 */
export async function requireDistinctParties(
  ctx: Context,
  { customerId, restaurantId, courierId }: Pick<Order, 'customerId' | 'restaurantId' | 'courierId'>,
): Promise<Conflict | null> {
  const conflict = await findConflict(ctx, customerId, restaurantId);
  const isCouriers = courierId !== null && (await isLinked(ctx, customerId, courierId));
  if (isCouriers || isSameParty(conflict)) throw new Refusal('PARTY_CONFLICT', { conflict: conflict ?? 'linked' });
  return conflict;
}

/**
 * Reads whether two accounts are linked; false for links that cannot be read: they are reported, and a risk refuses
 * nothing.
 */
async function isLinked(ctx: Context, uid: string, other: string): Promise<boolean> {
  const links = await readOne(ctx, 'findConflict', await paths.links(ctx.db, uid).get());
  return links?.data.linked.includes(other) ?? false;
}

/**
 * Creates the operator task about a customer who is related to the restaurant's staff, with what the customer asks for.
 */
export function flagParties(ctx: Context, tx: Transaction, orderId: string, conflict: Conflict | null): void {
  if (conflict === null) return;
  const task = { kind: 'linked_parties' as const, orderId, detail: `customer: ${conflict}` };
  putOperatorTask(ctx, tx, toOperatorTaskId(task), operatorTask(task, ctx.now()));
}
