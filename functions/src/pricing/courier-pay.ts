import type { Pricing } from '../contract/pricing.js';
import type { ZonePricing } from '../contract/zones.js';

/** Computes a courier's pay for a distance, without the tip; started kilometres are paid by the metre, half up. */
export function computeCourierPayMinor(pricing: Pick<ZonePricing, 'courierPay'>, distanceMeters: number): number {
  const { baseMinor, perKilometerMinor } = pricing.courierPay;
  return baseMinor + Math.floor((perKilometerMinor * distanceMeters + 500) / 1000);
}

/** Computes the courier's pay for the ride of a priced order, without the tip. */
export function computeRideMinor({ split, totals }: Pick<Pricing, 'split' | 'totals'>): number {
  return split.courierMinor - totals.tipMinor;
}
