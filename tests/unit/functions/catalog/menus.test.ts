import assert from 'node:assert/strict';
import { checkMenu, MAX_FLAWS } from '#functions/catalog/model/check-menu.js';
import { selectMenuAt } from '#functions/hours/dayparts.js';
import { computeDocumentBytes, MAX_DOCUMENT_BYTES } from '#functions/core/document-size.js';
import type { Menu, MenuDraft, ModifierGroup } from '#functions/contract/restaurants.js';
import { aMenu, aZonePricing } from '#fixtures/catalogue.js';

const [margherita, calzone, cola] = aMenu().items;
assert.ok(margherita && calzone && cola);
const LUNCH = { id: 'lunch', name: 'Lunch', windows: [{ days: [0, 1, 2, 3, 4], fromMinute: 660, toMinute: 840 }] };
const NIGHT = { id: 'night', name: 'Night', windows: [{ days: [6], fromMinute: 1320, toMinute: 1560 }] };

describe('selectMenuAt', () => {
  const menu: Menu = aMenu({
    dayparts: [LUNCH, NIGHT],
    items: [
      margherita,
      { ...calzone, dayparts: [{ daypartId: 'lunch', priceMinor: 990 }, { daypartId: 'night' }] },
      { ...cola, dayparts: [{ daypartId: 'night', priceMinor: 450 }] },
    ],
  });
  const pricesAt = (day: number, hour: number) =>
    selectMenuAt(menu, day * 1440 + hour * 60).items.map(({ id, priceMinor }) => `${id} ${priceMinor}`);

  it('contains at lunch the dishes of lunch, at their prices', () =>
    assert.deepEqual(pricesAt(0, 12), ['margherita 1000', 'calzone 990']));
  it('contains between meals the dishes without a daypart', () =>
    assert.deepEqual(pricesAt(0, 15), ['margherita 1000']));
  it('continues past midnight, and from Sunday to Monday', () =>
    assert.deepEqual(pricesAt(0, 1), ['margherita 1000', 'calzone 1250', 'cola 450']));
  it('ends with the last minute of a daypart', () => assert.deepEqual(pricesAt(0, 2), ['margherita 1000']));
  it('leaves no dayparts to the pricing', () => {
    const served = selectMenuAt(menu, 720);
    assert.ok(!('dayparts' in served) && served.items.every((item) => !('dayparts' in item)));
  });
  it('returns the menu itself where it has no dayparts', () => {
    const plain = aMenu();
    assert.equal(selectMenuAt(plain, 720), plain);
  });
});

describe('checkMenu', () => {
  const PATH = 'restaurants/rosa/menus/published';
  const { currency, items, groups: theGroups } = aMenu();
  const draft: MenuDraft = { currency, items, groups: theGroups };
  const check = (changes: Partial<MenuDraft> = {}) =>
    checkMenu({ ...draft, ...changes }, { path: PATH, currency: 'EUR', version: 8, taxes: aZonePricing().taxes });
  const group = (id: string, changes: Partial<ModifierGroup> = {}): ModifierGroup => ({
    id,
    name: id,
    min: 0,
    max: 1,
    free: 0,
    options: [option(`${id}-option`)],
    ...changes,
  });
  const option = (id: string, groupIds: string[] = []) => ({ id, name: id, priceMinor: 0, maxQuantity: 1, groupIds });
  const itFinds = (title: string, changes: Partial<MenuDraft>, problem: string, id: string) =>
    void it(`refuses ${title}`, () =>
      assert.deepEqual(check(changes), { ok: false, reason: 'MENU_INVALID', details: { problem, id, flaws: 1 } }));

  it('makes the draft the next version', () => {
    const checked = check();
    assert.ok(checked.ok);
    assert.deepEqual(checked.value.menu, { ...draft, version: 8 });
  });
  const withGroups = (...groups: ModifierGroup[]) => ({ groups: [...draft.groups, ...groups] });
  it('allows groups two deep, and an option in two groups', () =>
    assert.ok(check(withGroups(group('a', { options: [option('cheese')] }))).ok));
  itFinds('another currency', { currency: 'USD' }, 'CURRENCY', 'USD');
  const MENU_TEXTS: [string, (text: string) => Partial<MenuDraft>, string][] = [
    ['the name of an item', (name) => ({ items: [{ ...margherita, name }] }), 'margherita'],
    ['a description', (description) => ({ items: [{ ...margherita, description }] }), 'margherita'],
    ['a category', (category) => ({ items: [{ ...margherita, category }] }), 'margherita'],
    ['the name of a group', (name) => withGroups(group('a', { name })), 'a'],
    ['the name of an option', (name) => withGroups(group('a', { options: [{ ...option('o'), name }] })), 'o'],
    ['the name of a daypart', (name) => ({ dayparts: [{ id: 'lunch', name, windows: [] }] }), 'lunch'],
  ];
  for (const [where, changes, id] of MENU_TEXTS) {
    for (const contact of ['0660 1234567', 'rosa(at)mail(dot)com', 'rosa-direct.de', 'rosa@mail。com'])
      itFinds(`${contact} in ${where}`, changes(`cheaper: ${contact}`), 'CONTACT', id);
    it(`accepts prices, hours and dates in ${where}`, () => {
      for (const fine of ['26 / 32 / 40 cm, 12,50 / 14,50', 'Mo-Fr 11.30-14.30', 'bis 24.12.2026'])
        assert.ok(check(changes(fine)).ok, fine);
    });
  }
  itFinds('two items of one id', { items: [margherita, margherita] }, 'DUPLICATE_ID', 'margherita');
  itFinds(
    'an option with the id of an item',
    withGroups(group('a', { options: [option('cola')] })),
    'DUPLICATE_ID',
    'cola',
  );
  itFinds(
    'two options of one id in a group',
    withGroups(group('a', { options: [option('x'), option('x')], max: 2 })),
    'DUPLICATE_ID',
    'x',
  );
  itFinds('two groups of one id', withGroups(group('size', { options: [option('x')] })), 'DUPLICATE_ID', 'size');
  itFinds('two dayparts of one id', { dayparts: [LUNCH, LUNCH] }, 'DUPLICATE_ID', 'lunch');
  itFinds('an item’s group that is not there', { items: [{ ...cola, groupIds: ['ice'] }] }, 'UNKNOWN_GROUP', 'ice');
  itFinds(
    'an option’s group that is not there',
    withGroups(group('a', { options: [option('x', ['ice'])] })),
    'UNKNOWN_GROUP',
    'ice',
  );
  itFinds(
    'a daypart that is not there',
    { items: [{ ...cola, dayparts: [{ daypartId: 'dawn' }] }] },
    'UNKNOWN_DAYPART',
    'dawn',
  );
  itFinds(
    'a tax category that the zone does not know',
    { items: [{ ...cola, taxCategory: 'wine' }] },
    'UNKNOWN_TAX_CATEGORY',
    'cola',
  );
  itFinds(
    'a minimum above the maximum',
    withGroups(group('a', { min: 2, max: 1, options: [option('x'), option('y')] })),
    'MIN_ABOVE_MAX',
    'a',
  );
  const three = ['x', 'y', 'z'].map((id) => option(id));
  itFinds(
    'more different options than units',
    withGroups(group('a', { max: 2, minDistinct: 3, options: three })),
    'MIN_ABOVE_MAX',
    'a',
  );
  itFinds(
    'fewer different options at most than at least',
    withGroups(group('a', { max: 3, minDistinct: 2, maxDistinct: 1, options: three })),
    'MIN_ABOVE_MAX',
    'a',
  );
  itFinds(
    'more different options than there are',
    withGroups(group('a', { max: 4, minDistinct: 4, options: three })),
    'MIN_UNREACHABLE',
    'a',
  );
  itFinds(
    'a minimum that so few different options do not reach',
    withGroups(group('a', { min: 3, max: 3, maxDistinct: 2, options: three })),
    'MIN_UNREACHABLE',
    'a',
  );
  it('allows a choice of different options that can be made', () =>
    assert.ok(check(withGroups(group('a', { min: 2, max: 3, minDistinct: 2, maxDistinct: 2, options: three }))).ok));
  const preselecting = (quantities: readonly (number | undefined)[], changes: Partial<ModifierGroup> = {}) =>
    withGroups(
      group('a', {
        ...{ min: 1, max: 3, ...changes },
        options: three.map((one, at) => {
          const preselected = quantities[at];
          return { ...one, maxQuantity: 2, ...(preselected !== undefined && { preselected }) };
        }),
      }),
    );
  itFinds('more preselected units than allowed', preselecting([2, 2]), 'PRESELECTION_INVALID', 'a');
  itFinds('fewer preselected units than required', preselecting([1], { min: 2 }), 'PRESELECTION_INVALID', 'a');
  itFinds('more units of one option', preselecting([3]), 'PRESELECTION_INVALID', 'a');
  itFinds('too few different ones', preselecting([2], { minDistinct: 2 }), 'PRESELECTION_INVALID', 'a');
  itFinds('too many different ones', preselecting([1, 1], { maxDistinct: 1 }), 'PRESELECTION_INVALID', 'a');
  it('allows preselected options that are a choice, and none where the customer has to choose', () => {
    assert.ok(check(preselecting([2, 1])).ok);
    assert.ok(check(preselecting([])).ok);
  });
  itFinds('a minimum that cannot be reached', withGroups(group('a', { min: 2, max: 2 })), 'MIN_UNREACHABLE', 'a');
  itFinds(
    'groups three deep',
    {
      items: [{ ...cola, groupIds: ['a'] }],
      ...withGroups(
        group('a', { options: [option('x', ['b'])] }),
        group('b', { options: [option('y', ['c'])] }),
        group('c'),
      ),
    },
    'NESTED_TOO_DEEP',
    'b',
  );
  it('returns the number of flaws', () => {
    const checked = check({ currency: 'USD', items: [margherita, margherita] });
    assert.ok(!checked.ok && checked.details['flaws'] === 2);
  });

  /** 500 dishes with ten groups each, whose options open groups of their own. */
  const chain = (innermost: string[]): Partial<MenuDraft> => {
    const outer = Array.from({ length: 10 }, (_, n) => `outer-${n}`);
    const inner = Array.from({ length: 10 }, (_, n) => `inner-${n}`);
    const wide = (id: string, opens: string[]) =>
      group(id, { options: Array.from({ length: 50 }, (_, n) => option(`${id}-${n}`, opens)) });
    return {
      items: Array.from({ length: 500 }, (_, n) => ({ ...margherita, id: `dish-${n}`, groupIds: outer })),
      groups: [
        ...outer.map((id) => wide(id, inner.slice(0, 5))),
        ...inner.map((id) => wide(id, innermost)),
        group('last'),
      ],
    };
  };
  it('reads the options of each group a few times, however many dishes have it', () => {
    const { items: dishes = [], groups: all = [] } = chain([]);
    let reads = 0;
    const counted = all.map((one) => ({
      ...one,
      get options() {
        reads += 1;
        return one.options;
      },
    }));
    assert.ok(check({ items: dishes, groups: counted }).ok);
    assert.ok(reads > 0 && reads <= 20 * all.length, `${reads} reads`);
  });
  it('counts a thousand flaws of the millions that a draft may have', () => {
    assert.deepEqual(check(chain(['last'])), {
      ok: false,
      reason: 'MENU_INVALID',
      details: { problem: 'NESTED_TOO_DEEP', id: 'inner-0', flaws: MAX_FLAWS },
    });
  });

  /** As many items as make the document so large: the last one's description fills it up. */
  const sized = (bytes: number): MenuDraft => {
    const dishes = Array.from({ length: 500 }, (_, index) => ({
      id: `dish-${index}`,
      name: 'Dish',
      description: 'x'.repeat(1900),
      category: 'All',
      priceMinor: 1,
      taxCategory: 'food',
      groupIds: [],
    }));
    const empty = computeDocumentBytes(PATH, { ...draft, items: dishes, version: 8 });
    const [first, ...rest] = dishes;
    assert.ok(first);
    return { ...draft, items: [{ ...first, description: 'x'.repeat(1900 + bytes - empty) }, ...rest] };
  };
  it('accepts a menu that fills a document to its last byte, and refuses one byte more', () => {
    assert.deepEqual(check(sized(MAX_DOCUMENT_BYTES)).ok, true);
    assert.deepEqual(check(sized(MAX_DOCUMENT_BYTES + 1)), {
      ok: false,
      reason: 'MENU_TOO_LARGE',
      details: { bytes: 1_048_577, maxBytes: 1_048_576 },
    });
  });
});

describe('computeDocumentBytes', () => {
  it('counts Firestore’s own example', () => {
    // Source: Firestore, "Storage size calculations": users/jeff/tasks/my_task_id is 147 bytes.
    const task = { type: 'Personal', done: false, priority: 1, description: 'Learn Cloud Firestore' };
    assert.equal(computeDocumentBytes('users/jeff/tasks/my_task_id', task), 147);
  });
  it('counts maps, lists, null and letters beyond ASCII', () =>
    // Name 16+2+2; fields: a: 2 + list(8 + 2) , b: 2 + map(2 + 1 + 32), c: 2 + "é" 3; 32.
    assert.equal(computeDocumentBytes('x/y', { a: [1, 'z'], b: { d: null }, c: 'é' }), 106));
});
