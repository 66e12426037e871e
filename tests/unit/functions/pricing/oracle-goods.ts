import type { CartLine, MenuItem, ModifierGroup } from '#functions/contract/restaurants.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { total } from './oracle-arithmetic.js';

/** All units of one item with the same modifiers. */
export interface Goods {
  item: MenuItem;
  /** Without and with modifiers. */
  base: number;
  unit: number;
  quantity: number;
  /** The lines of the cart that they stand in. */
  lines: { index: number; quantity: number }[];
}

interface Choice {
  optionId: string;
  quantity: number;
  modifiers?: readonly Choice[];
}

/** From the gravest on. */
const REFUSALS = ['ITEM_UNKNOWN', 'MODIFIER_UNKNOWN', 'ITEM_SOLD_OUT', 'MODIFIER_COUNT'];

const groupsOf = ({ menu }: PricingInput, ids: readonly string[]): ModifierGroup[] =>
  ids.flatMap((id) => menu.groups.filter((group) => group.id === id));

const isSoldOut = ({ soldOut, nowMs }: PricingInput, id: string): boolean => (soldOut[id] ?? 0) > nowMs;

/** All that is wrong with a line. */
export function faultsOf(input: PricingInput, { itemId, modifiers }: CartLine): string[] {
  const item = input.menu.items.find(({ id }) => id === itemId);
  if (!item) return ['ITEM_UNKNOWN'];
  const faults = faultsOfChoices(input, groupsOf(input, item.groupIds), modifiers);
  return isSoldOut(input, itemId) ? [...faults, 'ITEM_SOLD_OUT'] : faults;
}

function faultsOfChoices(input: PricingInput, groups: readonly ModifierGroup[], choices: readonly Choice[]): string[] {
  const ofChoices = choices.flatMap(({ optionId, modifiers = [] }) => {
    const option = groups.flatMap(({ options }) => options).find(({ id }) => id === optionId);
    if (!option) return ['MODIFIER_UNKNOWN'];
    const below = faultsOfChoices(input, groupsOf(input, option.groupIds), modifiers);
    return isSoldOut(input, optionId) ? [...below, 'ITEM_SOLD_OUT'] : below;
  });
  const areFilled = groups.every(({ min, max, options }) => {
    const counts = options.map(({ id }) =>
      total(choices.filter(({ optionId }) => optionId === id).map((one) => one.quantity)),
    );
    const isEachFine = options.every(({ maxQuantity }, index) => (counts[index] ?? 0) <= maxQuantity);
    return isEachFine && total(counts) >= min && total(counts) <= max;
  });
  return areFilled ? ofChoices : [...ofChoices, 'MODIFIER_COUNT'];
}

/** What choices cost for one unit of what they belong to: in each group the cheapest are free, as many as it says. */
function costOf(input: PricingInput, groups: readonly ModifierGroup[], choices: readonly Choice[]): number {
  const costs = groups.map(({ free, options }) => {
    const singles: number[] = [];
    let nested = 0;
    for (const { optionId, quantity, modifiers = [] } of choices) {
      const option = options.find(({ id }) => id === optionId);
      if (!option) continue;
      for (let unit = 0; unit < quantity; unit += 1) singles.push(option.priceMinor);
      nested += quantity * costOf(input, groupsOf(input, option.groupIds), modifiers);
    }
    return nested + total(singles.sort((a, b) => a - b).slice(free));
  });
  return total(costs);
}

/** The same name for the same modifiers. */
function nameOf(choices: readonly Choice[]): string {
  const units = choices.flatMap(({ optionId, quantity, modifiers = [] }) =>
    Array.from({ length: quantity }, () => `${optionId}(${nameOf(modifiers)})`),
  );
  return units.sort().join();
}

/** The cart's goods in the order of their first lines, or why it has none. */
export function goodsOf(input: PricingInput): Goods[] | string {
  const faults = input.lines.flatMap((line) => faultsOf(input, line));
  const gravest = REFUSALS.find((one) => faults.includes(one));
  if (gravest !== undefined) return gravest;
  const goods = new Map<string, Goods>();
  for (const [index, { itemId, quantity, modifiers }] of input.lines.entries()) {
    const item = input.menu.items.find(({ id }) => id === itemId);
    if (!item) continue;
    const base = input.kind === 'pickup' ? (item.pickupPriceMinor ?? item.priceMinor) : item.priceMinor;
    const unit = Math.max(0, base + costOf(input, groupsOf(input, item.groupIds), modifiers));
    const name = `${itemId} ${nameOf(modifiers)}`;
    const one = goods.get(name) ?? { item, base, unit, quantity: 0, lines: [] };
    const lines = [...one.lines, { index, quantity }];
    goods.set(name, { ...one, quantity: one.quantity + quantity, lines });
  }
  return [...goods.values()];
}
