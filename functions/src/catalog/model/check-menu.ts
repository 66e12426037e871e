import type { Menu, MenuDraft, ModifierGroup } from '../../contract/restaurants.js';
import type { ZonePricing } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { hasContacts } from '../../moderation/filter.js';
import { computeDocumentBytes, MAX_DOCUMENT_BYTES } from '../../core/document-size.js';
import type { MenuTexts } from '../../contract/menu-texts.js';
import { listOtherTexts, listTextFlaws, toMenuTexts } from './check-texts.js';
import { lookUp } from '../../core/look-up.js';

/** More flaws than these are not counted: a draft of 300 kB may have millions. */
export const MAX_FLAWS = 1_000;

/** What is wrong with a menu, and at which of its parts. */
export interface Flaw {
  problem:
    | 'CURRENCY'
    | 'DUPLICATE_ID'
    | 'UNKNOWN_GROUP'
    | 'UNKNOWN_DAYPART'
    | 'UNKNOWN_TAX_CATEGORY'
    | 'NESTED_TOO_DEEP'
    | 'MIN_ABOVE_MAX'
    | 'MIN_UNREACHABLE'
    | 'PRESELECTION_INVALID'
    | 'CONTACT'
    | 'TOO_MANY_LANGUAGES'
    | 'BASE_LANGUAGE'
    | 'UNKNOWN_ID';
  id: string;
}

export interface MenuFacts {
  path: string;
  currency: string;
  version: number;
  /** The zone's taxes, by category. */
  taxes: ZonePricing['taxes'];
}

/**
 * Builds the next version of a menu from the draft, if it can be sold from: every reference resolves, every required
 * choice can be made, and it fits into one document. Refuses with the first flaw and the number of flaws, up to
 * `MAX_FLAWS`.
 */
export function checkMenu(
  draft: MenuDraft,
  { path, currency, version, taxes }: MenuFacts,
): Outcome<{ menu: Menu; texts: Map<string, MenuTexts>; bytes: number }> {
  const flaws = [
    ...currencyFlaws(draft, currency),
    ...idFlaws(draft),
    ...groupFlaws(draft),
    ...itemFlaws(draft),
    ...taxFlaws(draft, taxes),
    ...contactFlaws(draft),
    ...listTextFlaws(draft),
  ];
  const [first] = flaws;
  if (first) return refuse('MENU_INVALID', { ...first, flaws: Math.min(flaws.length, MAX_FLAWS) });
  const { texts: _, ...base } = draft;
  const texts = toMenuTexts(draft, version);
  const menu: Menu = { ...base, version, ...(texts.size > 0 && { languages: [...texts.keys()].toSorted() }) };
  const bytes = Math.max(...[menu, ...texts.values()].map((one) => computeDocumentBytes(path, one)));
  if (bytes > MAX_DOCUMENT_BYTES) return refuse('MENU_TOO_LARGE', { bytes, maxBytes: MAX_DOCUMENT_BYTES });
  return accept({ menu, texts, bytes });
}

/**
 * Finds texts with a telephone number or an address: orders that it leads to would pass the platform by. Insults are
 * left to reports, since dishes have names of any kind.
 */
function contactFlaws(draft: MenuDraft): Flaw[] {
  const { items, groups, dayparts = [] } = draft;
  const texts = [
    ...listOtherTexts(draft),
    ...items.flatMap(({ id, name, description, category }) =>
      [name, description, category].map((text) => ({ id, text })),
    ),
    ...groups.flatMap(({ id, name, options }) => [{ id, text: name }, ...options.map(toNamed)]),
    ...dayparts.map(toNamed),
  ];
  const known = new Map<string, boolean>();
  const isContact = (text: string): boolean => {
    const found = known.get(text) ?? hasContacts(text);
    known.set(text, found);
    return found;
  };
  return texts.filter(({ text }) => isContact(text)).map(({ id }) => ({ problem: 'CONTACT', id }));
}

const toNamed = ({ id, name }: { id: string; name: string }) => ({ id, text: name });

/** A category that the zone does not know would be sold untaxed. */
const taxFlaws = ({ items }: MenuDraft, taxes: ZonePricing['taxes']): Flaw[] =>
  items
    .filter(({ taxCategory }) => lookUp(taxes, taxCategory) === undefined)
    .map(({ id }) => ({ problem: 'UNKNOWN_TAX_CATEGORY', id }));

const currencyFlaws = (draft: MenuDraft, currency: string): Flaw[] =>
  draft.currency === currency ? [] : [{ problem: 'CURRENCY', id: draft.currency }];

/** Items and options share one name space: sold-out entries are named by id alone. Groups may offer the same option. */
function idFlaws({ items, groups, dayparts = [] }: MenuDraft): Flaw[] {
  const optionIds = new Set(groups.flatMap(({ options }) => options.map(({ id }) => id)));
  const repeated = [
    ...twice([...items.map(({ id }) => id), ...optionIds]),
    ...twice(groups.map(({ id }) => id)),
    ...twice(dayparts.map(({ id }) => id)),
    ...groups.flatMap(({ options }) => twice(options.map(({ id }) => id))),
  ];
  return repeated.map((id): Flaw => ({ problem: 'DUPLICATE_ID', id }));
}

function twice(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

function groupFlaws({ groups }: MenuDraft): Flaw[] {
  return groups.flatMap((group): Flaw[] => {
    const { id, min, max, minDistinct = 0, maxDistinct = max } = group;
    if (min > max || minDistinct > Math.min(max, maxDistinct)) return [{ problem: 'MIN_ABOVE_MAX', id }];
    if (!isReachable(group)) return [{ problem: 'MIN_UNREACHABLE', id }];
    return isValidPreselection(group) ? [] : [{ problem: 'PRESELECTION_INVALID', id }];
  });
}

/** True where as many units, and as many different options, as required can be chosen. */
function isReachable({ min, max, minDistinct = 0, maxDistinct = max, options }: ModifierGroup): boolean {
  const largest = options.map(({ maxQuantity }) => maxQuantity).toSorted((a, b) => b - a);
  const units = largest.slice(0, maxDistinct).reduce((sum, quantity) => sum + quantity, 0);
  return units >= min && options.length >= minDistinct;
}

/** True where the customer could take the preselected options as they are; without any, the customer chooses. */
function isValidPreselection({ min, max, minDistinct = 0, maxDistinct = max, options }: ModifierGroup): boolean {
  const chosen = options.filter(({ preselected }) => preselected !== undefined);
  if (chosen.length === 0) return true;
  const units = chosen.reduce((sum, { preselected = 0 }) => sum + preselected, 0);
  const fits = chosen.every(({ preselected = 0, maxQuantity }) => preselected <= maxQuantity);
  return fits && units >= min && units <= max && chosen.length >= minDistinct && chosen.length <= maxDistinct;
}

function itemFlaws({ items, groups, dayparts = [] }: MenuDraft): Flaw[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const partIds = new Set(dayparts.map(({ id }) => id));
  return [
    ...depthFlaws(items, byId),
    ...groups.flatMap((group) => innerIds(group).filter((id) => !byId.has(id))).map(unknownGroup),
    ...items
      .flatMap((item) => (item.dayparts ?? []).map(({ daypartId }) => daypartId))
      .filter((id) => !partIds.has(id))
      .map((id): Flaw => ({ problem: 'UNKNOWN_DAYPART', id })),
  ];
}

const unknownGroup = (id: string): Flaw => ({ problem: 'UNKNOWN_GROUP', id });
const innerIds = ({ options }: ModifierGroup): string[] => options.flatMap(({ groupIds }) => groupIds);

/**
 * Allows two levels: a group of an item may open others, which may open none. A cart has no field for more. What a group
 * opens is computed once, however many items have it.
 */
function depthFlaws(items: MenuDraft['items'], byId: ReadonlyMap<string, ModifierGroup>): Flaw[] {
  const opening = new Set([...byId.values()].filter((group) => innerIds(group).length > 0).map(({ id }) => id));
  const flawsOf = new Map<string, Flaw[]>();
  for (const [id, group] of byId) {
    const tooDeep = innerIds(group).filter((inner) => opening.has(inner));
    flawsOf.set(
      id,
      tooDeep.map((inner): Flaw => ({ problem: 'NESTED_TOO_DEEP', id: inner })),
    );
  }
  const flaws: Flaw[] = [];
  for (const { groupIds } of items) {
    for (const id of groupIds) flaws.push(...(flawsOf.get(id) ?? [unknownGroup(id)]));
    if (flaws.length >= MAX_FLAWS) break;
  }
  return flaws;
}
