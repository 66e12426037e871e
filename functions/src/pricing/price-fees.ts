import type { PricedFee, TaxPart } from '../contract/pricing.js';
import type { Promotion, ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { allocate, computeShare, sum } from './money.js';
import { deliveryDiscounts, type FeeDiscount, type OrderPromotion } from './order-discounts.js';
import { sumAddedTax, mergeTaxes, computeTaxes, sumTax, getTaxRules } from './tax.js';

export interface FeeFacts {
  kind: 'delivery' | 'pickup';
  zone: ZonePricing;
  distanceMeters: number;
  surgePpm: number;
  promotions: readonly Promotion[];
  /** All lines before any promotion: the base of the small-order fee. */
  grossMinor: number;
  /** All lines after every promotion: the base of the service fee. */
  afterOrderMinor: number;
  /** The prices of the goods after every promotion, by tax category. */
  goods: readonly { taxCategory: string; netMinor: number }[];
}

export interface PricedFees {
  fees: PricedFee[];
  deliveryDiscounts: FeeDiscount[];
}

/** Computes steps 6 to 9: delivery, small order, service, bag. */
export function priceFees(facts: FeeFacts): Outcome<PricedFees> {
  const { zone, grossMinor, afterOrderMinor } = facts;
  const deliveryMinor = facts.kind === 'pickup' ? 0 : computeDeliveryFee(zone, facts.distanceMeters, facts.surgePpm);
  if (deliveryMinor === null) return refuse('TOO_FAR', { distanceMeters: facts.distanceMeters });
  const promotions = facts.promotions.filter((one): one is OrderPromotion => one.kind !== 'item');
  const discounts = deliveryDiscounts(promotions, deliveryMinor, zone.rounding);
  const smallOrderMinor = grossMinor < zone.smallOrderBelowMinor ? zone.smallOrderFeeMinor : 0;
  const { ratePpm, minMinor, maxMinor } = zone.serviceFee;
  const serviceMinor = Math.min(maxMinor, Math.max(minMinor, computeShare(afterOrderMinor, ratePpm, zone.rounding)));
  const fees = [
    priceFee(facts, 'delivery', deliveryMinor, discounts),
    priceFee(facts, 'smallOrder', smallOrderMinor),
    priceFee(facts, 'service', serviceMinor),
    priceFee(facts, 'bag', zone.bagFeeMinor),
  ];
  return accept({ fees: fees.filter((one) => one.grossMinor > 0), deliveryDiscounts: discounts });
}

/**
 * Computes the delivery fee: that of the bracket for the metres, rounded up, times the surge, with its cap. Null beyond
 * the last bracket.
 */
export function computeDeliveryFee(
  { deliveryBrackets, deliveryFeeCapMinor, rounding }: ZonePricing,
  distanceMeters: number,
  surgePpm: number,
): number | null {
  const meters = Math.ceil(distanceMeters);
  const bracket = deliveryBrackets
    .toSorted((a, b) => a.upToMeters - b.upToMeters)
    .find((one) => meters <= one.upToMeters);
  return bracket ? Math.min(deliveryFeeCapMinor, computeShare(bracket.feeMinor, surgePpm, rounding)) : null;
}

function priceFee(
  facts: FeeFacts,
  kind: PricedFee['kind'],
  grossMinor: number,
  discounts: readonly FeeDiscount[] = [],
): PricedFee {
  const discountMinor = sum(discounts.map((one) => one.amountMinor));
  const merchantFundedMinor = sum(discounts.map((one) => one.merchantFundedMinor));
  const netMinor = grossMinor - discountMinor;
  const baseMinor = facts.zone.platformDiscountLowersTaxBase ? netMinor : grossMinor - merchantFundedMinor;
  const taxes = feeTaxes(facts, kind, baseMinor);
  return {
    kind,
    grossMinor,
    discountMinor,
    merchantFundedMinor,
    netMinor,
    taxes,
    taxMinor: sumTax(taxes),
    addedTaxMinor: sumAddedTax(taxes),
  };
}

/** By a category of its own; the delivery by the shares of the goods, where the zone says so. */
function feeTaxes({ zone, kind: orderKind, goods }: FeeFacts, kind: PricedFee['kind'], baseMinor: number): TaxPart[] {
  const taxes = (category: string, base: number) =>
    computeTaxes(base, getTaxRules(zone, category, orderKind), zone.rounding);
  if (kind !== 'delivery' || zone.deliveryTax === 'own') return taxes(kind, baseMinor);
  const nets = new Map<string, number>();
  for (const { taxCategory, netMinor } of goods) nets.set(taxCategory, (nets.get(taxCategory) ?? 0) + netMinor);
  // Where all goods are free, the category does not depend on the order of the lines.
  const [first] = [...nets.keys()].toSorted();
  const isFree = [...nets.values()].every((netMinor) => netMinor === 0);
  if (isFree && first !== undefined) return taxes(first, baseMinor);
  const shares = allocate(baseMinor, [...nets.values()]);
  return mergeTaxes([...nets.keys()].flatMap((category, index) => taxes(category, shares[index] ?? 0)));
}
