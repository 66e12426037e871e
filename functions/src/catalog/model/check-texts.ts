import { MAX_TEXT_LANGUAGES, type MenuTexts, type MenuTextsDraft } from '../../contract/menu-texts.js';
import type { MenuDraft } from '../../contract/restaurants.js';
import type { Flaw } from './check-menu.js';

/** Finds what is wrong with the languages of a draft: too many, none for the base, or texts of ids that it has not. */
export function listTextFlaws(draft: MenuDraft): Flaw[] {
  const all = Object.entries(draft.texts ?? {});
  const isOwn = (language: string) => draft.language === undefined || language === draft.language;
  return [
    ...all.slice(MAX_TEXT_LANGUAGES).map(([id]): Flaw => ({ problem: 'TOO_MANY_LANGUAGES', id })),
    ...all.filter(([language]) => isOwn(language)).map(([id]): Flaw => ({ problem: 'BASE_LANGUAGE', id })),
    ...all.flatMap(([, texts]) => listUnknownIds(draft, texts)).map((id): Flaw => ({ problem: 'UNKNOWN_ID', id })),
  ];
}

function listUnknownIds({ items, groups, dayparts = [] }: MenuDraft, texts: MenuTextsDraft): string[] {
  const strangers = (known: readonly { id: string }[], named: object) => {
    const ids = new Set(known.map(({ id }) => id));
    return Object.keys(named).filter((id) => !ids.has(id));
  };
  return [
    ...strangers(items, texts.items),
    ...strangers(groups, texts.groups),
    ...strangers(
      groups.flatMap(({ options }) => options),
      texts.options,
    ),
    ...strangers(dayparts, texts.dayparts),
  ];
}

/** Lists the texts of a draft in other languages, each with the id that it is of. */
export function listOtherTexts({ texts = {} }: MenuDraft): { id: string; text: string }[] {
  return Object.values(texts).flatMap(({ items, ...named }) => [
    ...Object.entries(items).flatMap(([id, one]) =>
      Object.values(one).flatMap((text) => (text === undefined ? [] : [{ id, text }])),
    ),
    ...Object.values(named).flatMap((names) => Object.entries(names).map(([id, text]) => ({ id, text }))),
  ]);
}

/** Returns the texts to publish, by language. */
export const toMenuTexts = ({ texts = {} }: MenuDraft, version: number): Map<string, MenuTexts> =>
  new Map(Object.entries(texts).map(([language, one]) => [language, { ...one, version }]));
