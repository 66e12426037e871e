import type { Promotion, Rounding } from '#functions/contract/zones.js';
import { divide, rated, round, total, zeros } from './oracle-arithmetic.js';
import type { Goods } from './oracle-goods.js';

type ItemPromotion = Extract<Promotion, { kind: 'item' }>;
type OtherPromotion = Extract<Promotion, { kind: 'order' | 'delivery' }>;

/** What promotions take off each of the goods, and the merchant's part of it. */
export interface Taken {
  item: number[];
  order: number[];
  funded: number[];
}

const byId = <T extends Promotion>(promotions: readonly T[]): T[] =>
  [...promotions].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Steps 3 and 5. */
export function takenOff(goods: readonly Goods[], promotions: readonly Promotion[], mode: Rounding): Taken {
  const taken: Taken = { item: zeros(goods), order: zeros(goods), funded: zeros(goods) };
  const add = (to: number[], amounts: readonly number[], { merchantFundedPpm }: Promotion) =>
    amounts.forEach((amount, index) => {
      to[index] = (to[index] ?? 0) + amount;
      taken.funded[index] = (taken.funded[index] ?? 0) + rated(amount, merchantFundedPpm, mode);
    });
  const onItems = byId(promotions.filter((one) => one.kind === 'item'));
  const choices = goods.map((one, index) => choicesOf(goods, one, index, onItems));
  onItems.forEach((promotion, at) =>
    add(
      taken.item,
      itemAmounts(
        goods,
        promotion,
        choices.map((chosen) => chosen.filter((one) => one === at).length),
        mode,
      ),
      promotion,
    ),
  );
  for (const promotion of inTurn(promotions, 'order')) {
    const { itemIds = [] } = promotion;
    const left = goods.map((one, index) =>
      itemIds.length === 0 || itemIds.includes(one.item.id)
        ? one.unit * one.quantity - (taken.item[index] ?? 0) - (taken.order[index] ?? 0)
        : 0,
    );
    add(taken.order, divide(amountOff(total(left), promotion, mode), left), promotion);
  }
  return taken;
}

/** Which promotion each unit of the goods takes: the one that offers most, the first by id of several; −1 for none. */
function choicesOf(goods: readonly Goods[], one: Goods, index: number, promotions: readonly ItemPromotion[]): number[] {
  const freed = promotions.map((promotion) => freedUnits(goods, promotion)[index] ?? 0);
  return Array.from({ length: one.quantity }, (_, unit) => {
    const offers = promotions.map((promotion, at) => offerTo(one, promotion, unit < (freed[at] ?? 0)));
    const best = Math.max(0, ...offers);
    return best === 0 ? -1 : offers.indexOf(best);
  });
}

/** In millionths of a minor unit. */
function offerTo({ item, base, unit }: Goods, { itemIds, benefit }: ItemPromotion, isFreed: boolean): number {
  if (!itemIds.includes(item.id)) return 0;
  if (benefit.type === 'percent') return unit * benefit.ratePpm;
  if (benefit.type === 'fixed') return Math.min(unit, benefit.amountMinor) * 1_000_000;
  return isFreed ? Math.min(base, unit) * 1_000_000 : 0;
}

/** How many units of each of the goods a promotion frees: the cheapest of all that match, one unit after the other. */
function freedUnits(goods: readonly Goods[], { itemIds, benefit }: ItemPromotion): number[] {
  const freed = zeros(goods);
  if (benefit.type !== 'buyGet') return freed;
  const units = goods.flatMap(({ item, base, unit, quantity }, index) =>
    itemIds.includes(item.id) ? Array.from({ length: quantity }, () => ({ id: item.id, base, unit, index })) : [],
  );
  units.sort((a, b) => a.base - b.base || a.id.localeCompare(b.id) || a.unit - b.unit);
  const count = Math.floor(units.length / (benefit.buy + benefit.free)) * benefit.free;
  for (const { index } of units.slice(0, count)) freed[index] = (freed[index] ?? 0) + 1;
  return freed;
}

/** Rounded once for each of the goods, capped for the cart. */
function itemAmounts(
  goods: readonly Goods[],
  promotion: ItemPromotion,
  units: readonly number[],
  mode: Rounding,
): number[] {
  const wished = goods.map((one, index) =>
    round(BigInt(offerTo(one, promotion, true)) * BigInt(units[index] ?? 0), 1_000_000n, mode),
  );
  return divide(Math.min(total(wished), promotion.capMinor ?? Infinity), wished);
}

/** Percentages by id, then fixed amounts by id. */
function inTurn(promotions: readonly Promotion[], kind: OtherPromotion['kind']): OtherPromotion[] {
  const own = byId(promotions.filter((one): one is OtherPromotion => one.kind === kind));
  return (['percent', 'fixed'] as const).flatMap((type) => own.filter(({ benefit }) => benefit.type === type));
}

function amountOff(left: number, { benefit, capMinor = Infinity }: OtherPromotion, mode: Rounding): number {
  const wished = benefit.type === 'percent' ? rated(left, benefit.ratePpm, mode) : benefit.amountMinor;
  return Math.min(wished, capMinor, left);
}

/** What is taken off a delivery fee, and the merchant's part. */
export function offDelivery(
  fee: number,
  promotions: readonly Promotion[],
  mode: Rounding,
): { discount: number; funded: number } {
  let [discount, funded] = [0, 0];
  for (const promotion of inTurn(promotions, 'delivery')) {
    const amount = amountOff(fee - discount, promotion, mode);
    discount += amount;
    funded += rated(amount, promotion.merchantFundedPpm, mode);
  }
  return { discount, funded };
}

/** Every combination of the promotions that run and have their minimum: an exclusive one stands alone. */
export function combinationsOf(promotions: readonly Promotion[], gross: number, nowMs: number): Promotion[][] {
  const fit = promotions.filter(
    (one) => one.minimumItemsMinor <= gross && one.startsAtMs <= nowMs && nowMs < one.endsAtMs,
  );
  const all = Array.from({ length: 2 ** fit.length }, (_, bits) => fit.filter((__, at) => (bits >> at) % 2 === 1));
  return all.filter((some) => some.length < 2 || some.every(({ exclusive }) => !exclusive));
}
