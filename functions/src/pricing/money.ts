import { invariant } from '../core/outcome.js';
import type { Rounding } from '../contract/zones.js';

/**
 * Computes a × b ÷ divisor, rounded once, exact for all safe integers that are not negative with a positive divisor.
 * The product of integers of 53 bits overflows, so it is computed with 64 bits and more.
 */
export function mulDiv(a: number, b: number, divisor: number, rounding: Rounding = 'halfUp'): number {
  const product = BigInt(a) * BigInt(b);
  const by = BigInt(divisor);
  const whole = product / by;
  const twiceRest = (product % by) * 2n;
  const isUp = twiceRest === by ? rounding === 'halfUp' || whole % 2n === 1n : twiceRest > by;
  return Number(isUp ? whole + 1n : whole);
}

/** Computes a rate in parts per million of an amount. */
export function computeShare(amountMinor: number, ratePpm: number, rounding: Rounding = 'halfUp'): number {
  return mulDiv(amountMinor, ratePpm, 1_000_000, rounding);
}

/**
 * Splits an amount by weights: whole parts first, then one each by largest remainder, ties by index. The parts sum to
 * the amount. Without any weight the first part takes all. Throws for a negative amount or weight: there is no
 * standard rounding for its split.
 */
export function allocate(amountMinor: number, weights: readonly number[]): number[] {
  invariant(
    amountMinor >= 0 && weights.every((weight) => weight >= 0),
    'a split amount and its weights are not negative',
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return weights.map((_, index) => (index === 0 ? amountMinor : 0));
  const exact = weights.map((weight) => BigInt(amountMinor) * BigInt(weight));
  const parts = exact.map((product) => Number(product / BigInt(sum)));
  const left = amountMinor - parts.reduce((total, part) => total + part, 0);
  const byRemainder = exact
    .map((product, index) => ({ index, remainder: product % BigInt(sum) }))
    .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const extra = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return parts.map((part, index) => part + (extra.has(index) ? 1 : 0));
}

/** Sums amounts. */
export const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
