import type { Pricing } from '../contract/pricing.js';
import type { ZonePricing } from '../contract/zones.js';

/** What a courier earns for a distance, the tip not counted; begun kilometres are paid by the metre, half up. */
export function courierPayMinor(pricing: Pick<ZonePricing, 'courierPay'>, distanceMeters: number): number {
  const { baseMinor, perKilometerMinor } = pricing.courierPay;
  return baseMinor + Math.floor((perKilometerMinor * distanceMeters + 500) / 1000);
}

/** What the courier is paid for the ride of a priced order, without the tip. */
export function rideMinorOf({ split, totals }: Pick<Pricing, 'split' | 'totals'>): number {
  return split.courierMinor - totals.tipMinor;
}
