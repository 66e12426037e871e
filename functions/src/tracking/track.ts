import { toAddressKey } from '../abuse/model/address.js';
import { UNKNOWN_LINKS } from '../abuse/model/limits.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookAtRide } from './look-at-ride.js';
import { isShareToken } from './token.js';
import { GONE_PAGE, isTrackable, PAGE_HEADERS, renderPage, type Tracked } from './model/page.js';

interface Page {
  status: 200 | 404 | 429;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Serves the public page of a shared order, for a caller at a network address. A token that was never issued is
 * recognised by its last digits, without a read: guesses are free of charge, and after some of them their address gets
 * no page. An issued link is read once in ten seconds, independent of its callers, its result and others' guesses;
 * unknown, revoked, expired and ended links have the same response.
 */
export async function track(ctx: Context, token: unknown, address: string | null): Promise<Page> {
  if (typeof token !== 'string' || !isShareToken(ctx, token)) {
    const wait = ctx.caches.limiter.wait(`link:${toAddressKey(address ?? '')}`, UNKNOWN_LINKS);
    return answer(wait > 0 ? 429 : 404, GONE_PAGE);
  }
  const tracked = await ctx.caches.tracked.get(token, () => look(ctx, token));
  return tracked ? answer(200, renderPage(tracked, ctx.now())) : answer(404, GONE_PAGE);
}

const answer = (status: Page['status'], body: string): Page => ({ status, headers: PAGE_HEADERS, body });

async function look(ctx: Context, token: string): Promise<Tracked | null> {
  const share = (await paths.shares(ctx.db).doc(token).get()).data();
  const order = share && (await paths.order(ctx.db, share.orderId).get()).data();
  // The TTL policy deletes an expired link within a day, not at once.
  if (!share || share.expireAt <= ctx.now() || !order || !isTrackable(order)) return null;
  const { restaurantName, status } = order;
  return { restaurantName, status, ...(await lookAtRide(ctx, share.orderId, order)) };
}
