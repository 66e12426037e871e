import { strict as assert } from 'node:assert';
import type { CartLine, Menu } from '#functions/contract/restaurants.js';
import { joinMenus, selectMenuPart } from '#functions/pricing/frozen-menu.js';
import { draftLine } from '#functions/pricing/goods.js';
import { unwrap } from '#functions/core/outcome.js';
import type { LineChange, Quote } from '#functions/contract/orders.js';
import { editQuote } from '#functions/orders/model/edits.js';
import { aMenu, aZonePricing } from '#fixtures/catalogue.js';
import { aQuote } from '#fixtures/orders.js';

const chosen = (optionId: string, quantity = 1, modifiers: { optionId: string; quantity: number }[] = []) => ({
  optionId,
  quantity,
  modifiers,
});
const calzone: CartLine = {
  itemId: 'calzone',
  quantity: 1,
  modifiers: [chosen('large'), chosen('dip', 2, [{ optionId: 'garlic', quantity: 1 }])],
};
const margherita: CartLine = { itemId: 'margherita', quantity: 1, modifiers: [chosen('cheese')] };
const byOlives: CartLine = { itemId: 'margherita', quantity: 1, modifiers: [chosen('olives')] };

const frozen = (lines: readonly CartLine[], menu: Menu = aMenu()) => {
  const kept = selectMenuPart(lines, menu);
  assert.ok(kept);
  return aQuote({ lines: [...lines], rules: { pricing: aZonePricing(), menu: kept, promotions: [] } });
};
/** Units of these lines by the frozen menu, joined with the menu of now. */
const grossOf = (lines: readonly CartLine[], { rules }: Pick<Quote, 'rules'>, now: Menu | null = null) => {
  const shelf = { menu: joinMenus(rules.menu, now), kind: 'delivery' as const, soldOut: {}, nowMs: 0 };
  return lines.map((line) => unwrap(draftLine(shelf, line)).unitMinor);
};
const optionsIn = ({ groups }: Menu) =>
  groups.map(({ id, options }) => `${id}: ${options.map((one) => one.id).join(' ')}`);

describe('the menu that is frozen with a quote', () => {
  it('contains ages, and none of what is only shown with an item', () => {
    const shown = {
      description: 'Tomato',
      allergens: ['milk' as const],
      diets: ['vegan' as const],
      additives: ['E330'],
    };
    const menu = aMenu();
    const items = menu.items.map((item) => ({ ...item, ...shown, ageLimit: 18 }));
    const [kept] = frozen([calzone], { ...menu, items }).rules.menu.items;
    assert.deepEqual(
      Object.keys({ ...kept }).filter((name) => name in shown),
      ['description'],
    );
    assert.deepEqual([kept?.description, kept?.ageLimit], ['', 18]);
  });
  it('contains only the chosen items and options, which price the lines as the whole menu does', () => {
    const quote = frozen([calzone, margherita]);
    assert.deepEqual(
      quote.rules.menu.items.map(({ id }) => id),
      ['margherita', 'calzone'],
    );
    assert.deepEqual(optionsIn(quote.rules.menu), ['extras: cheese', 'size: large', 'sides: dip', 'sauce: garlic']);
    // 12.50 + 3.00 + two dips of 0.80, the first free, with garlic of 0.40 each; 10.00 + 1.50.
    assert.deepEqual(grossOf([calzone, margherita], quote), [1710, 1150]);
  });

  it('contains no group without a chosen option, and none of another item', () => {
    const regular: CartLine = { itemId: 'calzone', quantity: 1, modifiers: [chosen('regular')] };
    assert.deepEqual(optionsIn(frozen([regular]).rules.menu), ['size: regular']);
    const [extras, ...others] = aMenu().groups;
    assert.ok(extras);
    const menu = aMenu({ groups: [extras, { ...extras, id: 'toppings' }, ...others] });
    assert.deepEqual(optionsIn(frozen([margherita], menu).rules.menu), ['extras: cheese']);
  });

  it('is joined with each item, group and option of the current menu once, where it does not have it', () => {
    const joined = joinMenus(frozen([margherita]).rules.menu, aMenu());
    assert.deepEqual(
      joined.items.map(({ id }) => id),
      ['margherita', 'calzone', 'cola', 'napkin', 'mint'],
    );
    assert.deepEqual(optionsIn(joined), [
      'extras: cheese olives',
      'size: regular large',
      'sides: salad dip',
      'sauce: garlic hot',
    ]);
    const { menu } = frozen([margherita]).rules;
    assert.deepEqual(joinMenus(menu, null), menu);
  });

  it('gets no group whose options were all chosen in others', () => {
    const [extras, ...others] = aMenu().groups;
    const [item, ...items] = aMenu().items;
    assert.ok(extras && item);
    const cheese = { ...extras, id: 'cheeses', options: extras.options.filter(({ id }) => id === 'cheese') };
    const opening = { ...item, groupIds: ['extras', 'cheeses'] };
    const quote = frozen([margherita], aMenu({ items: [opening, ...items] }));
    const now = aMenu({ items: [opening, ...items], groups: [extras, cheese, ...others] });
    assert.ok(!joinMenus(quote.rules.menu, now).groups.some(({ id }) => id === 'cheeses'));
  });

  it('holds no description', () => {
    const [item] = aMenu().items;
    assert.ok(item);
    const quote = frozen([margherita], aMenu({ items: [{ ...item, description: 'x'.repeat(500) }] }));
    assert.deepEqual(
      quote.rules.menu.items.map(({ description }) => description),
      [''],
    );
  });

  it('takes a substitute with an option that was not chosen from the current menu', () => {
    const quote = frozen([margherita]);
    assert.deepEqual(grossOf([margherita, byOlives], quote, aMenu()), [1150, 1100]);
    const edit: LineChange = { type: 'substitute', line: 0, by: byOlives };
    assert.deepEqual(grossOf([margherita, byOlives], unwrap(editQuote(quote, [edit], aMenu()))), [1150, 1100]);
  });

  it('keeps the agreed price of an option that costs more now', () => {
    const [extras, ...others] = aMenu().groups;
    assert.ok(extras);
    const dearer = { ...extras, options: extras.options.map((option) => ({ ...option, priceMinor: 900 })) };
    const now = aMenu({ groups: [dearer, ...others] });
    assert.deepEqual(grossOf([margherita, byOlives], frozen([margherita]), now), [1150, 1900]);
  });

  it('is not changed for an old line by a group that now requires a choice, or offers its option too', () => {
    const lines: CartLine[] = [{ itemId: 'calzone', quantity: 1, modifiers: [chosen('large')] }];
    const groups = aMenu().groups.map((group) => {
      if (group.id !== 'sides') return group;
      const [size] = aMenu().groups.filter(({ id }) => id === 'size');
      return { ...group, min: 1, options: [...group.options, ...(size?.options ?? [])] };
    });
    const [margheritaNow, calzoneNow, ...rest] = aMenu().items;
    assert.ok(margheritaNow && calzoneNow);
    const now = aMenu({ groups, items: [margheritaNow, { ...calzoneNow, groupIds: ['sides', 'size'] }, ...rest] });
    const quote = frozen(
      lines,
      aMenu({ items: [margheritaNow, { ...calzoneNow, groupIds: ['sides', 'size'] }, ...rest] }),
    );
    assert.deepEqual(grossOf([...lines, byOlives], quote, now), [1550, 1100]);
  });

  it('is not changed for an old line by a group that an option of it opens and that now requires a choice', () => {
    const lines: CartLine[] = [{ itemId: 'calzone', quantity: 1, modifiers: [chosen('large'), chosen('dip')] }];
    const now = aMenu({
      groups: aMenu().groups.map((group) => (group.id === 'sauce' ? { ...group, min: 1, minDistinct: 1 } : group)),
    });
    assert.deepEqual(grossOf(lines, frozen(lines), now), [1550]);
  });

  it('still requires the choices of a substitute', () => {
    const { menu } = frozen([margherita]).rules;
    const answer = (...modifiers: CartLine['modifiers']) => {
      const shelf = { menu: joinMenus(menu, aMenu()), kind: 'delivery' as const, soldOut: {}, nowMs: 0 };
      const drafted = draftLine(shelf, { itemId: 'calzone', quantity: 1, modifiers });
      return drafted.ok ? drafted.value.unitMinor : drafted.reason;
    };
    assert.deepEqual([answer(chosen('large')), answer()], [1550, 'MODIFIER_COUNT']);
  });
});
