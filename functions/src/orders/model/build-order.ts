import { listNextOpenings } from '../../hours/open-time.js';
import type { Order, OrderEvent, Quote } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import type { Triage, ZoneLimits } from '../../contract/zones.js';
import { computeAgeLimit, toAgeField } from './age-limit.js';
import { computeDeadline, releaseAtMs } from './deadline.js';
import { toOrderLines } from './edits.js';

interface NewOrder {
  quoteId: string;
  quote: Quote;
  restaurant: Restaurant;
  customerName: string;
  intentId: string | null;
  /** To be paid at the door. */
  inCash: boolean;
  causeId: string;
  /** See sealed-delivery.ts; null for a pickup. */
  sealedDelivery: string | null;
  /** See `isRisky` of the order. */
  isRisky?: boolean;
  triage?: Triage | null;
  nowMs: number;
  limits: ZoneLimits;
}

/** Builds the order of a quote, waiting for its payment. */
export function buildOrder({
  quoteId,
  quote,
  restaurant,
  customerName,
  intentId,
  inCash,
  causeId,
  sealedDelivery,
  isRisky = false,
  triage = null,
  nowMs,
  limits,
}: NewOrder): Order {
  const { pricing, kind, distanceMeters, travelSeconds, scheduledForMs, prepMinutes } = quote;
  const order: Order = {
    status: 'pending_payment',
    kind,
    code: toOrderCode(quoteId),
    customerId: quote.customerId,
    customerName,
    restaurantId: quote.restaurantId,
    restaurantName: restaurant.name,
    pickUpAt: restaurant.location,
    zoneId: quote.zoneId,
    courierId: null,
    courierName: null,
    courierVehicle: null,
    currency: pricing.currency,
    lines: toOrderLines(quote),
    totals: pricing.totals,
    ...toAgeField(computeAgeLimit(quote)),
    payment: {
      status: 'unpaid',
      intentId,
      authorizedMinor: 0,
      capturedMinor: 0,
      refundedMinor: 0,
      ...(inCash && { method: 'cash' as const }),
    },
    distanceMeters,
    travelSeconds,
    prepMinutes,
    acceptance: restaurant.acceptance,
    ...ticketsOf(restaurant),
    createdAtMs: nowMs,
    scheduledForMs,
    ...openingsAfter(restaurant, scheduledForMs === null ? nowMs : releaseAtMs(quote)),
    readyAtMs: null,
    promisedAtMs: scheduledForMs ?? nowMs + prepMinutes * 60_000 + travelSeconds * 1000,
    due: null,
    ...(sealedDelivery !== null && { sealedDelivery }),
    ...(isRisky && { isRisky: true as const }),
    ...(isRisky && triage && scheduledForMs === null && { triageMinutes: triage.waitMinutes }),
    staffKeys: restaurant.staffKeys,
    events: [placedEvent(causeId, nowMs)],
  };
  return { ...order, due: computeDeadline(order, nowMs, nowMs, limits) };
}

const placedEvent = (causeId: string, atMs: number): OrderEvent => ({
  n: 1,
  action: 'place',
  from: null,
  to: 'pending_payment',
  by: 'customer',
  atMs,
  causeId,
});

/** A kitchen that is always open stores no openings in the order. */
function openingsAfter(restaurant: Restaurant, fromMs: number): Pick<Order, 'openings'> {
  const openings = listNextOpenings(restaurant, fromMs);
  return openings.length > 0 ? { openings } : {};
}

const ticketsOf = ({ ticketColumns, timeZone }: Restaurant): Pick<Order, 'tickets'> =>
  ticketColumns === null ? {} : { tickets: { columns: ticketColumns, timeZone } };

/** Letters that cannot be confused with each other, spoken or on a bag. */
const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Computes a short name of an order for people; unlike an id it may repeat, on another day. */
export function toOrderCode(orderId: string): string {
  let hash = 2_166_136_261;
  for (const letter of orderId) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0; // FNV-1a
  return Array.from(
    { length: 4 },
    (_, place) => CODE_LETTERS[Math.floor(hash / CODE_LETTERS.length ** place) % CODE_LETTERS.length],
  ).join('');
}
