import type { Order } from '../contract/orders.js';
import type { Recipient } from '../orders/effects.js';
import { devicesOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { MESSAGES, fill, type MessageKey } from './messages.js';

interface About {
  /** What the app opens: an order or, before there is one, a restaurant. */
  orderId?: string;
  restaurantId?: string;
  order: Pick<Order, 'restaurantName'> & Partial<Pick<Order, 'code'>>;
  /** Names this notification: one per event and device, whatever is retried. */
  id: string;
  ttlSeconds?: number;
}

/** Sends a message to every device of a user, or of a restaurant's staff. Throws when a retry may help. */
export async function pushTo(ctx: Context, to: Recipient, key: MessageKey, about: About): Promise<void> {
  const uids = to.type === 'user' ? [to.uid] : await staffOf(ctx, to.restaurantId);
  await Promise.all(uids.map((uid) => pushToUser(ctx, uid, key, about)));
}

async function pushToUser(ctx: Context, uid: string, key: MessageKey, about: About): Promise<void> {
  const values = { restaurant: about.order.restaurantName, code: about.order.code ?? '' };
  const { orderId, restaurantId, id } = about;
  const subject = { ...(orderId !== undefined && { orderId }), ...(restaurantId !== undefined && { restaurantId }) };
  const devices = await devicesOf(ctx, uid);
  await Promise.all(
    devices.map(async ({ token }) => {
      const result = await ctx.push.send({
        token,
        collapseId: id,
        title: fill(MESSAGES[key].title, values),
        body: fill(MESSAGES[key].body, values),
        data: { key, ...subject, id },
        ttlSeconds: about.ttlSeconds ?? 3600,
      });
      if (result === 'unregistered') await forgetDevice(ctx, uid, token);
    }),
  );
}

/** The provider no longer knows the token: the app was removed or got another one. */
async function forgetDevice(ctx: Context, uid: string, token: string): Promise<void> {
  ctx.caches.devices.forget(uid);
  const dead = await paths.devices(ctx.db, uid).where('token', '==', token).get();
  await Promise.all(dead.docs.map((device) => device.ref.delete()));
}

function staffOf(ctx: Context, restaurantId: string): Promise<string[]> {
  return ctx.caches.staff.get(restaurantId, async () => {
    const members = await paths.members(ctx.db, restaurantId).limit(50).get();
    return members.docs.map((member) => member.id);
  });
}
