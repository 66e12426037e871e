import type { Menu, MenuTexts } from './generated/types.js';

/**
 * Returns a menu with the texts of another language (`menuTexts`, for a language of the menu's `languages`); a missing
 * text stays in the base language. Carts and orders name items by id, which is the same in each.
 */
export function localizeMenu(menu: Menu, texts: MenuTexts): Menu {
  return {
    ...menu,
    items: menu.items.map((item) => ({ ...item, ...withoutUndefined(own(texts.items, item.id) ?? {}) })),
    groups: menu.groups.map((group) => ({
      ...group,
      name: own(texts.groups, group.id) ?? group.name,
      options: group.options.map((option) => ({ ...option, name: own(texts.options, option.id) ?? option.name })),
    })),
    ...(menu.dayparts && {
      dayparts: menu.dayparts.map((part) => ({ ...part, name: own(texts.dayparts, part.id) ?? part.name })),
    }),
  };
}

/** An id may be the name of a property that every object inherits. */
const own = <T>(texts: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(texts, id) ? texts[id] : undefined;

type Texts = MenuTexts['items'][string];
function withoutUndefined({ name, description, category }: Partial<NonNullable<Texts>>) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
  };
}
