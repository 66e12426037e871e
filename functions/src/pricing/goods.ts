import type { CartLine, ChosenModifier, Menu, MenuItem } from '../contract/restaurants.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { sum } from './money.js';
import { findUnknown, priceUnit } from './unit-price.js';
import { lookUp } from '../core/look-up.js';

/** A cart line with the price of one unit. */
export interface DraftLine {
  line: CartLine;
  name: string;
  taxCategory: string;
  modifierNames: string[];
  /** Of the item without its modifiers. */
  baseMinor: number;
  unitMinor: number;
}

/** All lines of one item with the same modifiers: priced, discounted and taxed as one. */
export interface Goods extends Omit<DraftLine, 'line'> {
  itemId: string;
  /** Indexes of its lines in the cart. */
  lines: number[];
  /** Of each of these lines. */
  quantities: number[];
  quantity: number;
  grossMinor: number;
}

/** The facts of a menu and a time on which the price of a line depends. */
export interface Shelf {
  menu: Menu;
  kind: 'delivery' | 'pickup';
  /** Items and options sold out until the given time. */
  soldOut: Readonly<Record<string, number>>;
  nowMs: number;
}

/**
 * Computes the unit price of a line (step 1). Refuses ITEM_UNKNOWN, MODIFIER_UNKNOWN, ITEM_SOLD_OUT and MODIFIER_COUNT,
 * in this order.
 */
export function draftLine({ menu, kind, soldOut, nowMs }: Shelf, line: CartLine): Outcome<DraftLine> {
  const item = menu.items.find((one) => one.id === line.itemId);
  if (!item) return refuse('ITEM_UNKNOWN', { itemId: line.itemId });
  const stray = findUnknown(menu, item.groupIds, line.modifiers);
  if (stray !== null) return refuse('MODIFIER_UNKNOWN', { optionId: stray });
  const gone = listIds(line).find((id) => (lookUp(soldOut, id) ?? 0) > nowMs);
  if (gone !== undefined) return refuse('ITEM_SOLD_OUT', { itemId: line.itemId, soldOutId: gone });
  const unit = priceUnit(menu, item, line.modifiers);
  if (!unit.ok) return unit;
  const baseMinor = getBasePrice(item, kind);
  const unitMinor = Math.max(0, baseMinor + unit.value.modifiersMinor);
  const { name, taxCategory } = item;
  return accept({ line, name, taxCategory, modifierNames: unit.value.names, baseMinor, unitMinor });
}

/** Returns the price of an item without modifiers, for delivery or pickup. */
function getBasePrice({ priceMinor, pickupPriceMinor }: MenuItem, kind: 'delivery' | 'pickup'): number {
  return kind === 'pickup' ? (pickupPriceMinor ?? priceMinor) : priceMinor;
}

/** Lists the item and every option of a line. */
export function listIds(line: CartLine): string[] {
  return [
    line.itemId,
    ...line.modifiers.flatMap((one) => [one.optionId, ...one.modifiers.map((inner) => inner.optionId)]),
  ];
}

const IN_ORDER = ['ITEM_UNKNOWN', 'MODIFIER_UNKNOWN', 'ITEM_SOLD_OUT', 'MODIFIER_COUNT'];

/** Computes all lines with their unit prices, or returns the most severe refusal among them. */
export function draftLines(shelf: Shelf, lines: readonly CartLine[]): Outcome<DraftLine[]> {
  const outcomes = lines.map((line) => draftLine(shelf, line));
  const refusals = outcomes.filter((one) => !one.ok);
  const [first] = refusals.toSorted((a, b) => IN_ORDER.indexOf(a.reason) - IN_ORDER.indexOf(b.reason));
  return first ?? accept(outcomes.flatMap((one) => (one.ok ? [one.value] : [])));
}

/** Combines lines of the same item and modifiers (step 2). */
export function groupGoods(drafts: readonly DraftLine[]): Goods[] {
  const groups = new Map<string, number[]>();
  drafts.forEach(({ line }, index) => {
    const key = `${line.itemId} ${toGoodsKey(line.modifiers)}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()].flatMap((lines) => toGoods(drafts, lines));
}

function toGoods(drafts: readonly DraftLine[], lines: number[]): Goods[] {
  const [first] = lines.flatMap((index) => drafts[index] ?? []);
  if (!first) return [];
  const quantities = lines.map((index) => drafts[index]?.line.quantity ?? 0);
  const quantity = sum(quantities);
  const { line, ...rest } = first;
  return [{ ...rest, itemId: line.itemId, lines, quantities, quantity, grossMinor: rest.unitMinor * quantity }];
}

type Choice = Pick<ChosenModifier, 'optionId' | 'quantity'> & { modifiers?: readonly Choice[] };

/** The same key for the same modifiers, independent of the order and grouping of the choices. */
function toGoodsKey(chosen: readonly Choice[]): string {
  const counts = new Map<string, number>();
  for (const { optionId, quantity, modifiers = [] } of chosen) {
    const key = `${optionId}(${toGoodsKey(modifiers)})`;
    counts.set(key, (counts.get(key) ?? 0) + quantity);
  }
  return [...counts]
    .map(([key, count]) => `${key}*${count}`)
    .toSorted()
    .join(',');
}
