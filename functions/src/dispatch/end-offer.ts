import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { Offer } from '../contract/couriers.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { dropTask } from '../platform/tasks.js';
import { offerTaskName, offerWave } from './offer.js';

/** Why an offer ends without a courier: an expired one must really be past its time. */
export type OfferEnd = 'declined' | 'expired';

/**
 * Takes an open offer back and asks the next couriers, once the last of those asked together is through.
 * False when there was no such offer (any more), so a late or double call does nothing.
 */
export async function endOffer(ctx: Context, courierId: string, orderId: string, end: OfferEnd): Promise<boolean> {
  const ended = await ctx.db.runTransaction((tx) => takeBack(ctx, tx, courierId, orderId, end));
  if (!ended) return false;
  const { offer, othersOpen } = ended;
  if (end === 'declined') await dropTask(ctx, offerTaskName(offer, courierId));
  if (othersOpen) return true;
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order) await offerWave(ctx, orderId, order, { wave: offer.wave + 1, tried: [...offer.tried, ...offer.peers] });
  return true;
}

async function takeBack(
  ctx: Context,
  tx: Transaction,
  courierId: string,
  orderId: string,
  end: OfferEnd,
): Promise<{ offer: Offer; othersOpen: boolean } | null> {
  const offer = (await tx.get(paths.courier(ctx.db, courierId))).data()?.offer;
  if (!offer || offer.orderId !== orderId) return null;
  if (end === 'expired' && offer.expiresAtMs > ctx.now()) return null;
  const others = offer.peers.filter((peer) => peer !== courierId);
  const read = await Promise.all(others.map((peer) => tx.get(paths.courier(ctx.db, peer))));
  const othersOpen = read.some((peer) => peer.data()?.offer?.orderId === orderId);
  tx.update(paths.courier(ctx.db, courierId), { offer: null, load: FieldValue.increment(-1) });
  return { offer, othersOpen };
}
