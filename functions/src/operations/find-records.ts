import type { Query } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { FindRecordsInput, FindRecordsOutput } from '../calls/operations.js';
import type { Order } from '../contract/orders.js';
import { DocumentId } from '../contract/common.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { filterReadable, readOne, type Readable } from '../platform/isolate.js';

type Search = z.infer<typeof FindRecordsInput>['by'];
type Found = z.infer<typeof FindRecordsOutput>;
type Person = Found['people'][number];

/** At most as many of each kind are shown. */
const MAX_FOUND = 20;
/** Sorts after every text that begins with the same letters. */
const LAST_CHARACTER = '\uf8ff';

/**
 * Finds what a caller names: orders by code, people by address, number or name with their newest orders, anything by
 * id. The audit entry has the kind of the search and the numbers found, not what was searched for. What cannot be read
 * is left out, and becomes an operator task.
 */
export async function findRecords(
  ctx: Context,
  { uid: by }: Caller,
  { by: search, reason }: z.infer<typeof FindRecordsInput>,
): Promise<Found> {
  const [uids, named, restaurants] = await Promise.all([
    findPeople(ctx, search),
    findOrders(ctx, search),
    findRestaurants(ctx, search),
  ]);
  const people = (await Promise.all(uids.map((uid) => readPerson(ctx, uid)))).filter((one) => one !== null);
  const theirs = await Promise.all(people.map(({ uid }) => readOrders(ctx, queryOf(ctx, uid))));
  const orders = [...named, ...theirs.flat()].slice(0, MAX_FOUND);
  const after = { people: people.length, orders: orders.length, restaurants: restaurants.length };
  await ctx.db.runTransaction(async (tx) =>
    writeAudit(ctx, tx, { by, action: 'findRecords', subject: `search/${search.type}`, reason, before: null, after }),
  );
  return { people, orders, restaurants };
}

async function findPeople(ctx: Context, search: Search): Promise<string[]> {
  if (search.type === 'id') return [search.id];
  if (search.type === 'name') return findByName(ctx, search.name);
  if (search.type === 'code') return [];
  const by = search.type === 'email' ? { email: search.email } : { phone: toE164(search.phone) };
  const uid = await ctx.identity.findUid(by);
  return uid === null ? [] : [uid];
}

/** The form in which the identity provider stores numbers: `+436601234567`. */
const toE164 = (phone: string): string => `+${phone.replaceAll(/\D/g, '')}`;

async function findByName(ctx: Context, name: string): Promise<string[]> {
  const found = await paths
    .users(ctx.db)
    .where('displayName', '>=', name)
    .where('displayName', '<', name + LAST_CHARACTER)
    .limit(MAX_FOUND)
    .get();
  return found.docs.map(({ id }) => id);
}

async function readPerson(ctx: Context, uid: string): Promise<Person | null> {
  const account = await ctx.identity.accountOf(uid);
  if (!account) return null;
  const authority = (await readOne(ctx, 'findRecords', await paths.authority(ctx.db, uid).get()))?.data;
  const { name, email, phone, disabled } = account;
  const restaurantIds = Object.keys(authority?.merchant ?? {});
  return { uid, name: name ?? '', email, phone, role: authority?.role ?? null, restaurantIds, blocked: disabled };
}

const queryOf = (ctx: Context, uid: string): Query<Order> =>
  paths.orders(ctx.db).where('customerId', '==', uid).orderBy('createdAtMs', 'desc').limit(MAX_FOUND);

async function findOrders(ctx: Context, search: Search): Promise<Found['orders']> {
  if (search.type === 'code') {
    const coded = paths.orders(ctx.db).where('code', '==', search.code.trim().toUpperCase()).limit(MAX_FOUND);
    return (await readOrders(ctx, coded)).toSorted((one, other) => other.createdAtMs - one.createdAtMs);
  }
  if (search.type !== 'id' || !DocumentId.safeParse(search.id).success) return [];
  const order = await readOne(ctx, 'findRecords', await paths.order(ctx.db, search.id).get());
  return order ? [toFoundOrder(order)] : [];
}

async function readOrders(ctx: Context, query: Query<Order>): Promise<Found['orders']> {
  return (await filterReadable(ctx, 'findRecords', (await query.get()).docs)).map(toFoundOrder);
}

function toFoundOrder({ id, data }: Readable<Order>): Found['orders'][number] {
  const { code, status, zoneId, restaurantName, customerId, createdAtMs } = data;
  return { orderId: id, code, status, zoneId, restaurantName, customerId, createdAtMs };
}

/** By the name or the id; the search entries of discovery are for customers. */
async function findRestaurants(ctx: Context, search: Search): Promise<Found['restaurants']> {
  if (search.type === 'name') {
    const named = await paths
      .restaurants(ctx.db)
      .where('name', '>=', search.name)
      .where('name', '<', search.name + LAST_CHARACTER)
      .limit(MAX_FOUND)
      .get();
    const read = await filterReadable(ctx, 'findRecords', named.docs);
    return read.map(({ id, data }) => ({ restaurantId: id, name: data.name }));
  }
  if (search.type !== 'id' || !DocumentId.safeParse(search.id).success) return [];
  const restaurant = await readOne(ctx, 'findRecords', await paths.restaurant(ctx.db, search.id).get());
  return restaurant ? [{ restaurantId: restaurant.id, name: restaurant.data.name }] : [];
}
