import type { DocumentData, DocumentReference, DocumentSnapshot, Query } from 'firebase-admin/firestore';
import { toStaffKey } from '../core/staff-key.js';
import { readPages } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { HOLDINGS, type PersonalDataEntry, type Mention } from './model/registry.js';

/** A query for documents of one place, with the place's path. */
export interface PersonalDataFound {
  path: string;
  query: Query<DocumentData>;
  /** Selects the documents found; absent: all of them. */
  wanted?: (document: DocumentSnapshot<DocumentData>) => boolean;
}

/**
 * Builds the queries for documents with a field that names this person as their subject; `wanted` selects the places
 * and fields.
 */
export function queriesFor(
  { db }: Context,
  uid: string,
  wanted: (holding: PersonalDataEntry, field: string) => boolean = () => true,
): PersonalDataFound[] {
  return HOLDINGS.flatMap((holding) =>
    (holding.fields ?? [])
      .filter((field) => wanted(holding, field))
      .map((field) => ({ path: holding.path, query: queryPlace(db, holding.path).where(field, '==', uid) })),
  );
}

/** Builds the queries for documents of others that name the person. `email` is null where it is not known. */
function queryMentions({ db }: Context, uid: string, email: string | null): PersonalDataFound[] {
  const valueOf = ({ by }: Mention) => (by === 'email' ? email : by === 'staffKey' ? toStaffKey(uid) : uid);
  return HOLDINGS.flatMap(({ path, mentions = [], paths }) => [
    ...mentions.flatMap((mention) => {
      const value = valueOf(mention);
      return value === null ? [] : [{ path, query: queryPlace(db, path).where(mention.field, mention.how, value) }];
    }),
    ...(paths?.folders ?? []).map((folder) => ({
      path,
      query: atOrBelow(db, path, paths?.field ?? '', `${folder}/${uid}`),
    })),
    ...(paths?.searched ?? []).map((folder) => ({
      path,
      query: atOrBelow(db, path, paths?.field ?? '', folder),
      wanted: (document: DocumentSnapshot<DocumentData>) => isBelowOther(document.get(paths?.field ?? ''), uid),
    })),
  ]);
}

/** True for `restaurants/{id}/members/{uid}`. The id of a restaurant never names a person, even where it is a uid. */
const isBelowOther = (path: unknown, uid: string): boolean =>
  typeof path === 'string' && path.split('/').slice(2).includes(uid);

/** Queries documents whose field contains a path, or one below it. `0` comes after the slash. */
const atOrBelow = (db: Context['db'], path: string, field: string, prefix: string): Query<DocumentData> =>
  queryPlace(db, path).where(field, '>=', prefix).where(field, '<', `${prefix}0`);

/** Queries documents about the reports of an order's messages, whose ids name their authors. */
const aboutMessages = (db: Context['db'], path: string, field: string, prefix: string): Query<DocumentData> =>
  queryPlace(db, path).where(field, '>=', prefix).where(field, '<', `${prefix}\uf8ff`);

function queryPlace(db: Context['db'], path: string): Query<DocumentData> {
  const segments = path.split('/');
  const name = segments.at(-2) ?? '';
  return segments.length === 2 ? db.collection(name) : db.collectionGroup(name);
}

/** Lists the documents that are a person's own, by their path. All documents below them are too. */
export function listRoots(
  { db }: Context,
  uid: string,
  wanted: (holding: PersonalDataEntry) => boolean = () => true,
): DocumentReference<DocumentData>[] {
  const own = HOLDINGS.filter(({ path }) => /^\w+\/\{uid\}$/.test(path) && path !== 'erasures/{uid}').filter(wanted);
  return own.map(({ path }) => db.doc(path.replace('{uid}', uid)));
}

/**
 * True for a person's own document and those below it. By the list of roots: other ids may contain the uid as well, and
 * do not make their documents the person's own.
 */
export function isAtRoot(path: string, uid: string): boolean {
  const [collection, id] = path.split('/');
  return id === uid && HOLDINGS.some((holding) => holding.path === `${collection}/{uid}`);
}

export type DocumentPage = readonly DocumentSnapshot<DocumentData>[];
const PAGE = 100;

/**
 * Reads every document that may name a person, but those below the person's own: those that the registry's fields find,
 * and all documents of the orders to which these belong. A page at a time, some documents more than once. `uid` may be
 * a pseudonym.
 */
export async function* readTraces(ctx: Context, uid: string, email: string | null): AsyncGenerator<DocumentPage> {
  const seen = new Set<string>();
  for (const { query, wanted = () => true } of [...queriesFor(ctx, uid), ...queryMentions(ctx, uid, email)]) {
    for await (const found of readPages(query, PAGE)) {
      const page = found.filter(wanted);
      if (page.length > 0) yield page;
      yield await readSubjects(ctx, page);
      for (const orderId of page.map(({ ref }) => orderIdIn(ref.path))) {
        if (orderId === null || seen.has(orderId)) continue;
        seen.add(orderId);
        yield* tracesOfOrder(ctx, orderId);
      }
    }
  }
}

/** Reads the documents that audit entries are about: some name the operator. */
async function readSubjects({ db }: Context, page: DocumentPage): Promise<DocumentPage> {
  const subjects = page
    .filter(({ ref }) => ref.parent.path === 'audit')
    .map((entry): unknown => entry.get('subject'))
    .filter((subject) => typeof subject === 'string')
    .filter((subject) => subject.split('/').length % 2 === 0);
  return Promise.all([...new Set(subjects)].map((subject) => db.doc(subject).get()));
}

/** Reads the id of the order that a document is, belongs to or is about. */
function orderIdIn(path: string): string | null {
  const [root, id = ''] = path.split('/');
  return root === 'orders' ? id : null;
}

async function* tracesOfOrder({ db }: Context, orderId: string): AsyncGenerator<DocumentPage> {
  const order = db.doc(`orders/${orderId}`);
  yield [await order.get()];
  for (const collection of await order.listCollections()) yield* readPages(collection.orderBy('__name__'), PAGE);
  const queries = [
    db.collection('reports').where('content.orderId', '==', orderId),
    db.collection('operatorTasks').where('orderId', '==', orderId),
    atOrBelow(db, 'operatorTasks/{id}', 'path', order.path),
    aboutMessages(db, 'operatorTasks/{id}', 'path', `reports/message-${orderId}-`),
    aboutMessages(db, 'operatorTasks/{id}', 'path', `operatorTasks/message-${orderId}-`),
    aboutMessages(db, 'audit/{id}', 'subject', `operatorTasks/message-${orderId}-`),
    ...['orders', 'claims', 'proofs'].map((folder) => atOrBelow(db, 'audit/{id}', 'subject', `${folder}/${orderId}`)),
  ];
  for (const query of queries) yield* readPages(query, PAGE);
}
