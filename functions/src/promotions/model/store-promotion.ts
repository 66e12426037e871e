import {
  MAX_ENDED_PROMOTIONS,
  STORE_PROMOTION_PREFIX,
  type StorePromotion,
  type StorePromotions,
  type StorePromotionTerms,
} from '../../contract/store-promotions.js';
import type { Promotion, StorePromotionLimits } from '../../contract/zones.js';
import { toDigest } from '../../core/digest.js';
import { lookUp } from '../../core/look-up.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';

const DAY_MS = 24 * 3_600_000;

/** A promotion as a manager saves it. */
export interface SavedTerms {
  restaurantId: string;
  promotionId: string;
  terms: StorePromotionTerms;
}

/**
 * Decides whether a restaurant may save a promotion, and returns its entry. The price of an order names the promotion by
 * an id of its own, which no other restaurant, no earlier promotion and no promotion of the platform has. A promotion
 * that was ended stays ended.
 */
export function decideSave(
  { promotions }: StorePromotions,
  { restaurantId, promotionId, terms }: SavedTerms,
  limits: StorePromotionLimits,
  nowMs: number,
): Outcome<StorePromotion> {
  const before = lookUp(promotions, promotionId);
  if (before?.state === 'ended' || terms.endsAtMs <= nowMs) return refuse('PROMOTION_ENDED', { promotionId });
  const others = Object.entries(promotions).filter(([id, one]) => id !== promotionId && !hasEnded(one, nowMs));
  if (others.length >= limits.atOnce) return exceeds('atOnce', limits.atOnce);
  const code = terms.code?.toUpperCase();
  const rival = others.find(([, { promotion }]) => code !== undefined && promotion.code === code);
  if (rival) return refuse('PROMOTION_CODE_TAKEN', { code });
  const within = checkTerms(terms, limits);
  if (!within.ok) return within;
  const createdAtMs = before?.createdAtMs ?? nowMs;
  const { code: _, ...rest } = terms;
  const promotion: Promotion = {
    ...rest,
    ...(code !== undefined && { code }),
    id: before?.promotion.id ?? toStorePromotionId(restaurantId, promotionId, createdAtMs),
    version: (before?.promotion.version ?? 0) + 1,
    merchantFundedPpm: 1_000_000,
    firstOrderOnly: false,
  };
  return accept({ promotion, state: before?.state ?? 'running', createdAtMs, changedAtMs: nowMs });
}

/** The time distinguishes a promotion from an earlier one whose entry was removed: uses are counted by this id. */
const toStorePromotionId = (restaurantId: string, promotionId: string, createdAtMs: number): string =>
  `${STORE_PROMOTION_PREFIX}${toDigest(`${restaurantId}/${promotionId}/${createdAtMs}`)}`;

const exceeds = (limit: keyof StorePromotionLimits, max: number): Outcome<never> =>
  refuse('STORE_PROMOTION_LIMIT', { limit, max });

/** Checks a promotion against the zone's limits; refuses with the first that it exceeds, and its value. */
function checkTerms(terms: StorePromotionTerms, limits: StorePromotionLimits): Outcome<null> {
  const { kind, benefit, code, startsAtMs, endsAtMs } = terms;
  if (code !== undefined && !limits.allowsCodes) return exceeds('allowsCodes', 0);
  if (endsAtMs - startsAtMs > limits.maxDays * DAY_MS) return exceeds('maxDays', limits.maxDays);
  if (benefit.type === 'fixed')
    return benefit.amountMinor > limits.maxFixedMinor ? exceeds('maxFixedMinor', limits.maxFixedMinor) : accept(null);
  const name = kind === 'delivery' ? 'maxDeliveryRatePpm' : 'maxRatePpm';
  return computeRatePpm(benefit) > limits[name] ? exceeds(name, limits[name]) : accept(null);
}

type Rated = Exclude<StorePromotionTerms['benefit'], { type: 'fixed' }>;

/** Computes the greatest part of the prices that a benefit takes off, in parts per million. */
const computeRatePpm = (benefit: Rated): number =>
  benefit.type === 'percent' ? benefit.ratePpm : (1_000_000 * benefit.free) / (benefit.buy + benefit.free);

/** A manager's switch of a promotion. */
export interface PromotionSwitch {
  promotionId: string;
  to: StorePromotion['state'];
  by: 'merchant' | 'operator';
}

/** Decides a switch. A repeated one returns the entry as it is; an ended promotion cannot be switched to another state. */
export function decideSwitch(
  { promotions }: StorePromotions,
  { promotionId, to, by }: PromotionSwitch,
  nowMs: number,
): Outcome<StorePromotion> {
  const before = lookUp(promotions, promotionId);
  if (!before) return refuse('PROMOTION_NOT_FOUND', { promotionId });
  if (before.state === to) return accept(before);
  if (before.state === 'ended') return refuse('PROMOTION_ENDED', { promotionId });
  return accept({ ...before, state: to, changedAtMs: nowMs, ...(to === 'ended' && { endedBy: by }) });
}

/** Returns the promotions with a new entry. Of those that have ended, the last ones stay listed. */
export function withEntry(
  { promotions }: StorePromotions,
  promotionId: string,
  entry: StorePromotion,
  nowMs: number,
): StorePromotions {
  const all = Object.entries({ ...promotions, [promotionId]: entry });
  const ended = all.filter(([, one]) => hasEnded(one, nowMs)).toSorted(([, a], [, b]) => b.changedAtMs - a.changedAtMs);
  const gone = new Set(ended.slice(MAX_ENDED_PROMOTIONS).map(([id]) => id));
  return { promotions: Object.fromEntries(all.filter(([id]) => !gone.has(id))) };
}

/** Lists the promotions that the restaurant's document has: they need no code, are not paused and have not ended. */
export const listOffered = (all: StorePromotions, nowMs: number): Promotion[] =>
  listRunning(all, nowMs).filter(({ code }) => code === undefined);

/** Lists the promotions of these codes that are not paused and have not ended. */
export const listWithCode = (all: StorePromotions, codes: readonly string[], nowMs: number): Promotion[] =>
  listRunning(all, nowMs).filter(({ code }) => code !== undefined && codes.includes(code));

const listRunning = ({ promotions }: StorePromotions, nowMs: number): Promotion[] =>
  Object.values(promotions)
    .filter((one) => one.state === 'running' && !hasEnded(one, nowMs))
    .map(({ promotion }) => promotion);

const hasEnded = ({ state, promotion: { endsAtMs } }: StorePromotion, nowMs: number): boolean =>
  state === 'ended' || endsAtMs <= nowMs;
