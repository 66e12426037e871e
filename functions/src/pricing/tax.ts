import type { TaxRule } from '../contract/zones.js';
import { mulDivHalfUp, shareOf } from './money.js';

/** What is not taxed, as a rule. */
export const UNTAXED: TaxRule = { ratePpm: 0, mode: 'exclusive' };

/**
 * Tax on one line or fee, half up once: exclusive tax is added to the base, inclusive tax is the part of the base
 * that is already tax, a − a ÷ (1 + r).
 */
export function taxOn(baseMinor: number, { ratePpm, mode }: TaxRule): number {
  return mode === 'exclusive' ? shareOf(baseMinor, ratePpm) : mulDivHalfUp(baseMinor, ratePpm, 1_000_000 + ratePpm);
}
