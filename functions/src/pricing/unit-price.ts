import type { ChosenModifier, Menu, MenuItem, ModifierGroup } from '../contract/restaurants.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { sum } from './money.js';

type Choice = Pick<ChosenModifier, 'optionId' | 'quantity'> & { modifiers?: readonly Choice[] };
type Option = ModifierGroup['options'][number];

export interface UnitPrice {
  /** The price of the chosen modifiers, without the group's free ones; negative where they reduce the price. */
  modifiersMinor: number;
  /** For display: "Extra cheese ×2". */
  names: string[];
}

/** Prices the modifiers of one unit, all of which `findUnknown` found; refuses counts that the menu does not allow. */
export function priceUnit(menu: Menu, item: MenuItem, chosen: readonly Choice[]): Outcome<UnitPrice> {
  const priced = priceGroups(menu, item.groupIds, chosen);
  return priced.ok ? accept({ modifiersMinor: priced.value.costMinor, names: priced.value.names }) : priced;
}

/** Finds the first chosen option, at any depth, that none of the groups open there offers; null when all are known. */
export function findUnknown(menu: Menu, groupIds: readonly string[], chosen: readonly Choice[]): string | null {
  const groups = listGroups(menu, groupIds);
  for (const { optionId, modifiers = [] } of chosen) {
    const option = groups.map((group) => findOption(group, optionId)).find((one) => one !== undefined);
    if (!option) return optionId;
    const below = findUnknown(menu, option.groupIds, modifiers);
    if (below !== null) return below;
  }
  return null;
}

const listGroups = (menu: Menu, groupIds: readonly string[]): ModifierGroup[] =>
  groupIds.flatMap((id) => menu.groups.find((group) => group.id === id) ?? []);

interface Priced {
  costMinor: number;
  names: string[];
}

/**
 * Prices all groups open at one level: each choice belongs to exactly one of them, and each must have the required
 * number of choices.
 */
function priceGroups(menu: Menu, groupIds: readonly string[], chosen: readonly Choice[]): Outcome<Priced> {
  const groups = listGroups(menu, groupIds);
  const total: Priced = { costMinor: 0, names: [] };
  for (const group of groups) {
    // An option that two groups offer counts in the first.
    const own = chosen.filter(({ optionId }) => groups.find((one) => findOption(one, optionId)) === group);
    const priced = priceGroup(menu, group, own);
    if (!priced.ok) return priced;
    total.costMinor += priced.value.costMinor;
    total.names.push(...priced.value.names);
  }
  return accept(total);
}

const findOption = (group: ModifierGroup, optionId: string) => group.options.find((option) => option.id === optionId);

function priceGroup(menu: Menu, group: ModifierGroup, chosen: readonly Choice[]): Outcome<Priced> {
  const count = sum(chosen.map(({ quantity }) => quantity));
  if (count < group.min || count > group.max) {
    return refuse('MODIFIER_COUNT', { groupId: group.id, count, min: group.min, max: group.max });
  }
  const distinct = checkDistinct(group, new Set(chosen.map(({ optionId }) => optionId)).size);
  if (!distinct.ok) return distinct;
  const unitsMinor: number[] = [];
  const total: Priced = { costMinor: 0, names: [] };
  for (const choice of chosen) {
    const option = findOption(group, choice.optionId);
    if (!option) continue;
    const priced = priceChoice(menu, option, choice, countChosen(chosen, option.id));
    if (!priced.ok) return priced;
    unitsMinor.push(...Array.from({ length: choice.quantity }, () => option.priceMinor));
    total.costMinor += priced.value.costMinor;
    total.names.push(...priced.value.names);
  }
  total.costMinor += sum(unitsMinor.toSorted((a, b) => a - b).slice(group.free));
  return accept(total);
}

/** Checks the number of different options. */
function checkDistinct(group: ModifierGroup, count: number): Outcome<null> {
  const { id: groupId, minDistinct: min = 0, maxDistinct: max = group.max } = group;
  return count < min || count > max
    ? refuse('MODIFIER_COUNT', { groupId, count, min, max, distinct: true })
    : accept(null);
}

const countChosen = (chosen: readonly Choice[], optionId: string) =>
  sum(chosen.filter((choice) => choice.optionId === optionId).map(({ quantity }) => quantity));

/** Prices the modifiers of a choice: nested ones are counted once per unit of their parent. */
function priceChoice(menu: Menu, option: Option, choice: Choice, count: number): Outcome<Priced> {
  if (count > option.maxQuantity) {
    return refuse('MODIFIER_COUNT', { optionId: option.id, count, max: option.maxQuantity, min: 0 });
  }
  const nested = priceGroups(menu, option.groupIds, choice.modifiers ?? []);
  if (!nested.ok) return nested;
  const name = choice.quantity > 1 ? `${option.name} ×${choice.quantity}` : option.name;
  return accept({ costMinor: nested.value.costMinor * choice.quantity, names: [name, ...nested.value.names] });
}
