import type { Context } from '../../platform/context.js';

/** Derives the customer's PIN, so that it needs no storage and no party of the order can read it. */
export function toPin(ctx: Pick<Context, 'secretDigits'>, orderId: string): string {
  return ctx.secretDigits(`pin:${orderId}`, 4);
}

/** Derives the kitchen's code for the courier, as the PIN, so that no document that the courier reads contains it. */
export function toPickUpCode(ctx: Pick<Context, 'secretDigits'>, orderId: string): string {
  return ctx.secretDigits(`pick-up:${orderId}`, 4);
}
