import type { Pricing } from '../contract/pricing.js';
import type { ZonePricing } from '../contract/zones.js';
import { mulDiv } from './money.js';

type PayRules = Pick<ZonePricing, 'courierPay' | 'rounding'>;

/**
 * Computes a courier's pay for a distance, without the tip; started kilometres are paid by the metre, rounded as the
 * zone's other amounts.
 */
export function computeCourierPayMinor({ courierPay, rounding }: PayRules, distanceMeters: number): number {
  return courierPay.baseMinor + mulDiv(courierPay.perKilometerMinor, distanceMeters, 1000, rounding);
}

/** Computes the courier's pay for the ride of a priced order, without the tip. */
export function computeRideMinor({ split, totals }: Pick<Pricing, 'split' | 'totals'>): number {
  return split.courierMinor - totals.tipMinor;
}
