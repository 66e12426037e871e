import type { Promotion, TaxRule } from '../contract/zones.js';
import { accept, type Outcome } from '../core/outcome.js';
import type { Goods } from './goods.js';
import { prepareItemDiscounts, type GoodsDiscount, type ItemPromotion } from './item-discounts.js';
import { computeShare, sum } from './money.js';
import { discountGoods, findEligible, inTurn, type OrderPromotion } from './order-discounts.js';
import { priceFees } from './price-fees.js';
import type { GrossCart, PricingInput } from './price-order.js';
import { computeAddedTax, getTaxRules } from './tax.js';

/** The goods after some item and order promotions, by their indexes. */
interface Discounted {
  leftMinor: readonly number[];
  /** What the merchant pays of the discounts. */
  promisedMinor: readonly number[];
}

/** What the amount due depends on, besides the promotions on the delivery. */
interface GoodsDue {
  afterOrderMinor: number;
  addedTaxMinor: number;
  byCategory: { taxCategory: string; netMinor: number }[];
}

/** Returns the amount due before tip and credit with a choice of the promotions: `dueMinor` of `priceDue`. */
export type DueReader = (chosen: readonly Promotion[]) => Outcome<number>;

/**
 * Prepares the amounts due of many choices of the promotions. Choices share their work: the goods are discounted once
 * for each choice of item and order promotions, and an order promotion continues from the result of those before it.
 */
export function prepareDues(input: PricingInput, cart: GrossCart, promotions: readonly Promotion[]): DueReader {
  const discounted = prepareGoods(input, cart.goods, promotions);
  const computeGoods = prepareGoodsDue(input, cart.goods);
  const known = new Map<string, GoodsDue>();
  return (chosen) => {
    const items = chosen.filter((one): one is ItemPromotion => one.kind === 'item');
    const others = chosen.filter((one): one is OrderPromotion => one.kind !== 'item');
    const orders = inTurn(others, 'order');
    const key = toKey([...items, ...orders]);
    const goods = known.get(key) ?? computeGoods(discounted(items, orders));
    known.set(key, goods);
    const { grossMinor } = cart;
    const { afterOrderMinor, byCategory } = goods;
    const fees = priceFees({ ...input, promotions: others, grossMinor, afterOrderMinor, goods: byCategory });
    if (!fees.ok) return fees;
    const feesMinor = sum(fees.value.fees.map((fee) => fee.netMinor + fee.addedTaxMinor));
    return accept(afterOrderMinor + goods.addedTaxMinor + feesMinor);
  };
}

const isEffective = ({ byGoods }: GoodsDiscount): boolean => byGoods.some((minor) => minor > 0);

const toKey = (promotions: readonly Promotion[]): string => promotions.map(({ id }) => id).join(' ');

function prepareGoods({ zone: { rounding } }: PricingInput, goods: readonly Goods[], promotions: readonly Promotion[]) {
  const isItem = (one: Promotion): one is ItemPromotion => one.kind === 'item';
  const discountItems = prepareItemDiscounts(goods, promotions.filter(isItem), rounding);
  const eligible = new Map(
    promotions.flatMap((one) => (one.kind === 'item' ? [] : [[one.id, findEligible(one, goods)] as const])),
  );
  const whole: Discounted = {
    leftMinor: goods.map(({ grossMinor }) => grossMinor),
    promisedMinor: goods.map(() => 0),
  };
  const subtract = ({ leftMinor, promisedMinor }: Discounted, { promotion, byGoods }: GoodsDiscount): Discounted => ({
    leftMinor: leftMinor.map((minor, index) => minor - (byGoods[index] ?? 0)),
    promisedMinor: promisedMinor.map(
      (minor, index) => minor + computeShare(byGoods[index] ?? 0, promotion.merchantFundedPpm, rounding),
    ),
  });
  const known = new Map<string, Discounted>();
  const compute = (items: readonly ItemPromotion[], orders: readonly OrderPromotion[]): Discounted => {
    const last = orders.at(-1);
    if (!last) return discountItems(items).filter(isEffective).reduce(subtract, whole);
    const before = discount(items, orders.slice(0, -1));
    const byGoods = discountGoods(last, eligible.get(last.id) ?? [], before.leftMinor, rounding);
    return subtract(before, { promotion: last, byGoods });
  };
  const discount: typeof compute = (items, orders) => {
    const key = toKey([...items, ...orders]);
    const found = known.get(key) ?? compute(items, orders);
    known.set(key, found);
    return found;
  };
  return discount;
}

function prepareGoodsDue({ kind, zone }: PricingInput, goods: readonly Goods[]): (state: Discounted) => GoodsDue {
  const categories = [...new Set(goods.map(({ taxCategory }) => taxCategory))];
  const rules = new Map<string, TaxRule[]>(categories.map((one) => [one, getTaxRules(zone, one, kind)]));
  return ({ leftMinor, promisedMinor }) => {
    const nets = new Map<string, number>();
    let addedTaxMinor = 0;
    goods.forEach(({ taxCategory, grossMinor }, index) => {
      const netMinor = leftMinor[index] ?? 0;
      nets.set(taxCategory, (nets.get(taxCategory) ?? 0) + netMinor);
      const baseMinor = zone.platformDiscountLowersTaxBase ? netMinor : grossMinor - (promisedMinor[index] ?? 0);
      addedTaxMinor += computeAddedTax(baseMinor, rules.get(taxCategory) ?? [], zone.rounding);
    });
    const byCategory = Array.from(nets, ([taxCategory, netMinor]) => ({ taxCategory, netMinor }));
    return { afterOrderMinor: sum(leftMinor), addedTaxMinor, byCategory };
  };
}
