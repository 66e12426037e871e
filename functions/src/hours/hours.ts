import type { Hours, HoursOfKind, Opening, Period, WeeklySpan } from '../contract/hours.js';
import type { OrderKind } from '../contract/orders.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Every zone changes its clocks on a quarter of an hour. Source: IANA time zone database, since 1973. */
const QUARTER_MS = 15 * MINUTE_MS;

/** More than the number of time zones. */
const MAX_CLOCKS = 1_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** A formatter is far more expensive to create than to use. */
function getFormatter(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
  });
  // A name has many spellings in upper and lower case: they share one formatter, and only a few spellings are cached.
  const canonical = clock.resolvedOptions().timeZone;
  const shared = clocks.get(canonical) ?? clock;
  if (clocks.size >= MAX_CLOCKS) clocks.clear();
  clocks.set(canonical, shared).set(timeZone, shared);
  return shared;
}

/** True where the runtime knows this zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return getFormatter(timeZone) !== undefined;
  } catch {
    return false;
  }
}

const MAX_OFFSETS = 20_000;
const offsets = new Map<string, number>();

/** Computes how far the zone's clocks are ahead of UTC at this instant. */
function offsetMs(timeZone: string, atMs: number): number {
  const quarterMs = Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
  const key = `${timeZone} ${quarterMs}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts = Object.fromEntries(
    getFormatter(timeZone)
      .formatToParts(quarterMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  const offset = Date.UTC(year, month - 1, day, hour, minute) - quarterMs;
  if (offsets.size >= MAX_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** The local time, counted as if it were UTC: days and minutes follow by division. */
const wallMs = (timeZone: string, atMs: number): number => atMs + offsetMs(timeZone, atMs);

/** Computes the local time in a zone, in minutes since midnight. */
export function toMinuteOfDay(timeZone: string, atMs: number): number {
  return Math.floor((wallMs(timeZone, atMs) % DAY_MS) / MINUTE_MS);
}

/**
 * Computes the instant of a local time. If clocks show it twice, it is the first or the last instant, as requested; if
 * they skip it, it is the instant of the change.
 */
function toInstant(timeZone: string, wall: number, which: 'first' | 'last'): number {
  const before = offsetMs(timeZone, wall - DAY_MS);
  const after = offsetMs(timeZone, wall + DAY_MS);
  const shown = [wall - before, wall - after].filter((atMs) => wallMs(timeZone, atMs) === wall);
  if (shown.length > 0) return which === 'first' ? Math.min(...shown) : Math.max(...shown);
  let changeMs = Math.ceil((wall - after) / QUARTER_MS) * QUARTER_MS;
  while (offsetMs(timeZone, changeMs) === before) changeMs += QUARTER_MS;
  return changeMs;
}

/** 0 is Monday; the first day of 1970 was a Thursday. */
const toWeekday = (dayMs: number): number => (dayMs / DAY_MS + 3) % 7;

/** Returns the hours that apply to a kind of order. */
export function selectHours(hours: Hours, kind: OrderKind): HoursOfKind {
  return (kind === 'pickup' ? hours.pickup : undefined) ?? hours;
}

function periodsOn({ weekly, holidays }: HoursOfKind, dayMs: number): readonly Period[] {
  const date = new Date(dayMs).toISOString().slice(0, 10);
  const holiday = holidays.find((one) => one.date === date);
  return holiday?.spans ?? weekly.filter(({ days }) => days.includes(toWeekday(dayMs)));
}

/** One period on one day. */
interface DatedPeriod extends Opening {
  /** The period's own last order; null where it has none. */
  lastOrderMs: number | null;
}

/**
 * Lists the periods of the days around a time. A period lasts from its first minute to its last in local time: in the
 * night of a change it is an hour shorter or longer.
 */
function listPeriods(hours: HoursOfKind, timeZone: string, fromMs: number, toMs: number): DatedPeriod[] {
  const midnight = (atMs: number) => Math.floor(wallMs(timeZone, atMs) / DAY_MS) * DAY_MS;
  const found: DatedPeriod[] = [];
  for (let dayMs = midnight(fromMs) - DAY_MS; dayMs <= midnight(toMs); dayMs += DAY_MS) {
    const at = (minute: number, which: 'first' | 'last') => toInstant(timeZone, dayMs + minute * MINUTE_MS, which);
    for (const { fromMinute, toMinute, lastOrderMinute } of periodsOn(hours, dayMs)) {
      const lastOrderMs = lastOrderMinute === undefined ? null : at(lastOrderMinute, 'last');
      found.push({ fromMs: at(fromMinute, 'first'), toMs: at(toMinute, 'last'), lastOrderMs });
    }
  }
  return found;
}

/**
 * Lists the openings for delivery or pickup that overlap a time span, in order and in full; adjacent ones are merged.
 */
export function listOpenings(hours: HoursOfKind, timeZone: string, fromMs: number, toMs: number): Opening[] {
  const periods = listPeriods(hours, timeZone, fromMs, toMs);
  return joined(periods).filter((one) => one.toMs > fromMs && one.fromMs < toMs);
}

/** Lists the openings of the kitchen itself, which is open during delivery or pickup hours. */
export function listKitchenOpenings(hours: Hours, timeZone: string, fromMs: number, toMs: number): Opening[] {
  const kinds = hours.pickup ? [hours, hours.pickup] : [hours];
  return joined(kinds.flatMap((one) => listOpenings(one, timeZone, fromMs, toMs)));
}

function joined(openings: readonly Opening[]): Opening[] {
  const apart: Opening[] = [];
  for (const { fromMs, toMs } of openings.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = apart.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else if (toMs > fromMs) apart.push({ fromMs, toMs });
  }
  return apart;
}

const covers = ({ fromMs, toMs }: Opening, atMs: number): boolean => fromMs <= atMs && atMs < toMs;

/**
 * True where an order made at one instant can be fulfilled at another: within the hours, and not after the last order
 * of the opening, or of the period. Null hours: always.
 */
export function acceptsOrdersAt(
  hours: HoursOfKind | null,
  timeZone: string,
  atMs: number,
  orderedAtMs = atMs,
): boolean {
  if (hours === null) return true;
  // One day further, so that an opening that continues past midnight is included to its end.
  const periods = listPeriods(hours, timeZone, atMs, atMs + DAY_MS);
  const closesMs = joined(periods).find((one) => covers(one, atMs))?.toMs ?? -Infinity;
  const beforeClosing = atMs < closesMs - hours.lastOrderMinutes * MINUTE_MS;
  return periods
    .filter((period) => covers(period, atMs))
    .some(({ lastOrderMs }) => (lastOrderMs === null ? beforeClosing : orderedAtMs < lastOrderMs));
}

/** Computes the date by the zone's calendar: 2026-03-02. */
export function toLocalDate(timeZone: string, atMs: number): string {
  return new Date(wallMs(timeZone, atMs)).toISOString().slice(0, 10);
}

/** Computes the minute of local time since Monday's midnight, 0 to 10 079. */
export function toMinuteOfWeek(timeZone: string, atMs: number): number {
  const wall = wallMs(timeZone, atMs);
  const dayMs = Math.floor(wall / DAY_MS) * DAY_MS;
  return toWeekday(dayMs) * 24 * 60 + Math.floor((wall - dayMs) / MINUTE_MS);
}

/** True where the minute of the week is in one of these windows, including one that began on the evening before. */
export function isWithin(windows: readonly WeeklySpan[], minute: number): boolean {
  const [day, ofDay] = [Math.floor(minute / 1440), minute % 1440];
  const isOn = ({ days, fromMinute, toMinute }: WeeklySpan, onDay: number, at: number) =>
    days.includes(onDay) && fromMinute <= at && at < toMinute;
  return windows.some((window) => isOn(window, day, ofDay) || isOn(window, (day + 6) % 7, ofDay + 1440));
}

/** Computes the instants at which a date begins and ends in a zone. */
export function toDaySpan(timeZone: string, date: string): Opening {
  const dayMs = Date.parse(date);
  return { fromMs: toInstant(timeZone, dayMs, 'first'), toMs: toInstant(timeZone, dayMs + DAY_MS, 'first') };
}
