import { z } from 'zod';
import { line, text } from './common.js';
import { maskContacts } from '../moderation/filter.js';
import { Promotion } from './zones.js';

const TITLE_CHARS = 80;
const DESCRIPTION_CHARS = 300;
/** The promotions that a zone shows: a further one replaces the one that was saved first. */
export const MAX_SHOWN_PROMOTIONS = 20;

const hasNoContact = (written: string): boolean => maskContacts(written) === written;
const NO_CONTACT = 'must not contain a telephone number, an e-mail or a web address';

/** How customers see a promotion of the platform before they enter a code, in the language of the zone. */
export const PromotionTexts = z.strictObject({
  title: line(TITLE_CHARS).min(1).refine(hasNoContact, NO_CONTACT),
  description: text(DESCRIPTION_CHARS).refine(hasNoContact, NO_CONTACT).default(''),
  /** False: the customers have the code from elsewhere. */
  showsCode: z.boolean().default(false),
});
export type PromotionTexts = z.infer<typeof PromotionTexts>;

/** The terms of a promotion that customers read: not its limits, who pays it, nor who saved it. */
const SHOWN = {
  id: true,
  kind: true,
  itemIds: true,
  benefit: true,
  capMinor: true,
  startsAtMs: true,
  endsAtMs: true,
  windows: true,
  minimumItemsMinor: true,
  firstOrderOnly: true,
  restaurantIds: true,
  /** Only where it is shown. */
  code: true,
} as const;
const TEXTS = {
  title: z.string().min(1).max(TITLE_CHARS),
  description: z.string().max(DESCRIPTION_CHARS),
};
const [OfItems, OfOrders] = Promotion.options;

/** A promotion as customers see it. Apps check its times: it may have ended, or not begun. */
export const ShownPromotion = z.discriminatedUnion('kind', [
  OfItems.pick(SHOWN).extend(TEXTS),
  OfOrders.pick(SHOWN).extend(TEXTS),
]);
export type ShownPromotion = z.infer<typeof ShownPromotion>;

/** `zones/{zoneId}/live/promotions`: the platform's promotions that customers may see, the one saved last first. */
export const ShownPromotions = z.strictObject({ promotions: z.array(ShownPromotion).max(MAX_SHOWN_PROMOTIONS) });
export type ShownPromotions = z.infer<typeof ShownPromotions>;
