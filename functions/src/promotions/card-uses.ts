import { noteSignal } from '../abuse/links.js';
import type { Order, OrderEvent } from '../contract/orders.js';
import type { Promotion } from '../contract/zones.js';
import { checkUses, listUseNames, listUsedPromotions } from '../orders/model/reservation-rules.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { readSharedUses } from './first-order.js';
import { isPlatformFunded } from './usable.js';

/**
 * True where the event confirms the payment of an order that used limited promotions. The usual order costs no read.
 */
export function hasCardToCheck({ reserved, payment }: Order, { action }: OrderEvent): boolean {
  const isPaid = action === 'confirmPayment' || action === 'authorize';
  return isPaid && payment.intentId !== null && (reserved?.uses.length ?? 0) > 0;
}

/**
 * Reads whether another account of the card that paid has used up a promotion of this order. Only for those that the
 * platform funds and that are limited by customer. A payment sheet reveals its card only now, after the use was
 * counted. The card is fetched from the provider, not taken from a message, so that the check can be repeated after a
 * crash.
 */
export async function linkCardAndCheckUses(ctx: Context, orderId: string, order: Order): Promise<boolean> {
  const { payment, customerId } = order;
  const { cardFingerprint = null } = await ctx.payments.retrieve(payment.intentId ?? '');
  const promotions = cardFingerprint === null ? [] : await promotionsAtStake(ctx, orderId);
  if (cardFingerprint === null || promotions.length === 0) return false;
  await noteSignal(ctx, customerId, { kind: 'card', value: cardFingerprint });
  const shared = await readSharedUses(ctx, customerId, promotions.flatMap(listUseNames));
  const uses = await readUsesBefore(ctx, order);
  return promotions.some((promotion) => !checkUses(promotion, { credits: {}, uses }, shared).ok);
}

async function promotionsAtStake(ctx: Context, orderId: string): Promise<Promotion[]> {
  const quote = (await paths.quote(ctx.db, orderId).get()).data();
  return quote ? listUsedPromotions(quote).filter((one) => isPlatformFunded(one) && listUseNames(one).length > 0) : [];
}

/** Reads the customer's own uses without those of this order. */
async function readUsesBefore(ctx: Context, { customerId, reserved }: Order): Promise<Record<string, number>> {
  const uses = { ...(await paths.standing(ctx.db, customerId).get()).data()?.uses };
  for (const name of reserved?.uses ?? []) uses[name] = (lookUp(uses, name) ?? 0) - 1;
  return uses;
}
