import { z } from 'zod';
import { DropOff, NonNegativeMinor } from '../../contract/common.js';
import type { Order, Quote } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { seal, unseal } from '../../core/seal.js';
import { computeRideMinor } from '../../pricing/courier-pay.js';

const PURPOSE = 'drop-off';

/** The part of an order that only the backend can read until a courier is assigned. */
const SealedDelivery = z.strictObject({ dropOff: DropOff, rideMinor: NonNegativeMinor });
export type SealedDelivery = z.infer<typeof SealedDelivery>;

/**
 * Returns the part of a quote to seal; null for a pickup, which has no courier. An edit changes neither the address nor
 * the ride.
 */
export function toSealedDelivery({ dropOff, pricing }: Pick<Quote, 'dropOff' | 'pricing'>): SealedDelivery | null {
  return dropOff && { dropOff, rideMinor: computeRideMinor(pricing) };
}

/**
 * Encrypts the address and the courier's pay for the order document, so that neither an offer nor an assignment has to
 * read the quote. The customer and the kitchen read the order: only the courier may see the address and the pay.
 */
export function sealDelivery(ctx: Pick<Context, 'secretKey'>, orderId: string, delivery: SealedDelivery): string {
  return seal(ctx.secretKey(PURPOSE), orderId, JSON.stringify(delivery));
}

/**
 * Decrypts the sealed delivery of an order; null where it has none (after an assignment), or one under a former secret:
 * then the quote has it.
 */
export function unsealDelivery(
  ctx: Pick<Context, 'secretKey'>,
  orderId: string,
  { sealedDelivery }: Pick<Order, 'sealedDelivery'>,
): SealedDelivery | null {
  const text = sealedDelivery === undefined ? null : unseal(ctx.secretKey(PURPOSE), orderId, sealedDelivery);
  return text === null ? null : (SealedDelivery.safeParse(JSON.parse(text)).data ?? null);
}
