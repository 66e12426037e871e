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

/** §3.1: the base price by daypart and kind; a price that is not stated for pickup is the one for delivery. */
function findBase({ kind, daypartIds }: OracleOrder, item: MenuItem): bigint {
  const daypart = item.dayparts?.find(({ daypartId }) => daypartIds.includes(daypartId));
  const prices = daypart?.priceMinor === undefined && daypart?.pickupPriceMinor === undefined ? item : daypart;
  const delivered = prices.priceMinor ?? item.priceMinor;
  return BigInt(kind === 'pickup' ? (prices.pickupPriceMinor ?? delivered) : delivered);
}

/** §3.1: the chargeable modifiers of one unit: in each group, the units above its free ones. */
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

/** The cheapest units are free. A unit that lowers the price has nothing to waive, so it takes no free place. */
function chargeUnits(units: readonly bigint[], free: number): bigint {
  const priced = units.filter((unit) => unit > 0n).sort((a, b) => Number(a - b));
  return sumOf(units.filter((unit) => unit < 0n)) + sumOf(priced.slice(free));
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function toKey({ itemId, modifiers }: CartLine): string {
  const parts = modifiers.map(({ optionId, quantity, modifiers: inner }) => {
    const leaves = inner.map((leaf) => `${leaf.optionId}*${leaf.quantity}`).sort(byText);
    return `${optionId}*${quantity}(${leaves.join()})`;
  });
  return [itemId, ...parts.sort(byText)].join(';');
}

/** Carts are valid when they reach the oracle: it prices and does not check. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The oracle received a cart that its menu does not allow.');
  return value;
}
