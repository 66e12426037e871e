import type { Promotion } from '../../contract/zones.js';
import { isTimeZone, isWithin, toMinuteOfWeek } from '../../hours/hours.js';

/**
 * True where a promotion applies at a time: between its start and its end, and within its weekly windows by the clocks
 * of `timeZone`, the zone's. In a time zone that the runtime does not know no window is open.
 */
export function isRunningAt(
  { startsAtMs, endsAtMs, windows }: Pick<Promotion, 'startsAtMs' | 'endsAtMs' | 'windows'>,
  atMs: number,
  timeZone: string,
): boolean {
  if (atMs < startsAtMs || endsAtMs <= atMs) return false;
  return windows === undefined || (isTimeZone(timeZone) && isWithin(windows, toMinuteOfWeek(timeZone, atMs)));
}
