import type { z } from 'zod';
import type { ShareTrackingInput, ShareTrackingOutput } from '../calls/tracking.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { isTrackable } from './model/page.js';
import { newShareToken } from './token.js';

const LIVES_MS = 24 * 3_600_000;
const PAGE = 100;

/**
 * Creates a link to an order under way, for people who wait with the customer: 128 random bits, one per order,
 * revocable. A link that has expired is replaced.
 */
export async function shareTracking(
  ctx: Context,
  { uid }: Caller,
  { orderId, answer }: z.infer<typeof ShareTrackingInput>,
): Promise<z.infer<typeof ShareTrackingOutput>> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order?.customerId !== uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  if (answer === 'revoke') {
    await revokeAll(ctx, orderId);
    return { token: null };
  }
  if (!isTrackable(order)) throw new Refusal('MOVE_NOT_ALLOWED', { status: order.status });
  const expireAt = Math.max(order.promisedAtMs, ctx.now()) + LIVES_MS;
  const share = { orderId, customerId: uid, createdAtMs: ctx.now(), expireAt };
  // The query is part of the transaction: of two concurrent calls the later one finds the former's token.
  const token = await ctx.db.runTransaction(async (tx) => {
    const shares = (await tx.get(queryShares(ctx, orderId).limit(PAGE))).docs;
    const known = shares.find((one) => one.data().expireAt > ctx.now());
    if (known) return known.id;
    const fresh = newShareToken(ctx);
    tx.create(paths.shares(ctx.db).doc(fresh), share);
    return fresh;
  });
  return { token };
}

const queryShares = (ctx: Context, orderId: string) => paths.shares(ctx.db).where('orderId', '==', orderId);

/** Revokes all links, page by page: a deleted one is no longer found. */
async function revokeAll(ctx: Context, orderId: string): Promise<void> {
  for (;;) {
    const { docs } = await queryShares(ctx, orderId).limit(PAGE).get();
    if (docs.length === 0) return;
    await Promise.all(docs.map((share) => share.ref.delete()));
    for (const { id } of docs) ctx.caches.tracked.forget(id);
  }
}
