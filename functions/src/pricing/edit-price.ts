import type { Quote } from '../contract/orders.js';
import type { PricedLine, Pricing } from '../contract/pricing.js';
import type { CartLine, Menu } from '../contract/restaurants.js';
import { accept, type Outcome } from '../core/outcome.js';
import { joinMenus, selectMenuPart } from './frozen-menu.js';
import { draftLine } from './goods.js';
import { allocate, mulDiv, sum } from './money.js';
import { merchantShare } from './price-goods.js';
import { sumAddedTax, computeTaxes, sumTax, getTaxRules } from './tax.js';
import { computeTotal } from './totals.js';
import { buildEditedTrace } from './trace.js';
import { computeUnitShare } from './units.js';

/** The edit of a line: a lower quantity, a substitute, or no change. */
export type LineEdit = { type: 'keep' } | { type: 'reduce'; quantity: number } | { type: 'substitute'; by: CartLine };

/**
 * Prices a quote with edited lines, by the rules that priced it. The kitchen changed the order, not the customer: a
 * promotion's discount on a line stays with it, fees and tip stay as they are, and no minimum is checked again. A line
 * that is removed, or some units of one, reduces the price by exactly its cost. `menu`: source of substitutes.
 */
export function editPrice(quote: Quote, edits: readonly LineEdit[], menu: Menu | null): Outcome<Quote> {
  const agreed = menu ? joinMenus(quote.rules.menu, menu) : quote.rules.menu;
  const edited: EditedLine[] = [];
  for (const [before, line] of quote.pricing.lines.entries()) {
    const left = editLine(quote, line, edits[before] ?? { type: 'keep' }, agreed);
    if (!left.ok) return left;
    edited.push(...left.value.map((one) => ({ before, line: one })));
  }
  const pricing = withLines(quote, edited);
  if (!pricing.ok) return pricing;
  const cart = edited.map(({ line }) => toCartLine(line));
  const used = joinMenus(quote.rules.menu, selectMenuPart(cart, menu));
  return accept({ ...quote, lines: cart, pricing: pricing.value, rules: { ...quote.rules, menu: used } });
}

/** A line after the edit, and its index before. */
interface EditedLine {
  before: number;
  line: PricedLine;
}

const toCartLine = ({ itemId, quantity, modifiers, note }: PricedLine): CartLine => ({
  itemId,
  quantity,
  modifiers,
  ...(note !== undefined && { note }),
});

function editLine(quote: Quote, line: PricedLine, edit: LineEdit, menu: Menu): Outcome<PricedLine[]> {
  switch (edit.type) {
    case 'keep':
      return accept([line]);
    case 'reduce':
      return accept(edit.quantity === 0 ? [] : [reduceLine(line, edit.quantity)]);
    case 'substitute':
      return substituteLine(quote, line, edit.by, menu);
  }
}

/** Computes what is left of a line when some of its units are removed. */
function reduceLine(line: PricedLine, quantity: number): PricedLine {
  const back = computeUnitShare(line, line.quantity - quantity);
  const grossMinor = line.unitMinor * quantity;
  const netMinor = line.netMinor - (back.chargedMinor - back.addedTaxMinor);
  const taxes = taxesLeft(line, back.taxMinor, back.addedTaxMinor, quantity);
  return {
    ...line,
    ...divideDiscounts(line, grossMinor - netMinor),
    quantity,
    grossMinor,
    netMinor,
    taxes,
    taxMinor: sumTax(taxes),
    addedTaxMinor: sumAddedTax(taxes),
    merchantMinor: line.merchantMinor - back.merchantMinor,
  };
}

function taxesLeft(line: PricedLine, backMinor: number, backAddedMinor: number, quantity: number): PricedLine['taxes'] {
  const of = (mode: 'exclusive' | 'inclusive', leftMinor: number) => {
    const own = line.taxes.filter((one) => one.mode === mode);
    const parts = allocate(
      leftMinor,
      own.map(({ taxMinor }) => taxMinor),
    );
    return own.map((one, index) => ({
      ...one,
      baseMinor: mulDiv(one.baseMinor, quantity, line.quantity),
      taxMinor: parts[index] ?? 0,
    }));
  };
  const includedMinor = line.taxMinor - line.addedTaxMinor - (backMinor - backAddedMinor);
  return [...of('exclusive', line.addedTaxMinor - backAddedMinor), ...of('inclusive', includedMinor)];
}

/** Divides a line's discounts for another sum of them. */
function divideDiscounts(line: PricedLine, discountMinor: number) {
  const { itemDiscountMinor, orderDiscountMinor, merchantFundedMinor } = line;
  const [item = 0, order = 0] = allocate(discountMinor, [itemDiscountMinor, orderDiscountMinor]);
  const [promised = 0] = allocate(discountMinor, [
    merchantFundedMinor,
    itemDiscountMinor + orderDiscountMinor - merchantFundedMinor,
  ]);
  return { itemDiscountMinor: item, orderDiscountMinor: order, merchantFundedMinor: promised };
}

/**
 * Prices a substitute: at its own price, less the promotions' discount on the line that it replaces. A cheaper one gets
 * the discount in proportion: a coupon for half of the price stays one for half of it.
 */
function substituteLine(quote: Quote, line: PricedLine, by: CartLine, menu: Menu): Outcome<PricedLine[]> {
  const { rules, kind, commissionPpm, createdAtMs: nowMs } = quote;
  const drafted = draftLine({ menu, kind, soldOut: {}, nowMs }, by);
  if (!drafted.ok) return drafted;
  const { name, taxCategory, modifierNames, unitMinor } = drafted.value;
  const grossMinor = unitMinor * by.quantity;
  const discounts = divideDiscounts(line, keepDiscount(line, grossMinor));
  const netMinor = grossMinor - discounts.itemDiscountMinor - discounts.orderDiscountMinor;
  const { rounding, platformDiscountLowersTaxBase } = rules.pricing;
  const baseMinor = platformDiscountLowersTaxBase ? netMinor : grossMinor - discounts.merchantFundedMinor;
  const taxes = computeTaxes(baseMinor, getTaxRules(rules.pricing, taxCategory, kind), rounding);
  const earnedMinor = grossMinor - discounts.merchantFundedMinor - (sumTax(taxes) - sumAddedTax(taxes));
  return accept([
    {
      ...by,
      name,
      modifierNames,
      unitMinor,
      grossMinor,
      ...discounts,
      netMinor,
      taxCategory,
      taxes,
      taxMinor: sumTax(taxes),
      addedTaxMinor: sumAddedTax(taxes),
      merchantMinor: merchantShare(earnedMinor, commissionPpm, rounding),
    },
  ]);
}

/** Computes the part of a line's discount that an item of another price keeps: at most all of it. */
function keepDiscount({ grossMinor, itemDiscountMinor, orderDiscountMinor }: PricedLine, byMinor: number): number {
  const discountMinor = itemDiscountMinor + orderDiscountMinor;
  return byMinor < grossMinor ? mulDiv(discountMinor, byMinor, grossMinor) : discountMinor;
}

/** Computes the price with other lines: fees and tip stay, and no more credit is used than before. */
function withLines(
  { pricing, kind, rules, menuVersion, zoneVersion }: Quote,
  edited: readonly EditedLine[],
): Outcome<Pricing> {
  const { currency, fees, totals, split } = pricing;
  const lines = edited.map(({ line }) => line);
  const { coinMinor } = rules;
  const payment = { currency, kind, creditMinor: totals.creditMinor, ...(coinMinor !== undefined && { coinMinor }) };
  const sums = computeTotal(payment, totals.tipMinor, lines, fees);
  if (!sums.ok) return sums;
  const promisedMinor = sum(fees.map((fee) => fee.merchantFundedMinor));
  const merchantMinor = Math.max(0, sum(lines.map((line) => line.merchantMinor)) - promisedMinor);
  const taxMinor = sum([...lines, ...fees].map((one) => one.taxMinor));
  const { courierMinor } = split;
  const platformMinor = sums.value.totalMinor - merchantMinor - courierMinor - taxMinor;
  return accept({
    ...pricing,
    lines,
    totals: sums.value,
    split: { merchantMinor, courierMinor, taxMinor, platformMinor },
    trace: buildEditedTrace({ menuVersion, zoneVersion }, pricing.trace, edited, sums.value),
  });
}
