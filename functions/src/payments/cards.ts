import type { z } from 'zod';
import type { ListCardsOutput, RemoveCardInput, RemoveCardOutput } from '../calls/payments.js';
import type { Caller, Context } from '../platform/context.js';
import { Refusal } from '../core/outcome.js';
import { readStripeCustomerId } from './customers.js';

/** Lists the customer's saved cards from the provider: the backend stores nothing of a card. */
export async function listCards(ctx: Context, { uid }: Caller): Promise<z.infer<typeof ListCardsOutput>> {
  const customerId = await readStripeCustomerId(ctx, uid);
  return { cards: customerId === null ? [] : await ctx.payments.listCards(customerId) };
}

/** Removes a saved card. A scheduled order that was to be paid by it needs another card shortly before its slot. */
export async function removeCard(
  ctx: Context,
  { uid }: Caller,
  { paymentMethodId }: z.infer<typeof RemoveCardInput>,
): Promise<z.infer<typeof RemoveCardOutput>> {
  const customerId = await readStripeCustomerId(ctx, uid);
  const removed = customerId !== null && (await ctx.payments.removeCard({ customerId, paymentMethodId }));
  if (!removed) throw new Refusal('CARD_NOT_FOUND', { paymentMethodId });
  return { removed };
}
