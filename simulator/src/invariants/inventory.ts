import { FIRST_ORDER, type CustomerBalance } from '../../../functions/src/contract/accounts.js';
import type { Order, Quote } from '../../../functions/src/contract/orders.js';
import type { Promotion } from '../../../functions/src/contract/zones.js';
import { ACCOUNTS } from '../../../functions/src/ledger/model/journals.js';
import { sumOf, when } from './breach.js';
import type { Books, Supplies } from './snapshot.js';

/** What an order has of limited supplies. */
interface Held {
  orderId: string;
  customerId: string;
  restaurantId: string;
  promotionIds: readonly string[];
  slotMs: number | null;
  /** Portions by item. */
  portions: Readonly<Record<string, number>>;
  /** Taken from the customer's credit and not in the ledger yet. */
  creditMinor: number;
}

/** What is limited was given out as often as orders hold it, and no more than there is. */
export function supplyBreaches(books: Books): string[] {
  const { supplies } = books;
  if (!supplies) return [];
  const quotes = new Map(books.quotes ?? []);
  const held = books.orders.map(([id, order]) => heldBy(id, order, quotes.get(id)));
  return [
    ...supplies.promotions.flatMap(([, promotion]) => promotionBreaches(promotion, held, supplies)),
    ...supplies.standings.flatMap(([uid, standing]) => usesBreaches(uid, standing, held, supplies)),
    ...supplies.standings.flatMap(([uid, standing]) => creditBreaches(uid, standing, held, books)),
    ...slotBreaches(held, supplies, books.nowMs),
    ...supplies.stocks.flatMap(([id, { left }]) => stockBreaches(id, left, held, supplies)),
  ];
}

/** Until its end an order says so itself; from then on it holds what it was charged for, and what was cooked. */
function heldBy(orderId: string, order: Order, quote: Quote | undefined): Held {
  const { customerId, restaurantId, reserved } = order;
  const whose = { orderId, customerId, restaurantId };
  if (reserved) {
    const { promotions, slotMs, stock, creditMinor } = reserved;
    return { ...whose, promotionIds: promotions.map(({ id }) => id), slotMs, portions: stock, creditMinor };
  }
  const isBegun = order.events.some(({ action }) => action === 'startPreparing' || action === 'markReady');
  const portions = quote && (isBegun || isCharged(order)) ? portionsOf(quote) : {};
  if (!quote || !isCharged(order)) return { ...whose, promotionIds: [], slotMs: null, portions, creditMinor: 0 };
  return { ...whose, promotionIds: quote.pricing.promotionIds, slotMs: quote.slotMs, portions, creditMinor: 0 };
}

/** A coupon that left nothing to pay was used all the same. Cash changes hands at the door or not at all. */
function isCharged({ events, payment }: Order): boolean {
  if (events.some(({ to }) => to === 'delivered' || to === 'collected')) return true;
  const scope = events.findLast((event) => event.scope !== undefined)?.scope ?? 'none';
  return payment.method !== 'cash' && ['all', 'allLessTip', 'items', 'itemsAndDelivery'].includes(scope);
}

function portionsOf({ lines }: Quote): Record<string, number> {
  const portions: Record<string, number> = {};
  for (const { itemId, quantity } of lines) portions[itemId] = (portions[itemId] ?? 0) + quantity;
  return portions;
}

function promotionBreaches({ id, totalLimit }: Promotion, held: readonly Held[], { shards }: Supplies): string[] {
  if (totalLimit === undefined) return [];
  const own = shards.filter(([promotionId]) => promotionId === id);
  const parts = own.map(([, left]) => left);
  // A limit that was lowered below its uses.
  const [, , over = 0] = own[0] ?? [];
  const taken = totalLimit - sumOf(parts) + over;
  const uses = held.filter(({ promotionIds }) => promotionIds.includes(id)).length;
  return [
    ...when(
      parts.some((left) => left < 0),
      `promotion ${id}: more than ${totalLimit} uses`,
    ),
    ...when(taken !== uses, `promotion ${id}: ${taken} uses are counted, ${uses} orders hold one`),
  ];
}

function usesBreaches(
  uid: string,
  standing: CustomerBalance,
  held: readonly Held[],
  { promotions }: Pick<Supplies, 'promotions'>,
): string[] {
  const own = held.filter(({ customerId }) => customerId === uid);
  const firsts = promotions.filter(([, { firstOrderOnly }]) => firstOrderOnly).map(([, { id }]) => id);
  const ofLimits = promotions.flatMap(([, { id, perUserLimit }]) => {
    if (perUserLimit === undefined) return [];
    const counted = standing.uses[id] ?? 0;
    const uses = own.filter(({ promotionIds }) => promotionIds.includes(id)).length;
    return [
      ...when(counted > perUserLimit, `customer ${uid}: ${counted} uses of ${id}, ${perUserLimit} are allowed`),
      ...when(counted !== uses, `customer ${uid}: ${counted} uses of ${id} are counted, ${uses} orders hold one`),
    ];
  });
  return [...ofLimits, ...firstOrderBreaches(uid, standing, own, firsts)];
}

/** However many promotions for the first order an order has, it is one use. */
function firstOrderBreaches(
  uid: string,
  { uses }: CustomerBalance,
  own: readonly Held[],
  firsts: readonly string[],
): string[] {
  const counted = uses[FIRST_ORDER] ?? 0;
  const orders = own.filter(({ promotionIds }) => promotionIds.some((id) => firsts.includes(id))).length;
  return when(
    counted !== orders,
    `customer ${uid}: ${counted} first orders are counted, ${orders} hold such a promotion`,
  );
}

/** What a customer may spend is what the ledger owes, less what orders under way have taken. */
function creditBreaches(
  uid: string,
  { credits }: CustomerBalance,
  held: readonly Held[],
  { ledger, orders }: Books,
): string[] {
  const currencyOf = new Map(orders.map(([id, { currency }]) => [id, currency]));
  return Object.entries(credits).flatMap(([currency, creditMinor]) => {
    const entries = ledger.filter(([, one]) => one.currency === currency).flatMap(([, one]) => one.entries);
    const own = entries.filter(({ account }) => account === ACCOUNTS.credit(uid));
    const taken = held.filter(({ orderId, customerId }) => customerId === uid && currencyOf.get(orderId) === currency);
    const owedMinor = 0 - sumOf(own.map((one) => one.amountMinor)) - sumOf(taken.map((one) => one.creditMinor));
    return when(
      creditMinor !== owedMinor,
      `customer ${uid}: may spend ${creditMinor} ${currency}, the ledger has ${owedMinor}`,
    );
  });
}

function slotBreaches(held: readonly Held[], { slots, restaurants }: Supplies, nowMs: number): string[] {
  const capacities = new Map(restaurants.map(([id, { slotCapacity }]) => [id, slotCapacity]));
  const takers = slots.flatMap(([restaurantId, startMs, { holds }]) =>
    Object.entries(holds).flatMap(([id, { untilMs }]) =>
      untilMs === null ? [`${id} ${restaurantId} ${startMs}`] : [],
    ),
  );
  const placed = held.flatMap(({ orderId, restaurantId, slotMs }) =>
    slotMs === null ? [] : [`${orderId} ${restaurantId} ${slotMs}`],
  );
  const tooFull = slots.flatMap(([restaurantId, startMs, { holds }]) => {
    const live = Object.values(holds).filter(({ untilMs }) => untilMs === null || untilMs > nowMs).length;
    const capacity = capacities.get(restaurantId) ?? Infinity;
    return when(live > capacity, `restaurant ${restaurantId}: ${live} orders at ${startMs}, room for ${capacity}`);
  });
  return [
    ...tooFull,
    ...placed.filter((one) => !takers.includes(one)).map((one) => `no place is held for ${one}`),
    ...takers.filter((one) => !placed.includes(one)).map((one) => `a place is held for ${one}, which does not need it`),
  ];
}

function stockBreaches(
  restaurantId: string,
  left: Readonly<Record<string, number>>,
  held: readonly Held[],
  { opened }: Supplies,
): string[] {
  const own = held.filter((one) => one.restaurantId === restaurantId);
  const began = Object.entries(opened?.get(restaurantId) ?? {});
  return [
    ...Object.entries(left).flatMap(([id, count]) =>
      when(count < 0, `restaurant ${restaurantId}: ${-count} too many of ${id}`),
    ),
    ...began.flatMap(([id, count]) => {
      const taken = count - (left[id] ?? 0);
      const ordered = sumOf(own.map(({ portions }) => portions[id] ?? 0));
      return when(taken !== ordered, `restaurant ${restaurantId}: ${taken} of ${id} are gone, ${ordered} were ordered`);
    }),
  ];
}
