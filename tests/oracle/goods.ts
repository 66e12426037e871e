import type { CartLine, ChosenModifier, MenuItem } from '#functions/contract/restaurants.js';
import { most, sumOf } from './exact.js';
import type { OracleOrder } from './order.js';
import type { z } from 'zod';

type Chosen = z.infer<typeof ChosenModifier>;

/** All lines of one item with the same modifiers: they are priced, discounted and taxed as one. */
export interface Good {
  item: MenuItem;
  /** The lines of the cart, by index. */
  lines: number[];
  quantities: bigint[];
  baseMinor: bigint;
  unitMinor: bigint;
  quantity: bigint;
  grossMinor: bigint;
}

/** Puts lines of the same item and modifiers together, in the order of their first lines. */
export function toGoods(order: OracleOrder): Good[] {
  const together = new Map<string, number[]>();
  order.lines.forEach((line, index) => {
    const key = toKey(line);
    together.set(key, [...(together.get(key) ?? []), index]);
  });
  return [...together.values()].map((lines) => toGood(order, lines));
}

function toGood(order: OracleOrder, lines: number[]): Good {
  const chosen = lines.map((index) => required(order.lines[index]));
  const { itemId, modifiers } = required(chosen[0]);
  const item = required(order.menu.items.find(({ id }) => id === itemId));
  const baseMinor = findBase(order, item);
  const unitMinor = most(0n, baseMinor + priceModifiers(order, item.groupIds, modifiers));
  const quantities = chosen.map(({ quantity }) => BigInt(quantity));
  const quantity = sumOf(quantities);
  return { item, lines, quantities, baseMinor, unitMinor, quantity, grossMinor: unitMinor * quantity };
}

/** Step 1: the base price by kind; a price that is not stated for pickup is the one for delivery. */
const findBase = ({ kind }: OracleOrder, { priceMinor, pickupPriceMinor }: MenuItem): bigint =>
  BigInt(kind === 'pickup' ? (pickupPriceMinor ?? priceMinor) : priceMinor);

/** Step 1: the chargeable modifiers of one unit: in each group, the units above its free ones. */
function priceModifiers(order: OracleOrder, groupIds: readonly string[], modifiers: readonly Chosen[]): bigint {
  const amounts = groupIds.map((groupId) => {
    const group = required(order.menu.groups.find(({ id }) => id === groupId));
    const units: bigint[] = [];
    let nested = 0n;
    for (const { optionId, quantity, modifiers: inner } of modifiers) {
      const option = group.options.find(({ id }) => id === optionId);
      if (!option) continue;
      for (let unit = 0; unit < quantity; unit += 1) units.push(BigInt(option.priceMinor));
      const leaves = inner.map((leaf) => ({ ...leaf, modifiers: [] }));
      nested += BigInt(quantity) * priceModifiers(order, option.groupIds, leaves);
    }
    return nested + chargeUnits(units, group.free);
  });
  return sumOf(amounts);
}

/** The cheapest units are free, as the contract says of a group; this waives the reduction by a negative price too. */
const chargeUnits = (units: readonly bigint[], free: number): bigint =>
  sumOf([...units].sort((a, b) => Number(a - b)).slice(free));

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const toKey = ({ itemId, modifiers }: CartLine): string => [itemId, ...listUnits(modifiers)].join(';');

/** Lists chosen units one by one: it does not matter in which order or how grouped they were chosen. */
function listUnits(modifiers: readonly (Omit<Chosen, 'modifiers'> & { modifiers?: Chosen['modifiers'] })[]): string[] {
  const units = modifiers.flatMap(({ optionId, quantity, modifiers: inner = [] }) => {
    const unit = `${optionId}(${listUnits(inner).join()})`;
    return Array.from({ length: quantity }, () => unit);
  });
  return units.sort(byText);
}

/** Carts are valid when they reach the oracle: it prices and does not check. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The oracle received a cart that its menu does not allow.');
  return value;
}
