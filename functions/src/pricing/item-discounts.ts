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
  return prepareItemDiscounts(goods, promotions, rounding)(promotions);
}

/** Prepares `itemDiscounts` for many choices of the promotions: what each one offers does not depend on the others. */
export function prepareItemDiscounts(
  goods: readonly PricedUnit[],
  promotions: readonly ItemPromotion[],
  rounding: Rounding,
): (chosen: readonly ItemPromotion[]) => GoodsDiscount[] {
  const sorted = sortById(promotions);
  const freed = new Map(sorted.map((promotion) => [promotion.id, findFreeUnits(goods, promotion)]));
  const offers = goods.map((one, index) =>
    sorted.map((promotion) => computeOffer(one, promotion, freed.get(promotion.id)?.[index] ?? 0)).toSorted(byWorth),
  );
  return (chosen) => {
    const ids = new Set(chosen.map(({ id }) => id));
    const units = offers.map((ofGoods) => assignUnits(ofGoods, ids));
    return sortById(chosen).map((promotion) => {
      const wished = goods.map((one, index) => {
        const taken = units[index]?.get(promotion.id);
        return taken === undefined ? 0 : computeDiscount(one, promotion, taken, rounding);
      });
      const wishedMinor = sum(wished);
      const isCapped = wishedMinor > (promotion.capMinor ?? Infinity);
      return { promotion, byGoods: isCapped ? allocate(promotion.capMinor ?? 0, wished) : wished };
    });
  };
}

const sortById = (promotions: readonly ItemPromotion[]): ItemPromotion[] =>
  promotions.toSorted((a, b) => (a.id < b.id ? -1 : 1));

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

/** The most valuable first. Sorting is stable: of equal ones the first by id. */
function byWorth(a: Offer, b: Offer): number {
  if (a.worth === b.worth) return 0;
  return a.worth > b.worth ? -1 : 1;
}

/**
 * Decides how many units of one of the goods take which of the chosen promotions, by its id. All promotions for free
 * units free the same ones first: a unit that one frees does not count as bought for another.
 */
function assignUnits(offers: readonly Offer[], chosen: ReadonlySet<string>): Map<string, number> {
  let taken = 0;
  const units = new Map<string, number>();
  for (const offer of offers) {
    if (offer.units <= taken || !chosen.has(offer.promotion.id)) continue;
    units.set(offer.promotion.id, offer.units - taken);
    taken = offer.units;
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
