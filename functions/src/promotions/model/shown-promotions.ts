import { MAX_SHOWN_PROMOTIONS, type ShownPromotion, type PromotionTexts } from '../../contract/shown-promotions.js';
import type { Promotion } from '../../contract/zones.js';

/** Builds what customers see of a promotion. */
export function toShownPromotion(
  promotion: Promotion,
  { title, description, showsCode }: PromotionTexts,
): ShownPromotion {
  const {
    version: _version,
    merchantFundedPpm: _funding,
    totalLimit: _total,
    perUserLimit: _perUser,
    exclusive: _exclusive,
    savedBy: _savedBy,
    code,
    ...terms
  } = promotion;
  return { ...terms, title, description, ...(showsCode && code !== undefined && { code }) };
}

/**
 * Updates the shown promotions of a zone after one was saved: it comes first where it is shown and has not ended, and is
 * left out otherwise, as are those that have ended and those beyond the limit.
 */
export function updateShownPromotions(
  listed: readonly ShownPromotion[],
  promotion: Promotion,
  shown: PromotionTexts | undefined,
  nowMs: number,
): ShownPromotion[] {
  const others = listed.filter(({ id }) => id !== promotion.id);
  const own = shown ? [toShownPromotion(promotion, shown)] : [];
  return [...own, ...others].filter(({ endsAtMs }) => nowMs < endsAtMs).slice(0, MAX_SHOWN_PROMOTIONS);
}
