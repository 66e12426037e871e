import { invariant } from '../core/outcome.js';
import type { Rounding } from '../contract/zones.js';

/**
 * Computes a × b ÷ divisor, rounded once, exact for all safe integers that are not negative with a positive divisor.
 * Where the product is a safe integer, numbers are exact and much faster than bigints.
 */
export function mulDiv(a: number, b: number, divisor: number, rounding: Rounding = 'halfUp'): number {
  const product = a * b;
  if (product > Number.MAX_SAFE_INTEGER) return mulDivLarge(a, b, divisor, rounding);
  const rest = product % divisor;
  const whole = (product - rest) / divisor;
  // Twice the rest may not be a safe integer.
  const isHalf = rest === divisor - rest;
  const isUp = isHalf ? rounding === 'halfUp' || whole % 2 === 1 : rest > divisor - rest;
  return isUp ? whole + 1 : whole;
}

function mulDivLarge(a: number, b: number, divisor: number, rounding: Rounding): number {
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
  const total = sum(weights);
  if (total === 0) return weights.map((_, index) => (index === 0 ? amountMinor : 0));
  const exact = weights.map((weight) => divideExactly(amountMinor, weight, total));
  const parts = exact.map(({ whole }) => whole);
  const left = amountMinor - sum(parts);
  if (left === 0) return parts;
  // Sorting is stable: ties stay in the order of their indexes.
  const byRemainder = exact.map(({ rest }, index) => ({ index, rest })).toSorted((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

/** Computes a × b ÷ divisor and its rest, which is a safe integer as the divisor is. */
function divideExactly(a: number, b: number, divisor: number): { whole: number; rest: number } {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const rest = product % divisor;
    return { whole: (product - rest) / divisor, rest };
  }
  const large = BigInt(a) * BigInt(b);
  return { whole: Number(large / BigInt(divisor)), rest: Number(large % BigInt(divisor)) };
}

/** Sums amounts. */
export const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
