import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type {
  SetSoldOutInput,
  SetSoldOutOutput,
  SetStockInput,
  SetStockOutput,
  SwitchStoreInput,
  SwitchStoreOutput,
  UpdateStoreInput,
  UpdateStoreOutput,
} from '../calls/catalog.js';
import type { Restaurant } from '../contract/restaurants.js';
import { prepareToken } from '../abuse/rate-limit-store.js';
import { readMenuTexts } from './publish-menu.js';
import { computeSearchTokens } from './model/search-tokens.js';
import { MANAGERS, requireStaff, STAFF } from '../authority/staff.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { computeSoldOut } from './model/availability.js';
import { isTimeZone } from '../hours/hours.js';
import { applySwitch } from './model/switches.js';
import { scheduleCartNotifications } from './notify-carts.js';
import { requirePhotos } from '../media/require-photos.js';
import { update } from '../platform/stored.js';
import { lookUp } from '../core/look-up.js';

/** Opens, pauses, closes or slows a store. */
export async function switchStore(
  ctx: Context,
  caller: Caller,
  { restaurantId, to }: z.infer<typeof SwitchStoreInput>,
): Promise<z.infer<typeof SwitchStoreOutput>> {
  const role = await requireStaff(ctx, caller, restaurantId, STAFF);
  const after = await changeStore(ctx, restaurantId, (store) => unwrap(applySwitch(store, to, role, ctx.now())));
  return {
    availability: after.availability,
    pausedUntilMs: after.pausedUntilMs,
    busyUntilMs: after.busy?.untilMs ?? null,
  };
}

/** Writes beside a change of a store in its transaction: an operator's audit entry. */
export type RecordChange = (tx: Transaction, before: Restaurant) => void;
const NOTHING: RecordChange = () => undefined;

/** Updates a store's settings: what customers see of it, the kinds that it offers, its hours, the kitchen's capacity, the delivery area. */
export async function updateStore(
  ctx: Context,
  caller: Caller,
  { restaurantId, changes }: z.infer<typeof UpdateStoreInput>,
): Promise<z.infer<typeof UpdateStoreOutput>> {
  await requireStaff(ctx, caller, restaurantId, MANAGERS);
  await saveSettings(ctx, restaurantId, changes);
  return { restaurantId };
}

export type StoreChanges = z.infer<typeof UpdateStoreInput>['changes'] &
  Partial<Pick<Restaurant, 'location' | 'geohash' | 'addressLine'>>;

/**
 * Saves settings of a store; without changes, writes nothing to it. Throws TIME_ZONE_UNKNOWN, RESTAURANT_NOT_FOUND
 * or PHOTO_NOT_FOUND.
 */
export async function saveSettings(
  ctx: Context,
  restaurantId: string,
  changes: StoreChanges,
  record: RecordChange = NOTHING,
): Promise<void> {
  const { timeZone } = changes;
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw new Refusal('TIME_ZONE_UNKNOWN', { timeZone });
  const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const ref = paths.restaurant(ctx.db, restaurantId);
  const isRenamed = changes.name !== undefined || changes.cuisines !== undefined;
  await ctx.db.runTransaction(async (tx) => {
    const store = await readStore(ctx, tx, restaurantId);
    await requirePhotos(ctx, tx, restaurantId, [changes.logo, changes.cover]);
    const menu = isRenamed ? (await tx.get(paths.menu(ctx.db, restaurantId))).data() : undefined;
    const texts = menu ? await readMenuTexts(ctx, tx, restaurantId, menu) : [];
    record(tx, store);
    // Firestore refuses an update without a field.
    if (Object.keys(named).length > 0) update(tx, ref, named);
    if (!menu) return;
    const tokens = computeSearchTokens({ ...store, ...named }, menu, texts);
    tx.set(paths.searchEntry(ctx.db, restaurantId), { zoneId: store.zoneId, tokens });
  });
}

/** Marks items and options as sold out until a time, or as available again, and notifies carts that contain them. */
export async function setSoldOut(
  ctx: Context,
  caller: Caller,
  input: z.infer<typeof SetSoldOutInput>,
): Promise<z.infer<typeof SetSoldOutOutput>> {
  await requireStaff(ctx, caller, input.restaurantId, STAFF);
  return saveSoldOut(ctx, input);
}

/** Saves what is sold out, and notifies carts. Throws RESTAURANT_NOT_FOUND or LIMIT_REACHED. */
export async function saveSoldOut(
  ctx: Context,
  { restaurantId, ids, untilMs }: z.infer<typeof SetSoldOutInput>,
  record: RecordChange = NOTHING,
): Promise<z.infer<typeof SetSoldOutOutput>> {
  const { soldOut } = await changeStore(
    ctx,
    restaurantId,
    (store) => ({ soldOut: unwrap(computeSoldOut(store.soldOut, ids, untilMs, ctx.now())) }),
    record,
  );
  const gone = ids.filter((id) => lookUp(soldOut, id) !== undefined);
  // After the commit: if the call crashes in between, it fails and the app repeats it.
  if (gone.length > 0 && (await takeNotice(ctx, restaurantId)))
    await scheduleCartNotifications(ctx, ctx.newId(), restaurantId, gone);
  return { soldOut };
}

/**
 * Counts a notification of carts; false beyond the restaurant's limit. Other customers see what is sold out in the
 * restaurant's document, and at the quote.
 */
function takeNotice(ctx: Context, restaurantId: string): Promise<boolean> {
  return ctx.db.runTransaction(async (tx) => {
    const { shortUntilMs, take } = await prepareToken(ctx, tx, { kind: 'cartNotice', whose: restaurantId });
    take();
    return shortUntilMs === null;
  });
}

/** A menu has at most this many items. */
const MAX_COUNTED_ITEMS = 500;

/** Sets the counted portions of items, or ends the counting. */
export async function setStock(
  ctx: Context,
  caller: Caller,
  input: z.infer<typeof SetStockInput>,
): Promise<z.infer<typeof SetStockOutput>> {
  await requireStaff(ctx, caller, input.restaurantId, STAFF);
  return saveStock(ctx, input);
}

/** Saves counted portions. Throws INPUT_TOO_LARGE. */
export async function saveStock(
  ctx: Context,
  { restaurantId, left }: z.infer<typeof SetStockInput>,
  record?: RecordChange,
): Promise<z.infer<typeof SetStockOutput>> {
  const [store, stock] = [paths.restaurant(ctx.db, restaurantId), paths.stock(ctx.db, restaurantId)];
  return ctx.db.runTransaction(async (tx) => {
    const counted = { ...(await tx.get(stock)).data()?.left, ...left };
    const rest = Object.entries(counted).filter((entry): entry is [string, number] => entry[1] !== null);
    if (record) record(tx, await readStore(ctx, tx, restaurantId));
    if (rest.length > MAX_COUNTED_ITEMS) throw new Refusal('INPUT_TOO_LARGE', { max: MAX_COUNTED_ITEMS });
    tx.set(stock, { left: Object.fromEntries(rest) });
    update(tx, store, { countsStock: rest.length > 0 });
    return { countsStock: rest.length > 0 };
  });
}

/** Reads a store, changes it, and returns its new state. */
function changeStore(
  ctx: Context,
  restaurantId: string,
  change: (store: Restaurant) => Partial<Restaurant>,
  record: RecordChange = NOTHING,
): Promise<Restaurant> {
  return ctx.db.runTransaction(async (tx) => {
    const store = await readStore(ctx, tx, restaurantId);
    const changes = change(store);
    record(tx, store);
    update(tx, paths.restaurant(ctx.db, restaurantId), changes);
    return { ...store, ...changes };
  });
}

async function readStore(ctx: Context, tx: Transaction, restaurantId: string): Promise<Restaurant> {
  const store = (await tx.get(paths.restaurant(ctx.db, restaurantId))).data();
  if (!store) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  return store;
}
