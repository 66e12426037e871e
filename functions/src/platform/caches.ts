import { MAX_DEVICES, type Billing, type Device } from '../contract/accounts.js';
import type { Member, Menu, RestaurantTerms } from '../contract/restaurants.js';
import type { Surge } from '../contract/surge.js';
import type { EtaTable } from '../contract/tracking.js';
import type { SeenRide } from '../tracking/model/eta.js';
import type { Tracked } from '../tracking/model/page.js';
import type { Promotion, Zone } from '../contract/zones.js';
import { filterReadable } from './isolate.js';
import { Limiter } from './limiter.js';
import { Cache } from '../core/cache.js';
import type { Context } from './context.js';
import type { Candidates } from '../discovery/discover.js';
import type { ZoneArea } from '../discovery/model/zone-areas.js';
import { paths } from './firestore.js';
import { Refusal } from '../core/outcome.js';

const MINUTE_MS = 60_000;
/**
 * A dismissed member's actions are refused, and notifications to the member end, within this time on every instance.
 */
const MEMBERSHIP_MS = 20_000;
/** A changed commission counts for all new quotes after this time. */
const TERMS_MS = 15 * MINUTE_MS;
/** A menu may be near 1 MB. */
const MAX_MENUS = 100;
/** A changed area answers `findZone` after this time. */
const AREAS_MS = 5 * MINUTE_MS;
/** Each may contain three hundred restaurants. */
const MAX_PLACES = 50;

export interface Caches {
  zones: Cache<Zone>;
  /** The zones that have an area, under one key. */
  zoneAreas: Cache<ZoneArea[]>;
  promotions: Cache<Promotion[]>;
  terms: Cache<RestaurantTerms>;
  /** By restaurant and published version. */
  menus: Cache<Menu>;
  devices: Cache<Device[]>;
  billing: Cache<Billing | null>;
  /** Roles by restaurant and uid; only of users who have one. */
  memberships: Cache<Member['role']>;
  /** Uids of a restaurant's members who are not blocked. */
  staff: Cache<string[]>;
  /** Restaurants around a place or with a name: the next page, and other callers at the place, cost no read. */
  discovery: Cache<Candidates>;
  /** Not data, but the number of requests. */
  limiter: Limiter;
  /** Shared orders by token; null for one that does not exist, or no longer. */
  tracked: Cache<Tracked | null>;
  /** When orders arrive, by order. */
  etas: Cache<SeenRide>;
  etaTables: Cache<EtaTable | null>;
  /** Automatic surges by zone; null for none. */
  surges: Cache<Surge | null>;
  /** The number of orders that a kitchen cooks, by restaurant. */
  kitchenLoads: Cache<number>;
  /** Paths of documents for which an operator task was recently created. */
  reported: Cache<void>;
}

/** Creates the caches of an instance. `now` is its clock, in epoch ms. */
export function createCaches(now: () => number): Caches {
  return {
    zones: new Cache(now, MINUTE_MS),
    zoneAreas: new Cache(now, AREAS_MS, 1),
    promotions: new Cache(now, MINUTE_MS),
    terms: new Cache(now, TERMS_MS),
    menus: new Cache(now, 60 * MINUTE_MS, MAX_MENUS),
    billing: new Cache(now, MINUTE_MS),
    devices: new Cache(now, 5 * MINUTE_MS),
    memberships: new Cache(now, MEMBERSHIP_MS),
    staff: new Cache(now, MEMBERSHIP_MS),
    limiter: new Limiter(now),
    discovery: new Cache(now, MINUTE_MS / 2, MAX_PLACES),
    tracked: new Cache(now, 10_000),
    etas: new Cache(now, 10_000),
    surges: new Cache(now, 10_000),
    etaTables: new Cache(now, 60 * MINUTE_MS),
    kitchenLoads: new Cache(now, MINUTE_MS),
    reported: new Cache(now, 60 * MINUTE_MS),
  };
}

/** Returns a zone from the cache. Throws ZONE_NOT_FOUND. */
export function getZone(ctx: Context, zoneId: string): Promise<Zone> {
  return ctx.caches.zones.get(zoneId, async () => {
    const zone = (await paths.zone(ctx.db, zoneId).get()).data();
    if (!zone) throw new Refusal('ZONE_NOT_FOUND', { zoneId });
    return zone;
  });
}

/** The key of the only entry of `zoneAreas`. */
export const ALL_ZONES = 'all';

/** Forgets a zone that was changed, here at once; other instances do when their entries expire. */
export function forgetZone(ctx: Context, zoneId: string): void {
  ctx.caches.zones.forget(zoneId);
  ctx.caches.zoneAreas.forget(ALL_ZONES);
}

/** Returns the current promotions of a zone from the cache. */
export function getPromotions(ctx: Context, zoneId: string): Promise<Promotion[]> {
  return ctx.caches.promotions.get(zoneId, async () => {
    const found = await paths.promotions(ctx.db, zoneId).where('endsAtMs', '>', ctx.now()).limit(200).get();
    return (await filterReadable(ctx, 'promotions', found.docs)).map(({ data }) => data);
  });
}

/** Returns the platform's terms with a restaurant from the cache. Throws RESTAURANT_NOT_FOUND. */
export function getTerms(ctx: Context, restaurantId: string): Promise<RestaurantTerms> {
  return ctx.caches.terms.get(restaurantId, async () => {
    const terms = (await paths.terms(ctx.db, restaurantId).get()).data();
    if (!terms) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
    return terms;
  });
}

/**
 * Returns the restaurant's account at the payment provider; null without one. An account that was connected since the
 * terms were cached is found. Throws RESTAURANT_NOT_FOUND.
 */
export async function getAccountId(ctx: Context, restaurantId: string): Promise<string | null> {
  const { stripeAccountId } = await getTerms(ctx, restaurantId);
  if (stripeAccountId !== null) return stripeAccountId;
  ctx.caches.terms.forget(restaurantId);
  return (await getTerms(ctx, restaurantId)).stripeAccountId;
}

/** Reads the devices of a user; limited in number, since each of them gets every push. */
export function getDevices(ctx: Context, uid: string): Promise<Device[]> {
  return ctx.caches.devices.get(uid, async () => {
    const found = await paths.devices(ctx.db, uid).limit(MAX_DEVICES).get();
    return (await filterReadable(ctx, 'devices', found.docs)).map(({ data }) => data);
  });
}
