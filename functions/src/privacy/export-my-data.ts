import type { DocumentData, DocumentReference, Query } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { takeToken } from '../abuse/rate-limit-store.js';
import type { ExportMyDataInput, ExportMyDataOutput } from '../calls/privacy.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { listFiles } from '../media/files-below.js';
import { attempt, filterReadable, readPages } from '../platform/isolate.js';
import { personalAccounts } from '../ledger/model/chart.js';
import type { Caller, Context } from '../platform/context.js';
import { paths, readFields } from '../platform/firestore.js';
import { queriesFor, listRoots } from './personal-data-queries.js';
import { isExportedIn } from './model/registry.js';
import { toExported } from './others.js';

const DAY_MS = 24 * 3_600_000;
/** The file is deleted by the following night. */
export const EXPORT_LIVES_MS = 7 * DAY_MS;
/** Of each place; a user with more contacts the operators. */
const MAX_OF_EACH = 2_000;
/**
 * Documents of one query in memory at once: a quote has up to 600 kB, most of it rules of its price, which the export
 * leaves out.
 */
const PAGE = 50;

/**
 * Writes the caller's personal data into one file that only the caller may read: of the documents and fields that
 * registry.ts exports, since a document may contain another person's data or data that the caller may not read.
 */
export async function exportMyData(
  ctx: Context,
  { uid }: Caller,
  _: z.infer<typeof ExportMyDataInput>,
): Promise<z.infer<typeof ExportMyDataOutput>> {
  await takeToken(ctx, { kind: 'export', whose: uid });
  const documents = Object.fromEntries([
    ...filterExported(await ownDocuments(ctx, uid), uid),
    ...(await namingDocuments(ctx, uid)),
    ...(await ownPostings(ctx, uid)),
  ]);
  const account = await ctx.identity.accountOf(uid);
  const path = `exports/${uid}/${ctx.now()}.json`;
  const file = JSON.stringify({ madeAtMs: ctx.now(), uid, account, documents }, null, 2);
  await ctx.files.write(path, Buffer.from(file), {
    contentType: 'application/json',
    cacheControl: 'private, no-store',
  });
  return { path, expiresAtMs: ctx.now() + EXPORT_LIVES_MS, documents: Object.keys(documents).length };
}

/** Deletes expired export files, every night. Their names contain their time of creation. */
export async function deleteExpiredExports(ctx: Context): Promise<void> {
  const isOld = (path: string) => Number(path.split('/').at(-1)?.replace('.json', '')) + EXPORT_LIVES_MS <= ctx.now();
  for await (const path of listFiles(ctx, 'exports/')) {
    if (isOld(path)) await attempt(ctx, 'dropOldExports', path, () => ctx.files.remove(path));
  }
}

type Entry = readonly [path: string, data: unknown];

/** Returns the exported ones, each with its exported fields. */
const filterExported = (found: readonly Entry[], uid: string): Entry[] =>
  found.map(([place, data]): Entry => [place, toExported(place, data, uid)]).filter(([, data]) => data !== undefined);

async function ownDocuments(ctx: Context, uid: string): Promise<Entry[]> {
  const roots = [
    ...listRoots(ctx, uid, ({ exported }) => exported === true),
    ctx.db.doc(paths.ledgerAccount(ctx.db, toAccountId(uid)).path),
  ];
  return (await Promise.all(roots.map(readSubtree))).flat();
}

/** Reads a document with all that is below it, in collections of which the registry exports documents. */
async function readSubtree(ref: DocumentReference<DocumentData>): Promise<Entry[]> {
  const [document, collections] = await Promise.all([ref.get(), ref.listCollections()]);
  const exported = collections.filter(({ path }) => isExportedIn(path));
  const found = await Promise.all(exported.map((collection) => collection.limit(MAX_OF_EACH).get()));
  const deeper = await Promise.all(found.flatMap(({ docs }) => docs.map((one) => readSubtree(one.ref))));
  return [...(document.exists ? [[ref.path, readFields(document)] as const] : []), ...deeper.flat()];
}

async function namingDocuments(ctx: Context, uid: string): Promise<Entry[]> {
  const queries = queriesFor(ctx, uid, ({ exported }, field) =>
    typeof exported === 'object' ? exported.includes(field) : exported === true,
  );
  return (await Promise.all(queries.map(({ query }) => readExported(query, uid)))).flat();
}

/** Reads the documents of a query page by page, and keeps of each page what is exported. */
async function readExported(query: Query<DocumentData>, uid: string): Promise<Entry[]> {
  const exported: Entry[] = [];
  let read = 0;
  for await (const page of readPages(query, PAGE)) {
    const found = page.map((one): Entry => [one.ref.path, readFields(one)]);
    exported.push(...filterExported(found, uid));
    read += page.length;
    if (read >= MAX_OF_EACH) break;
  }
  return exported;
}

/** Reads of each journal only the postings to the person's own accounts: the rest belongs to other parties. */
async function ownPostings(ctx: Context, uid: string): Promise<Entry[]> {
  const accounts = personalAccounts(uid);
  const found = await paths.ledger(ctx.db).where('accounts', 'array-contains-any', accounts).limit(MAX_OF_EACH).get();
  return (await filterReadable(ctx, 'exportMyData', found.docs)).map(({ ref, data }) => {
    const { orderId, kind, currency, atMs, entries } = data;
    return [
      ref.path,
      { orderId, kind, currency, atMs, entries: entries.filter((one) => accounts.includes(one.account)) },
    ];
  });
}
