import type { Rounding } from '#functions/contract/zones.js';

/** A non-negative amount of minor units that is not rounded yet. */
export interface Exact {
  above: bigint;
  below: bigint;
}

export const MILLION = 1_000_000n;

export const exactly = (above: bigint, below = 1n): Exact => ({ above, below });
/** Returns the part of an amount that a rate in parts per million takes. */
export const partOf = (amount: bigint, ratePpm: number): Exact => exactly(amount * BigInt(ratePpm), MILLION);
export const plus = (a: Exact, b: Exact): Exact => exactly(a.above * b.below + b.above * a.below, a.below * b.below);
export const isMore = (a: Exact, b: Exact): boolean => a.above * b.below > b.above * a.below;

/** Rounds to whole minor units; only an exact half depends on the mode. */
export function rounded({ above, below }: Exact, mode: Rounding): bigint {
  const whole = above / below;
  const twiceRest = 2n * (above % below);
  if (twiceRest !== below) return twiceRest > below ? whole + 1n : whole;
  return mode === 'halfUp' || whole % 2n === 1n ? whole + 1n : whole;
}

export const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * Divides an amount in proportion to the weights: each receives the whole part of its share, and the units that are left
 * go one each to the largest remainders, the lower index first among equal ones. Without any weight every part is 0.
 */
export function divide(amount: bigint, weights: readonly bigint[]): bigint[] {
  const all = sumOf(weights);
  if (all === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (amount * weight) / all);
  const remainder = (index: number) => (amount * (weights[index] ?? 0n)) % all;
  const byRemainder = parts.map((_, index) => index).sort((a, b) => Number(remainder(b) - remainder(a)) || a - b);
  const favoured = new Set(byRemainder.slice(0, Number(amount - sumOf(parts))));
  return parts.map((part, index) => (favoured.has(index) ? part + 1n : part));
}
