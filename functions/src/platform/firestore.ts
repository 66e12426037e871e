import type {
  CollectionReference,
  DocumentData,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  FirestoreDataConverter,
} from 'firebase-admin/firestore';
import type { z } from 'zod';
import { DOCUMENTS, patternAt, type DocumentPattern, type Documents } from '../contract/documents.js';
import { Order, type Journal } from '../contract/orders.js';
import { Refund } from '../contract/payments.js';
import { Rated } from '../contract/reviews.js';
import { DocumentError } from './document-error.js';
import { getOrderKey, toOrderDocument, toOrderFields } from './order-document.js';
import { toRefundDocument, toRefundFields } from './refund-document.js';
import { checkWritten, parseStored, toPlain, toStored } from './stored.js';

/** Parses documents that are read or written as a whole. `pattern` names the document in an error of a write. */
function converter<T>(schema: z.ZodType<T>, pattern: string): FirestoreDataConverter<T> {
  return {
    toFirestore: (model): DocumentData => toStored(schema, pattern, model),
    fromFirestore: (snapshot): T => parseStored(schema, snapshot.ref.path, snapshot.data()),
  };
}

const getConverter = <P extends DocumentPattern>(pattern: P): FirestoreDataConverter<Documents[P]> =>
  converter<Documents[P]>(DOCUMENTS[pattern], pattern);

// Restaurants and couriers share these.
const reviewConverter = getConverter('restaurants/{restaurantId}/reviews/{orderId}');
const membersConverter = getConverter('restaurants/{restaurantId}/members/{uid}');
const termsConverter = getConverter('restaurants/{restaurantId}/private/terms');
const daysConverter = getConverter('restaurants/{restaurantId}/days/{day}');
const ratedConverter = converter(Rated, 'restaurants/{restaurantId}');
const plainJournalConverter = getConverter('ledger/{journalId}');

/** Journals are queried by their accounts: the converter adds them. */
const journalConverter: FirestoreDataConverter<Journal> = {
  ...plainJournalConverter,
  toFirestore: (model): DocumentData => {
    const entries = model.entries as Journal['entries'];
    const accounts = [...new Set(entries.map((entry) => entry.account))];
    return plainJournalConverter.toFirestore({ ...(model as Journal), accounts });
  },
};

/** A document of which one part is sealed: how it is divided, and put together again. */
interface Sealing<T> {
  pattern: DocumentPattern;
  schema: z.ZodType<T>;
  toDocument: (model: T, key: Buffer) => DocumentData;
  /** Null where the sealed part cannot be decrypted. */
  toFields: (stored: DocumentData, key: Buffer) => unknown;
}

const ORDER_SEALING: Sealing<Order> = {
  pattern: 'orders/{orderId}',
  schema: Order,
  toDocument: toOrderDocument,
  toFields: toOrderFields,
};
const REFUND_SEALING: Sealing<Refund> = {
  pattern: 'orders/{orderId}/refunds/{refundId}',
  schema: Refund,
  toDocument: toRefundDocument,
  toFields: toRefundFields,
};

function createSealingConverter<T>(db: Firestore, sealing: Sealing<T>): FirestoreDataConverter<T> {
  return {
    toFirestore: (model): DocumentData => toSealed(db, sealing, model),
    fromFirestore: (snapshot): T => openSealed(db, sealing, snapshot.ref.path, snapshot.data()),
  };
}

/** Throws a DocumentError for a model that its schema refuses. */
const toSealed = <T>(db: Firestore, { schema, pattern, toDocument }: Sealing<T>, model: unknown): DocumentData =>
  toDocument(checkWritten(schema, pattern, model), getOrderKey(db));

/** Parses a stored document with its sealed fields. Throws a DocumentError. */
function openSealed<T>(db: Firestore, { schema, toFields }: Sealing<T>, path: string, data: DocumentData): T {
  const fields = toFields(data, getOrderKey(db));
  if (fields === null) throw new DocumentError('read', path, 'sealed: cannot be decrypted');
  return parseStored(schema, path, fields);
}

/** Returns the stored form of an order. Throws a DocumentError for one that its schema refuses. */
export const toStoredOrder = (db: Firestore, order: unknown): DocumentData => toSealed(db, ORDER_SEALING, order);

/**
 * Every path of the database, each with its schema, by which reads and writes are parsed. Timestamps are milliseconds
 * here. Updates of single fields are checked by `update` and `merge`: see stored.ts.
 */
export const paths = {
  user: (db: Firestore, uid: string) => document(db, 'users/{uid}', uid),
  devices: (db: Firestore, uid: string) => collection(db, 'users/{uid}/devices/{deviceId}', uid),
  device: (db: Firestore, uid: string, id: string) => document(db, 'users/{uid}/devices/{deviceId}', uid, id),
  authority: (db: Firestore, uid: string) => document(db, 'authorities/{uid}', uid),
  deviceTokens: (db: Firestore) => collection(db, 'deviceTokens/{digest}'),
  deviceToken: (db: Firestore, digest: string) => document(db, 'deviceTokens/{digest}', digest),
  inboxItem: (db: Firestore, uid: string, id: string) => document(db, 'users/{uid}/inbox/{eventId}', uid, id),
  userPhotos: (db: Firestore, uid: string) => collection(db, 'users/{uid}/photos/{photoId}', uid),
  billing: (db: Firestore, uid: string) => document(db, 'users/{uid}/private/billing', uid),
  standing: (db: Firestore, uid: string) => document(db, 'users/{uid}/private/standing', uid),
  restaurant: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}', id),
  menu: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/menus/published', id),
  menuDraft: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/menus/draft', id),
  menuTexts: (db: Firestore, id: string, language: string) =>
    document(db, 'restaurants/{restaurantId}/menuTexts/{language}', id, language),
  users: (db: Firestore) => collection(db, 'users/{uid}'),
  restaurants: (db: Firestore) => collection(db, 'restaurants/{restaurantId}'),
  searchEntry: (db: Firestore, id: string) => document(db, 'searchEntries/{restaurantId}', id),
  searchEntries: (db: Firestore) => collection(db, 'searchEntries/{restaurantId}'),
  carts: (db: Firestore) => collection(db, 'carts/{uid}'),
  slots: (db: Firestore, id: string) => collection(db, 'restaurants/{restaurantId}/slots/{startMs}', id),
  slot: (db: Firestore, id: string, startMs: number) =>
    document(db, 'restaurants/{restaurantId}/slots/{startMs}', id, String(startMs)),
  restaurantPhotos: (db: Firestore, id: string) => collection(db, 'restaurants/{restaurantId}/photos/{photoId}', id),
  stock: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/live/stock', id),
  storePromotions: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/settings/promotions', id),
  strikes: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/stats/strikes', id),
  prepSamples: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/stats/prepSamples', id),
  terms: (db: Firestore, id: string) => document(db, 'restaurants/{restaurantId}/private/terms', id),
  allTerms: (db: Firestore) => db.collectionGroup('private').withConverter(termsConverter),
  member: (db: Firestore, id: string, uid: string) => document(db, 'restaurants/{restaurantId}/members/{uid}', id, uid),
  allMembers: (db: Firestore) => db.collectionGroup('members').withConverter(membersConverter),
  members: (db: Firestore, id: string) => collection(db, 'restaurants/{restaurantId}/members/{uid}', id),
  invitation: (db: Firestore, restaurantId: string, id: string) =>
    document(db, 'restaurants/{restaurantId}/invitations/{invitationId}', restaurantId, id),
  ticket: (db: Firestore, restaurantId: string, id: string) =>
    document(db, 'restaurants/{restaurantId}/tickets/{ticketId}', restaurantId, id),
  merchantApplication: (db: Firestore, id: string) => document(db, 'merchantApplications/{applicationId}', id),
  zone: (db: Firestore, id: string) => document(db, 'zones/{zoneId}', id),
  zones: (db: Firestore) => collection(db, 'zones/{zoneId}'),
  zoneVersion: (db: Firestore, zoneId: string, version: number) =>
    document(db, 'zones/{zoneId}/versions/{version}', zoneId, String(version)),
  promotions: (db: Firestore, zoneId: string) => collection(db, 'zones/{zoneId}/promotions/{promotionId}', zoneId),
  promotion: (db: Firestore, zoneId: string, id: string) =>
    document(db, 'zones/{zoneId}/promotions/{promotionId}', zoneId, id),
  shards: (db: Firestore, zoneId: string, id: string) =>
    collection(db, 'zones/{zoneId}/promotions/{promotionId}/shards/{shard}', zoneId, id),
  quote: (db: Firestore, id: string) => document(db, 'quotes/{quoteId}', id),
  order: (db: Firestore, id: string) => db.doc(`orders/${id}`).withConverter(createSealingConverter(db, ORDER_SEALING)),
  orders: (db: Firestore) => db.collection('orders').withConverter(createSealingConverter(db, ORDER_SEALING)),
  command: (db: Firestore, orderId: string, id: string) =>
    document(db, 'orders/{orderId}/commands/{commandId}', orderId, id),
  messages: (db: Firestore, orderId: string) => collection(db, 'orders/{orderId}/messages/{messageId}', orderId),
  message: (db: Firestore, orderId: string, id: string) =>
    document(db, 'orders/{orderId}/messages/{messageId}', orderId, id),
  refunds: (db: Firestore, orderId: string) =>
    db.collection(`orders/${orderId}/refunds`).withConverter(createSealingConverter(db, REFUND_SEALING)),
  claim: (db: Firestore, orderId: string, id: string) => document(db, 'orders/{orderId}/claims/{claimId}', orderId, id),
  claimHistory: (db: Firestore, uid: string) => document(db, 'users/{uid}/private/claims', uid),
  /** Of a restaurant (`restaurants/rosa`) or a courier (`couriers/omar`). */
  review: (db: Firestore, owner: string, orderId: string) =>
    db.doc(`${owner}/reviews/${orderId}`).withConverter(reviewConverter),
  rated: (db: Firestore, owner: string) => db.doc(owner).withConverter(ratedConverter),
  allReviews: (db: Firestore) => db.collectionGroup('reviews').withConverter(reviewConverter),
  report: (db: Firestore, id: string) => document(db, 'reports/{reportId}', id),
  tips: (db: Firestore, orderId: string) => collection(db, 'orders/{orderId}/tips/{tipId}', orderId),
  dispute: (db: Firestore, id: string) => document(db, 'disputes/{disputeId}', id),
  disputes: (db: Firestore) => collection(db, 'disputes/{disputeId}'),
  courier: (db: Firestore, uid: string) => document(db, 'couriers/{uid}', uid),
  courierApplication: (db: Firestore, uid: string) => document(db, 'courierApplications/{uid}', uid),
  courierAccount: (db: Firestore, uid: string) => document(db, 'courierAccounts/{uid}', uid),
  courierPayout: (db: Firestore, id: string) => document(db, 'courierPayouts/{payoutId}', id),
  courierPayouts: (db: Firestore) => collection(db, 'courierPayouts/{payoutId}'),
  shift: (db: Firestore, zoneId: string, id: string) => document(db, 'zones/{zoneId}/shifts/{shiftId}', zoneId, id),
  couriers: (db: Firestore) => collection(db, 'couriers/{uid}'),
  shares: (db: Firestore) => collection(db, 'shares/{token}'),
  etaTable: (db: Firestore, zoneId: string) => document(db, 'zones/{zoneId}/stats/eta', zoneId),
  surge: (db: Firestore, zoneId: string) => document(db, 'zones/{zoneId}/live/surge', zoneId),
  shownPromotions: (db: Firestore, zoneId: string) => document(db, 'zones/{zoneId}/live/promotions', zoneId),
  search: (db: Firestore, orderId: string) => document(db, 'orders/{orderId}/private/search', orderId),
  /** The first page of a window has the window's time as its id, a further one its number as well. */
  match: (db: Firestore, zoneId: string, atMs: number, part = 0) =>
    document(db, 'zones/{zoneId}/matches/{matchId}', zoneId, part === 0 ? String(atMs) : `${atMs}-${part}`),
  positions: (db: Firestore, uid: string) => collection(db, 'couriers/{uid}/live/{orderId}', uid),
  position: (db: Firestore, uid: string, orderId: string) =>
    document(db, 'couriers/{uid}/live/{orderId}', uid, orderId),
  journal: (db: Firestore, id: string) => db.doc(`ledger/${id}`).withConverter(journalConverter),
  ledgerAccount: (db: Firestore, accountId: string) => document(db, 'ledgerAccounts/{accountId}', accountId),
  ledger: (db: Firestore) => collection(db, 'ledger/{journalId}'),
  /**
   * The daily ledger summaries of a restaurant (`restaurants/rosa`), a courier (`ledgerAccounts/{id}`) or the platform
   * (`books/platform`).
   */
  month: (db: Firestore, month: string) => document(db, 'books/{book}/months/{month}', 'platform', month),
  days: (db: Firestore, owner: string) => db.collection(`${owner}/days`).withConverter(daysConverter),
  reconciliation: (db: Firestore, day: string) => document(db, 'reconciliations/{day}', day),
  flag: (db: Firestore, id: string) => document(db, 'flags/{flagId}', id),
  flagVersion: (db: Firestore, id: string, version: number) =>
    document(db, 'flags/{flagId}/versions/{version}', id, String(version)),
  appVersion: (db: Firestore, id: string) => document(db, 'appVersions/{appId}', id),
  appVersionBefore: (db: Firestore, id: string, version: number) =>
    document(db, 'appVersions/{appId}/versions/{version}', id, String(version)),
  audit: (db: Firestore) => collection(db, 'audit/{entryId}'),
  auditEntry: (db: Firestore, id: string) => document(db, 'audit/{entryId}', id),
  limit: (db: Firestore, id: string) => document(db, 'limits/{limitId}', id),
  origin: (db: Firestore, uid: string) => document(db, 'users/{uid}/private/origin', uid),
  blockedDevice: (db: Firestore, digest: string) => document(db, 'blockedDevices/{digest}', digest),
  signal: (db: Firestore, id: string) => document(db, 'signals/{signalId}', id),
  links: (db: Firestore, uid: string) => document(db, 'links/{accountId}', uid),
  heldPay: (db: Firestore, payId: string) => document(db, 'heldPays/{payId}', payId),
  proofDigest: (db: Firestore, digest: string) => document(db, 'proofDigests/{digest}', digest),
  erasure: (db: Firestore, uid: string) => document(db, 'erasures/{uid}', uid),
  erasures: (db: Firestore) => collection(db, 'erasures/{uid}'),
  privacyReport: (db: Firestore, id: string) => document(db, 'privacyReports/{reportId}', id),
  board: (db: Firestore, zoneId: string) => document(db, 'boards/{zoneId}', zoneId),
  conversation: (db: Firestore, uid: string) => document(db, 'conversations/{uid}', uid),
  supportMessage: (db: Firestore, uid: string, id: string) =>
    document(db, 'conversations/{uid}/supportMessages/{messageId}', uid, id),
  deskRecord: (db: Firestore, id: string) => document(db, 'deskRecords/{recordId}', id),
  operatorTask: (db: Firestore, id: string) => document(db, 'operatorTasks/{taskId}', id),
} as const;

function document<P extends DocumentPattern>(
  db: Firestore,
  pattern: P,
  ...ids: string[]
): DocumentReference<Documents[P]> {
  return db.doc(toPath(pattern, ids)).withConverter(getConverter(pattern));
}

/** The collection of a document's pattern; `ids` are those of its parents. */
function collection<P extends DocumentPattern>(
  db: Firestore,
  pattern: P,
  ...ids: string[]
): CollectionReference<Documents[P]> {
  const parent = pattern.slice(0, pattern.lastIndexOf('/'));
  return db.collection(toPath(parent, ids)).withConverter(getConverter(pattern));
}

/** Returns the fields of any document, the sealed ones too, unless they cannot be decrypted. */
export function readFields(stored: DocumentSnapshot): unknown {
  const data = stored.data();
  const pattern = patternAt(stored.ref.path);
  const sealing = [ORDER_SEALING, REFUND_SEALING].find((one) => one.pattern === pattern);
  return toPlain(data && sealing ? (sealing.toFields(data, getOrderKey(stored.ref.firestore)) ?? data) : data);
}

/**
 * Returns the reference of the document at any path of the contract, written by its schema. Throws for a path that the
 * contract does not have.
 */
export function documentAt(db: Firestore, path: string): DocumentReference<DocumentData> {
  const pattern = patternAt(path);
  if (!pattern) throw new Error(`no schema for ${path}`);
  return db.doc(path).withConverter(converter<DocumentData>(DOCUMENTS[pattern], pattern));
}

function toPath(pattern: string, ids: readonly string[]): string {
  let next = 0;
  return pattern.replaceAll(/\{\w+\}/g, () => ids[next++] ?? '');
}

/**
 * True for a write whose condition did not hold: FAILED_PRECONDITION or, for a missing document, NOT_FOUND. Source:
 * gRPC codes.
 */
export function isPreconditionFailure(error: unknown): boolean {
  return hasCode(error, 9) || hasCode(error, 5);
}

/** True for the creation of a document that exists. */
export function isAlreadyExists(error: unknown): boolean {
  return hasCode(error, 6);
}

/** True for a transaction that lost against others, after all its retries: ABORTED. */
export function isContention(error: unknown): boolean {
  return hasCode(error, 10);
}

/**
 * True where the database did not respond, or limits the rate of requests: a later try may succeed. Source: gRPC codes.
 */
export function isTransient(error: unknown): boolean {
  const [deadlineExceeded, resourceExhausted, aborted, unavailable] = [4, 8, 10, 14];
  return [deadlineExceeded, resourceExhausted, aborted, unavailable].some((code) => hasCode(error, code));
}

function hasCode(error: unknown, code: number): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
