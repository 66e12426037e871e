import type { Order } from '../../contract/orders.js';
import type { Tip } from '../../contract/payments.js';
import { accept, refuse, Refusal, type Outcome } from '../../core/outcome.js';
import { mulDiv } from '../../pricing/money.js';
import { getChargeUnit, getMinimumCharge } from '../../pricing/currencies.js';

/** The number of hours after the delivery in which a tip may be given. */
const TIP_HOURS = 24;
/**
 * The number of tips that may be opened for one order, paid or not: few enough to read each time, so that their sum is
 * known.
 */
export const MAX_TIPS = 10;

/** An amount, or its part of the price of the food. */
interface TipWish {
  amountMinor?: number | undefined;
  ratePpm?: number | undefined;
}

/**
 * Computes the amount of a tip: a rate is of the items' sum, as at the order, half up and then down to what the provider
 * can charge. Throws INPUT_INVALID unless there is either an amount or a rate.
 */
export function computeTipMinor(
  { currency, totals }: Pick<Order, 'currency' | 'totals'>,
  { amountMinor, ratePpm }: TipWish,
): number {
  if (amountMinor !== undefined && ratePpm === undefined) return amountMinor;
  if (amountMinor !== undefined || ratePpm === undefined)
    throw new Refusal('INPUT_INVALID', { path: 'amountMinor', problem: 'either an amount or a rate' });
  const exactMinor = mulDiv(totals.itemsMinor, ratePpm, 1_000_000);
  return exactMinor - (exactMinor % getChargeUnit(currency));
}

/**
 * Checks whether the customer may tip the courier this amount now. All tips after the delivery together are at most the
 * price of the food.
 */
export function checkTip(
  order: Pick<Order, 'events' | 'courierId' | 'rider' | 'currency' | 'totals'>,
  earlier: readonly Tip[],
  amountMinor: number,
  nowMs: number,
): Outcome<{ courierId: string }> {
  const { courierId, currency, totals } = order;
  const delivered = order.events.find((event) => event.to === 'delivered');
  if (delivered && order.rider) return refuse('TIP_NOT_POSSIBLE');
  if (!delivered || courierId === null) return refuse('NOT_DELIVERED');
  if (nowMs > delivered.atMs + TIP_HOURS * 3_600_000) return refuse('TOO_LATE', { hours: TIP_HOURS });
  if (earlier.length >= MAX_TIPS) return refuse('LIMIT_REACHED', { tips: MAX_TIPS });
  if (earlier.some((tip) => tip.status === 'pending')) return refuse('TIP_PENDING');
  const given = earlier.filter((tip) => tip.status === 'paid').reduce((sum, tip) => sum + tip.amountMinor, 0);
  const [minMinor, maxMinor] = [getMinimumCharge(currency), Math.max(0, totals.itemsMinor - given)];
  const chargeable = amountMinor >= minMinor && amountMinor % getChargeUnit(currency) === 0;
  return chargeable && amountMinor <= maxMinor
    ? accept({ courierId })
    : refuse('TIP_OUT_OF_RANGE', { minMinor, maxMinor });
}
