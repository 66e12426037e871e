import type { OrderKind } from '#functions/contract/orders.js';
import type { TaxRule, ZonePricing } from '#functions/contract/zones.js';
import { divide, exactly, MILLION, rounded, sumOf } from './exact.js';
import { required } from './goods.js';

/** One tax on one base. */
export interface Tax {
  ratePpm: number;
  mode: TaxRule['mode'];
  baseMinor: bigint;
  taxMinor: bigint;
}

/** The taxes of a category for an order of this kind; a category without an entry has none. */
export function findTaxes({ taxes }: ZonePricing, category: string, kind: OrderKind): TaxRule[] {
  const rules = Object.entries(taxes).find(([name]) => name === category)?.[1] ?? [];
  return [rules].flat().filter(({ kinds }) => !kinds || kinds.includes(kind));
}

/**
 * Step 10: exclusive taxes are added to their base; inclusive ones are a − a / (1 + r) of it. The taxes of one line or fee
 * have one mode; they are rounded once, together, and divided in proportion to their rates.
 */
export function tax(baseMinor: bigint, rules: readonly TaxRule[], { rounding }: ZonePricing): Tax[] {
  const rates = rules.map(({ ratePpm }) => BigInt(ratePpm));
  const below = rules[0]?.mode === 'inclusive' ? MILLION + sumOf(rates) : MILLION;
  const parts = divide(rounded(exactly(baseMinor * sumOf(rates), below), rounding), rates);
  return rules.map(({ ratePpm, mode }, i) => ({ ratePpm, mode, baseMinor, taxMinor: required(parts[i]) }));
}

export const sumTaxes = (taxes: readonly Tax[]): bigint => sumOf(taxes.map(({ taxMinor }) => taxMinor));
export const sumAdded = (taxes: readonly Tax[]): bigint => sumTaxes(taxes.filter(({ mode }) => mode === 'exclusive'));
