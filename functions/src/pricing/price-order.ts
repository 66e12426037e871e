import type { PricedFee, PricedLine, Pricing, Totals } from '../contract/pricing.js';
import type { CartLine, Menu } from '../contract/restaurants.js';
import type { Promotion, ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import { courierPayMinor } from './courier-pay.js';
import { chargeUnitOf, fromStripeAmount, MAXIMUM_CHARGE, minimumChargeOf, toStripeAmount } from './currencies.js';
import type { Discount, SpreadDiscount } from './discounts.js';
import { shareOf, sum } from './money.js';
import { priceFees } from './price-fees.js';
import { afterItemDiscount, discountOrder, draftLine, finishLine, type DraftLine } from './price-lines.js';
import { splitTotal } from './split.js';
import { traceOf } from './trace.js';

/** Everything a price depends on, frozen at one moment. */
export interface PricingInput {
  currency: string;
  kind: 'delivery' | 'pickup';
  zone: ZonePricing;
  /** Names the zone's rules in the trace. */
  zoneVersion: number;
  menu: Menu;
  /** Items and options sold out until the given time. */
  soldOut: Readonly<Record<string, number>>;
  lines: readonly CartLine[];
  /** Those the customer may use, codes already matched; which of them fit, and which is best, is decided here. */
  promotions: readonly Promotion[];
  distanceMeters: number;
  /** Frozen at the quote. */
  surgePpm: number;
  tipPpm: number;
  creditMinor: number;
  commissionPpm: number;
  nowMs: number;
}

/** What stands when lines and fees are priced and only the sums are missing. */
interface Priced {
  drafts: readonly DraftLine[];
  spread: readonly SpreadDiscount[];
  lines: PricedLine[];
  fees: PricedFee[];
  deliveryDiscounts: readonly Discount[];
}

/**
 * Prices an order from server data alone, in the order of computation that the domain fixes: lines, item promotions,
 * minimum order, order promotions, fees, tax, tip, credits. Integers in minor units throughout.
 */
export function priceOrder(input: PricingInput): Outcome<Pricing> {
  const running = input.promotions.filter((one) => one.startsAtMs <= input.nowMs && input.nowMs < one.endsAtMs);
  const drafts = draftLines(input, running);
  if (!drafts.ok) return drafts;
  const afterItemsMinor = sum(drafts.value.map(afterItemDiscount));
  const { minimumOrderMinor } = input.zone;
  if (afterItemsMinor < minimumOrderMinor) {
    return refuse('BASKET_BELOW_MINIMUM', { minimumMinor: minimumOrderMinor, itemsMinor: afterItemsMinor });
  }
  const usable = running.filter((one) => afterItemsMinor >= one.minimumItemsMinor);
  const spread = discountOrder(drafts.value, usable);
  const lines = drafts.value.map((draft, index) => finishLine(draft, index, spread, input.zone));
  const afterOrderMinor = sum(lines.map((line) => line.netMinor));
  const fees = priceFees({ ...input, promotions: usable, afterItemsMinor, afterOrderMinor });
  return fees.ok ? sumUp(input, { drafts: drafts.value, spread, lines, ...fees.value }) : fees;
}

/** Every line with its best item promotion, or the first refusal. A promotion's minimum looks at the undiscounted sum. */
function draftLines(
  { menu, soldOut, nowMs, lines }: PricingInput,
  running: readonly Promotion[],
): Outcome<DraftLine[]> {
  const draftWith = (promotions: readonly Promotion[]) =>
    everyLine(lines.map((line) => draftLine(menu, soldOut, nowMs, promotions, line)));
  const plain = draftWith([]);
  if (!plain.ok) return plain;
  const grossMinor = sum(plain.value.map((draft) => draft.grossMinor));
  return draftWith(running.filter((one) => grossMinor >= one.minimumItemsMinor));
}

function everyLine(outcomes: readonly Outcome<DraftLine>[]): Outcome<DraftLine[]> {
  const drafts: DraftLine[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok) return outcome;
    drafts.push(outcome.value);
  }
  return accept(drafts);
}

/** Steps 11 and 12, the total, and who gets what of it. */
function sumUp(input: PricingInput, priced: Priced): Outcome<Pricing> {
  const { currency, kind, commissionPpm } = input;
  const totals = totalsOf(input, priced);
  const refused = refuseUnchargeable(totals.totalMinor, currency);
  if (refused) return refused;
  const isDelivery = kind === 'delivery';
  const courierMinor = isDelivery ? courierPayMinor(input.zone, input.distanceMeters) + totals.tipMinor : 0;
  return accept({
    currency,
    lines: priced.lines,
    fees: priced.fees,
    totals,
    split: splitTotal(totals.totalMinor, priced.lines, priced.fees, courierMinor, commissionPpm),
    promotionIds: promotionsUsed(priced),
    trace: traceOf({ ...priced, totals, menuVersion: input.menu.version, zoneVersion: input.zoneVersion }),
  });
}

function totalsOf({ currency, kind, tipPpm, creditMinor }: PricingInput, { lines, fees }: Priced): Totals {
  const feeMinor = (feeKind: PricedFee['kind']) => fees.find((fee) => fee.kind === feeKind)?.netMinor ?? 0;
  const taxed = [...lines, ...fees];
  const taxOf = (mode: PricedLine['taxMode']) =>
    sum(taxed.filter((one) => one.taxMode === mode).map((one) => one.taxMinor));
  const itemsMinor = sum(lines.map((line) => line.grossMinor));
  // All of the tip is the courier's: where no courier comes there is none.
  const tipMinor = kind === 'delivery' ? shareOf(itemsMinor, tipPpm) : 0;
  const dueMinor = sum(taxed.map((one) => one.netMinor)) + taxOf('exclusive');
  const usedCreditMinor = Math.min(creditMinor, dueMinor);
  const exactMinor = dueMinor - usedCreditMinor + tipMinor;
  const roundingMinor = exactMinor % chargeUnitOf(currency);
  return {
    itemsMinor,
    discountMinor:
      sum(lines.map((line) => line.grossMinor - line.netMinor)) + sum(fees.map((fee) => fee.discountMinor)),
    deliveryMinor: feeMinor('delivery'),
    smallOrderMinor: feeMinor('smallOrder'),
    serviceMinor: feeMinor('service'),
    bagMinor: feeMinor('bag'),
    taxMinor: taxOf('exclusive'),
    includedTaxMinor: taxOf('inclusive'),
    tipMinor,
    creditMinor: usedCreditMinor,
    roundingMinor,
    totalMinor: exactMinor - roundingMinor,
  };
}

/** Nothing to pay is fine; what the provider would refuse is refused here, with the amount that would do. */
function refuseUnchargeable(totalMinor: number, currency: string): Outcome<never> | null {
  const minimumMinor = minimumChargeOf(currency);
  if (totalMinor > 0 && totalMinor < minimumMinor)
    return refuse('TOTAL_BELOW_PAYMENT_MINIMUM', { totalMinor, minimumMinor });
  const maximumMinor = fromStripeAmount(MAXIMUM_CHARGE, currency);
  if (toStripeAmount(totalMinor, currency) > MAXIMUM_CHARGE)
    return refuse('AMOUNT_TOO_LARGE', { totalMinor, maximumMinor });
  return null;
}

function promotionsUsed({ drafts, spread, deliveryDiscounts }: Priced): string[] {
  const discounts = [...drafts.flatMap(({ itemDiscount }) => itemDiscount ?? []), ...spread, ...deliveryDiscounts];
  return [...new Set(discounts.filter((one) => one.amountMinor > 0).map((one) => one.promotion.id))];
}
