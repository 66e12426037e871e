import type { Promotion, Rounding } from '#functions/contract/zones.js';
import { divide, exactly, isMore, least, partOf, plus, rounded, sumOf, type Exact } from './exact.js';
import { required, type Good } from './goods.js';

/** A discount and the merchant's part of it. */
export interface Discount {
  amountMinor: bigint;
  merchantMinor: bigint;
}

type ItemPromotion = Extract<Promotion, { kind: 'item' }>;
type WholePromotion = Exclude<Promotion, { kind: 'item' }>;

const NOTHING = exactly(0n);
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : Number(a.id > b.id));

export const addDiscounts = (a: Discount, b: Discount): Discount => ({
  amountMinor: a.amountMinor + b.amountMinor,
  merchantMinor: a.merchantMinor + b.merchantMinor,
});

/** Divides what a promotion takes off between its funders; the platform pays the rest. */
const fund = (amountMinor: bigint, { merchantFundedPpm }: Promotion, mode: Rounding): Discount => ({
  amountMinor,
  merchantMinor: rounded(partOf(amountMinor, merchantFundedPpm), mode),
});

/** Step 3: the discounts of item promotions on each good; each unit takes the best promotion for it, and only that one. */
export function discountItems(goods: readonly Good[], promotions: readonly Promotion[], mode: Rounding): Discount[] {
  const items = promotions.filter((one) => one.kind === 'item').sort(byId);
  const offers = items.map((promotion) => offerUnits(goods, promotion));
  const units = goods.flatMap((good, index) => Array.from({ length: Number(good.quantity) }, () => index));
  const taken = items.map(() => goods.map(() => NOTHING));
  units.forEach((good, unit) => {
    let best = -1;
    let amount = NOTHING;
    offers.forEach((offer, index) => {
      if (!isMore(required(offer[unit]), amount)) return;
      best = index;
      amount = required(offer[unit]);
    });
    const row = taken[best];
    if (row) row[good] = plus(required(row[good]), amount);
  });
  const totals = items.map((promotion, index) => capItem(promotion, required(taken[index]), mode));
  return goods.map((_, good) =>
    totals.map((row) => required(row[good])).reduce(addDiscounts, { amountMinor: 0n, merchantMinor: 0n }),
  );
}

/** Rounds once per good; a cap holds for the whole cart and is divided in proportion. */
function capItem(promotion: ItemPromotion, amounts: readonly Exact[], mode: Rounding): Discount[] {
  const whole = amounts.map((amount) => rounded(amount, mode));
  const cap = BigInt(promotion.capMinor ?? Number.MAX_SAFE_INTEGER);
  const capped = sumOf(whole) > cap ? divide(cap, whole) : whole;
  return capped.map((amount) => fund(amount, promotion, mode));
}

/** Returns what a promotion would take off each unit of the cart, the units in the order of the goods. */
function offerUnits(goods: readonly Good[], { itemIds, benefit }: ItemPromotion): Exact[] {
  const units = goods.flatMap((good) => Array.from({ length: Number(good.quantity) }, () => good));
  const matches = (good: Good) => itemIds.includes(good.item.id);
  if (benefit.type === 'percent') {
    return units.map((good) => (matches(good) ? partOf(good.unitMinor, benefit.ratePpm) : NOTHING));
  }
  if (benefit.type === 'fixed') {
    return units.map((good) => (matches(good) ? exactly(least(BigInt(benefit.amountMinor), good.unitMinor)) : NOTHING));
  }
  const matching = units.map((_, index) => index).filter((index) => matches(required(units[index])));
  const cheapest = matching.sort((a, b) => compareUnits(required(units[a]), required(units[b])) || a - b);
  const count = Math.floor(matching.length / (benefit.buy + benefit.free)) * benefit.free;
  const freed = new Set(cheapest.slice(0, count));
  return units.map((good, index) => (freed.has(index) ? exactly(least(good.baseMinor, good.unitMinor)) : NOTHING));
}

/** The cheaper base price first, then the smaller item id, then the cheaper modifiers. */
const compareUnits = (a: Good, b: Good): number =>
  Number(a.baseMinor - b.baseMinor) || byId(a.item, b.item) || Number(a.unitMinor - b.unitMinor);

/** Percentages by id, then fixed amounts by id. */
function inOrder(promotions: readonly Promotion[], kind: 'order' | 'delivery'): WholePromotion[] {
  const chosen = promotions.filter((one): one is WholePromotion => one.kind === kind).sort(byId);
  const ofType = (type: string) => chosen.filter(({ benefit }) => benefit.type === type);
  return [...ofType('percent'), ...ofType('fixed')];
}

/** What a promotion takes off an amount: capped, and never more than the amount. */
function takeOff({ benefit, capMinor }: WholePromotion, amount: bigint, mode: Rounding): bigint {
  const wanted =
    benefit.type === 'percent' ? rounded(partOf(amount, benefit.ratePpm), mode) : BigInt(benefit.amountMinor);
  return least(amount, least(wanted, BigInt(capMinor ?? Number.MAX_SAFE_INTEGER)));
}

/** Step 5: order promotions one after the other, each on what the former left, spread over the eligible goods. */
export function discountOrder(
  goods: readonly Good[],
  after: readonly bigint[],
  promotions: readonly Promotion[],
  mode: Rounding,
): Discount[] {
  let left = [...after];
  let discounts: Discount[] = goods.map(() => ({ amountMinor: 0n, merchantMinor: 0n }));
  for (const promotion of inOrder(promotions, 'order')) {
    const ids = promotion.itemIds ?? [];
    const eligible = left.map((amount, i) =>
      ids.length === 0 || ids.includes(required(goods[i]).item.id) ? amount : 0n,
    );
    const parts = divide(takeOff(promotion, sumOf(eligible), mode), eligible);
    left = left.map((amount, i) => amount - required(parts[i]));
    discounts = discounts.map((sum, i) => addDiscounts(sum, fund(required(parts[i]), promotion, mode)));
  }
  return discounts;
}

/** Step 6: delivery promotions, one after the other, never below 0. */
export function discountDelivery(feeMinor: bigint, promotions: readonly Promotion[], mode: Rounding): Discount {
  let discount: Discount = { amountMinor: 0n, merchantMinor: 0n };
  for (const promotion of inOrder(promotions, 'delivery')) {
    const part = takeOff(promotion, feeMinor - discount.amountMinor, mode);
    discount = addDiscounts(discount, fund(part, promotion, mode));
  }
  return discount;
}
