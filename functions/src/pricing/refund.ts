import type { Refund, RefundLiable, RefundWish } from '../contract/payments.js';
import type { Pricing } from '../contract/pricing.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { getChargeUnit } from './currencies.js';
import { mulDiv, sum } from './money.js';
import { computeReturnedPromotion } from './returned-promotion.js';
import type { Settlement } from './settle.js';
import { computeCharged, computeUnitShare, type UnitShare } from './units.js';

export interface RefundFacts {
  pricing: Pricing;
  /** How the end of the order was settled. */
  settlement: Settlement;
  earlier: readonly Earlier[];
  /** The merchant's costs of the order besides refunds: credit for its lateness. */
  lateMinor?: number;
  /** The customer's credit for lateness: with all refunds together at most the amount paid. */
  lateCreditMinor?: number;
  /** An operator refused the pay of one: there is nothing to take back. */
  courierRefused?: boolean;
  kitchenRefused?: boolean;
  /** The captured amount that was not refunded yet. */
  moneyLeftMinor: number;
  /** Paid in cash: the provider's limits do not apply. */
  inCash?: boolean;
  what: RefundWish;
  liable: RefundLiable;
}

type Earlier = Pick<Refund, 'amountMinor' | 'taxMinor' | 'merchantMinor' | 'courierMinor' | 'promotionMinor' | 'lines'>;

/**
 * `amountMinor` = `moneyMinor` + `creditMinor` = tax + the parties' parts. The platform's part is below 0 where a late
 * credit, which it paid, is set off.
 */
export interface PricedRefund {
  amountMinor: number;
  /** Paid in money: refunded first. */
  moneyMinor: number;
  /** Paid with credit: refunded as credit, independent of the request. */
  creditMinor: number;
  taxMinor: number;
  merchantMinor: number;
  courierMinor: number;
  platformMinor: number;
  /** The reversal of the platform's promotions, which its commission gave up with the food: not part of the amount. */
  promotionMinor: number;
  lines: Refund['lines'];
}

interface Left {
  amountMinor: number;
  taxMinor: number;
  merchantMinor: number;
  courierMinor: number;
}

/**
 * Computes the amount of a refund and its split. All refunds of a line sum to the line's charge, however they are
 * divided; `whole` is the rest of the order, so all refunds of an order sum to the captured amount and the used credit,
 * and no tax stays owed. A party bears at most what it earned of the order, late credits included; the platform bears
 * the rest. A credit for lateness counts as refunded: an amount above the payment belongs to the platform again.
 */
export function priceRefund(facts: RefundFacts): Outcome<PricedRefund> {
  const left = computeLeft(facts);
  const wished = computeWished(facts, left);
  if (!wished.ok) return wished;
  const { amountMinor } = wished.value;
  if (amountMinor > left.amountMinor) return refuse('REFUND_TOO_LARGE', { refundableMinor: left.amountMinor });
  const mostMinor = left.amountMinor - (facts.lateCreditMinor ?? 0);
  const givenMinor = Math.min(amountMinor, mostMinor);
  if (givenMinor <= 0) return refuse('NOTHING_TO_REFUND');
  const isLast = givenMinor === mostMinor;
  const taxMinor = isLast ? left.taxMinor : Math.min(wished.value.taxMinor, left.taxMinor, amountMinor);
  // A late credit may leave an amount that the provider cannot refund: the rest of it is credit.
  const moneyMinor = givenMinor < facts.moneyLeftMinor ? payable(facts, givenMinor) : facts.moneyLeftMinor;
  const borne = divideCost(facts, left, wished.value.merchantMinor, amountMinor - taxMinor);
  return accept({
    amountMinor: givenMinor,
    moneyMinor,
    creditMinor: givenMinor - moneyMinor,
    taxMinor,
    ...borne,
    platformMinor: borne.platformMinor - (amountMinor - givenMinor),
    promotionMinor: computePromotionReversal(facts, givenMinor, isLast),
    lines: facts.what.type === 'lines' ? facts.what.lines : [],
  });
}

/** Computes what all refunds reverse of the promotions, this one included, less the earlier ones' part. */
function computePromotionReversal(
  { pricing, settlement, earlier, what }: RefundFacts,
  givenMinor: number,
  isAll: boolean,
): number {
  const lines = [...earlier.flatMap((one) => one.lines), ...(what.type === 'lines' ? what.lines : [])];
  const amounts = earlier.filter((one) => one.lines.length === 0).map((one) => one.amountMinor);
  const amountMinor = sum(amounts) + (what.type === 'lines' ? 0 : givenMinor);
  const reversedMinor = computeReturnedPromotion(pricing, settlement, {
    units: countRefundedUnits(pricing, lines),
    amountMinor,
    isAll,
  });
  return Math.max(0, reversedMinor - sum(earlier.map((one) => one.promotionMinor)));
}

function computeLeft({ settlement, earlier, lateMinor = 0, courierRefused, kitchenRefused }: RefundFacts): Left {
  const { captureMinor, creditMinor, split } = settlement;
  const given = (field: 'amountMinor' | 'taxMinor' | 'merchantMinor' | 'courierMinor') =>
    sum(earlier.map((one) => one[field]));
  return {
    amountMinor: captureMinor + creditMinor - given('amountMinor'),
    taxMinor: split.taxMinor - given('taxMinor'),
    merchantMinor: kitchenRefused ? 0 : Math.max(0, split.merchantMinor - lateMinor - given('merchantMinor')),
    courierMinor: courierRefused ? 0 : Math.max(0, split.courierMinor - given('courierMinor')),
  };
}

/** The amount, its tax, and the merchant's earnings on it. */
type Wished = Omit<Left, 'courierMinor'>;

function computeWished(facts: RefundFacts, left: Left): Outcome<Wished> {
  const { what, earlier } = facts;
  switch (what.type) {
    case 'whole':
      return accept({ ...left, merchantMinor: computeEarnedOnRest(facts) });
    case 'amount':
      return accept(wishedAmount(facts, left, what.amountMinor));
    case 'lines':
      return sumOfLines(
        facts,
        what.lines,
        earlier.flatMap((one) => one.lines),
      );
  }
}

/** Computes the merchant's earnings on what was not refunded yet, independent of who bore the refunds. */
function computeEarnedOnRest({ pricing, settlement, earlier }: RefundFacts): number {
  const { merchantMinor } = settlement.split;
  const units = countRefundedUnits(
    pricing,
    earlier.flatMap(({ lines }) => lines),
  );
  const amountMinor = sum(earlier.filter(({ lines }) => lines.length === 0).map((one) => one.amountMinor));
  const givenMinor = shareOfLines(pricing, units).merchantMinor + computeEarned({ pricing, settlement }, amountMinor);
  return Math.max(0, merchantMinor - givenMinor);
}

/** Computes the earnings on an amount, in proportion to the food: of free food an amount returns only fees. */
function computeEarned(
  { pricing, settlement }: Pick<RefundFacts, 'pricing' | 'settlement'>,
  amountMinor: number,
): number {
  const { merchantMinor } = settlement.split;
  const foodMinor = sum(pricing.lines.map(computeCharged));
  return foodMinor === 0 ? 0 : mulDiv(merchantMinor, amountMinor, foodMinor);
}

/** Divides an amount in proportion: tax to the remaining taxed amount, the merchant's part to the food. */
function wishedAmount(facts: RefundFacts, left: Left, wishedMinor: number): Wished {
  const { settlement, earlier } = facts;
  const amountMinor = payable(facts, wishedMinor);
  const givenMinor = sum(earlier.filter(({ taxMinor }) => taxMinor > 0).map((one) => one.amountMinor));
  const taxedMinor = Math.max(amountMinor, settlement.taxedMinor - givenMinor);
  return {
    amountMinor,
    taxMinor: taxedMinor === 0 ? 0 : mulDiv(left.taxMinor, amountMinor, taxedMinor),
    merchantMinor: computeEarned(facts, amountMinor),
  };
}

/** Computes the amount that can be refunded: in the provider's steps by card, each unit in cash. */
function payable({ pricing, inCash = false }: RefundFacts, amountMinor: number): number {
  return inCash ? amountMinor : amountMinor - (amountMinor % getChargeUnit(pricing.currency));
}

/**
 * Sums the lines, rounded on the sum of all refunds so far, so that the last of them takes the rest: never more than
 * was paid, which a coin may have rounded down.
 */
function sumOfLines(facts: RefundFacts, wanted: Refund['lines'], earlier: Refund['lines']): Outcome<Wished> {
  const { pricing, settlement } = facts;
  const stray = wanted.find(({ line }) => pricing.lines[line] === undefined);
  if (stray) return refuse('LINE_UNKNOWN', { line: stray.line });
  const [before, after] = [countRefundedUnits(pricing, earlier), countRefundedUnits(pricing, [...earlier, ...wanted])];
  const over = pricing.lines.findIndex(({ quantity }, line) => (after[line] ?? 0) > quantity);
  if (over >= 0)
    return refuse('LINE_REFUNDED', { line: over, left: (pricing.lines[over]?.quantity ?? 0) - (before[over] ?? 0) });
  const [given, givenAfter] = [shareOfLines(pricing, before), shareOfLines(pricing, after)];
  const paidMinor = settlement.captureMinor + settlement.creditMinor;
  const backFor = ({ chargedMinor }: typeof given) => Math.min(paidMinor, payable(facts, chargedMinor));
  return accept({
    amountMinor: backFor(givenAfter) - backFor(given),
    taxMinor: givenAfter.taxMinor - given.taxMinor,
    merchantMinor: givenAfter.merchantMinor - given.merchantMinor,
  });
}

/** Counts the refunded units of each line. */
export function countRefundedUnits({ lines }: Pricing, refunded: Refund['lines']): number[] {
  return lines.map((_, index) => sum(refunded.filter(({ line }) => line === index).map(({ quantity }) => quantity)));
}

function shareOfLines({ lines }: Pricing, units: readonly number[]): Omit<UnitShare, 'addedTaxMinor'> {
  const shares = lines.map((line, index) => computeUnitShare(line, units[index] ?? 0));
  return {
    chargedMinor: sum(shares.map((one) => one.chargedMinor)),
    taxMinor: sum(shares.map((one) => one.taxMinor)),
    merchantMinor: sum(shares.map((one) => one.merchantMinor)),
  };
}

/**
 * Divides the cost: a merchant bears what it earned of the refunded food, and the platform the rest: its commission,
 * the fees.
 */
function divideCost(
  { liable }: RefundFacts,
  left: Left,
  earnedMinor: number,
  netMinor: number,
): Pick<PricedRefund, 'merchantMinor' | 'courierMinor' | 'platformMinor'> {
  const merchantMinor = liable === 'merchant' ? Math.min(earnedMinor, left.merchantMinor) : 0;
  const courierMinor = liable === 'courier' ? Math.max(0, Math.min(netMinor, left.courierMinor)) : 0;
  return { merchantMinor, courierMinor, platformMinor: netMinor - merchantMinor - courierMinor };
}
