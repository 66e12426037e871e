import { invalid } from './status.js';

/** Seconds since 1970, which may be negative, and 0 ≤ nanos < 1e9. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

/** Microseconds since 1970 of a commit or a read; exact as a double until the year 2255. */
export type Micros = number;

const MIN_SECONDS = -62_135_596_800; // 0001-01-01T00:00:00Z
const MAX_SECONDS = 253_402_300_799; // 9999-12-31T23:59:59Z

/** Converts microseconds since 1970 to a timestamp. */
export function toTimestamp(micros: Micros): Timestamp {
  const seconds = Math.floor(micros / 1e6);
  return { seconds, nanos: (micros - seconds * 1e6) * 1000 };
}

/** Converts a timestamp to microseconds, the precision that Firestore stores; finer digits are truncated. */
export function toMicros(time: Timestamp): Micros {
  return time.seconds * 1e6 + Math.floor(time.nanos / 1000);
}

/** Truncates a timestamp to microseconds, as production does when it stores one. */
export function truncatedToMicros(time: Timestamp): Timestamp {
  return { seconds: time.seconds, nanos: time.nanos - (time.nanos % 1000) };
}

/** Throws INVALID_ARGUMENT for a timestamp outside the years 1 to 9999. */
export function checkTimestamp(time: Timestamp): void {
  if (time.seconds < MIN_SECONDS || time.seconds > MAX_SECONDS) {
    throw invalid(`Timestamp seconds '${time.seconds}' outside permitted range.`);
  }
}

const RFC3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Parses RFC 3339 text; returns undefined for any other text. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', zone = 'Z'] = match;
  const millis = Date.parse(whole + zone.toUpperCase());
  if (Number.isNaN(millis)) return undefined;
  return { seconds: millis / 1000, nanos: Number(fraction.padEnd(9, '0')) };
}

/** Formats RFC 3339 with 0, 3, 6 or 9 digits of fraction, as proto3 JSON does. */
export function formatTimestamp(time: Timestamp): string {
  const whole = new Date(time.seconds * 1000).toISOString().slice(0, 19);
  if (time.nanos === 0) return `${whole}Z`;
  const digits = String(time.nanos).padStart(9, '0');
  const kept = digits.endsWith('000000') ? 3 : digits.endsWith('000') ? 6 : 9;
  return `${whole}.${digits.slice(0, kept)}Z`;
}

/** A clock whose readings strictly increase, so that each commit has a unique time. */
export class CommitClock {
  private last: Micros = 0;

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** Returns the time of the next commit. */
  next(): Micros {
    this.last = Math.max(this.last + 1, this.nowMs() * 1000);
    return this.last;
  }

  /** Returns a time to read at: all later commits have later times. */
  current(): Micros {
    this.last = Math.max(this.last, this.nowMs() * 1000);
    return this.last;
  }
}
