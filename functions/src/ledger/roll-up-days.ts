import type { DayBook } from '../contract/books.js';
import { attempt, filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import { findClosedMonths } from './close-months.js';
import { addDays, toUtcDay, listDays } from './model/days.js';
import { readJournalPages, queryJournals } from './read-journals.js';
import { toMonth } from './model/months.js';
import { addFulfilledOrders, readKitchenDay, type FulfilledOrders } from './read-kitchen-day.js';
import { addJournals, chainDayBooks, PLATFORM, type DayBooks } from './model/roll-up.js';

/** The number of past days that are checked again, for late journals and missed nights. */
const LOOK_BACK_DAYS = 35;
/** Owners whose summaries are written at the same time. */
const AT_ONCE = 20;

/**
 * Writes the ledger summaries of past days, every night. A day is done when the platform's summary, written last,
 * covers as many journals as the day has; journals are never deleted, so a count is enough to detect a late one, a
 * missed night or a run that stopped. Such a day is summed up again from all its journals: each summary is replaced by
 * the same or a larger one, and the openings of the following days are updated. A day of a closed month stays as it is. Returns
 * the days that were written.
 */
export async function rollUpDays(ctx: Context): Promise<string[]> {
  const today = toUtcDay(ctx.now());
  const days = listDays(addDays(today, -LOOK_BACK_DAYS), addDays(today, -1));
  const known = await booksSince(ctx, days[0] ?? today);
  const closed = await findClosedMonths(ctx, days);
  const written: string[] = [];
  for (const day of days) {
    const { count } = (await queryJournals(ctx, day).count().get()).data();
    const book = known.get(day);
    if (count === (book?.journals ?? 0) && !book?.incomplete) continue;
    if (closed.has(toMonth(day))) await raiseLateJournals(ctx, day, count, book?.journals ?? 0);
    if (closed.has(toMonth(day))) continue;
    await rollUpDay(ctx, day);
    written.push(day);
  }
  return written;
}

/** The backend posts each journal at its own time, so that a late one was written by hand. */
async function raiseLateJournals(ctx: Context, day: string, count: number, known: number): Promise<void> {
  const detail = `${count - known} journals of ${day} were written after its month was closed`;
  await raiseOperatorTask(ctx, { kind: 'books_differ', orderId: null, detail }, `late-journals-${day}`);
}

async function booksSince(ctx: Context, day: string): Promise<Map<string, DayBook>> {
  const found = await paths.days(ctx.db, PLATFORM).where('day', '>=', day).get();
  return new Map((await filterReadable(ctx, 'rollUpDays', found.docs)).map(({ id, data }) => [id, data]));
}

async function rollUpDay(ctx: Context, day: string): Promise<void> {
  const books: DayBooks = new Map();
  const fulfilled: FulfilledOrders = new Map();
  for await (const journals of readJournalPages(ctx, 'rollUpDays', day)) {
    addJournals(books, day, journals);
    addFulfilledOrders(fulfilled, journals);
  }
  const owners = [...books].filter(([owner]) => owner !== PLATFORM);
  let failed = 0;
  for (let first = 0; first < owners.length; first += AT_ONCE) {
    const written = await Promise.all(
      owners.slice(first, first + AT_ONCE).map(([owner, book]) => tryWrite(ctx, owner, book, fulfilled.get(owner))),
    );
    failed += written.filter((one) => !one.ok).length;
  }
  const all = books.get(PLATFORM);
  if (all) await tryWrite(ctx, PLATFORM, failed > 0 ? { ...all, incomplete: true } : all);
  ctx.log.info('day rolled up', { day, journals: all?.journals ?? 0, owners: owners.length, failed });
}

/**
 * Writes one owner's summary, or the platform's: if it fails, a stored summary of the same owner cannot be read. A day
 * without a platform summary is summed up again the next night.
 */
const tryWrite = (ctx: Context, owner: string, book: DayBook, orderIds?: ReadonlySet<string>) =>
  attempt(ctx, 'rollUpDays', `${owner}/days/${book.day}`, async () => {
    const kitchen = orderIds && (await readKitchenDay(ctx, orderIds));
    await writeBook(ctx, owner, { ...book, ...(kitchen && { kitchen }) });
  });

/**
 * Writes the day's summary, with the previous one's closing balances as its opening; it also updates the openings of
 * later ones.
 */
async function writeBook(ctx: Context, owner: string, book: DayBook): Promise<void> {
  const [before, after] = await Promise.all([
    paths.days(ctx.db, owner).where('day', '<', book.day).orderBy('day', 'desc').limit(1).get(),
    paths.days(ctx.db, owner).where('day', '>', book.day).orderBy('day').get(),
  ]);
  const batch = ctx.db.batch();
  const later = after.docs.map((one) => one.data());
  for (const one of chainDayBooks(before.docs[0]?.data() ?? null, [book, ...later]))
    batch.set(paths.days(ctx.db, owner).doc(one.day), one);
  await batch.commit();
}
