import type { Order, Quote } from '../../../functions/src/contract/orders.js';
import { MAX_ENDED_PROMOTIONS, isStorePromotionId } from '../../../functions/src/contract/store-promotions.js';
import { listIf, sum } from './breach.js';
import type { Books } from './snapshot.js';

/**
 * A restaurant pays exactly the discounts of its own promotions, which apply in no other restaurant, and its document
 * offers those of them that are not paused, have not ended and need no code.
 */
export function storePromotionBreaches(books: Books): string[] {
  const quotes = new Map(books.quotes ?? []);
  return [
    ...books.orders.flatMap(([id, order]) => {
      const quote = quotes.get(id);
      return quote ? [...paymentBreaches(id, order, quote), ...originBreaches(id, order, quote, books)] : [];
    }),
    ...offerBreaches(books),
  ];
}

/** The ids of the restaurants' own promotions on which a price depends. */
const listOwn = ({ pricing }: Quote): string[] => pricing.promotionIds.filter(isStorePromotionId);

function paymentBreaches(id: string, { events }: Order, quote: Quote): string[] {
  const { pricing, rules } = quote;
  const own = listOwn(quote);
  if (own.length === 0) return [];
  const priced = [...pricing.lines, ...pricing.fees];
  const fundedMinor = sum(priced.map((one) => one.merchantFundedMinor));
  const othersMinor = sum(priced.map((one) => one.grossMinor - one.netMinor)) - fundedMinor;
  const ownMinor = -sum(pricing.trace.filter(({ rule }) => isOfOwn(rule)).map((one) => one.amountMinor));
  const isOnlyOwn = own.length === pricing.promotionIds.length;
  const isEdited = events.some(({ action }) => action === 'edit' || action === 'answerEdit');
  const earnedMinor = sum(pricing.lines.map((line) => line.merchantMinor));
  const givenMinor = sum(pricing.fees.map((fee) => fee.merchantFundedMinor));
  const shares = rules.promotions.filter((one) => own.includes(one.id)).map((one) => one.merchantFundedPpm);
  return [
    ...listIf(
      shares.some((ppm) => ppm !== 1_000_000),
      `order ${id}: the platform pays a part of a restaurant's own promotion`,
    ),
    ...listIf(
      isOnlyOwn ? othersMinor !== 0 || ownMinor !== fundedMinor : ownMinor > fundedMinor,
      `order ${id}: own promotions of ${ownMinor}, the restaurant pays ${fundedMinor}, the platform ${othersMinor}`,
    ),
    // What the kitchen could not deliver is taken out later, and the delivery keeps its discount.
    ...listIf(
      !isEdited && givenMinor > earnedMinor,
      `order ${id}: the restaurant gives ${givenMinor} of the delivery and earns ${earnedMinor}`,
    ),
  ];
}

const isOfOwn = (rule: string): boolean => {
  const [kind, promotionId = ''] = rule.split(':');
  return kind === 'promotion' && isStorePromotionId(promotionId);
};

/** A promotion that ended long ago is not listed any more. */
function originBreaches(id: string, { restaurantId }: Order, quote: Quote, { storePromotions }: Books): string[] {
  if (!storePromotions) return [];
  const stored = storePromotions.find(([owner]) => owner === restaurantId)?.[1].promotions ?? {};
  const known = new Set(Object.values(stored).map(({ promotion }) => promotion.id));
  if (Object.keys(stored).length >= MAX_ENDED_PROMOTIONS) return [];
  return listOwn(quote).flatMap((one) => listIf(!known.has(one), `order ${id}: ${one} is not of ${restaurantId}`));
}

function offerBreaches({ storePromotions, inventory, nowMs }: Books): string[] {
  if (!storePromotions || !inventory) return [];
  const all = new Map(storePromotions);
  return inventory.restaurants.flatMap(([id, { promotions = [] }]) => {
    const wanted = Object.values(all.get(id)?.promotions ?? {})
      .filter(({ state, promotion }) => state === 'running' && promotion.code === undefined)
      .map(({ promotion }) => promotion);
    const [offered, expected] = [promotions, wanted].map((list) =>
      list
        .filter(({ endsAtMs }) => endsAtMs > nowMs)
        .map((one) => `${one.id}@${one.version}`)
        .toSorted()
        .join(),
    );
    return listIf(offered !== expected, `restaurant ${id}: offers ${offered}, its promotions are ${expected}`);
  });
}
