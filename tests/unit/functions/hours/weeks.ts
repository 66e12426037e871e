import fc from 'fast-check';
import type { WeeklySpan } from '#functions/contract/hours.js';

export const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/** Up to four spans on any days, past midnight too. */
export const anySpans: fc.Arbitrary<WeeklySpan[]> = fc.array(
  fc
    .tuple(
      fc.subarray(EVERY_DAY, { minLength: 1 }),
      fc.integer({ min: 0, max: 1439 }),
      fc.integer({ min: 1, max: 1440 }),
    )
    .map(([days, fromMinute, length]) => ({ days, fromMinute, toMinute: fromMinute + length })),
  { maxLength: 4 },
);
