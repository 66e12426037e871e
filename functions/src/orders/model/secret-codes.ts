import type { Context } from '../../platform/context.js';

/** The customer's PIN: derived, so that it needs no storage and no party of the order can read it. */
export function pinOf(ctx: Pick<Context, 'secretDigits'>, orderId: string): string {
  return ctx.secretDigits(`pin:${orderId}`, 4);
}

/** The kitchen's code for the courier: derived as the PIN is, so no document that the courier reads can hold it. */
export function toPickUpCode(ctx: Pick<Context, 'secretDigits'>, orderId: string): string {
  return ctx.secretDigits(`pick-up:${orderId}`, 4);
}
