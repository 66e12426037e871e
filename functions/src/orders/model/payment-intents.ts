import type { Order } from '../../contract/orders.js';

/** The holds that an order knows as its own; tips are payments apart. */
export function holdsOf({ payment, edit }: Order): string[] {
  const topUps = payment.topUps?.map((one) => one.intentId) ?? [];
  return [payment.intentId, ...topUps, edit?.topUpIntentId].filter((id) => id !== null && id !== undefined);
}
