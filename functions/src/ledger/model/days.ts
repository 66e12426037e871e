const DAY_MS = 24 * 3_600_000;

/** The UTC day of a moment: `2026-03-02`. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The moment at which a day begins. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const addDays = (day: string, days: number): string => dayOf(startOfDay(day) + days * DAY_MS);

/** From the first day to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const count = Math.round((startOfDay(last) - startOfDay(first)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(first, index));
}
