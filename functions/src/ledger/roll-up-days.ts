import type { DayBook } from '../contract/books.js';
import { attempt, readable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { addDays, dayOf, daysBetween } from './model/days.js';
import { journalPages, journalsOf } from './read-journals.js';
import { addJournals, chain, PLATFORM, type Books } from './model/roll-up.js';

/** So far back a day is looked at again: whatever was written late, and whatever a missed night left. */
const LOOK_BACK_DAYS = 35;
/** Owners whose books are written at a time. */
const AT_ONCE = 20;

/**
 * Every night: writes the books of the days that are over. A day is done when the platform's book, written last, sums
 * up as many journals as the day has; journals only ever get more, so a count is enough to see one that came late, a
 * missed night or a run that died. Such a day is summed up anew from all its journals: whatever was written before is
 * replaced by the same or by more, and the days after it are opened anew. Returns the days that were written.
 */
export async function rollUpDays(ctx: Context): Promise<string[]> {
  const today = dayOf(ctx.now());
  const days = daysBetween(addDays(today, -LOOK_BACK_DAYS), addDays(today, -1));
  const known = await booksSince(ctx, days[0] ?? today);
  const written: string[] = [];
  for (const day of days) {
    const { count } = (await journalsOf(ctx, day).count().get()).data();
    const book = known.get(day);
    if (count === (book?.journals ?? 0) && !book?.incomplete) continue;
    await rollUpDay(ctx, day);
    written.push(day);
  }
  return written;
}

async function booksSince(ctx: Context, day: string): Promise<Map<string, DayBook>> {
  const found = await paths.days(ctx.db, PLATFORM).where('day', '>=', day).get();
  return new Map((await readable(ctx, 'rollUpDays', found.docs)).map(({ id, data }) => [id, data]));
}

async function rollUpDay(ctx: Context, day: string): Promise<void> {
  const books: Books = new Map();
  for await (const journals of journalPages(ctx, 'rollUpDays', day)) addJournals(books, day, journals);
  const owners = [...books].filter(([owner]) => owner !== PLATFORM);
  let failed = 0;
  for (let first = 0; first < owners.length; first += AT_ONCE) {
    const written = await Promise.all(
      owners.slice(first, first + AT_ONCE).map(([owner, book]) => tryWrite(ctx, owner, book)),
    );
    failed += written.filter((one) => !one.ok).length;
  }
  const all = books.get(PLATFORM);
  if (all) await tryWrite(ctx, PLATFORM, failed > 0 ? { ...all, incomplete: true } : all);
  ctx.log.info('day rolled up', { day, journals: all?.journals ?? 0, owners: owners.length, failed });
}

/**
 * One owner's book, the platform's alike: where it fails, another one of the same owner cannot be read. A day without a
 * platform book is rolled up again the next night.
 */
const tryWrite = (ctx: Context, owner: string, book: DayBook) =>
  attempt(ctx, 'rollUpDays', `${owner}/days/${book.day}`, () => writeBook(ctx, owner, book));

/** The day's book, opened by the one before it; with it the openings of later ones, where there are any. */
async function writeBook(ctx: Context, owner: string, book: DayBook): Promise<void> {
  const [before, after] = await Promise.all([
    paths.days(ctx.db, owner).where('day', '<', book.day).orderBy('day', 'desc').limit(1).get(),
    paths.days(ctx.db, owner).where('day', '>', book.day).orderBy('day').get(),
  ]);
  const batch = ctx.db.batch();
  const later = after.docs.map((one) => one.data());
  for (const one of chain(before.docs[0]?.data() ?? null, [book, ...later]))
    batch.set(paths.days(ctx.db, owner).doc(one.day), one);
  await batch.commit();
}
