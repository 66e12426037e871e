import type { Query } from 'firebase-admin/firestore';
import type { Journal } from '../contract/orders.js';
import { readPages, filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { toDayEndMs, toDayStartMs } from './model/days.js';

const PAGE = 500;

/** Queries the journals of a day, in the order of their time. */
export function queryJournals({ db }: Context, day: string): Query<Journal> {
  const endsAtMs = toDayEndMs(day);
  return paths.ledger(db).where('atMs', '>=', toDayStartMs(day)).where('atMs', '<', endsAtMs).orderBy('atMs');
}

/** Reads every readable journal of a day, one page at a time in memory. `job` names the batch that reads. */
export async function* readJournalPages(ctx: Context, job: string, day: string): AsyncGenerator<Journal[]> {
  for await (const page of readPages(queryJournals(ctx, day), PAGE)) {
    yield (await filterReadable(ctx, job, page)).map(({ data }) => data);
  }
}
