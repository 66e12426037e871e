import type { CartLine, ModifierGroup } from '#functions/contract/restaurants.js';
import type { PricingInput } from '#functions/pricing/price-order.js';

interface Choice {
  optionId: string;
  quantity: number;
  modifiers?: readonly Choice[];
}

/** The reasons for which a cart is refused before its price, the first before the others. */
const REFUSALS = ['ITEM_UNKNOWN', 'MODIFIER_UNKNOWN', 'ITEM_SOLD_OUT', 'MODIFIER_COUNT'];

const findGroups = ({ menu }: PricingInput, ids: readonly string[]): ModifierGroup[] =>
  ids.flatMap((id) => menu.groups.filter((group) => group.id === id));

const isSoldOut = ({ soldOut, nowMs }: PricingInput, id: string): boolean => (soldOut[id] ?? 0) > nowMs;

/** Returns the reason for which the menu does not allow a cart; undefined: it does. */
export function findFault(input: PricingInput): string | undefined {
  const faults = input.lines.flatMap((line) => listFaults(input, line));
  return REFUSALS.find((one) => faults.includes(one));
}

/** Lists every reason for which the menu does not allow a line. */
export function listFaults(input: PricingInput, { itemId, modifiers }: CartLine): string[] {
  const item = input.menu.items.find(({ id }) => id === itemId);
  if (!item) return ['ITEM_UNKNOWN'];
  const faults = listFaultsOfChoices(input, findGroups(input, item.groupIds), modifiers);
  return isSoldOut(input, itemId) ? [...faults, 'ITEM_SOLD_OUT'] : faults;
}

function listFaultsOfChoices(
  input: PricingInput,
  groups: readonly ModifierGroup[],
  choices: readonly Choice[],
): string[] {
  const inChoices = choices.flatMap(({ optionId, modifiers = [] }) => {
    const option = groups.flatMap(({ options }) => options).find(({ id }) => id === optionId);
    if (!option) return ['MODIFIER_UNKNOWN'];
    const below = listFaultsOfChoices(input, findGroups(input, option.groupIds), modifiers);
    return isSoldOut(input, optionId) ? [...below, 'ITEM_SOLD_OUT'] : below;
  });
  const areFilled = groups.every((group) => isFilled(group, choices));
  return areFilled ? inChoices : [...inChoices, 'MODIFIER_COUNT'];
}

function isFilled({ min, max, options }: ModifierGroup, choices: readonly Choice[]): boolean {
  const counts = options.map(({ id, maxQuantity }) => {
    const chosen = choices.filter(({ optionId }) => optionId === id);
    return { maxQuantity, count: chosen.reduce((sum, { quantity }) => sum + quantity, 0) };
  });
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return all >= min && all <= max && counts.every(({ count, maxQuantity }) => count <= maxQuantity);
}
