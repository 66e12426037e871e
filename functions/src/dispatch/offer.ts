import { FieldValue } from 'firebase-admin/firestore';
import type { Offer } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import { notifyRecipient } from '../notifications/send.js';
import { unsealDelivery } from '../orders/model/sealed-delivery.js';
import type { Context } from '../platform/context.js';
import { isPreconditionFailure, paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { computeRideMinor } from '../pricing/courier-pay.js';
import type { CourierInReach } from './find.js';
import { updateOne } from '../platform/stored.js';

/**
 * Builds an offer with the facts that a courier may see before accepting: the restaurant's place and the pay, without
 * the customer's address. The pay is the amount that the settlement will credit: by the rules that priced the order,
 * even if the zone's pay has changed.
 */
export async function buildOffer(
  ctx: Context,
  orderId: string,
  order: Order,
  part: Pick<Offer, 'wave' | 'peers' | 'expiresAtMs'>,
): Promise<Offer> {
  const { restaurantName, pickUpAt, distanceMeters, currency, totals } = order;
  const payMinor = (await readRideMinor(ctx, orderId, order)) + totals.tipMinor;
  return { orderId, restaurantName, pickUpAt, distanceMeters, payMinor, currency, ...part };
}

/** After an assignment, or under a new secret, the order no longer contains it. Throws QUOTE_NOT_FOUND. */
async function readRideMinor(ctx: Context, orderId: string, order: Order): Promise<number> {
  const sealed = unsealDelivery(ctx, orderId, order);
  if (sealed) return sealed.rideMinor;
  const quote = (await paths.quote(ctx.db, orderId).get()).data();
  if (!quote) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  return computeRideMinor(quote.pricing);
}

/** Writes an offer into the courier's document; false when the courier's state has changed in the meantime. */
export async function writeOffer(ctx: Context, { uid, lastUpdate }: CourierInReach, offer: Offer): Promise<boolean> {
  try {
    // The write requires the state that the search read, so it need not be read again.
    const taken = { offer, load: FieldValue.increment(1) };
    await updateOne(paths.courier(ctx.db, uid), taken, { lastUpdateTime: lastUpdate });
  } catch (error) {
    if (isPreconditionFailure(error)) return false;
    throw error;
  }
  await notifyOfOffer(ctx, uid, offer);
  return true;
}

/** Schedules the offer's end as a task and notifies the courier's phone. */
export async function notifyOfOffer(ctx: Context, uid: string, offer: Offer): Promise<void> {
  const { orderId, expiresAtMs, restaurantName, payMinor, currency } = offer;
  await Promise.all([
    ctx.tasks.schedule(toOfferTaskName(offer, uid), expiresAtMs, { type: 'offer', courierId: uid, orderId }),
    notifyRecipient(ctx, { type: 'user', uid }, 'courier_offer', {
      orderId,
      order: { restaurantName },
      values: { amount: { amountMinor: payMinor, currency } },
      // A later search may offer the order to the same courier again, from its first wave.
      id: `${orderId}-offer-${expiresAtMs}`,
      ttlSeconds: Math.max(0, Math.ceil((expiresAtMs - ctx.now()) / 1000)),
    }),
  ]);
}

/**
 * Names the task of an offer's end. With its time: a later search may offer the order to the same courier again, and
 * the name of a task that ended or was cancelled cannot be used again for days. Source: Cloud Tasks documentation,
 * "CreateTask".
 */
export function toOfferTaskName({ orderId, expiresAtMs }: Pick<Offer, 'orderId' | 'expiresAtMs'>, uid: string): string {
  return `offer-${orderId}-${uid}-${expiresAtMs}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
