import type { CartLine, Menu } from '../contract/restaurants.js';
import type { PricedLine } from '../contract/pricing.js';
import type { Promotion, TaxRule, ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import { bestItemDiscount, orderDiscounts, type Discount, type ItemPromotion, type OrderPromotion, type SpreadDiscount } from './discounts.js'; // prettier-ignore
import { shareOf, sum } from './money.js';
import { taxOn, UNTAXED } from './tax.js';
import { priceUnit } from './unit-price.js';

/** A line before order promotions and tax, with the item promotion that was best for it. */
export interface DraftLine {
  line: CartLine;
  name: string;
  taxCategory: string;
  modifierNames: string[];
  unitMinor: number;
  grossMinor: number;
  itemDiscount: Discount | null;
}

/** Steps 1 to 3: unit, gross, best item promotion. */
export function draftLine(
  menu: Menu,
  soldOut: Readonly<Record<string, number>>,
  nowMs: number,
  promotions: readonly Promotion[],
  line: CartLine,
): Outcome<DraftLine> {
  const item = menu.items.find((one) => one.id === line.itemId);
  if (!item) return refuse('ITEM_UNKNOWN', { itemId: line.itemId });
  const gone = idsOf(line).find((id) => (soldOut[id] ?? 0) > nowMs);
  if (gone !== undefined) return refuse('ITEM_SOLD_OUT', { itemId: line.itemId, soldOutId: gone });
  const unit = priceUnit(menu, item, line.modifiers);
  if (!unit.ok) return unit;
  const { baseMinor, modifiersMinor, names } = unit.value;
  const unitMinor = baseMinor + modifiersMinor;
  const grossMinor = unitMinor * line.quantity;
  const itemPromotions = promotions.filter((one): one is ItemPromotion => one.kind === 'item');
  const itemDiscount = bestItemDiscount(
    { itemId: item.id, quantity: line.quantity, baseMinor, grossMinor },
    itemPromotions,
  );
  const { name, taxCategory } = item;
  return accept({ line, name, taxCategory, modifierNames: names, unitMinor, grossMinor, itemDiscount });
}

/** The item and every option of a line. */
export function idsOf(line: CartLine): string[] {
  return [
    line.itemId,
    ...line.modifiers.flatMap((one) => [one.optionId, ...one.modifiers.map((inner) => inner.optionId)]),
  ];
}

export const afterItemDiscount = ({ grossMinor, itemDiscount }: DraftLine) =>
  grossMinor - (itemDiscount?.amountMinor ?? 0);

/** Step 5: order promotions over the lines they are good for. */
export function discountOrder(drafts: readonly DraftLine[], promotions: readonly Promotion[]): SpreadDiscount[] {
  const orderPromotions = promotions.filter((one): one is OrderPromotion => one.kind !== 'item');
  const left = drafts.map((draft) => ({ itemId: draft.line.itemId, leftMinor: afterItemDiscount(draft) }));
  return orderDiscounts(orderPromotions, left);
}

/** The line as it is charged, with its tax (step 10). */
export function finishLine(
  draft: DraftLine,
  index: number,
  spread: readonly SpreadDiscount[],
  zone: ZonePricing,
): PricedLine {
  const { line, name, taxCategory, modifierNames, unitMinor, grossMinor, itemDiscount } = draft;
  const itemDiscountMinor = itemDiscount?.amountMinor ?? 0;
  const parts = spread.map(({ byLine, promotion }) => ({ promotion, partMinor: byLine[index] ?? 0 }));
  const orderDiscountMinor = sum(parts.map(({ partMinor }) => partMinor));
  const merchantFundedMinor =
    (itemDiscount?.merchantFundedMinor ?? 0) +
    sum(parts.map(({ promotion, partMinor }) => shareOf(partMinor, promotion.merchantFundedPpm)));
  const netMinor = grossMinor - itemDiscountMinor - orderDiscountMinor;
  const platformFundedMinor = itemDiscountMinor + orderDiscountMinor - merchantFundedMinor;
  const rule: TaxRule = zone.taxes[taxCategory] ?? UNTAXED;
  const baseMinor = zone.platformDiscountLowersTaxBase ? netMinor : netMinor + platformFundedMinor;
  return {
    itemId: line.itemId, name, quantity: line.quantity, modifiers: line.modifiers, modifierNames,
    ...(line.note !== undefined && { note: line.note }),
    unitMinor, grossMinor, itemDiscountMinor, orderDiscountMinor, merchantFundedMinor, netMinor,
    taxCategory, taxMode: rule.mode, taxMinor: taxOn(baseMinor, rule),
  }; // prettier-ignore
}
