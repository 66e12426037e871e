import type { Hours, Opening, Span, WeeklySpan } from '../contract/hours.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Every zone changes its clocks on a quarter of an hour. Source: IANA time zone database, since 1973. */
const QUARTER_MS = 15 * MINUTE_MS;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** A clock costs far more to make than to read. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric,
  }); // prettier-ignore
  clocks.set(timeZone, clock);
  return clock;
}

/** Does the runtime know this zone? */
export function isTimeZone(timeZone: string): boolean {
  try {
    return clockOf(timeZone) !== undefined;
  } catch {
    return false;
  }
}

const MAX_OFFSETS = 20_000;
const offsets = new Map<string, number>();

/** How far the zone's clocks are ahead of UTC at this instant. */
function offsetMs(timeZone: string, atMs: number): number {
  const quarterMs = Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
  const key = `${timeZone} ${quarterMs}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts = Object.fromEntries(
    clockOf(timeZone).formatToParts(quarterMs).map(({ type, value }) => [type, Number(value)]),
  ); // prettier-ignore
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  const offset = Date.UTC(year, month - 1, day, hour, minute) - quarterMs;
  if (offsets.size >= MAX_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** What the clocks on the wall show, counted as if it were UTC: days and minutes can be read off by division. */
const wallMs = (timeZone: string, atMs: number): number => atMs + offsetMs(timeZone, atMs);

/** What the clocks of the zone show, in minutes since midnight. */
export function minuteOfDay(timeZone: string, atMs: number): number {
  return Math.floor((wallMs(timeZone, atMs) % DAY_MS) / MINUTE_MS);
}

/**
 * The instant at which the clocks show this. Shown twice, it is the first or the last time, as asked; skipped, it is
 * the instant of the change.
 */
function instantOf(timeZone: string, wall: number, which: 'first' | 'last'): number {
  const before = offsetMs(timeZone, wall - DAY_MS);
  const after = offsetMs(timeZone, wall + DAY_MS);
  const shown = [wall - before, wall - after].filter((atMs) => wallMs(timeZone, atMs) === wall);
  if (shown.length > 0) return which === 'first' ? Math.min(...shown) : Math.max(...shown);
  let changeMs = Math.ceil((wall - after) / QUARTER_MS) * QUARTER_MS;
  while (offsetMs(timeZone, changeMs) === before) changeMs += QUARTER_MS;
  return changeMs;
}

/** 0 is Monday; the first day of 1970 was a Thursday. */
const weekdayOf = (dayMs: number): number => (dayMs / DAY_MS + 3) % 7;

function spansOn({ weekly, holidays }: Hours, dayMs: number): readonly Span[] {
  const date = new Date(dayMs).toISOString().slice(0, 10);
  const holiday = holidays.find((one) => one.date === date);
  return holiday?.spans ?? weekly.filter(({ days }) => days.includes(weekdayOf(dayMs)));
}

/**
 * The openings that reach into a time, in order and in full; what touches is one. A span holds from its first minute to
 * its last as the clocks show them: in the night of a change it is an hour shorter or longer.
 */
export function openingsBetween(hours: Hours, timeZone: string, fromMs: number, toMs: number): Opening[] {
  const midnight = (atMs: number) => Math.floor(wallMs(timeZone, atMs) / DAY_MS) * DAY_MS;
  const found: Opening[] = [];
  for (let dayMs = midnight(fromMs) - DAY_MS; dayMs <= midnight(toMs); dayMs += DAY_MS) {
    for (const { fromMinute, toMinute } of spansOn(hours, dayMs)) {
      found.push({
        fromMs: instantOf(timeZone, dayMs + fromMinute * MINUTE_MS, 'first'),
        toMs: instantOf(timeZone, dayMs + toMinute * MINUTE_MS, 'last'),
      });
    }
  }
  return joined(found).filter((one) => one.toMs > fromMs && one.fromMs < toMs);
}

function joined(openings: readonly Opening[]): Opening[] {
  const apart: Opening[] = [];
  for (const opening of openings.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = apart.at(-1);
    if (last && opening.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, opening.toMs);
    else if (opening.toMs > opening.fromMs) apart.push({ ...opening });
  }
  return apart;
}

/** Does the kitchen take an order at this instant? Not once the last order of the opening has passed. */
export function takesOrdersAt(hours: Hours | null, timeZone: string, atMs: number): boolean {
  if (hours === null) return true;
  // A day further, so that an opening that goes on past midnight is seen to its end.
  const opening = openingsBetween(hours, timeZone, atMs, atMs + DAY_MS).find((one) => one.fromMs <= atMs);
  return opening !== undefined && atMs < opening.toMs - hours.lastOrderMinutes * MINUTE_MS;
}

/** The wall clock's minute since Monday's midnight, 0 to 10 079. */
export function minuteOfWeek(timeZone: string, atMs: number): number {
  const wall = wallMs(timeZone, atMs);
  const dayMs = Math.floor(wall / DAY_MS) * DAY_MS;
  return weekdayOf(dayMs) * 24 * 60 + Math.floor((wall - dayMs) / MINUTE_MS);
}

/** Is the minute of the week in one of these windows, also in one that began the evening before? */
export function isWithin(windows: readonly WeeklySpan[], minute: number): boolean {
  const [day, ofDay] = [Math.floor(minute / 1440), minute % 1440];
  const covers = ({ days, fromMinute, toMinute }: WeeklySpan, onDay: number, at: number) =>
    days.includes(onDay) && fromMinute <= at && at < toMinute;
  return windows.some((window) => covers(window, day, ofDay) || covers(window, (day + 6) % 7, ofDay + 1440));
}

/** The instants at which a date begins and ends in a zone. */
export function dayOf(timeZone: string, date: string): Opening {
  const dayMs = Date.parse(date);
  return { fromMs: instantOf(timeZone, dayMs, 'first'), toMs: instantOf(timeZone, dayMs + DAY_MS, 'first') };
}
