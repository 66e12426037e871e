import type { PricedFee } from '../contract/pricing.js';
import type { Promotion, ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import { deliveryDiscounts, type Discount, type OrderPromotion } from './discounts.js';
import { shareOf, sum } from './money.js';
import { taxOn, UNTAXED } from './tax.js';

export interface FeeFacts {
  kind: 'delivery' | 'pickup';
  zone: ZonePricing;
  distanceMeters: number;
  surgePpm: number;
  promotions: readonly Promotion[];
  /** The lines after their item promotions: what the small-order fee looks at. */
  afterItemsMinor: number;
  /** The lines after every promotion: what the service fee is a rate of. */
  afterOrderMinor: number;
}

export interface PricedFees {
  fees: PricedFee[];
  deliveryDiscounts: Discount[];
}

/** Steps 6 to 9: delivery, small order, service, bag. */
export function priceFees(facts: FeeFacts): Outcome<PricedFees> {
  const { zone, afterItemsMinor, afterOrderMinor } = facts;
  const deliveryMinor = deliveryFee(facts);
  if (deliveryMinor === null) return refuse('TOO_FAR', { distanceMeters: facts.distanceMeters });
  const promotions = facts.promotions.filter((one): one is OrderPromotion => one.kind !== 'item');
  const discounts = deliveryDiscounts(promotions, deliveryMinor);
  const smallOrderMinor = afterItemsMinor < zone.smallOrderBelowMinor ? zone.smallOrderFeeMinor : 0;
  const { ratePpm, minMinor, maxMinor } = zone.serviceFee;
  const serviceMinor = Math.min(maxMinor, Math.max(minMinor, shareOf(afterOrderMinor, ratePpm)));
  const fees = [
    fee(zone, 'delivery', deliveryMinor, discounts),
    fee(zone, 'smallOrder', smallOrderMinor),
    fee(zone, 'service', serviceMinor),
    fee(zone, 'bag', zone.bagFeeMinor),
  ];
  return accept({ fees: fees.filter((one) => one.grossMinor > 0), deliveryDiscounts: discounts });
}

/** The bracket that the metres, rounded up, fall into, times the surge, capped. Null beyond the last bracket. */
function deliveryFee({ kind, zone, distanceMeters, surgePpm }: FeeFacts): number | null {
  if (kind === 'pickup') return 0;
  const meters = Math.ceil(distanceMeters);
  const bracket = zone.deliveryBrackets
    .toSorted((a, b) => a.upToMeters - b.upToMeters)
    .find((one) => meters <= one.upToMeters);
  return bracket ? Math.min(zone.deliveryFeeCapMinor, shareOf(bracket.feeMinor, surgePpm)) : null;
}

function fee(
  zone: ZonePricing,
  kind: PricedFee['kind'],
  grossMinor: number,
  discounts: readonly Discount[] = [],
): PricedFee {
  const discountMinor = sum(discounts.map((one) => one.amountMinor));
  const merchantFundedMinor = sum(discounts.map((one) => one.merchantFundedMinor));
  const netMinor = grossMinor - discountMinor;
  const rule = zone.taxes[kind] ?? UNTAXED;
  const baseMinor = zone.platformDiscountLowersTaxBase ? netMinor : netMinor + discountMinor - merchantFundedMinor;
  return {
    kind,
    grossMinor,
    discountMinor,
    merchantFundedMinor,
    netMinor,
    taxMode: rule.mode,
    taxMinor: taxOn(baseMinor, rule),
  };
}
