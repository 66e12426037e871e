import {
  Timestamp,
  type CollectionReference,
  type DocumentData,
  type DocumentReference,
  type Firestore,
  type FirestoreDataConverter,
} from 'firebase-admin/firestore';
import type { z } from 'zod';
import { BlockedDevice, LimitBucket, Origin } from '../contract/abuse.js';
import { Billing, Device, Standing, User } from '../contract/accounts.js';
import { DayBook } from '../contract/books.js';
import { ChatMessage } from '../contract/chat.js';
import { Command } from '../contract/commands.js';
import { Courier, CourierApplication, LivePosition, Shift } from '../contract/couriers.js';
import { InboxItem } from '../contract/notifications.js';
import { MatchDecision, Search } from '../contract/dispatch.js';
import { AuditEntry, Board, Flag, OperatorTask } from '../contract/operations.js';
import { Photo } from '../contract/media.js';
import { Invitation, MerchantApplication } from '../contract/merchants.js';
import { Journal, Order, Quote } from '../contract/orders.js';
import { Dispute, Refund, Tip } from '../contract/payments.js';
import { Rated, Report, Review } from '../contract/reviews.js';
import { Claim, ClaimHistory } from '../contract/support.js';
import { Erasure, PrivacyReport } from '../contract/privacy.js';
import { Reconciliation } from '../contract/reconciliation.js';
import {
  Cart,
  Member,
  Menu,
  MenuDraft,
  Restaurant,
  RestaurantTerms,
  SearchEntry,
  Slot,
  Stock,
} from '../contract/restaurants.js';
import { EtaTable, Share } from '../contract/tracking.js';
import { Promotion, PromotionShard, Zone } from '../contract/zones.js';

/**
 * Every path of the database, each with its schema: what is read is parsed, what is written is typed. Timestamps
 * (fields that clients date by the server's time) are read as milliseconds.
 */
export const paths = {
  user: (db: Firestore, uid: string) => document(db, `users/${uid}`, User),
  devices: (db: Firestore, uid: string) => collection(db, `users/${uid}/devices`, Device),
  inboxItem: (db: Firestore, uid: string, id: string) => document(db, `users/${uid}/inbox/${id}`, InboxItem),
  userPhotos: (db: Firestore, uid: string) => collection(db, `users/${uid}/photos`, Photo),
  billing: (db: Firestore, uid: string) => document(db, `users/${uid}/private/billing`, Billing),
  standing: (db: Firestore, uid: string) => document(db, `users/${uid}/private/standing`, Standing),
  restaurant: (db: Firestore, id: string) => document(db, `restaurants/${id}`, Restaurant),
  menu: (db: Firestore, id: string) => document(db, `restaurants/${id}/menus/published`, Menu),
  menuDraft: (db: Firestore, id: string) => document(db, `restaurants/${id}/menus/draft`, MenuDraft),
  restaurants: (db: Firestore) => collection(db, 'restaurants', Restaurant),
  searchEntry: (db: Firestore, id: string) => document(db, `searchEntries/${id}`, SearchEntry),
  searchEntries: (db: Firestore) => collection(db, 'searchEntries', SearchEntry),
  carts: (db: Firestore) => collection(db, 'carts', Cart),
  slots: (db: Firestore, id: string) => collection(db, `restaurants/${id}/slots`, Slot),
  slot: (db: Firestore, id: string, startMs: number) => document(db, `restaurants/${id}/slots/${startMs}`, Slot),
  restaurantPhotos: (db: Firestore, id: string) => collection(db, `restaurants/${id}/photos`, Photo),
  stock: (db: Firestore, id: string) => document(db, `restaurants/${id}/live/stock`, Stock),
  terms: (db: Firestore, id: string) => document(db, `restaurants/${id}/private/terms`, RestaurantTerms),
  members: (db: Firestore, id: string) => collection(db, `restaurants/${id}/members`, Member),
  invitation: (db: Firestore, restaurantId: string, id: string) =>
    document(db, `restaurants/${restaurantId}/invitations/${id}`, Invitation),
  merchantApplication: (db: Firestore, id: string) => document(db, `merchantApplications/${id}`, MerchantApplication),
  zone: (db: Firestore, id: string) => document(db, `zones/${id}`, Zone),
  zones: (db: Firestore) => collection(db, 'zones', Zone),
  zoneVersion: (db: Firestore, zoneId: string, version: number) =>
    document(db, `zones/${zoneId}/versions/${version}`, Zone),
  promotions: (db: Firestore, zoneId: string) => collection(db, `zones/${zoneId}/promotions`, Promotion),
  promotion: (db: Firestore, zoneId: string, id: string) => document(db, `zones/${zoneId}/promotions/${id}`, Promotion),
  shards: (db: Firestore, zoneId: string, id: string) =>
    collection(db, `zones/${zoneId}/promotions/${id}/shards`, PromotionShard),
  quote: (db: Firestore, id: string) => document(db, `quotes/${id}`, Quote),
  order: (db: Firestore, id: string) => document(db, `orders/${id}`, Order),
  orders: (db: Firestore) => collection(db, 'orders', Order),
  command: (db: Firestore, orderId: string, id: string) => document(db, `orders/${orderId}/commands/${id}`, Command),
  message: (db: Firestore, orderId: string, id: string) =>
    document(db, `orders/${orderId}/messages/${id}`, ChatMessage),
  refunds: (db: Firestore, orderId: string) => collection(db, `orders/${orderId}/refunds`, Refund),
  claim: (db: Firestore, orderId: string, id: string) => document(db, `orders/${orderId}/claims/${id}`, Claim),
  claimHistory: (db: Firestore, uid: string) => document(db, `users/${uid}/private/claims`, ClaimHistory),
  /** Of a restaurant (`restaurants/rosa`) or a courier (`couriers/omar`). */
  review: (db: Firestore, owner: string, orderId: string) => document(db, `${owner}/reviews/${orderId}`, Review),
  rated: (db: Firestore, owner: string) => document(db, owner, Rated),
  allReviews: (db: Firestore) => db.collectionGroup('reviews').withConverter(converter(Review)),
  report: (db: Firestore, id: string) => document(db, `reports/${id}`, Report),
  tips: (db: Firestore, orderId: string) => collection(db, `orders/${orderId}/tips`, Tip),
  dispute: (db: Firestore, id: string) => document(db, `disputes/${id}`, Dispute),
  courier: (db: Firestore, uid: string) => document(db, `couriers/${uid}`, Courier),
  courierApplication: (db: Firestore, uid: string) => document(db, `courierApplications/${uid}`, CourierApplication),
  shift: (db: Firestore, zoneId: string, id: string) => document(db, `zones/${zoneId}/shifts/${id}`, Shift),
  couriers: (db: Firestore) => collection(db, 'couriers', Courier),
  shares: (db: Firestore) => collection(db, 'shares', Share),
  etaTable: (db: Firestore, zoneId: string) => document(db, `zones/${zoneId}/stats/eta`, EtaTable),
  search: (db: Firestore, orderId: string) => document(db, `orders/${orderId}/private/search`, Search),
  match: (db: Firestore, zoneId: string, atMs: number) =>
    document(db, `zones/${zoneId}/matches/${atMs}`, MatchDecision),
  position: (db: Firestore, uid: string) => document(db, `couriers/${uid}/live/position`, LivePosition),
  journal: (db: Firestore, id: string) => db.doc(`ledger/${id}`).withConverter(journalConverter()),
  ledger: (db: Firestore) => collection(db, 'ledger', Journal),
  /** The daily books of a restaurant (`restaurants/rosa`), a courier (`couriers/omar`) or all (`books/platform`). */
  days: (db: Firestore, owner: string) => collection(db, `${owner}/days`, DayBook),
  reconciliation: (db: Firestore, day: string) => document(db, `reconciliations/${day}`, Reconciliation),
  flag: (db: Firestore, id: string) => document(db, `flags/${id}`, Flag),
  flagVersion: (db: Firestore, id: string, version: number) => document(db, `flags/${id}/versions/${version}`, Flag),
  auditEntry: (db: Firestore, id: string) => document(db, `audit/${id}`, AuditEntry),
  limit: (db: Firestore, id: string) => document(db, `limits/${id}`, LimitBucket),
  origin: (db: Firestore, uid: string) => document(db, `users/${uid}/private/origin`, Origin),
  blockedDevice: (db: Firestore, digest: string) => document(db, `blockedDevices/${digest}`, BlockedDevice),
  erasure: (db: Firestore, uid: string) => document(db, `erasures/${uid}`, Erasure),
  erasures: (db: Firestore) => collection(db, 'erasures', Erasure),
  privacyReport: (db: Firestore, id: string) => document(db, `privacyReports/${id}`, PrivacyReport),
  board: (db: Firestore, zoneId: string) => document(db, `boards/${zoneId}`, Board),
  operatorTask: (db: Firestore, id: string) => document(db, `operatorTasks/${id}`, OperatorTask),
} as const;

function document<S extends z.ZodType>(db: Firestore, path: string, schema: S): DocumentReference<z.output<S>> {
  return db.doc(path).withConverter(converter(schema));
}

function collection<S extends z.ZodType>(db: Firestore, path: string, schema: S): CollectionReference<z.output<S>> {
  return db.collection(path).withConverter(converter(schema));
}

function converter<S extends z.ZodType>(schema: S): FirestoreDataConverter<z.output<S>> {
  return {
    toFirestore: (model): DocumentData => ({ ...(model as object) }),
    fromFirestore: (snapshot) => schema.parse(toPlain(snapshot.data())),
  };
}

/** A journal is found by its accounts: whoever writes one has them written with it. */
function journalConverter(): FirestoreDataConverter<Journal> {
  return {
    ...converter(Journal),
    toFirestore: (model): DocumentData => {
      const entries = model.entries as Journal['entries'];
      return { ...model, accounts: [...new Set(entries.map((entry) => entry.account))] };
    },
  };
}

/** Firestore's data without its classes: timestamps become milliseconds. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toMillis();
  if (Array.isArray(value)) return value.map(toPlain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner)]));
}

/** A write whose condition did not hold: FAILED_PRECONDITION or, for a missing document, NOT_FOUND. Source: gRPC codes. */
export function isPreconditionFailure(error: unknown): boolean {
  return hasCode(error, 9) || hasCode(error, 5);
}

/** A document that was to be created exists. */
export function isAlreadyThere(error: unknown): boolean {
  return hasCode(error, 6);
}

/** A transaction lost against others, after all its retries: ABORTED. */
export function isContention(error: unknown): boolean {
  return hasCode(error, 10);
}

function hasCode(error: unknown, code: number): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
