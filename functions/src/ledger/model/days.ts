const DAY_MS = 24 * 3_600_000;

/** Returns the UTC day of a time: `2026-03-02`. */
export const toUtcDay = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Returns the time at which a day begins, in epoch ms. */
export const toDayStartMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** Returns the time at which a day ends, in epoch ms. The last day of the year 9999 has no next day in `YYYY-MM-DD`. */
export const toDayEndMs = (day: string): number => toDayStartMs(day) + DAY_MS;

/** Returns the day that is this many days later. */
export const addDays = (day: string, days: number): string => toUtcDay(toDayStartMs(day) + days * DAY_MS);

/** Counts the days from the first to the last, both included; 0 or less where the last is before the first. */
export const countDays = (first: string, last: string): number =>
  Math.round((toDayStartMs(last) - toDayStartMs(first)) / DAY_MS) + 1;

/** Lists the days from the first to the last, both included. */
export function listDays(first: string, last: string): string[] {
  return Array.from({ length: Math.max(0, countDays(first, last)) }, (_, index) => addDays(first, index));
}
