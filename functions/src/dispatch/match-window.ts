import type { QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { MatchFacts } from '../contract/dispatch.js';
import type { Order } from '../contract/orders.js';
import type { Zone } from '../contract/zones.js';
import { attempt, readPages, reportDocument } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { isAlreadyExists, isTransient, paths } from '../platform/firestore.js';
import type { CourierInReach } from './find.js';
import { fitDecision } from './fit-decision.js';
import { findCouriersForAll } from './look-around.js';
import { notifyOfOffer, writeOffer, buildOffer } from './offer.js';
import { decideMatches, selectCouriers, getWave, type WaitingOrder } from './model/plan.js';
import { readOpenOffers, queryOrdersToMatch, POOL_LIMIT, readPool } from './pool.js';
import { computeWindowEndMs } from '../orders/model/search-windows.js';

const RETRY_MS = 30_000;
const DECISION_LIVES_MS = 14 * 24 * 3_600_000;

/** Adds an order to dispatch: it is matched with all orders that become available in the same window of its zone. */
export async function joinWindow(ctx: Context, zoneId: string, momentMs: number): Promise<void> {
  const { limits } = await getZone(ctx, zoneId);
  const atMs = computeWindowEndMs(Math.max(ctx.now(), momentMs), limits);
  await ctx.tasks.schedule(`match-${zoneId}-${atMs}`, atMs, { type: 'match', zoneId, atMs });
}

/**
 * Handles the end of a window: its orders are matched to couriers, a page at a time; each page's decision is stored,
 * then its offers are made. Unmatched orders are matched again in half a minute, until the order's own deadline ends
 * it. A page that fails is retried then too, and does not prevent the others from being matched.
 */
export async function matchWindow(ctx: Context, zoneId: string, atMs: number): Promise<void> {
  const zone = await getZone(ctx, zoneId);
  const isLate = ctx.now() >= atMs + zone.limits.matchWindowSeconds * 1000;
  let part = 0;
  let againMs = Infinity;
  for await (const docs of readPages(queryOrdersToMatch(ctx, zoneId, atMs), POOL_LIMIT)) {
    const page = { zoneId, atMs, part, isLate, docs };
    const done = await attempt(ctx, 'matchWindow', paths.match(ctx.db, zoneId, atMs, part).path, () =>
      matchPage(ctx, zone, page),
    );
    againMs = Math.min(againMs, done.ok ? done.value : ctx.now() + RETRY_MS);
    part += 1;
  }
  if (againMs < Infinity) await joinWindow(ctx, zoneId, againMs);
}

interface Page {
  zoneId: string;
  atMs: number;
  part: number;
  isLate: boolean;
  docs: readonly QueryDocumentSnapshot<Order>[];
}

/** Matches one page. Returns when its zone needs a further window; Infinity where every order has an offer. */
async function matchPage(ctx: Context, zone: Zone, page: Page): Promise<number> {
  const { orders, waiting } = await readPool(ctx, zone, page);
  if (page.isLate) await repeatNotifications(ctx, orders);
  if (waiting.length === 0) return Infinity;
  const { found, facts } = await findCouriersForAll(ctx, page.zoneId, waiting);
  const { outcome, result } = decideMatches(facts);
  const { options } = result;
  if (!(await storeDecision(ctx, page, facts, { outcome, options }))) {
    await repeatNotifications(ctx, orders);
    return ctx.now();
  }
  const peers = selectCouriers(waiting, result, zone.limits);
  const made = await Promise.all(
    waiting.map((one) =>
      attempt(ctx, 'matchWindow', paths.order(ctx.db, one.orderId).path, () =>
        makeOffers(
          ctx,
          one,
          found.filter(({ uid }) => peers.get(one.orderId)?.includes(uid)),
        ),
      ),
    ),
  );
  return made.every((one) => one.ok && one.value) ? Infinity : ctx.now() + RETRY_MS;
}

/**
 * Repeats the notifications of open offers: a late or repeated task may follow a crash between an offer and its
 * notification. It uses the same task name and notification, so a courier who was notified sees nothing new.
 */
async function repeatNotifications(ctx: Context, orders: Parameters<typeof readOpenOffers>[1]): Promise<void> {
  const openOffers = await readOpenOffers(ctx, orders);
  await Promise.all(
    openOffers.map(({ uid, offer }) =>
      attempt(ctx, 'matchWindow', paths.courier(ctx.db, uid).path, () => notifyOfOffer(ctx, uid, offer)),
    ),
  );
}

/**
 * False when this page of the window has its decision already. A decision that cannot be stored becomes an operator
 * task, and its offers are made nevertheless: otherwise no order of the page would be delivered. Throws for a transient
 * error: the page is retried.
 */
async function storeDecision(
  ctx: Context,
  { zoneId, atMs, part }: Page,
  facts: MatchFacts,
  decided: Parameters<typeof fitDecision>[3],
): Promise<boolean> {
  const ref = paths.match(ctx.db, zoneId, atMs, part);
  try {
    await ref.create({ ...fitDecision(ref.path, atMs, facts, decided), expireAt: ctx.now() + DECISION_LIVES_MS });
  } catch (error) {
    if (isAlreadyExists(error)) return false;
    if (isTransient(error)) throw error;
    await reportDocument(ctx, 'matchWindow', ref.path, error);
  }
  return true;
}

/** False when no courier could get an offer. */
async function makeOffers(ctx: Context, one: WaitingOrder, couriers: readonly CourierInReach[]): Promise<boolean> {
  const { orderId, order } = one;
  const zone = await getZone(ctx, order.zoneId);
  const expiresAtMs = ctx.now() + zone.limits.offerSeconds * 1000;
  const peers = couriers.map(({ uid }) => uid);
  const offer = await buildOffer(ctx, orderId, order, { wave: getWave(one), peers, expiresAtMs });
  const given = await Promise.all(couriers.map((courier) => writeOffer(ctx, courier, offer)));
  return given.some(Boolean);
}
