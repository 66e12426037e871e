import { FieldValue, type DocumentReference, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { LINKED_PER_SIGNAL, USERS_PER_SIGNAL, type AccountLinks, type AccountSignal } from '../contract/abuse.js';
import type { DropOff } from '../contract/common.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { merge } from '../platform/stored.js';
import { NO_LINKS, SIGNAL_LIVES_MS, toShared, toSignalId, type Shared, type Signal } from './links.js';

/** Where an order goes. */
export interface Destination {
  zoneId: string;
  /** Null for an order that is picked up. */
  dropOff: DropOff | null;
  paymentMethod: 'card' | 'cash';
}

/**
 * Lists the signals of the household of an order: its door, by the address line within the zone, and the telephone
 * number at the door. In cash also the place to about ten metres, however the address is written: a card would tell two
 * accounts of one person, cash does not.
 */
export function listHouseholdSignals({ zoneId, dropOff, paymentMethod }: Destination): Signal[] {
  const signals = dropOff ? listAllSignals(zoneId, dropOff) : [];
  return signals.filter((one) => paymentMethod === 'cash' || !isPlace(one));
}

/** Lists the same signals for both payment methods: a card order is recorded by its place, too, for a later one in cash. */
function listAllSignals(zoneId: string, { addressLine, lat, lng, phone }: DropOff): Signal[] {
  return [
    { kind: 'door', value: `line ${zoneId} ${normalizeLine(addressLine)}` },
    { kind: 'door', value: `${PLACE}${lat.toFixed(4)} ${lng.toFixed(4)}` },
    ...(phone === undefined ? [] : [{ kind: 'phone' as const, value: phone }]),
  ];
}

const PLACE = 'place ';
const isPlace = ({ value }: Signal): boolean => value.startsWith(PLACE);

/** Sorts the words and keeps the order of the numbers: "7 Door Street" and "door street, 7" are one door. */
function normalizeLine(addressLine: string): string {
  const line = addressLine.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const words = (line.match(/\p{L}+/gu) ?? []).toSorted();
  return [...words, ...(line.match(/\p{N}+/gu) ?? [])].join(' ');
}

/**
 * The other accounts of a household, and the uses of promotions that erased accounts left with it. `isLost`: a signal
 * cannot be read, which becomes an operator task.
 */
export type Household = Shared & { isLost: boolean };

/** Finds the household of an order. */
export async function findHousehold(ctx: Context, uid: string, destination: Destination): Promise<Household> {
  const refs = listHouseholdSignals(destination).map((one) => paths.signal(ctx.db, toSignalId(one)));
  const stored = await Promise.all(refs.map((ref) => ref.get()));
  return toHousehold(ctx, uid, await Promise.all(stored.map((one) => readSignal(ctx, one))));
}

/**
 * Finds the household of an order in the commit that counts a use of a promotion for it. `join` records the account with
 * the household, and the household's signals with the account, in place of those of earlier orders: the account has no
 * other use that counts. A name at a door without such an order is not recorded, so that it neither uses up the
 * promotion of strangers nor displaces the account's own door.
 */
export async function prepareHousehold(
  ctx: Context,
  tx: Transaction,
  uid: string,
  destination: Destination,
): Promise<Household & { join: () => void }> {
  const { zoneId, dropOff } = destination;
  const ids = dropOff ? listAllSignals(zoneId, dropOff).map(toSignalId) : [];
  const [links, ...stored] = await Promise.all([
    tx.get(paths.links(ctx.db, uid)),
    ...ids.map((id) => tx.get(paths.signal(ctx.db, id))),
  ]);
  const all = await Promise.all(stored.map((one) => readSignal(ctx, one)));
  const counted = listHouseholdSignals(destination).map(toSignalId);
  const own = await readOne(ctx, 'findHousehold', links);
  const household = toHousehold(
    ctx,
    uid,
    all.filter(({ ref }) => counted.includes(ref.id)),
  );
  const join = () => {
    for (const one of all) joinSignal(ctx, tx, uid, one);
    if (!links.exists || own) tx.set(links.ref, withHousehold(own?.data ?? NO_LINKS, ids));
  };
  return { ...household, join };
}

/**
 * Reads the household of an account whose use of a promotion is returned, and returns the function that removes the
 * account from it. Links that cannot be read become an operator task and do not prevent the order from ending.
 */
export async function prepareLeavingHousehold(ctx: Context, tx: Transaction, uid: string): Promise<() => void> {
  const own = await readOne(ctx, 'leaveHousehold', await tx.get(paths.links(ctx.db, uid)));
  const ids = own?.data.signals.filter(isHouseholdId) ?? [];
  return () => {
    if (!own || ids.length === 0) return;
    for (const id of ids) merge(tx, paths.signal(ctx.db, id), { accounts: FieldValue.arrayRemove(uid) });
    tx.set(own.ref, withHousehold(own.data, []));
  };
}

interface StoredSignal {
  ref: DocumentReference<AccountSignal>;
  data: AccountSignal | null;
  isLost: boolean;
}

async function readSignal(ctx: Context, stored: DocumentSnapshot<AccountSignal>): Promise<StoredSignal> {
  const read = await readOne(ctx, 'findHousehold', stored);
  return { ref: stored.ref, data: read?.data ?? null, isLost: stored.exists && !read };
}

function toHousehold(ctx: Context, uid: string, stored: readonly StoredSignal[]): Household {
  const signals = stored.flatMap(({ ref, data }) => (data ? [{ ...data, id: ref.id }] : []));
  return { ...toShared(signals, uid, ctx.now()), isLost: stored.some(({ isLost }) => isLost) };
}

/** The accounts that a place keeps: many may have used a promotion in one building, of which one suffices. */
const MAX_KEPT = LINKED_PER_SIGNAL + USERS_PER_SIGNAL;

function joinSignal(ctx: Context, tx: Transaction, uid: string, { ref, data, isLost }: StoredSignal): void {
  const others = (data?.accounts ?? []).filter((one) => one !== uid);
  const accounts = isLost ? FieldValue.arrayUnion(uid) : [...others, uid].slice(-MAX_KEPT);
  merge(tx, ref, { accounts, expireAt: ctx.now() + SIGNAL_LIVES_MS });
}

/** Returns an account's links with these signals of its household instead of the former ones. */
function withHousehold(links: AccountLinks, ids: readonly string[]): AccountLinks {
  return { ...links, signals: [...links.signals.filter((id) => !isHouseholdId(id)), ...ids] };
}

const isHouseholdId = (id: string): boolean => id.startsWith('door-') || id.startsWith('phone-');
