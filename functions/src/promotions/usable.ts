import type { Destination } from '../abuse/household.js';
import { takeToken, returnToken } from '../abuse/rate-limit-store.js';
import type { CustomerBalance } from '../contract/accounts.js';
import { sumLeft, type Promotion } from '../contract/zones.js';
import type { Uses } from '../abuse/links.js';
import type { Conflict } from '../abuse/model/parties.js';
import { isFarSlot } from '../orders/model/far-slot.js';
import { checkUses, listUseNames } from '../orders/model/reservation-rules.js';
import { filterReadable, readOne } from '../platform/isolate.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { getPromotions, getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { accept, refuse, Refusal, type Outcome } from '../core/outcome.js';
import { isRunningAt } from './model/running.js';
import { listWithCode } from './model/store-promotion.js';
import {
  readHouseholdUse,
  recordOrderOrFindShared,
  readSharedUses,
  showsHousehold,
  type HouseholdUse,
} from './first-order.js';

export interface Shopper {
  uid: string;
  zoneId: string;
  restaurantId: string;
  /** The requested slot in epoch milliseconds; null for as soon as possible. */
  scheduledForMs: number | null;
  codes: readonly string[];
  /** The restaurant's own promotions that need no code, from its document. */
  offered: readonly Promotion[];
  destination: Destination;
  /** Read on first use: most orders need no limited resource. */
  standing: () => Promise<CustomerBalance>;
  /** Read on first use, for a promotion that the platform funds. */
  conflict: () => Promise<Conflict | null>;
}

/** True where the platform funds a part of it. */
export const isPlatformFunded = ({ merchantFundedPpm }: Pick<Promotion, 'merchantFundedPpm'>): boolean =>
  merchantFundedPpm < 1_000_000;

/** True where a household has one use of it: for the first order, and the platform funds it. */
export const countsHousehold = (promotion: Promotion): boolean =>
  promotion.firstOrderOnly && isPlatformFunded(promotion);

/** Refuses a promotion that the customer's household has used, or may have used. */
export const checkHousehold = ({ id }: Promotion, household: HouseholdUse): Outcome<null> =>
  household === 'none' ? accept(null) : refuse('FIRST_ORDER_ONLY', { promotionId: id });

/**
 * What a price is for.
 * - `quote`: a code that does not apply is refused, not ignored.
 * - `placing`: an agreed price is computed again; a code that no longer applies is left out.
 * - `taken`: the same after a placing found that a limited resource was taken. Only then the household's uses count: a
 *   quote would show its caller whether a telephone number or a door has ordered.
 */
export type PriceFor = 'quote' | 'placing' | 'taken';

/** Lists the promotions that a customer may use now: automatic ones, and those whose code was entered. */
export async function listUsablePromotions(ctx: Context, shopper: Shopper, priceFor: PriceFor): Promise<Promotion[]> {
  const lenient = priceFor !== 'quote';
  const codes = listCodes(shopper.codes);
  const guesses = (tokens: number) => ({ kind: 'wrongCode' as const, whose: shopper.uid, tokens });
  const isCounted = codes.length > 0 && !lenient;
  // Before the codes are checked: of concurrent guesses, at most as many as there are tokens get an answer. The refusal
  // of one code confirms those before it, so each takes a token of its own.
  if (isCounted) await takeToken(ctx, guesses(codes.length));
  const running = await listRunning(ctx, shopper, codes);
  const wrong = codes.filter((code) => !running.some((one) => one.code === code));
  if (isCounted && wrong.length < codes.length) await returnToken(ctx, guesses(codes.length - wrong.length));
  if (wrong[0] !== undefined && !lenient) throw new Refusal('PROMOTION_UNKNOWN', { code: wrong[0] });
  const wanted = running.filter((one) => one.code === undefined || codes.includes(one.code));
  const usable: Promotion[] = [];
  const others = readOthersOnce(ctx, shopper, wanted, priceFor);
  for (const promotion of wanted) {
    const allowed = await checkLimits(ctx, shopper, promotion, others);
    if (allowed.ok) usable.push(withoutOperator(promotion));
    else if (promotion.code !== undefined && !lenient) throw Refusal.of(allowed);
  }
  return usable;
}

/**
 * Lists what runs in the restaurant: the zone's promotions and its own automatic ones, and its own ones of codes that
 * the zone does not have. So an order without a code reads nothing for the restaurant's own promotions, and their codes
 * replace none of the platform's.
 */
async function listRunning(ctx: Context, shopper: Shopper, codes: readonly string[]): Promise<Promotion[]> {
  const { zoneId, restaurantId, offered } = shopper;
  const [{ timeZone }, known] = await Promise.all([getZone(ctx, zoneId), getPromotions(ctx, zoneId)]);
  const missing = (all: readonly Promotion[]) => codes.filter((code) => !all.some((one) => one.code === code));
  const isRunning = (one: Promotion) => isFor(one, restaurantId) && isRunningAt(one, ctx.now(), timeZone);
  const coded = await promotionsWith(ctx, zoneId, missing(known));
  const ofZone = listOnce([...known, ...coded]).filter(isRunning);
  const own = await ownPromotionsWith(ctx, restaurantId, missing(ofZone));
  return [...ofZone, ...[...offered, ...own].filter(isRunning)];
}

const isFor = ({ restaurantIds }: Promotion, restaurantId: string): boolean =>
  restaurantIds?.includes(restaurantId) ?? true;

/** Reads the restaurant's own promotions of these codes; none where they cannot be read, which is reported. */
async function ownPromotionsWith(ctx: Context, restaurantId: string, codes: readonly string[]): Promise<Promotion[]> {
  if (codes.length === 0) return [];
  const stored = await readOne(ctx, 'promotions', await paths.storePromotions(ctx.db, restaurantId).get());
  return stored ? listWithCode(stored.data, codes, ctx.now()) : [];
}

/** A price contains no person. */
function withoutOperator(promotion: Promotion): Promotion {
  const { savedBy: _, ...rest } = promotion;
  return rest;
}

/** Lists the entered codes as promotions store them, each once: a code in several spellings is one code. */
const listCodes = (entered: readonly string[]): string[] => [
  ...new Set(entered.map((code) => code.trim().toUpperCase())),
];

/** Lists each promotion once: its price counts it as often as it is listed. Of two versions, the last one stays. */
const listOnce = (promotions: readonly Promotion[]): Promotion[] => [
  ...new Map(promotions.map((one) => [one.id, one])).values(),
];

/** Other accounts of the customer, and their uses that count as the customer's, each read on first use. */
interface Others {
  linked: () => Promise<readonly string[]>;
  shared: () => Promise<Uses>;
  household: () => Promise<HouseholdUse>;
}

function readOthersOnce(
  ctx: Context,
  { uid, destination }: Shopper,
  wanted: readonly Promotion[],
  priceFor: PriceFor,
): Others {
  let linked: Promise<readonly string[]> | undefined;
  let shared: Promise<Uses> | undefined;
  let household: Promise<HouseholdUse> | undefined;
  return {
    linked: () => (linked ??= readLinked(ctx, uid)),
    shared: () => (shared ??= readSharedUses(ctx, uid, wanted.flatMap(listUseNames))),
    household: () =>
      (household ??=
        priceFor === 'taken'
          ? readHouseholdUse(ctx, uid, destination)
          : Promise.resolve(showsHousehold(destination) ? 'none' : 'unknown')),
  };
}

/** Promotions of one code that are checked: earlier ones may have had it too. */
const MAX_OF_CODE = 10;

/** Reads the promotions of codes that are not among the cached ones, which are the first of the zone to end. */
async function promotionsWith(ctx: Context, zoneId: string, codes: readonly string[]): Promise<Promotion[]> {
  const found = await Promise.all(
    codes.map((code) => paths.promotions(ctx.db, zoneId).where('code', '==', code).limit(MAX_OF_CODE).get()),
  );
  const read = await filterReadable(
    ctx,
    'promotions',
    found.flatMap(({ docs }) => docs),
  );
  return read.map(({ data }) => data);
}

/** Checks the limits for the price; the use is counted when the order is placed. */
async function checkLimits(
  ctx: Context,
  shopper: Shopper,
  promotion: Promotion,
  others: Others,
): Promise<Outcome<null>> {
  const conflict = isPlatformFunded(promotion) ? await shopper.conflict() : null;
  if (conflict) return refuse('PARTY_CONFLICT', { conflict, promotionId: promotion.id });
  if (isPlatformFunded(promotion) && (await isSavedBy(promotion, shopper.uid, others)))
    return refuse('PARTY_CONFLICT', { conflict: 'operator', promotionId: promotion.id });
  if (listUseNames(promotion).length > 0) {
    const uses = checkUses(promotion, await shopper.standing(), await others.shared());
    if (!uses.ok) return uses;
  }
  if (promotion.firstOrderOnly && (await recordOrderOrFindShared(ctx, shopper.uid, await shopper.standing()))) {
    return refuse('FIRST_ORDER_ONLY', { promotionId: promotion.id });
  }
  const household = countsHousehold(promotion) ? checkHousehold(promotion, await others.household()) : accept(null);
  if (!household.ok) return household;
  if (promotion.totalLimit === undefined) return accept(null);
  if (isFarSlot(shopper.scheduledForMs, ctx.now()))
    return refuse('PROMOTION_NOT_FOR_SLOT', { promotionId: promotion.id });
  const isLeft = await hasLeft(ctx, shopper.zoneId, promotion.id);
  return isLeft ? accept(null) : refuse('PROMOTION_USED_UP', { promotionId: promotion.id });
}

/** True where the customer, or a linked account, is the operator who saved the promotion. */
async function isSavedBy({ savedBy }: Promotion, uid: string, others: Others): Promise<boolean> {
  if (savedBy === undefined) return false;
  return toAccountId(uid) === savedBy || (await others.linked()).some((one) => toAccountId(one) === savedBy);
}

/** Reads the accounts that share a device or card; none where the document cannot be read, which is reported. */
async function readLinked(ctx: Context, uid: string): Promise<readonly string[]> {
  const links = await readOne(ctx, 'promotions', await paths.links(ctx.db, uid).get());
  return links?.data.linked ?? [];
}

/** One read, unless a limit was lowered below its uses or a shard cannot be read. */
async function hasLeft(ctx: Context, zoneId: string, promotionId: string): Promise<boolean> {
  const shards = paths.shards(ctx.db, zoneId, promotionId);
  const { docs: found } = await shards.where('left', '>', 0).limit(1).get();
  if (found.length === 0) return false;
  const [first] = await filterReadable(ctx, 'promotions', found);
  if (first && first.data.over === undefined) return true;
  const all = await filterReadable(ctx, 'promotions', (await shards.get()).docs);
  return sumLeft(all.map(({ data }) => data)) > 0;
}
