import { z } from 'zod';
import { DocumentId, Name, text } from './common.js';

/** A language of a menu, BCP 47: `de`, `pt-BR`, `zh-Hant`. */
export const MenuLanguage = z.string().regex(/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/);

/** Besides the base language; firestore.rules have the same limit. */
export const MAX_TEXT_LANGUAGES = 5;

/** The texts of a menu in another language, by id; what is missing is shown in the base language, text by text. */
export const MenuTextsDraft = z.strictObject({
  items: z
    .record(
      DocumentId,
      z.strictObject({ name: Name.optional(), description: text(500).optional(), category: Name.optional() }),
    )
    .default({}),
  groups: z.record(DocumentId, Name).default({}),
  options: z.record(DocumentId, Name).default({}),
  dayparts: z.record(DocumentId, Name).default({}),
});
export type MenuTextsDraft = z.infer<typeof MenuTextsDraft>;

/**
 * `restaurants/{restaurantId}/menuTexts/{language}`: written with the menu whose `version` it has, and named by its
 * `languages`: an app in another language reads one document more.
 */
export const MenuTexts = MenuTextsDraft.extend({ version: z.int().min(1) });
export type MenuTexts = z.infer<typeof MenuTexts>;
