import type { QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { MigrateLedgerInput, MigrateLedgerOutput } from '../calls/books.js';
import type { Journal } from '../contract/orders.js';
import { correctionJournal } from '../ledger/model/journals.js';
import { MAX_REFUNDS } from '../payments/model/refund.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { isAlreadyExists, paths } from '../platform/firestore.js';
import { attempt } from '../platform/isolate.js';
import { FORMER_ACCOUNTS, reclassify, type Causes } from './model/reclassify.js';

/** Journals of one call. */
const PAGE = 100;
/** Before the id of the journal that is corrected. */
const PREFIX = 'chart-';

/**
 * Moves amounts of journals from before the chart of accounts to its accounts, page by page: each by a correcting
 * journal with the id of its own, so that a repeated call changes nothing and orders may go on at the same time. The caller
 * passes `next` until it is null.
 */
export async function migrateLedger(
  ctx: Context,
  { uid: by }: Caller,
  { after, reason }: z.infer<typeof MigrateLedgerInput>,
): Promise<z.infer<typeof MigrateLedgerOutput>> {
  const byId = paths.ledger(ctx.db).where('accounts', 'array-contains-any', FORMER_ACCOUNTS).orderBy('__name__');
  const { docs } = await (after === null ? byId : byId.startAfter(after)).limit(PAGE).get();
  const former = docs.filter(({ id }) => !id.startsWith(PREFIX));
  const done = await Promise.all(
    former.map((doc) => attempt(ctx, 'migrateLedger', doc.ref.path, () => migrate(ctx, doc))),
  );
  const count = (outcome: Migrated) => done.filter((one) => one.ok && one.value === outcome).length;
  const counts = {
    moved: count('moved'),
    known: count('known'),
    left: former.length - count('moved') - count('known'),
  };
  const next = docs.length < PAGE ? null : (docs.at(-1)?.id ?? null);
  await ctx.db.runTransaction(async (tx) => {
    const subject = paths.ledger(ctx.db).path;
    writeAudit(ctx, tx, {
      by,
      action: 'migrateLedger',
      subject,
      reason,
      before: { after },
      after: { ...counts, next },
    });
  });
  return { ...counts, next };
}

/** `known`: corrected before. `left`: its amounts cannot be separated. */
type Migrated = 'moved' | 'known' | 'left';

async function migrate(ctx: Context, doc: QueryDocumentSnapshot<Journal>): Promise<Migrated> {
  const journal = doc.data();
  const ref = paths.journal(ctx.db, `${PREFIX}${doc.id}`);
  if ((await ref.get()).exists) return 'known';
  const causes = journal.orderId === null ? null : await readCauses(ctx, journal.orderId);
  const postings = reclassify(doc.id, journal, causes);
  const correction = postings && correctionJournal(journal, doc.id, postings, ctx.now());
  if (!correction) return 'left';
  try {
    await ref.create(correction);
    return 'moved';
  } catch (error) {
    if (isAlreadyExists(error)) return 'known';
    throw error;
  }
}

async function readCauses({ db }: Context, orderId: string): Promise<Causes | null> {
  const [order, quote, refunds, journals] = await Promise.all([
    paths.order(db, orderId).get(),
    paths.quote(db, orderId).get(),
    paths.refunds(db, orderId).limit(MAX_REFUNDS).get(),
    paths.ledger(db).where('orderId', '==', orderId).get(),
  ]);
  const [stored, priced] = [order.data(), quote.data()];
  if (!stored || !priced) return null;
  return {
    orderId,
    order: stored,
    quote: priced,
    refunds: refunds.docs.map((one) => [one.id, one.data()] as const),
    journals: journals.docs.map((one) => one.data()),
  };
}
