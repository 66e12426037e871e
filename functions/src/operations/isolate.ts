import { createHash } from 'node:crypto';
import type {
  DocumentReference,
  DocumentSnapshot,
  Query,
  QueryDocumentSnapshot,
  Timestamp,
} from 'firebase-admin/firestore';
import { isOutage } from '../payments/payments.js';
import type { Context } from '../platform/context.js';
import { DocumentError } from '../platform/document-error.js';
import { isTransient } from '../platform/firestore.js';
import { raiseOperatorTask } from './raise.js';

/** A document that its schema describes. */
export interface Readable<T> {
  id: string;
  ref: DocumentReference<T>;
  data: T;
  updateTime: Timestamp | undefined;
}

/** Documents handled at the same time by one batch. */
const AT_ONCE = 25;
/** Documents read at a time by a batch that pages through a query. */
const PAGE = 200;

/**
 * The documents that can be read. Every other one becomes an operator task that names its path: a bad document costs
 * only itself. `job` names the batch in the task and in the log.
 */
export async function readable<T>(
  ctx: Context,
  job: string,
  docs: readonly DocumentSnapshot<T>[],
): Promise<Readable<T>[]> {
  const read = await Promise.all(docs.map((doc) => readableOne(ctx, job, doc)));
  return read.filter((one) => one !== null);
}

/** One document of a batch; null when it does not exist or cannot be read. */
export async function readableOne<T>(ctx: Context, job: string, doc: DocumentSnapshot<T>): Promise<Readable<T> | null> {
  try {
    const data = doc.data();
    return data === undefined ? null : { id: doc.id, ref: doc.ref, data, updateTime: doc.updateTime };
  } catch (error) {
    await reportDocument(ctx, job, doc.ref.path, error);
    return null;
  }
}

/**
 * Handles each document by itself, some at a time, and returns what became of those that could be handled. What fails for
 * a passing reason is logged: the next round of the batch tries again. What fails otherwise becomes an operator task.
 */
export async function handleEach<T, R>(
  ctx: Context,
  job: string,
  docs: readonly DocumentSnapshot<T>[],
  handle: (doc: Readable<T>) => Promise<R>,
): Promise<R[]> {
  const waiting = [...docs];
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (let doc = waiting.shift(); doc; doc = waiting.shift()) {
      const read = await readableOne(ctx, job, doc);
      if (!read) continue;
      const done = await attempt(ctx, job, doc.ref.path, () => handle(read));
      if (done.ok) results.push(done.value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, docs.length) }, work));
  return results;
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
 * Every document of a query in its order, a page at a time. The query must have an order of its own or be ordered by
 * name. What was handled and has left the query meanwhile disturbs nothing: each page begins after the last document.
 */
export async function* pagesOf<T>(query: Query<T>, size: number = PAGE): AsyncGenerator<QueryDocumentSnapshot<T>[]> {
  let last: QueryDocumentSnapshot<T> | undefined;
  do {
    const page = await (last ? query.startAfter(last) : query).limit(size).get();
    last = page.size === size ? page.docs.at(-1) : undefined;
    yield page.docs;
  } while (last);
}

/** Logs a document's failure and, unless a later try may cure it, creates its operator task: once an hour at most. */
export async function reportDocument(ctx: Context, job: string, path: string, error: unknown): Promise<void> {
  ctx.log.error(`${job}: document failed`, { path }, error);
  if (isOutage(error) || isTransient(error)) return;
  const detail = `${job}: ${error instanceof Error ? error.message : String(error)}`;
  const task = { kind: 'document_failed' as const, orderId: null, path, detail };
  try {
    await ctx.caches.reported.get(path, () => raiseOperatorTask(ctx, task, documentTaskId(path)));
  } catch (failure) {
    ctx.log.error('operator task not created', { path }, failure);
  }
}

/** A path may be longer than an id, and holds slashes. */
export const documentTaskId = (path: string): string =>
  `document-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;

/** Does a job about one document: a document that cannot be read becomes a task, and the job is not tried again. */
export async function unlessUnreadable(ctx: Context, job: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    await reportDocument(ctx, job, error.path, error);
  }
}
