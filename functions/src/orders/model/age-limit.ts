import type { Quote } from '../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { toLocalDate } from '../../hours/hours.js';
import { listIds } from '../../pricing/goods.js';

/** The chosen items and options, and their menu. */
interface Choice extends Pick<Quote, 'lines'> {
  rules: Pick<Quote['rules'], 'menu'>;
}

/** Computes the highest age limit of a quote's items and chosen options; null where they have none. */
export function computeAgeLimit({ lines, rules }: Choice): number | null {
  const ids = new Set(lines.flatMap(listIds));
  const { items, groups } = rules.menu;
  const limits = [...items, ...groups.flatMap(({ options }) => options)]
    .filter(({ id }) => ids.has(id))
    .flatMap(({ ageLimit }) => ageLimit ?? []);
  return limits.length > 0 ? Math.max(...limits) : null;
}

/** Returns the field of an order or of an answer; absent without a limit. */
export const toAgeField = (ageLimit: number | null): { ageLimit?: number } => (ageLimit === null ? {} : { ageLimit });

/** No person is older: the date is a mistake. */
const OLDEST_YEARS = 120;

/**
 * Refuses a customer who is younger than the limit by the local date, AGE_TOO_LOW, or gives no possible date of birth,
 * AGE_UNKNOWN. Who is born on 29 February has the birthday of a common year on 1 March.
 */
export function checkAge(
  ageLimit: number | null,
  birthDate: string | undefined,
  { timeZone, nowMs }: { timeZone: string; nowMs: number },
): Outcome<null> {
  if (ageLimit === null) return accept(null);
  if (birthDate === undefined) return refuse('AGE_UNKNOWN', { ageLimit });
  const years = computeAge(birthDate, toLocalDate(timeZone, nowMs));
  if (years < 0 || years > OLDEST_YEARS) return refuse('AGE_UNKNOWN', { ageLimit });
  return years >= ageLimit ? accept(null) : refuse('AGE_TOO_LOW', { ageLimit });
}

/** Computes the completed years between two dates of the form 2026-03-02. */
function computeAge(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(4) < birthDate.slice(4) ? years - 1 : years;
}
