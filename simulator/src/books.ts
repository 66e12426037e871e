import type { CollectionGroup, CollectionReference, Firestore } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { Standing } from '../../functions/src/contract/accounts.js';
import { DayBook } from '../../functions/src/contract/books.js';
import { ChatMessage } from '../../functions/src/contract/chat.js';
import { Courier, CourierApplication, LivePosition } from '../../functions/src/contract/couriers.js';
import { MerchantApplication } from '../../functions/src/contract/merchants.js';
import { AuditEntry, Flag } from '../../functions/src/contract/operations.js';
import { Journal, Order, Quote } from '../../functions/src/contract/orders.js';
import { Refund } from '../../functions/src/contract/payments.js';
import { Reconciliation } from '../../functions/src/contract/reconciliation.js';
import { Restaurant, Slot, Stock } from '../../functions/src/contract/restaurants.js';
import { Report, Review } from '../../functions/src/contract/reviews.js';
import { Claim } from '../../functions/src/contract/support.js';
import { Promotion, PromotionShard, Zone } from '../../functions/src/contract/zones.js';
import { toPlain } from '../../functions/src/platform/firestore.js';
import type { Books, Opinions, Overrides, Rows, Supplies } from './invariants/facts.js';

/** Reads what the invariants speak of, all of it, with the Admin SDK. What phones were told is not in the database. */
export async function readBooks(db: Firestore, nowMs: number): Promise<Omit<Books, 'told'> & { supplies: Supplies }> {
  const [orders, couriers, ledger, quotes, reconciliations, days, positions, messages] = await Promise.all([
    byId(db.collection('orders'), Order),
    byId(db.collection('couriers'), Courier),
    byId(db.collection('ledger'), Journal),
    byId(db.collection('quotes'), Quote),
    byId(db.collection('reconciliations'), Reconciliation),
    byPath(db.collectionGroup('days'), DayBook),
    byPath(db.collectionGroup('live'), LivePosition, 'position'),
    byPath(db.collectionGroup('messages'), ChatMessage),
  ]);
  const [supplies, opinions, overrides] = await Promise.all([
    readSupplies(db),
    readOpinions(db, couriers),
    readOverrides(db),
  ]);
  return {
    orders, couriers, ledger, quotes, reconciliations, messages, supplies, opinions, overrides, nowMs,
    days: days.map(([path, day]) => [parentOf(path), day]),
    positions: positions.map(([path, position]) => [idOf(parentOf(path)), position]),
  }; // prettier-ignore
}

async function readSupplies(db: Firestore): Promise<Supplies> {
  const [promotions, shards, standings, restaurants, slots, stocks] = await Promise.all([
    byId(db.collectionGroup('promotions'), Promotion),
    byPath(db.collectionGroup('shards'), PromotionShard),
    byPath(db.collectionGroup('private'), Standing, 'standing'),
    byId(db.collection('restaurants'), Restaurant),
    byPath(db.collectionGroup('slots'), Slot),
    byPath(db.collectionGroup('live'), Stock, 'stock'),
  ]);
  return {
    promotions,
    restaurants,
    shards: shards.map(([path, { left }]) => [idOf(parentOf(path)), left]),
    standings: standings.map(([path, standing]) => [idOf(parentOf(path)), standing]),
    slots: slots.map(([path, slot]) => [idOf(parentOf(path)), Number(idOf(path)), slot]),
    stocks: stocks.map(([path, stock]) => [idOf(parentOf(path)), stock]),
  };
}

async function readOpinions(db: Firestore, couriers: Rows<Courier>): Promise<Opinions> {
  const [reviews, restaurants] = await Promise.all([
    byPath(db.collectionGroup('reviews'), Review),
    byId(db.collection('restaurants'), Restaurant),
  ]);
  return {
    reviews: reviews.map(([path, review]) => [parentOf(path), idOf(path), review]),
    ratings: [
      ...restaurants.map(([id, { rating }]) => [`restaurants/${id}`, rating] as const),
      ...couriers.map(([uid, { rating }]) => [`couriers/${uid}`, rating] as const),
    ],
  };
}

async function readOverrides(db: Firestore): Promise<Overrides> {
  const [audit, claims, refunds, reports, courierApplications, merchantApplications, zones, flags, promotions] =
    await Promise.all([
      byId(db.collection('audit'), AuditEntry),
      byPath(db.collectionGroup('claims'), Claim),
      byPath(db.collectionGroup('refunds'), Refund),
      byId(db.collection('reports'), Report),
      byId(db.collection('courierApplications'), CourierApplication),
      byId(db.collection('merchantApplications'), MerchantApplication),
      byPath(db.collection('zones'), Zone),
      byPath(db.collection('flags'), Flag),
      byPath(db.collectionGroup('promotions'), Promotion),
    ]);
  const versions = [
    // The first one of a zone was there before there was an operator.
    ...zones.map(([path, { version }]) => [path, 2, version] as const),
    ...[...flags, ...promotions].map(([path, { version }]) => [path, 1, version] as const),
  ];
  return { audit, claims, refunds, reports, courierApplications, merchantApplications, versions };
}

type Place = CollectionReference | CollectionGroup;

/** Under `id` only, where a collection holds documents of several kinds. */
async function byPath<S extends z.ZodType>(place: Place, schema: S, id?: string): Promise<Rows<z.output<S>>> {
  const { docs } = await place.get();
  const wanted = docs.filter((one) => id === undefined || one.id === id);
  return wanted.map((one) => [one.ref.path, schema.parse(toPlain(one.data()))]);
}

async function byId<S extends z.ZodType>(place: Place, schema: S): Promise<Rows<z.output<S>>> {
  return (await byPath(place, schema)).map(([path, one]) => [idOf(path), one]);
}

const idOf = (path: string): string => path.split('/').at(-1) ?? '';
/** The document that a document's collection belongs to. */
const parentOf = (path: string): string => path.split('/').slice(0, -2).join('/');
