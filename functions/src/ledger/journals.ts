import type { Query, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { Journal } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { addDays, startOfDay } from './days.js';

const PAGE = 500;

/** The journals of a day, in the order of their time. */
export function journalsOf({ db }: Context, day: string): Query<Journal> {
  const endsAtMs = startOfDay(addDays(day, 1));
  return paths.ledger(db).where('atMs', '>=', startOfDay(day)).where('atMs', '<', endsAtMs).orderBy('atMs');
}

/** All of a query's documents, of which only a page is held at a time. */
export async function* pagesOf<T>(query: Query<T>): AsyncGenerator<T[]> {
  let last: QueryDocumentSnapshot<T> | undefined;
  do {
    const page = await (last ? query.startAfter(last) : query).limit(PAGE).get();
    last = page.size === PAGE ? page.docs.at(-1) : undefined;
    yield page.docs.map((one) => one.data());
  } while (last);
}
