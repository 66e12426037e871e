import { createHash } from 'node:crypto';
import type {
  DocumentReference,
  DocumentSnapshot,
  Query,
  QueryDocumentSnapshot,
  Timestamp,
} from 'firebase-admin/firestore';
import { isOutage } from '../core/outage.js';
import type { Context } from './context.js';
import { DocumentError } from './document-error.js';
import { isTransient } from './firestore.js';
import { raiseOperatorTask } from './operator-tasks.js';

/** A document that matches its schema. */
export interface Readable<T> {
  id: string;
  ref: DocumentReference<T>;
  data: T;
  updateTime: Timestamp | undefined;
}

/** Documents that one batch handles at the same time. */
const AT_ONCE = 25;
/** Documents read at a time by a batch that pages through a query. */
const PAGE = 200;

/**
 * Returns the documents that can be read. Every other one becomes an operator task that names its path: a bad document
 * affects only itself. `job` names the batch in the task and in the log.
 */
export async function filterReadable<T>(
  ctx: Context,
  job: string,
  docs: readonly DocumentSnapshot<T>[],
): Promise<Readable<T>[]> {
  const read = await Promise.all(docs.map((doc) => readOne(ctx, job, doc)));
  return read.filter((one) => one !== null);
}

/** Returns one document of a batch; null when it does not exist or cannot be read. */
export async function readOne<T>(ctx: Context, job: string, doc: DocumentSnapshot<T>): Promise<Readable<T> | null> {
  try {
    const data = doc.data();
    return data === undefined ? null : { id: doc.id, ref: doc.ref, data, updateTime: doc.updateTime };
  } catch (error) {
    await reportDocument(ctx, job, doc.ref.path, error);
    return null;
  }
}

/**
 * Handles each document separately, some at a time, and returns the results of those that succeeded. A transient
 * failure is logged: the next run of the batch retries it. Any other failure becomes an operator task. The first few
 * are always started, a further one only while `goesOn`.
 */
export async function handleEach<T, R>(
  ctx: Context,
  job: string,
  docs: readonly DocumentSnapshot<T>[],
  handle: (doc: Readable<T>) => Promise<R>,
  goesOn: () => boolean = () => true,
): Promise<R[]> {
  const results: R[] = [];
  await inParallel(docs, goesOn, async (doc) => {
    const read = await readOne(ctx, job, doc);
    const done = read && (await attempt(ctx, job, doc.ref.path, () => handle(read)));
    if (done?.ok) results.push(done.value);
  });
  return results;
}

/** Handles each document, readable or not: one that fails becomes an operator task as well. */
export async function attemptEach<T>(
  ctx: Context,
  job: string,
  docs: readonly DocumentSnapshot<T>[],
  handle: (doc: DocumentSnapshot<T>) => Promise<void>,
): Promise<void> {
  await inParallel(
    docs,
    () => true,
    async (doc) => {
      await readOne(ctx, job, doc);
      await attempt(ctx, job, doc.ref.path, () => handle(doc));
    },
  );
}

/** Handles documents that were read before, as `handleEach` does. */
export async function handleReadable<T, R>(
  ctx: Context,
  job: string,
  found: readonly Readable<T>[],
  handle: (doc: Readable<T>) => Promise<R>,
  goesOn: () => boolean,
): Promise<R[]> {
  const results: R[] = [];
  await inParallel(found, goesOn, async (one) => {
    const done = await attempt(ctx, job, one.ref.path, () => handle(one));
    if (done.ok) results.push(done.value);
  });
  return results;
}

/** Runs the first few items, and each further one as soon as one before it is done and while `goesOn`. */
async function inParallel<T>(
  items: readonly T[],
  goesOn: () => boolean,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = goesOn() ? waiting.shift() : undefined) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
}

/**
 * Handles the documents of a query while there is time, page by page and within a page. The first ones are always
 * started, so that every run makes progress. `finished` is false where some may be left.
 */
export async function handlePages<T>(
  ctx: Context,
  job: string,
  hasTime: () => boolean,
  query: Query<T>,
  handle: (doc: Readable<T>) => Promise<unknown>,
): Promise<{ handled: number; finished: boolean }> {
  let handled = 0;
  for await (const page of readPages(query)) {
    handled += (await handleEach(ctx, job, page, handle, hasTime)).length;
    if (page.length > 0 && !hasTime()) return { handled, finished: false };
  }
  return { handled, finished: true };
}

/** Runs one part of a batch; its failure is reported for the document at `path` and stops no other part. */
export async function attempt<R>(
  ctx: Context,
  job: string,
  path: string,
  run: () => Promise<R>,
): Promise<{ ok: true; value: R } | { ok: false }> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    await reportDocument(ctx, job, error instanceof DocumentError ? error.path : path, error);
    return { ok: false };
  }
}

/**
 * Reads every document of a query in its order, a page at a time. The query must have an order of its own or be ordered
 * by name. Documents that were handled and no longer match the query do no harm: each page begins after the last
 * document.
 */
export async function* readPages<T>(query: Query<T>, size: number = PAGE): AsyncGenerator<QueryDocumentSnapshot<T>[]> {
  let last: QueryDocumentSnapshot<T> | undefined;
  do {
    const page = await (last ? query.startAfter(last) : query).limit(size).get();
    last = page.size === size ? page.docs.at(-1) : undefined;
    yield page.docs;
  } while (last);
}

/** Logs a document's failure and, unless a later try may succeed, creates its operator task: at most once an hour. */
export async function reportDocument(ctx: Context, job: string, path: string, error: unknown): Promise<void> {
  ctx.log.error(`${job}: document failed`, { path }, error);
  if (isOutage(error) || isTransient(error)) return;
  const detail = `${job}: ${error instanceof Error ? error.message : String(error)}`;
  const task = { kind: 'document_failed' as const, orderId: null, path, detail };
  try {
    await ctx.caches.reported.get(path, () => raiseOperatorTask(ctx, task, toDocumentTaskId(path)));
  } catch (failure) {
    ctx.log.error('operator task not created', { path }, failure);
  }
}

/** Derives the id of a document's task: a path may be longer than an id, and contains slashes. */
export const toDocumentTaskId = (path: string): string =>
  `document-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;

/**
 * Runs a job about one document: a document that cannot be read becomes an operator task. The error is thrown only
 * while the job may be repeated: during a deployment another instance can read what this one cannot.
 */
export async function reportIfUnreadable(
  ctx: Context,
  job: string,
  run: () => Promise<void>,
  mayRepeat = false,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    await reportDocument(ctx, job, error.path, error);
    if (mayRepeat) throw error;
  }
}

/** An event about a document that cannot be read is repeated for so long: longer than a deployment takes. */
const EVENT_REPEATS_MS = 30 * 60_000;

/** Runs the work of an event; `occurredAtMs` is when its document changed. See `reportIfUnreadable`. */
export const reportEvent = (ctx: Context, job: string, occurredAtMs: number, run: () => Promise<void>): Promise<void> =>
  reportIfUnreadable(ctx, job, run, ctx.now() < occurredAtMs + EVENT_REPEATS_MS);
