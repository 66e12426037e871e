import type { CartLine, Menu, MenuItem } from '../contract/restaurants.js';

type Group = Menu['groups'][number];

/**
 * Adds to a frozen menu the entries that only the current one has, for substitutes. Items, groups and options of the
 * frozen one win: their prices and rules were agreed to. The added entries do not change the price of a line that was
 * priced before: a frozen item's other groups require no choice, and an option that was chosen stays in the group that
 * it was chosen in.
 */
export function joinMenus(agreed: Menu, now: Menu | null): Menu {
  if (!now) return agreed;
  const chosen = new Set(agreed.groups.flatMap(({ options }) => options.map(({ id }) => id)));
  const opened = new Set(
    [...agreed.items, ...agreed.groups.flatMap(({ options }) => options)].flatMap((one) => one.groupIds),
  );
  const others = ({ options }: Group) => options.filter(({ id }) => !chosen.has(id));
  const grown = agreed.groups.map((group) => {
    const fresh = now.groups.find(({ id }) => id === group.id);
    return fresh ? { ...group, options: [...group.options, ...others(fresh)] } : group;
  });
  const added = now.groups
    .filter(({ id }) => !agreed.groups.some((group) => group.id === id))
    .map((group) => (opened.has(group.id) ? { ...group, min: 0, minDistinct: 0, options: others(group) } : group))
    .filter(({ options }) => options.length > 0);
  const items = now.items.filter(({ id }) => !agreed.items.some((item) => item.id === id));
  return { ...agreed, items: [...agreed.items, ...items], groups: [...grown, ...added] };
}

/**
 * Reduces a menu to the part from which some lines are made: their items, and of their groups the chosen options. It
 * gives the same prices of the lines: a group without a chosen option requires none, or the line would have been
 * refused. Null for null.
 */
export function selectMenuPart(lines: readonly CartLine[], menu: Menu | null): Menu | null {
  if (!menu) return null;
  const chosen = new Set(lines.flatMap(listOptionIds));
  const items = menu.items.filter((item) => lines.some((line) => line.itemId === item.id));
  const wanted = new Set(items.flatMap((item) => item.groupIds));
  const groups = menu.groups
    .map((group) => ({ ...group, options: group.options.filter(({ id }) => chosen.has(id)).map(withoutAllergens) }))
    .filter(({ options }) => options.length > 0);
  // A group may open others below its options; the set grows during the iteration.
  for (const id of wanted)
    for (const option of groups.find((one) => one.id === id)?.options ?? [])
      option.groupIds.forEach((inner) => wanted.add(inner));
  return {
    ...menu,
    items: items.map(withoutTexts),
    groups: groups.filter(({ id }) => wanted.has(id)),
  };
}

/** What is shown beside an item may be longer than the rest of it, and does not affect the price. */
function withoutTexts(item: MenuItem): MenuItem {
  const { allergens: _allergens, diets: _diets, additives: _additives, ...priced } = item;
  return { ...priced, description: '' };
}

function withoutAllergens(option: Group['options'][number]): Group['options'][number] {
  const { allergens: _, ...priced } = option;
  return priced;
}

const listOptionIds = ({ modifiers }: CartLine): string[] =>
  modifiers.flatMap((one) => [one.optionId, ...one.modifiers.map(({ optionId }) => optionId)]);
