import { z } from 'zod';
import { DocumentId, EpochMs } from './common.js';
import { MAX_STORE_PROMOTIONS, Promotion } from './zones.js';

/** The ids of restaurants' own promotions begin with it; those of the platform's promotions do not. */
export const STORE_PROMOTION_PREFIX = 'store_';

/** True for the id of a restaurant's own promotion. */
export const isStorePromotionId = (id: string): boolean => id.startsWith(STORE_PROMOTION_PREFIX);

/** The promotions of one restaurant that have ended and are still listed. */
export const MAX_ENDED_PROMOTIONS = 20;

/** What a restaurant does not decide about its own promotion. */
const BY_SERVER = {
  id: true,
  version: true,
  merchantFundedPpm: true,
  firstOrderOnly: true,
  restaurantIds: true,
  savedBy: true,
} as const;
const [OfItems, OfOrders] = Promotion.options;
const ItemIds = z.array(DocumentId).max(50);
const code = z
  .string()
  .regex(/^[A-Za-z0-9-]{3,40}$/)
  .optional();

/** A restaurant's own promotion as its managers enter it: the restaurant pays all of it. */
export const StorePromotionTerms = z
  .discriminatedUnion('kind', [
    OfItems.omit(BY_SERVER).extend({ code, itemIds: ItemIds.min(1) }),
    OfOrders.omit(BY_SERVER).extend({ code, itemIds: ItemIds.optional() }),
  ])
  .refine(({ startsAtMs, endsAtMs }) => startsAtMs < endsAtMs, 'must end after its start');
export type StorePromotionTerms = z.infer<typeof StorePromotionTerms>;

/** A promotion that its restaurant pays completely. */
const OwnPromotion = Promotion.refine(
  ({ id, merchantFundedPpm }) => isStorePromotionId(id) && merchantFundedPpm === 1_000_000,
  'must be paid by its restaurant',
);

/** One that does not match the schema is left out, so that it concerns neither the restaurant nor its other promotions. */
export const OfferedPromotions = z
  .array(z.unknown())
  .max(MAX_STORE_PROMOTIONS)
  .transform((promotions) => promotions.filter((one) => OwnPromotion.safeParse(one).success))
  .pipe(z.array(Promotion));

export const STORE_PROMOTION_STATES = ['running', 'paused', 'ended'] as const;

/** A restaurant's own promotion. `running` is its switch: it applies from its start to its end, in its windows. */
export const StorePromotion = z.strictObject({
  promotion: OwnPromotion,
  state: z.enum(STORE_PROMOTION_STATES),
  createdAtMs: EpochMs,
  changedAtMs: EpochMs,
  /** Present where it was ended before its time. */
  endedBy: z.enum(['merchant', 'operator']).optional(),
});
export type StorePromotion = z.infer<typeof StorePromotion>;

/**
 * `restaurants/{restaurantId}/settings/promotions`: the own promotions of a restaurant, by the id that its app chose.
 * The server alone writes it; the restaurant's document has a copy of those that need no code, so that a quote reads no
 * further document for them.
 */
export const StorePromotions = z.strictObject({
  promotions: z
    .record(DocumentId, StorePromotion)
    .refine((all) => Object.keys(all).length <= MAX_STORE_PROMOTIONS + MAX_ENDED_PROMOTIONS, 'has too many entries'),
});
export type StorePromotions = z.infer<typeof StorePromotions>;
