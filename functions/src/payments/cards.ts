import type { z } from 'zod';
import type { ListCardsOutput, RemoveCardInput, RemoveCardOutput } from '../calls/payments.js';
import type { Caller, Context } from '../platform/context.js';
import { Refusal } from '../core/outcome.js';
import { stripeCustomerOf } from './customers.js';

/** The customer's saved cards, as the provider has them: nothing of a card is kept here. */
export async function listCards(ctx: Context, { uid }: Caller): Promise<z.infer<typeof ListCardsOutput>> {
  const customerId = await stripeCustomerOf(ctx, uid);
  return { cards: customerId === null ? [] : await ctx.payments.listCards(customerId) };
}

/** A scheduled order that was to be paid by it waits for another card when its slot comes near. */
export async function removeCard(
  ctx: Context,
  { uid }: Caller,
  { paymentMethodId }: z.infer<typeof RemoveCardInput>,
): Promise<z.infer<typeof RemoveCardOutput>> {
  const customerId = await stripeCustomerOf(ctx, uid);
  const removed = customerId !== null && (await ctx.payments.removeCard({ customerId, paymentMethodId }));
  if (!removed) throw new Refusal('CARD_NOT_FOUND', { paymentMethodId });
  return { removed };
}
