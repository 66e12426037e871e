import { z } from 'zod';
import { DocumentId, EpochMs, Name } from './common.js';

const DAY_MINUTES = 24 * 60;

const spanFields = {
  fromMinute: z
    .int()
    .min(0)
    .max(DAY_MINUTES - 1),
  toMinute: z
    .int()
    .min(1)
    .max(2 * DAY_MINUTES),
};
type SpanFields = { fromMinute: number; toMinute: number };
const lastsADay = ({ fromMinute, toMinute }: SpanFields) =>
  fromMinute < toMinute && toMinute - fromMinute <= DAY_MINUTES;

/** A span on some days of the week: 0 is Monday. */
export const WeeklySpan = z
  .strictObject({ ...spanFields, days: z.array(z.int().min(0).max(6)).min(1).max(7) })
  .refine(lastsADay);
export type WeeklySpan = z.infer<typeof WeeklySpan>;

const periodFields = {
  ...spanFields,
  /**
   * Orders for this period are accepted until then, counted as the other minutes: "lunch until 11:00". It may lie
   * before the period, which then accepts orders for a slot only. Absent: until `lastOrderMinutes` before closing.
   */
  lastOrderMinute: z
    .int()
    .min(0)
    .max(2 * DAY_MINUTES)
    .optional(),
};
const takesOrdersUntilItEnds = ({
  toMinute,
  lastOrderMinute = 0,
}: SpanFields & { lastOrderMinute?: number | undefined }) => lastOrderMinute <= toMinute;

/**
 * A period in which a restaurant is open, in minutes of the wall clock since the day's midnight; beyond 1440 it is the
 * next morning. At most a day long.
 */
export const Period = z.strictObject(periodFields).refine(lastsADay).refine(takesOrdersUntilItEnds);
export type Period = z.infer<typeof Period>;

/** Such a period on some days of the week: 0 is Monday. */
export const WeeklyPeriod = z
  .strictObject({ ...periodFields, days: z.array(z.int().min(0).max(6)).min(1).max(7) })
  .refine(lastsADay)
  .refine(takesOrdersUntilItEnds);
export type WeeklyPeriod = z.infer<typeof WeeklyPeriod>;

/** When a restaurant is open, in its own time zone. */
export const HoursOfKind = z.strictObject({
  weekly: z.array(WeeklyPeriod).max(42),
  /** Dates with their own periods; none: closed. A period that began on the evening before continues past midnight. */
  holidays: z
    .array(z.strictObject({ date: z.iso.date(), spans: z.array(Period).max(6) }))
    .max(100)
    .default([]),
  /** Orders are accepted until this long before closing, unless the period has a last order of its own. */
  lastOrderMinutes: z.int().min(0).max(240).default(0),
});
export type HoursOfKind = z.infer<typeof HoursOfKind>;

/** For delivery, and for pickup where `pickup` has no entry. Absent: the same for both. */
export const Hours = HoursOfKind.extend({ pickup: HoursOfKind.optional() });
export type Hours = z.infer<typeof Hours>;

/** A time span in which a restaurant is open, in epoch ms: from the first up to, not including, the last. */
export const Opening = z.strictObject({ fromMs: EpochMs, toMs: EpochMs });
export type Opening = z.infer<typeof Opening>;

/** A part of the week in which some items are served, or have another price: breakfast, lunch, happy hour. */
export const Daypart = z.strictObject({ id: DocumentId, name: Name, windows: z.array(WeeklySpan).min(1).max(21) });
export type Daypart = z.infer<typeof Daypart>;
