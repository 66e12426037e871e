import { DropOff } from '../../contract/common.js';
import type { Order } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { seal, unseal } from '../../platform/seal.js';

const PURPOSE = 'drop-off';

/**
 * The address as an order holds it until a courier is assigned: for the backend only, which is spared reading the quote
 * at the assignment. Kitchen and customer read the order, and see letters.
 */
export function sealDropOff(ctx: Pick<Context, 'secretKey'>, orderId: string, dropOff: DropOff): string {
  return seal(ctx.secretKey(PURPOSE), orderId, JSON.stringify(dropOff));
}

/** Null where the order holds none, or one under a former secret: the quote has it. */
export function openDropOff(
  ctx: Pick<Context, 'secretKey'>,
  orderId: string,
  { sealedDropOff }: Pick<Order, 'sealedDropOff'>,
): DropOff | null {
  const text = sealedDropOff === undefined ? null : unseal(ctx.secretKey(PURPOSE), orderId, sealedDropOff);
  return text === null ? null : (DropOff.safeParse(JSON.parse(text)).data ?? null);
}
