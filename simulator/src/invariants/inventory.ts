import { FIRST_ORDER, type CustomerBalance } from '../../../functions/src/contract/accounts.js';
import type { Order, Quote } from '../../../functions/src/contract/orders.js';
import type { Promotion } from '../../../functions/src/contract/zones.js';
import { ACCOUNTS } from '../../../functions/src/ledger/model/chart.js';
import { sum, listIf } from './breach.js';
import type { Books, Inventory } from './snapshot.js';

/** What an order holds of limited resources. */
interface Held {
  orderId: string;
  customerId: string;
  restaurantId: string;
  zoneId: string;
  promotionIds: readonly string[];
  slotMs: number | null;
  /** Portions by item. */
  portions: Readonly<Record<string, number>>;
  /** Taken from the customer's credit and not posted to the ledger yet. */
  creditMinor: number;
}

/** The counters of limited resources equal what orders hold, and no limit is exceeded. */
export function inventoryBreaches(books: Books): string[] {
  const { inventory } = books;
  if (!inventory) return [];
  const quotes = new Map(books.quotes ?? []);
  const held = books.orders.map(([id, order]) => computeHeld(id, order, quotes.get(id)));
  return [
    ...inventory.promotions.flatMap(([key, promotion]) => promotionBreaches(key, promotion, held, inventory)),
    ...inventory.standings.flatMap(([uid, standing]) => usesBreaches(uid, standing, held, inventory)),
    ...inventory.standings.flatMap(([uid, standing]) => creditBreaches(uid, standing, held, books)),
    ...slotBreaches(held, inventory, books.nowMs),
    ...inventory.stocks.flatMap(([id, { left }]) => stockBreaches(id, left, held, inventory)),
  ];
}

/**
 * Until its end an order lists its reservations in `reserved`. After the end it holds what it was charged for and what
 * was cooked.
 */
function computeHeld(orderId: string, order: Order, quote: Quote | undefined): Held {
  const { customerId, restaurantId, zoneId, reserved } = order;
  const whose = { orderId, customerId, restaurantId, zoneId };
  if (reserved) {
    const { promotions, slotMs, stock, creditMinor } = reserved;
    return { ...whose, promotionIds: promotions.map(({ id }) => id), slotMs, portions: stock, creditMinor };
  }
  const isBegun = order.events.some(({ action }) => action === 'startPreparing' || action === 'markReady');
  const portions = quote && (isBegun || isCharged(order)) ? countPortions(quote) : {};
  if (!quote || !isCharged(order)) return { ...whose, promotionIds: [], slotMs: null, portions, creditMinor: 0 };
  return { ...whose, promotionIds: quote.pricing.promotionIds, slotMs: quote.slotMs, portions, creditMinor: 0 };
}

/** A coupon that reduced the price to zero counts as used. Cash is taken at the customer's door or not at all. */
function isCharged({ events, payment }: Order): boolean {
  if (events.some(({ to }) => to === 'delivered' || to === 'collected')) return true;
  const scope = events.findLast((event) => event.scope !== undefined)?.scope ?? 'none';
  return payment.method !== 'cash' && ['all', 'allLessTip', 'items', 'itemsAndDelivery'].includes(scope);
}

function countPortions({ lines }: Quote): Record<string, number> {
  const portions: Record<string, number> = {};
  for (const { itemId, quantity } of lines) portions[itemId] = (portions[itemId] ?? 0) + quantity;
  return portions;
}

function promotionBreaches(
  key: string,
  { totalLimit }: Promotion,
  held: readonly Held[],
  { shards }: Inventory,
): string[] {
  if (totalLimit === undefined) return [];
  const own = shards.filter(([promotion]) => promotion === key);
  const parts = own.map(([, left]) => left);
  // Uses beyond a limit that was lowered later.
  const [, , over = 0] = own[0] ?? [];
  const taken = totalLimit - sum(parts) + over;
  const uses = held.filter(({ zoneId, promotionIds }) => promotionIds.some((id) => `${zoneId}/${id}` === key)).length;
  return [
    ...listIf(
      parts.some((left) => left < 0),
      `promotion ${key}: more uses than its limit of ${totalLimit}`,
    ),
    ...listIf(taken !== uses, `promotion ${key}: ${taken} uses are counted, ${uses} orders hold one`),
  ];
}

function usesBreaches(
  uid: string,
  standing: CustomerBalance,
  held: readonly Held[],
  { promotions }: Pick<Inventory, 'promotions'>,
): string[] {
  const own = held.filter(({ customerId }) => customerId === uid);
  const firsts = promotions.filter(([, { firstOrderOnly }]) => firstOrderOnly).map(([, { id }]) => id);
  // A promotion of several zones has one id, and the uses of a customer in all of them are counted together.
  const limits = new Map(promotions.map(([, { id, perUserLimit }]) => [id, perUserLimit]));
  const ofLimits = [...limits].flatMap(([id, perUserLimit]) => {
    if (perUserLimit === undefined) return [];
    const counted = standing.uses[id] ?? 0;
    const uses = own.filter(({ promotionIds }) => promotionIds.includes(id)).length;
    return [
      ...listIf(counted > perUserLimit, `customer ${uid}: ${counted} uses of ${id}, ${perUserLimit} are allowed`),
      ...listIf(counted !== uses, `customer ${uid}: ${counted} uses of ${id} are counted, ${uses} orders hold one`),
    ];
  });
  return [...ofLimits, ...firstOrderBreaches(uid, standing, own, firsts)];
}

/** An order counts as one first order, with any number of first-order promotions. */
function firstOrderBreaches(
  uid: string,
  { uses }: CustomerBalance,
  own: readonly Held[],
  firsts: readonly string[],
): string[] {
  const counted = uses[FIRST_ORDER] ?? 0;
  const orders = own.filter(({ promotionIds }) => promotionIds.some((id) => firsts.includes(id))).length;
  return listIf(
    counted !== orders,
    `customer ${uid}: ${counted} first orders are counted, ${orders} have such a promotion`,
  );
}

/** The credit that a customer may spend equals the ledger's balance less what open orders have reserved. */
function creditBreaches(
  uid: string,
  { credits }: CustomerBalance,
  held: readonly Held[],
  { ledger, orders }: Books,
): string[] {
  const currencies = new Map(orders.map(([id, { currency }]) => [id, currency]));
  return Object.entries(credits).flatMap(([currency, creditMinor]) => {
    const entries = ledger.filter(([, one]) => one.currency === currency).flatMap(([, one]) => one.entries);
    const own = entries.filter(({ account }) => account === ACCOUNTS.credit(uid));
    const taken = held.filter(({ orderId, customerId }) => customerId === uid && currencies.get(orderId) === currency);
    const owedMinor = 0 - sum(own.map((one) => one.amountMinor)) - sum(taken.map((one) => one.creditMinor));
    return listIf(
      creditMinor !== owedMinor,
      `customer ${uid}: may spend ${creditMinor} ${currency}, the ledger has ${owedMinor}`,
    );
  });
}

function slotBreaches(held: readonly Held[], { slots, restaurants }: Inventory, nowMs: number): string[] {
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
    return listIf(
      live > capacity,
      `restaurant ${restaurantId}: ${live} orders in the slot at ${startMs}, capacity ${capacity}`,
    );
  });
  return [
    ...tooFull,
    ...placed.filter((one) => !takers.includes(one)).map((one) => `no place in a slot is held for ${one}`),
    ...takers
      .filter((one) => !placed.includes(one))
      .map((one) => `a place in a slot is held for ${one}, which has ended or has no slot`),
  ];
}

function stockBreaches(
  restaurantId: string,
  left: Readonly<Record<string, number>>,
  held: readonly Held[],
  { opened }: Inventory,
): string[] {
  const own = held.filter((one) => one.restaurantId === restaurantId);
  const began = Object.entries(opened?.get(restaurantId) ?? {});
  return [
    ...Object.entries(left).flatMap(([id, count]) =>
      listIf(count < 0, `restaurant ${restaurantId}: ${-count} more portions of ${id} taken than in stock`),
    ),
    ...began.flatMap(([id, count]) => {
      const taken = count - (left[id] ?? 0);
      const ordered = sum(own.map(({ portions }) => portions[id] ?? 0));
      return listIf(
        taken !== ordered,
        `restaurant ${restaurantId}: ${taken} portions of ${id} are taken from stock, ${ordered} were ordered`,
      );
    }),
  ];
}
