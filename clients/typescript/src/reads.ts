import { FirebaseError } from 'firebase/app';
import {
  collection,
  doc,
  getCountFromServer,
  getDoc,
  getDocs,
  limit,
  onSnapshot,
  orderBy,
  query,
  startAfter,
  Timestamp,
  where,
  type DocumentSnapshot,
  type Firestore,
  type Query,
  type QueryDocumentSnapshot,
  type QuerySnapshot,
  type Unsubscribe,
  type WhereFilterOp,
} from 'firebase/firestore';
import { DOCUMENT_READS, QUERY_READS, type DocumentReads, type QueryReads } from './generated/reads.js';
import { fill } from './paths.js';
import { readAs } from './reading.js';

/** A document that the rules allow a user to get. */
export interface DocumentTable {
  /** Names in braces are parameters. */
  readonly path: string;
  readonly shape: string;
}

/** A query that the rules allow. */
export interface QueryTable {
  /** Names in braces are parameters. */
  readonly collection: string;
  readonly shape: string;
  readonly where: readonly {
    readonly field: string;
    readonly operator: WhereFilterOp;
    readonly value?: unknown;
    readonly parameter?: string;
    /** The field holds a Timestamp. */
    readonly stamp?: true;
  }[];
  readonly orderBy?: { readonly field: string; readonly direction: 'asc' | 'desc' };
  readonly limit: number;
}

/** The rules allow no query without a limit, and none of more than this, counts included. */
const MAX_COUNT = 50;

type Values = Readonly<Record<string, string | number>>;

/** A document that a query found. */
export interface Found<T> {
  readonly id: string;
  readonly data: T;
  /** For the next page: pass it as `after`. */
  readonly cursor: QueryDocumentSnapshot;
}

/** How many documents a query returns at most, and after which one it begins. */
export interface Page {
  /** At most 50, which is what the rules allow. */
  readonly limit?: number;
  readonly after?: QueryDocumentSnapshot;
}

function read<T>(shape: string, snapshot: DocumentSnapshot): T | null {
  return snapshot.exists() ? readAs<T>(shape, snapshot.data({ serverTimestamps: 'estimate' })) : null;
}

/** Gets one document: see `Tiffin.get`. */
export async function getDocument<N extends keyof DocumentReads>(
  db: Firestore,
  name: N,
  parameters: DocumentReads[N]['parameters'],
): Promise<DocumentReads[N]['document'] | null> {
  const { path, shape } = DOCUMENT_READS[name];
  return read(shape, await getDoc(doc(db, fill(path, parameters))));
}

/**
 * Lets through the snapshots that a listener reports. The SDK shows a document that is not on the phone as one that does
 * not exist: nothing is reported of it before the server has answered. That answer changes the metadata alone, so that
 * listeners include such changes, and the filter drops those that change nothing else.
 */
class DocumentFilter {
  #last: string | undefined;

  /** @param document what was read of the snapshot, null where it does not exist */
  isReported(document: unknown, { metadata }: Pick<DocumentSnapshot, 'metadata'>): boolean {
    if (this.#last === undefined && document === null && metadata.fromCache) return false;
    const text = JSON.stringify(document);
    if (this.#last === text) return false;
    this.#last = text;
    return true;
  }
}

/** The same for the snapshots of a query: one that is empty and from the phone may lack documents of the server. */
class QueryFilter {
  #wasReported = false;

  isReported(snapshot: Pick<QuerySnapshot, 'empty' | 'metadata' | 'docChanges'>): boolean {
    if (this.#wasReported) return snapshot.docChanges().length > 0;
    this.#wasReported = !isUnknown(snapshot);
    return this.#wasReported;
  }
}

/** True where the phone has no document of a query, and the server was not asked. */
const isUnknown = ({ empty, metadata }: Pick<QuerySnapshot, 'empty' | 'metadata'>): boolean =>
  empty && metadata.fromCache;

const WITH_METADATA = { includeMetadataChanges: true };

/** Listens to one document: see `Tiffin.listen`. */
export function listenToDocument<N extends keyof DocumentReads>(
  db: Firestore,
  name: N,
  parameters: DocumentReads[N]['parameters'],
  next: (document: DocumentReads[N]['document'] | null) => void,
  onError: (error: Error) => void,
): Unsubscribe {
  const { path, shape } = DOCUMENT_READS[name];
  const filter = new DocumentFilter();
  return onSnapshot(
    doc(db, fill(path, parameters)),
    WITH_METADATA,
    (snapshot) => {
      const document = read<DocumentReads[N]['document']>(shape, snapshot);
      if (filter.isReported(document, snapshot)) next(document);
    },
    onError,
  );
}

function toQuery(db: Firestore, table: QueryTable, values: Values, page: Page): Query {
  const filters = table.where.map(({ field, operator, value, parameter, stamp }) => {
    const given = parameter === undefined ? value : values[parameter];
    return where(field, operator, stamp && typeof given === 'number' ? Timestamp.fromMillis(given) : given);
  });
  return query(
    collection(db, fill(table.collection, values)),
    ...filters,
    ...(table.orderBy ? [orderBy(table.orderBy.field, table.orderBy.direction)] : []),
    ...(page.after ? [startAfter(page.after)] : []),
    limit(page.limit ?? table.limit),
  );
}

const found = <T>(shape: string, snapshot: QueryDocumentSnapshot): Found<T> => ({
  id: snapshot.id,
  data: readAs<T>(shape, snapshot.data({ serverTimestamps: 'estimate' })),
  cursor: snapshot,
});

/** Makes one of the queries that the rules allow, and returns a page: see `Tiffin.find`. */
export async function findDocuments<N extends keyof QueryReads>(
  db: Firestore,
  name: N,
  parameters: QueryReads[N]['parameters'],
  page: Page = {},
): Promise<readonly Found<QueryReads[N]['document']>[]> {
  const table = QUERY_READS[name];
  const snapshot = await getDocs(toQuery(db, table, parameters, page));
  if (isUnknown(snapshot))
    throw new FirebaseError('unavailable', `the server was not reached, and the phone has no document of ${name}`);
  return snapshot.docs.map((one) => found(table.shape, one));
}

/** Counts the documents of a query: see `Tiffin.count`. */
export async function countDocuments<N extends keyof QueryReads>(
  db: Firestore,
  name: N,
  parameters: QueryReads[N]['parameters'],
): Promise<number> {
  const all = toQuery(db, QUERY_READS[name], parameters, { limit: MAX_COUNT });
  return (await getCountFromServer(all)).data().count;
}

/** Listens to a query: see `Tiffin.listenAll`. */
export function listenToQuery<N extends keyof QueryReads>(
  db: Firestore,
  name: N,
  parameters: QueryReads[N]['parameters'],
  next: (documents: readonly Found<QueryReads[N]['document']>[]) => void,
  onError: (error: Error) => void,
): Unsubscribe {
  const table = QUERY_READS[name];
  const filter = new QueryFilter();
  return onSnapshot(
    toQuery(db, table, parameters, {}),
    WITH_METADATA,
    (snapshot) => {
      if (filter.isReported(snapshot)) next(snapshot.docs.map((one) => found(table.shape, one)));
    },
    onError,
  );
}
