import type { Rounding } from '#functions/contract/zones.js';

/** A fraction rounded to a whole number; nothing is negative. */
export function round(top: bigint, bottom: bigint, mode: Rounding): number {
  const down = top / bottom;
  const twiceRest = (top - down * bottom) * 2n;
  if (twiceRest < bottom) return Number(down);
  if (twiceRest > bottom) return Number(down + 1n);
  return Number(mode === 'halfUp' || down % 2n === 1n ? down + 1n : down);
}

/** So many parts in a million of an amount. */
export const rated = (amount: number, ppm: number, mode: Rounding): number =>
  round(BigInt(amount) * BigInt(ppm), 1_000_000n, mode);

export const total = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

export const zeros = (like: readonly unknown[]): number[] => like.map(() => 0);

/** Largest remainder: one unit after the other to whom most is owed, the first of several. */
export function divide(amount: number, weights: readonly number[]): number[] {
  const all = BigInt(total(weights));
  if (all === 0n) return weights.map((_, index) => (index === 0 ? amount : 0));
  const parts = weights.map((weight) => Number((BigInt(amount) * BigInt(weight)) / all));
  const owed = weights.map((weight, index) => BigInt(amount) * BigInt(weight) - BigInt(parts[index] ?? 0) * all);
  for (let left = amount - total(parts); left > 0; left -= 1) {
    const most = owed.reduce((best, one, index) => (one > (owed[best] ?? 0n) ? index : best), 0);
    parts[most] = (parts[most] ?? 0) + 1;
    owed[most] = -1n;
  }
  return parts;
}
