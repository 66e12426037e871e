import { fail, type Outcome } from '../outcome.js';
import { durationFromNanos, int, timestamp, timestampFromMillis, totalNanos, type Of } from '../values.js';
import { overload, type Overload, type Overloads } from './overload.js';

const MS_PER_DAY = 86_400_000;

/** Converts a timestamp to a date in UTC; the seconds of a timestamp always fit a number exactly. */
const toDate = (self: Of<'timestamp'>): Date => new Date(Number(self.seconds) * 1000);

const midnight = (self: Of<'timestamp'>): Of<'timestamp'> =>
  timestamp(BigInt(Math.floor(Number(self.seconds) / 86_400) * 86_400), 0);

const part = (read: (date: Date) => number): Overload[] => [overload(['timestamp'], (self) => int(read(toDate(self))))];

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY) + 1;

/** Creates midnight of a date; fails for a date that does not exist, such as February 30. */
function fromDate(year: Of<'int'>, month: Of<'int'>, day: Of<'int'>): Outcome {
  const [y, m, d] = [Number(year.value), Number(month.value), Number(day.value)];
  const date = new Date(0);
  date.setUTCFullYear(y, m - 1, d);
  const exists = date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  if (!exists || y < 1 || y > 9999) return fail(`Invalid date. Year: ${y}, month: ${m}, day: ${d}.`);
  return timestampFromMillis(date.getTime());
}

/** Creates a timestamp; fails outside the years 1 to 9999, the range of a stored timestamp. */
function fromMillis(ms: Of<'int'>): Outcome {
  const isInRange = ms.value >= -62_135_596_800_000n && ms.value < 253_402_300_800_000n;
  return isInRange ? timestampFromMillis(ms.value) : fail(`Timestamp out of range. Milliseconds: ${ms.value}.`);
}

export const TIMESTAMP_METHODS: Overloads = {
  date: [overload(['timestamp'], midnight)],
  time: [overload(['timestamp'], (self) => durationFromNanos(totalNanos(self) - totalNanos(midnight(self))))],
  year: part((date) => date.getUTCFullYear()),
  month: part((date) => date.getUTCMonth() + 1),
  day: part((date) => date.getUTCDate()),
  hours: part((date) => date.getUTCHours()),
  minutes: part((date) => date.getUTCMinutes()),
  seconds: part((date) => date.getUTCSeconds()),
  nanos: [overload(['timestamp'], (self) => int(self.nanos))],
  dayOfWeek: part((date) => date.getUTCDay() || 7),
  dayOfYear: part(dayOfYear),
  toMillis: [overload(['timestamp'], (self) => int(self.seconds * 1000n + BigInt(Math.floor(self.nanos / 1_000_000))))],
};

export const TIMESTAMP_FUNCTIONS: Overloads = {
  date: [overload(['int', 'int', 'int'], fromDate)],
  value: [overload(['int'], fromMillis)],
};
