import type { z } from 'zod';
import type { DiscoverOutput } from '../calls/discovery.js';
import type { Place } from '../contract/common.js';
import type { Restaurant } from '../contract/restaurants.js';
import { DocumentError } from '../platform/document-error.js';
import { filterReadable, reportDocument, type Readable } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { computeBoxes, type Box } from './model/nearby.js';
import {
  selectPage,
  rankRestaurants,
  readCursor,
  type CardZone,
  type RankedRestaurant,
  type SearchRequest,
} from './model/rank.js';
import { getZoneAreas } from './find-zone.js';
import { findZoneAt } from './model/zone-areas.js';
import { matchesWord, listTypos, splitWords } from '../catalog/model/search-tokens.js';
import { readSurgePpm } from '../catalog/current-surge.js';
import { filterUsable } from '../catalog/usable-restaurants.js';

/**
 * Lists the restaurants that deliver to a place, or offer pickup near it, or those among them that a text names:
 * ranked, in pages, or only those that have changed since a time. A result is cached for half a minute for all callers
 * from the same place, and for the next page.
 */
export async function discover(ctx: Context, _: Caller, input: SearchRequest): Promise<z.infer<typeof DiscoverOutput>> {
  const from = input.cursor === undefined ? null : readCursor(input.cursor);
  if (input.cursor !== undefined && !from) throw new Refusal('INPUT_INVALID', { path: 'cursor', problem: 'unknown' });
  const { zoneId } = input;
  const [read] = await Promise.all([loadCandidates(ctx, input), zoneId === undefined || getZone(ctx, zoneId)]);
  const asOfMs = from?.asOfMs ?? read.atMs;
  const cards = rankRestaurants(read.found, input, await readCardZones(ctx, read.found), asOfMs);
  return { ...selectPage(cards, input.limit, from?.after ?? null, asOfMs), asOfMs };
}

/** Reads the zones of the restaurants. */
async function readCardZones(ctx: Context, found: readonly RankedRestaurant[]): Promise<Map<string, CardZone>> {
  const ids = [...new Set(found.map(({ restaurant }) => restaurant.zoneId))];
  const read = await Promise.all(ids.map(async (id) => [id, await readCardZone(ctx, id)] as const));
  return new Map(read.flatMap(([id, zone]) => (zone ? [[id, zone] as const] : [])));
}

/** Null for a zone that does not exist or cannot be read, which becomes an operator task. */
async function readCardZone(ctx: Context, zoneId: string): Promise<CardZone | null> {
  try {
    const zone = await getZone(ctx, zoneId);
    return { zone, surgePpm: await readSurgePpm(ctx, zoneId, zone) };
  } catch (error) {
    if (!(error instanceof DocumentError || error instanceof Refusal)) throw error;
    await reportDocument(ctx, 'discover', paths.zone(ctx.db, zoneId).path, error);
    return null;
  }
}

/** The restaurants that were read, and when: later changes are not included. */
export interface Candidates {
  found: RankedRestaurant[];
  atMs: number;
  /** The zone has more restaurants with this name than were read. */
  isCut?: boolean;
}

async function loadCandidates(ctx: Context, input: SearchRequest): Promise<Candidates> {
  const { text } = input;
  if (text === undefined) return around(ctx, input);
  const zoneId = input.zoneId ?? findZoneAt(await getZoneAreas(ctx), input.place)?.zoneId;
  if (zoneId === undefined) throw new Refusal('ZONE_NOT_FOUND');
  const words = splitWords(text);
  const name = `${zoneId} ${words.join(' ')}`;
  const ofZone = await ctx.caches.discovery.get(name, async () => ({
    atMs: ctx.now(),
    ...(await findByName(ctx, zoneId, words)),
  }));
  if (!ofZone.isCut) return ofZone;
  // The restaurants that were read are any of the zone: among the nearest none may be missing.
  return ctx.caches.discovery.get(`${placeKey(input)} ${name}`, async () => {
    const { found, atMs } = await around(ctx, input);
    return {
      found: await filterByWords(
        ctx,
        found.filter(({ restaurant }) => restaurant.zoneId === zoneId),
        words,
      ),
      atMs,
    };
  });
}

const placeKey = ({ place, radiusMeters }: SearchRequest): string => `${place.lat},${place.lng},${radiusMeters}`;

const around = (ctx: Context, input: SearchRequest): Promise<Candidates> =>
  ctx.caches.discovery.get(placeKey(input), async () => {
    const atMs = ctx.now();
    return { found: await findNearby(ctx, input.place, input.radiusMeters), atMs };
  });

/** Finds those of the restaurants that the words name. */
async function filterByWords(
  ctx: Context,
  found: readonly RankedRestaurant[],
  words: readonly string[],
): Promise<RankedRestaurant[]> {
  const entries = await Promise.all(found.map(({ restaurantId }) => paths.searchEntry(ctx.db, restaurantId).get()));
  const read = await filterReadable(ctx, 'discover', entries);
  const ids = new Set(
    read.filter(({ data }) => words.every((word) => matchesWord(data.tokens, word))).map(({ id }) => id),
  );
  return found.filter(({ restaurantId }) => ids.has(restaurantId));
}

/** The maximum of a query; in a denser city the nearest restaurants are queried. */
const MAX_NEAR = 300;
const MAX_NAMED = 50;

async function findNearby(ctx: Context, place: Place, radiusMeters: number): Promise<RankedRestaurant[]> {
  const boxes = await Promise.all(computeBoxes(place, radiusMeters).map((box) => inBox(ctx, box)));
  const isFull = boxes.some(({ length }) => length >= MAX_NEAR);
  return isFull && radiusMeters > 200 ? findNearby(ctx, place, radiusMeters / 2) : boxes.flat();
}

async function inBox(ctx: Context, { south, west, north, east }: Box): Promise<RankedRestaurant[]> {
  const found = await paths
    .restaurants(ctx.db)
    .where('location.lat', '>=', south)
    .where('location.lat', '<=', north)
    .where('location.lng', '>=', west)
    .where('location.lng', '<=', east)
    .limit(MAX_NEAR)
    .get();
  return (await filterUsable(ctx, 'discover', found.docs)).map(toRankedRestaurant);
}

/** Queries the longest word as it is written, and typos of it only when that finds nothing. */
async function findByName(ctx: Context, zoneId: string, words: readonly string[]): Promise<Omit<Candidates, 'atMs'>> {
  const [word] = words.toSorted((a, b) => b.length - a.length);
  if (word === undefined) return { found: [] };
  const written = await idsWith(ctx, zoneId, [word], words);
  const { ids, isCut } =
    written.ids.length > 0 || written.isCut ? written : await idsWith(ctx, zoneId, listTypos(word), words);
  if (isCut) return { found: [], isCut };
  const stored = await Promise.all(ids.map((id) => paths.restaurant(ctx.db, id).get()));
  return { found: (await filterUsable(ctx, 'discover', stored)).map(toRankedRestaurant) };
}

async function idsWith(
  ctx: Context,
  zoneId: string,
  tokens: readonly string[],
  words: readonly string[],
): Promise<{ ids: string[]; isCut: boolean }> {
  if (tokens.length === 0) return { ids: [], isCut: false };
  const entries = await paths
    .searchEntries(ctx.db)
    .where('zoneId', '==', zoneId)
    .where('tokens', 'array-contains-any', tokens)
    .limit(MAX_NAMED)
    .get();
  const read = await filterReadable(ctx, 'discover', entries.docs);
  const ids = read.filter(({ data }) => words.every((word) => matchesWord(data.tokens, word))).map(({ id }) => id);
  return { ids, isCut: entries.size >= MAX_NAMED };
}

function toRankedRestaurant({ id, data, updateTime }: Readable<Restaurant>): RankedRestaurant {
  return { restaurantId: id, restaurant: data, changedAtMs: updateTime?.toMillis() ?? 0 };
}
