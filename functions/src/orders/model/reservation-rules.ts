import type { Uses } from '../../abuse/links.js';
import type { Order, Quote, Reservation } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import { FIRST_ORDER, type CustomerBalance } from '../../contract/accounts.js';
import { SLOT_MS, type Slot, type Stock } from '../../contract/restaurants.js';
import type { Promotion } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Settlement } from '../../pricing/settle.js';
import { lookUp } from '../../core/look-up.js';

/** What a quote wants of limited supplies. */
export interface Wanted {
  /** The limited promotions that its price counts on. */
  promotions: readonly Promotion[];
  slotMs: number | null;
  /** Portions of counted items. */
  stock: Readonly<Record<string, number>>;
  creditMinor: number;
}

/** Null for the usual order, which wants nothing limited and is spared every look. */
export function wantedOf(quote: Quote, countsStock: boolean): Wanted | null {
  const { pricing, slotMs } = quote;
  const promotions = usedPromotions(quote).filter(isLimited);
  const stock = countsStock ? portionsOf(quote) : {};
  const { creditMinor } = pricing.totals;
  const nothing = promotions.length === 0 && slotMs === null && !countsStock && creditMinor === 0;
  return nothing ? null : { promotions, slotMs, stock, creditMinor };
}

/** The promotions that the price counts on. */
export function usedPromotions({ pricing, rules }: Pick<Quote, 'pricing' | 'rules'>): Promotion[] {
  return rules.promotions.filter(({ id }) => pricing.promotionIds.includes(id));
}

/** A total limit is spread over so many documents: one for each hundred uses, ten at most. */
export const shardsOf = (totalLimit: number): number => Math.min(10, Math.ceil(totalLimit / 100));

const isLimited = (promotion: Promotion): boolean =>
  promotion.totalLimit !== undefined || promotion.perUserLimit !== undefined || promotion.firstOrderOnly;

/** Units of each item, over all lines. */
export function portionsOf({ lines }: Pick<Quote, 'lines'>): Record<string, number> {
  const portions = new Map<string, number>();
  for (const { itemId, quantity } of lines) portions.set(itemId, (portions.get(itemId) ?? 0) + quantity);
  return Object.fromEntries(portions);
}

/**
 * May this customer use a promotion once more? `shared`: the uses of other accounts that are taken for the same
 * person's.
 */
export function checkUses(promotion: Promotion, { uses }: CustomerBalance, shared: Uses = {}): Outcome<null> {
  const { id, perUserLimit, firstOrderOnly } = promotion;
  const used = (name: string) => (lookUp(uses, name) ?? 0) + (lookUp(shared, name) ?? 0);
  if (firstOrderOnly && used(FIRST_ORDER) > 0) return refuse('FIRST_ORDER_ONLY', { promotionId: id });
  if (perUserLimit === undefined || used(id) < perUserLimit) return accept(null);
  return refuse('PROMOTION_LIMIT_REACHED', { promotionId: id, perUserLimit });
}

/** The names under which a use of a promotion is counted for its customer. */
export function countedAs({ id, perUserLimit, firstOrderOnly }: Promotion): string[] {
  return [...(perUserLimit === undefined ? [] : [id]), ...(firstOrderOnly ? [FIRST_ORDER] : [])];
}

/** The same for all promotions of one order: one use for each name, though several promotions may count by it. */
export function usesOf(promotions: readonly Promotion[]): string[] {
  return [...new Set(promotions.flatMap(countedAs))];
}

/** The counted items of an order, or the first that there is not enough of. */
export function checkStock(
  portions: Readonly<Record<string, number>>,
  { left }: Stock,
): Outcome<Record<string, number>> {
  const counted = Object.entries(portions).filter(([itemId]) => lookUp(left, itemId) !== undefined);
  const short = counted.find(([itemId, count]) => (lookUp(left, itemId) ?? 0) < count);
  if (short) return refuse('ITEM_SOLD_OUT', { itemId: short[0], left: lookUp(left, short[0]) ?? 0 });
  return accept(Object.fromEntries(counted));
}

/** The start of the quarter of an hour in which the food is to be ready. */
export const slotOf = (readyMs: number): number => Math.floor(readyMs / SLOT_MS) * SLOT_MS;

/** Holds that still stand. A customer has one at a time: the newest quote's. */
export function liveHolds(
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

/** Nothing of it is the customer's to pay: as if it had not been ordered. */
const VOID: readonly SettlementScope[] = ['none', 'platformPaysKitchen', 'platformPaysCourier'];

/**
 * What the end of an order gives back. Void it gives back all, but for portions that the kitchen has begun to cook: an
 * acceptance alone, which a kitchen may give by itself, cooks nothing. Charged, in full or in part, it gives back only
 * the credit that was not needed. A coupon that left nothing to pay was used all the same.
 */
export function releasedBy(
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
