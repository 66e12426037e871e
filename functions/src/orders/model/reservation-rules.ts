import type { Uses } from '../../abuse/links.js';
import type { Order, OrderEvent, Quote, Reservation } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import { FIRST_ORDER, type CustomerBalance } from '../../contract/accounts.js';
import { SLOT_MS, type CartLine, type Slot, type Stock } from '../../contract/restaurants.js';
import type { Promotion } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Settlement } from '../../pricing/settle.js';
import { lookUp } from '../../core/look-up.js';
import { isFarSlot } from './far-slot.js';

/** The limited resources that a quote needs. */
export interface Wanted {
  /** The limited promotions on which its price depends. */
  promotions: readonly Promotion[];
  slotMs: number | null;
  /** Portions of counted items. */
  stock: Readonly<Record<string, number>>;
  creditMinor: number;
}

/** Computes the limited resources of a quote. Null for the usual order, which needs none and is spared every read. */
export function computeWanted(quote: Quote, countsStock: boolean, nowMs: number): Wanted | null {
  const { pricing, slotMs, scheduledForMs } = quote;
  const promotions = listUsedPromotions(quote).filter(isLimited);
  const takesPortions = countsStock && !isFarSlot(scheduledForMs, nowMs);
  const stock = takesPortions ? countPortions(quote) : {};
  const { creditMinor } = pricing.totals;
  const nothing = promotions.length === 0 && slotMs === null && !takesPortions && creditMinor === 0;
  return nothing ? null : { promotions, slotMs, stock, creditMinor };
}

/** Lists the promotions on which the price depends. */
export function listUsedPromotions({ pricing, rules }: Pick<Quote, 'pricing' | 'rules'>): Promotion[] {
  return rules.promotions.filter(({ id }) => pricing.promotionIds.includes(id));
}

/** Computes the number of documents over which a total limit is spread: one for each hundred uses, ten at most. */
export const countShards = (totalLimit: number): number => Math.min(10, Math.ceil(totalLimit / 100));

const isLimited = (promotion: Promotion): boolean =>
  promotion.totalLimit !== undefined || promotion.perUserLimit !== undefined || promotion.firstOrderOnly;

/** Counts the units of each item, over all lines. */
export function countPortions({
  lines,
}: {
  lines: readonly Pick<CartLine, 'itemId' | 'quantity'>[];
}): Record<string, number> {
  const portions = new Map<string, number>();
  for (const { itemId, quantity } of lines) portions.set(itemId, (portions.get(itemId) ?? 0) + quantity);
  return Object.fromEntries(portions);
}

/**
 * Checks whether this customer may use a promotion once more. `shared`: the uses of other accounts that are taken for
 * the same person's.
 */
export function checkUses(promotion: Promotion, { uses }: CustomerBalance, shared: Uses = {}): Outcome<null> {
  const { id, perUserLimit, firstOrderOnly } = promotion;
  const used = (name: string) => (lookUp(uses, name) ?? 0) + (lookUp(shared, name) ?? 0);
  if (firstOrderOnly && used(FIRST_ORDER) > 0) return refuse('FIRST_ORDER_ONLY', { promotionId: id });
  if (perUserLimit === undefined || used(id) < perUserLimit) return accept(null);
  return refuse('PROMOTION_LIMIT_REACHED', { promotionId: id, perUserLimit });
}

/** Lists the names under which a use of a promotion is counted for its customer. */
export function listUseNames({ id, perUserLimit, firstOrderOnly }: Promotion): string[] {
  return [...(perUserLimit === undefined ? [] : [id]), ...(firstOrderOnly ? [FIRST_ORDER] : [])];
}

/**
 * Lists the names for all promotions of one order: one use for each name, though several promotions may count by it.
 */
export function listUses(promotions: readonly Promotion[]): string[] {
  return [...new Set(promotions.flatMap(listUseNames))];
}

/** Returns the counted items of an order, or refuses with the first that has too few portions left. */
export function checkStock(
  portions: Readonly<Record<string, number>>,
  { left }: Stock,
): Outcome<Record<string, number>> {
  const counted = Object.entries(portions).filter(([itemId]) => lookUp(left, itemId) !== undefined);
  const short = counted.find(([itemId, count]) => (lookUp(left, itemId) ?? 0) < count);
  if (short) return refuse('ITEM_SOLD_OUT', { itemId: short[0], left: lookUp(left, short[0]) ?? 0 });
  return accept(Object.fromEntries(counted));
}

/**
 * Returns the portions that an order takes with this step: those for a far slot, when it is paid, or is sent to the
 * kitchen where nothing is to pay. Null for every other step.
 */
export function listLatePortions(order: Order, { action }: Pick<OrderEvent, 'action'>): Record<string, number> | null {
  if (!isFarSlot(order.scheduledForMs, order.createdAtMs)) return null;
  const isNow = action === 'authorize' || (action === 'release' && order.payment.status === 'none');
  return isNow ? countPortions(order) : null;
}

/**
 * Returns the portions of counted items, as many as are left and as the allowance permits: the order was placed before
 * those who took the others. `permitted` is by item.
 */
export function selectAvailable(
  portions: Readonly<Record<string, number>>,
  { left }: Stock,
  permitted: (itemId: string) => number,
): Record<string, number> {
  const available = Object.entries(portions).map(
    ([itemId, count]) => [itemId, Math.min(count, lookUp(left, itemId) ?? 0, permitted(itemId))] as const,
  );
  return Object.fromEntries(available.filter(([, count]) => count > 0));
}

/** True where an order holds portions, a place in the kitchen or a use of a promotion, which others may want. */
export function reservesLimited({ reserved }: Pick<Order, 'reserved'>): boolean {
  if (!reserved) return false;
  return reserved.slotMs !== null || Object.keys(reserved.stock).length > 0 || reserved.promotions.length > 0;
}

/** Computes the start of the quarter of an hour in which the food is to be ready. */
export const toSlotMs = (readyMs: number): number => Math.floor(readyMs / SLOT_MS) * SLOT_MS;

/** Returns the holds that have not expired. A customer has one at a time: the newest quote's. */
export function selectLiveHolds(
  { holds }: Slot,
  nowMs: number,
  except?: { quoteId: string; accountId: string },
): Slot['holds'] {
  const stands = Object.entries(holds).filter(([quoteId, { accountId, untilMs }]) => {
    const replaced = untilMs !== null && except?.accountId === accountId;
    return (untilMs === null || untilMs > nowMs) && !replaced && quoteId !== except?.quoteId;
  });
  return Object.fromEntries(stands);
}

/** The customer pays nothing in these: as if the order had not been placed. */
const VOID: readonly SettlementScope[] = ['none', 'platformPaysKitchen', 'platformPaysCourier', 'merchantPaysCourier'];

/**
 * Computes what the end of an order releases. An order without a charge releases everything but portions that the
 * kitchen has begun to cook: an acceptance alone, which a kitchen may give automatically, cooks nothing. A charged
 * order, in full or in part, releases only the credit that was not needed. A coupon that left nothing to pay counts as
 * used.
 */
export function computeReleased(
  order: Order,
  scope: SettlementScope,
  { creditMinor }: Pick<Settlement, 'creditMinor'>,
): Reservation | null {
  const { reserved } = order;
  if (!reserved) return null;
  if (!VOID.includes(scope)) {
    return {
      promotions: [],
      uses: [],
      slotMs: null,
      stock: {},
      creditMinor: Math.max(0, reserved.creditMinor - creditMinor),
    };
  }
  const cooked = order.events.some(({ action }) => action === 'startPreparing' || action === 'markReady');
  return cooked ? { ...reserved, stock: {} } : reserved;
}
