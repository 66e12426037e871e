import type { DayBook, MonthBook } from '../contract/books.js';
import { attempt, filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { addDays, toUtcDay } from './model/days.js';
import { sumMonth, toMonth, toMonthBefore, toMonthSpan } from './model/months.js';
import { PLATFORM } from './model/roll-up.js';

/** A month is closed on the fourth day of the next one: the provider's fees and late journals are in by then. */
const CLOSED_AFTER_DAYS = 3;
/** The number of months that are checked, for nights without a run. */
const LOOK_BACK_MONTHS = 12;

/**
 * Closes the months that are over: the platform's summary of the month is stored, and its days are not summed up again.
 * A month stays open until the reconciliation of its last day is done. Returns the months that it closed.
 */
export async function closeMonths(ctx: Context): Promise<string[]> {
  const latest = toMonthBefore(toMonth(addDays(toUtcDay(ctx.now()), -CLOSED_AFTER_DAYS)));
  const closed: string[] = [];
  for (const month of listMonths(latest)) {
    const done = await attempt(ctx, 'rollUpDays', paths.month(ctx.db, month).path, () => closeMonth(ctx, month));
    if (done.ok && done.value) closed.push(month);
  }
  return closed;
}

/** The oldest first. */
function listMonths(latest: string): string[] {
  const months = [latest];
  while (months.length < LOOK_BACK_MONTHS) months.unshift(toMonthBefore(months[0] ?? latest));
  return months;
}

async function closeMonth(ctx: Context, month: string): Promise<boolean> {
  const ref = paths.month(ctx.db, month);
  if ((await ref.get()).exists) return false;
  const [, endDay] = toMonthSpan(month);
  const summed = sumMonth(month, await readMonthDays(ctx, month));
  if (!summed || !(await isReconciled(ctx, addDays(endDay, -1)))) return false;
  await ref.create({ ...summed, closedAtMs: ctx.now() });
  return true;
}

async function isReconciled({ db }: Context, day: string): Promise<boolean> {
  return (await paths.reconciliation(db, day).get()).data()?.state === 'done';
}

/** Reads the platform's summaries of the days of a month. */
async function readMonthDays(ctx: Context, month: string): Promise<DayBook[]> {
  const [firstDay, endDay] = toMonthSpan(month);
  const days = paths.days(ctx.db, PLATFORM).where('day', '>=', firstDay).where('day', '<', endDay);
  return (await filterReadable(ctx, 'rollUpDays', (await days.orderBy('day').get()).docs)).map(({ data }) => data);
}

/** Returns the closed months among those of some days. */
export async function findClosedMonths({ db }: Context, days: readonly string[]): Promise<Set<string>> {
  const months = [...new Set(days.map(toMonth))];
  const read = await Promise.all(months.map((month) => paths.month(db, month).get()));
  return new Set(months.filter((_, index) => read[index]?.exists));
}

/** Reads a month: as it was closed, or what there is of it so far. Null without a movement. */
export async function readMonth(
  ctx: Context,
  month: string,
): Promise<(Omit<MonthBook, 'closedAtMs'> & { closedAtMs: number | null }) | null> {
  const closed = (await paths.month(ctx.db, month).get()).data();
  if (closed) return closed;
  const summed = sumMonth(month, await readMonthDays(ctx, month));
  return summed && { ...summed, closedAtMs: null };
}
