import type { z } from 'zod';
import type { MonthReportInput, MonthReportOutput } from '../calls/books.js';
import type { Caller, Context } from '../platform/context.js';
import { Refusal } from '../core/outcome.js';
import { readMonth } from './close-months.js';
import { listMonthLines, toMonthCsv } from './model/month-lines.js';

/** Reports what the platform earned, spent, holds and owes in a month, by account. */
export async function monthReport(
  ctx: Context,
  _caller: Caller,
  { month }: z.infer<typeof MonthReportInput>,
): Promise<z.infer<typeof MonthReportOutput>> {
  const read = await readMonth(ctx, month);
  if (!read) throw new Refusal('PERIOD_EMPTY', { month });
  const lines = listMonthLines(read);
  return { month, closedAtMs: read.closedAtMs, lines, csv: toMonthCsv(month, lines) };
}
