import type { Query } from 'firebase-admin/firestore';
import type { Journal } from '../contract/orders.js';
import { pagesOf, readable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { addDays, startOfDay } from './model/days.js';

const PAGE = 500;

/** Queries the journals of a day, in the order of their time. */
export function journalsOf({ db }: Context, day: string): Query<Journal> {
  const endsAtMs = startOfDay(addDays(day, 1));
  return paths.ledger(db).where('atMs', '>=', startOfDay(day)).where('atMs', '<', endsAtMs).orderBy('atMs');
}

/** Reads every readable journal of a day, one page at a time in memory. `job` names the batch that reads. */
export async function* journalPages(ctx: Context, job: string, day: string): AsyncGenerator<Journal[]> {
  for await (const page of pagesOf(journalsOf(ctx, day), PAGE)) {
    yield (await readable(ctx, job, page)).map(({ data }) => data);
  }
}
