import type { CourierPayoutTerms } from '../../contract/zones.js';
import { toDayStartMs } from '../../ledger/model/days.js';

/** True where the couriers of a zone are paid on this day, in UTC: `2026-03-02`. */
export function isPayoutDay({ interval, weekday }: CourierPayoutTerms, day: string): boolean {
  if (interval !== 'weekly') return interval === 'daily';
  // Sunday is 0 there.
  return new Date(toDayStartMs(day)).getUTCDay() === weekday % 7;
}
