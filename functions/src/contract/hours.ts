import { z } from 'zod';
import { DocumentId, EpochMs, Name } from './common.js';

const DAY_MINUTES = 24 * 60;

const spanFields = {
  fromMinute: z.int().min(0).max(DAY_MINUTES - 1), // prettier-ignore
  toMinute: z
    .int()
    .min(1)
    .max(2 * DAY_MINUTES),
};
type SpanFields = { fromMinute: number; toMinute: number };
const lastsADay = ({ fromMinute, toMinute }: SpanFields) =>
  fromMinute < toMinute && toMinute - fromMinute <= DAY_MINUTES;

/** Minutes of the wall clock since the day's midnight; beyond 1440 it is the next morning. A day long at most. */
export const Span = z.strictObject(spanFields).refine(lastsADay);
export type Span = z.infer<typeof Span>;

/** A span on some days of the week: 0 is Monday. */
export const WeeklySpan = z
  .strictObject({ ...spanFields, days: z.array(z.int().min(0).max(6)).min(1).max(7) })
  .refine(lastsADay);
export type WeeklySpan = z.infer<typeof WeeklySpan>;

/** When a restaurant is open, by its own time zone. */
export const Hours = z.strictObject({
  weekly: z.array(WeeklySpan).max(42),
  /** On these dates only the spans given here; none: closed. What began the evening before goes on past midnight. */
  holidays: z.array(z.strictObject({ date: z.iso.date(), spans: z.array(Span).max(6) })).max(100).default([]), // prettier-ignore
  /** Orders are taken until so long before closing. */
  lastOrderMinutes: z.int().min(0).max(240).default(0),
});
export type Hours = z.infer<typeof Hours>;

/** A time in which a restaurant is open, in real time: from the first up to, not including, the last. */
export const Opening = z.strictObject({ fromMs: EpochMs, toMs: EpochMs });
export type Opening = z.infer<typeof Opening>;

/** A part of the week in which some items are served, or cost something else: breakfast, lunch, happy hour. */
export const Daypart = z.strictObject({ id: DocumentId, name: Name, windows: z.array(WeeklySpan).min(1).max(21) });
export type Daypart = z.infer<typeof Daypart>;
