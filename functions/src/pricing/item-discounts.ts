import type { Promotion, Rounding } from '../contract/zones.js';
import type { Goods } from './goods.js';
import { allocate, computeShare, sum } from './money.js';

export type ItemPromotion = Extract<Promotion, { kind: 'item' }>;

/** A promotion's discount on each of the goods. */
export interface GoodsDiscount {
  promotion: Promotion;
  byGoods: number[];
}

type PricedUnit = Pick<Goods, 'itemId' | 'baseMinor' | 'unitMinor' | 'quantity'>;

/** A promotion's discount on some units of the goods, in millionths of a minor unit, so that none is rounded. */
interface Offer {
  promotion: ItemPromotion;
  worth: bigint;
  units: number;
}

/**
 * Computes item promotions (step 3), each unit with the best one available to it; ties by id. A cap applies to the
 * whole cart: the capped amount is divided in proportion.
 */
export function itemDiscounts(
  goods: readonly PricedUnit[],
  promotions: readonly ItemPromotion[],
  rounding: Rounding,
): GoodsDiscount[] {
  const sorted = promotions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const freed = new Map(sorted.map((promotion) => [promotion.id, findFreeUnits(goods, promotion)]));
  const units = goods.map((one, index) =>
    assignUnits(sorted.map((promotion) => computeOffer(one, promotion, freed.get(promotion.id)?.[index] ?? 0))),
  );
  return sorted.map((promotion) => {
    const wished = goods.map((one, index) =>
      computeDiscount(one, promotion, units[index]?.get(promotion.id) ?? 0, rounding),
    );
    const amountMinor = Math.min(sum(wished), promotion.capMinor ?? Infinity);
    return { promotion, byGoods: sum(wished) === 0 ? wished : allocate(amountMinor, wished) };
  });
}

function computeOffer(goods: PricedUnit, promotion: ItemPromotion, freed: number): Offer {
  const isFor = promotion.itemIds.includes(goods.itemId);
  const units = promotion.benefit.type === 'buyGet' ? freed : goods.quantity;
  return { promotion, worth: computeWorth(goods, promotion), units: isFor ? units : 0 };
}

function computeWorth({ baseMinor, unitMinor }: PricedUnit, { benefit }: ItemPromotion): bigint {
  switch (benefit.type) {
    case 'percent':
      return BigInt(unitMinor) * BigInt(benefit.ratePpm);
    case 'fixed':
      return BigInt(Math.min(benefit.amountMinor, unitMinor)) * 1_000_000n;
    case 'buyGet':
      return BigInt(Math.min(baseMinor, unitMinor)) * 1_000_000n;
  }
}

/**
 * Decides how many units of one of the goods take which promotion, by its id. All promotions for free units free the
 * same ones first: a unit that one frees does not count as bought for another.
 */
function assignUnits(offers: readonly Offer[]): Map<string, number> {
  let taken = 0;
  const units = new Map<string, number>();
  for (const offer of offers.toSorted((a, b) => (a.worth === b.worth ? 0 : a.worth > b.worth ? -1 : 1))) {
    const more = Math.max(0, offer.units - taken);
    units.set(offer.promotion.id, more);
    taken += more;
  }
  return units;
}

function computeDiscount(
  { baseMinor, unitMinor }: PricedUnit,
  { benefit }: ItemPromotion,
  units: number,
  rounding: Rounding,
): number {
  switch (benefit.type) {
    case 'percent':
      return computeShare(unitMinor * units, benefit.ratePpm, rounding);
    case 'fixed':
      return Math.min(benefit.amountMinor, unitMinor) * units;
    case 'buyGet':
      return Math.min(baseMinor, unitMinor) * units;
  }
}

/**
 * Finds the free units: of all matching units together the cheapest of each full set, of equally cheap ones those of
 * the smaller item id.
 */
function findFreeUnits(goods: readonly PricedUnit[], { benefit, itemIds }: ItemPromotion): number[] {
  if (benefit.type !== 'buyGet') return goods.map(() => 0);
  const matching = goods.map((one, index) => ({ ...one, index })).filter(({ itemId }) => itemIds.includes(itemId));
  let left = Math.floor(sum(matching.map(({ quantity }) => quantity)) / (benefit.buy + benefit.free)) * benefit.free;
  const freed = goods.map(() => 0);
  for (const { index, quantity } of matching.toSorted(byPrice)) {
    freed[index] = Math.min(left, quantity);
    left -= Math.min(left, quantity);
  }
  return freed;
}

function byPrice(a: PricedUnit, b: PricedUnit): number {
  return a.baseMinor - b.baseMinor || (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : a.unitMinor - b.unitMinor);
}
