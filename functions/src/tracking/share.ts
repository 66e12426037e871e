import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { ShareTrackingInput, ShareTrackingOutput } from '../contract/calls/tracking.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { isTrackable } from './page.js';

const LIVES_MS = 24 * 3_600_000;

/** A link to an order under way, for whoever waits with the customer: 128 random bits, one per order, revocable. */
export async function shareTracking(
  ctx: Context,
  { uid }: Caller,
  { orderId, answer }: z.infer<typeof ShareTrackingInput>,
): Promise<z.infer<typeof ShareTrackingOutput>> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order?.customerId !== uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const known = await paths.shares(ctx.db).where('orderId', '==', orderId).limit(10).get();
  if (answer === 'revoke') {
    await Promise.all(known.docs.map((share) => share.ref.delete()));
    return { token: null };
  }
  if (!isTrackable(order)) throw new Refusal('MOVE_NOT_ALLOWED', { status: order.status });
  const [first] = known.docs;
  if (first) return { token: first.id };
  const token = randomBytes(16).toString('base64url');
  const expireAt = Math.max(order.promisedAtMs, ctx.now()) + LIVES_MS;
  await paths.shares(ctx.db).doc(token).create({ orderId, customerId: uid, createdAtMs: ctx.now(), expireAt });
  return { token };
}
