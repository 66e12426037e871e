import type { CollectionGroup, CollectionReference, Firestore } from 'firebase-admin/firestore';
import { z } from 'zod';
import { CustomerBalance } from '../../functions/src/contract/accounts.js';
import { DayBook } from '../../functions/src/contract/books.js';
import { ChatMessage } from '../../functions/src/contract/chat.js';
import { CourierPayout } from '../../functions/src/contract/courier-payouts.js';
import { Courier, CourierApplication, LivePosition } from '../../functions/src/contract/couriers.js';
import { HeldPay } from '../../functions/src/contract/held-pays.js';
import { MerchantApplication } from '../../functions/src/contract/merchants.js';
import { AuditEntry, Flag } from '../../functions/src/contract/operations.js';
import { Journal, Order, Quote } from '../../functions/src/contract/orders.js';
import { Dispute, Refund, Tip } from '../../functions/src/contract/payments.js';
import { Reconciliation } from '../../functions/src/contract/reconciliation.js';
import { Restaurant, RestaurantTerms, Slot, Stock } from '../../functions/src/contract/restaurants.js';
import { Report, Review } from '../../functions/src/contract/reviews.js';
import { StorePromotions } from '../../functions/src/contract/store-promotions.js';
import { StoreStrikes } from '../../functions/src/contract/strikes.js';
import { ShownPromotions } from '../../functions/src/contract/shown-promotions.js';
import { Surge } from '../../functions/src/contract/surge.js';
import { Claim } from '../../functions/src/contract/support.js';
import { Promotion, PromotionShard, Zone } from '../../functions/src/contract/zones.js';
import { readFields } from '../../functions/src/platform/firestore.js';
import type { Books, Extras, Opinions, Overrides, Rows, Inventory } from './invariants/snapshot.js';

/** Reads all documents that the invariants check, with the Admin SDK. The pushes are not in the database. */
export async function readBooks(
  db: Firestore,
  nowMs: number,
): Promise<Omit<Books, 'notifications'> & { inventory: Inventory }> {
  const [orders, couriers, restaurants, promotions, ledger, quotes, reconciliations, days, live, messages, own] =
    await Promise.all([
      byId(db.collection('orders'), Order),
      byId(db.collection('couriers'), Courier),
      byId(db.collection('restaurants'), Restaurant),
      byPath(db.collectionGroup('promotions'), Promotion),
      byId(db.collection('ledger'), Journal),
      byId(db.collection('quotes'), Quote),
      byId(db.collection('reconciliations'), Reconciliation),
      byPath(db.collectionGroup('days'), DayBook),
      byPath(db.collectionGroup('live'), Live),
      byPath(db.collectionGroup('messages'), ChatMessage),
      byPath(db.collectionGroup('settings'), StorePromotions, 'promotions'),
    ]);
  const storePromotions = own.map(([path, one]) => [toId(toParentPath(path)), one] as const);
  const [inventory, opinions, overrides, extras, terms, strikes] = await Promise.all([
    readInventory(db, restaurants, [...promotions, ...listOwn(restaurants, storePromotions)], live),
    readOpinions(db, couriers, restaurants),
    readOverrides(db, promotions),
    readExtras(db),
    readTerms(db, restaurants),
    byPath(db.collectionGroup('stats'), StoreStrikes, 'strikes'),
  ]);
  return {
    orders,
    couriers,
    ledger,
    quotes,
    reconciliations,
    messages,
    inventory,
    opinions,
    overrides,
    extras,
    terms,
    storePromotions,
    strikes: strikes.map(([path, one]) => [toId(toParentPath(path)), one]),
    nowMs,
    days: days.map(([path, day]) => [toParentPath(path), day]),
    positions: live.flatMap(([path, one]) => ('customerId' in one ? [[path, one] as const] : [])),
  };
}

/** Lists the restaurants' own promotions by the paths at which their uses are counted. */
function listOwn(restaurants: Rows<Restaurant>, own: Rows<StorePromotions>): Rows<Promotion> {
  const zoneIds = new Map(restaurants.map(([id, { zoneId }]) => [id, zoneId]));
  return own.flatMap(([restaurantId, { promotions }]) =>
    Object.values(promotions).map(
      ({ promotion }) => [`zones/${zoneIds.get(restaurantId)}/promotions/${promotion.id}`, promotion] as const,
    ),
  );
}

/** A document in `live` is a position below a courier, a stock below a restaurant, surge and shown promotions below a zone. */
const Live = z.union([LivePosition, Stock, Surge, ShownPromotions]);
type Live = z.infer<typeof Live>;

async function readInventory(
  db: Firestore,
  restaurants: Rows<Restaurant>,
  promotions: Rows<Promotion>,
  live: Rows<Live>,
): Promise<Inventory> {
  const [shards, standings, slots] = await Promise.all([
    byPath(db.collectionGroup('shards'), PromotionShard),
    byPath(db.collectionGroup('private'), CustomerBalance, 'standing'),
    byPath(db.collectionGroup('slots'), Slot),
  ]);
  return {
    restaurants,
    promotions: promotions.map(([path, promotion]) => [toPromotionKey(path), promotion]),
    shards: shards.map(([path, { left, over = 0 }]) => [toPromotionKey(toParentPath(path)), left, over]),
    standings: standings.map(([path, standing]) => [toId(toParentPath(path)), standing]),
    slots: slots.map(([path, slot]) => [toId(toParentPath(path)), Number(toId(path)), slot]),
    stocks: live.flatMap(([path, one]) => ('left' in one ? [[toId(toParentPath(path)), one] as const] : [])),
  };
}

async function readOpinions(db: Firestore, couriers: Rows<Courier>, restaurants: Rows<Restaurant>): Promise<Opinions> {
  const reviews = await byPath(db.collectionGroup('reviews'), Review);
  return {
    reviews: reviews.map(([path, review]) => [toParentPath(path), toId(path), review]),
    ratings: [
      ...restaurants.map(([id, { rating }]) => [`restaurants/${id}`, rating] as const),
      ...couriers.map(([uid, { rating }]) => [`couriers/${uid}`, rating] as const),
    ],
  };
}

async function readOverrides(db: Firestore, promotions: Rows<Promotion>): Promise<Overrides> {
  const [audit, claims, refunds, reports, courierApplications, merchantApplications, zones, flags] = await Promise.all([
    byId(db.collection('audit'), AuditEntry),
    byPath(db.collectionGroup('claims'), Claim),
    byPath(db.collectionGroup('refunds'), Refund),
    byId(db.collection('reports'), Report),
    byId(db.collection('courierApplications'), CourierApplication),
    byId(db.collection('merchantApplications'), MerchantApplication),
    byPath(db.collection('zones'), Zone),
    byPath(db.collection('flags'), Flag),
  ]);
  const versions = [
    // Version 1 may be older than the first operator.
    ...[...zones, ...promotions].map(([path, { version }]) => [path, 2, version] as const),
    ...flags.map(([path, { version }]) => [path, 1, version] as const),
  ];
  return { audit, claims, refunds, reports, courierApplications, merchantApplications, versions };
}

async function readExtras(db: Firestore): Promise<Extras> {
  const [tips, disputes, heldPays, courierPayouts] = await Promise.all([
    byPath(db.collectionGroup('tips'), Tip),
    byId(db.collection('disputes'), Dispute),
    byId(db.collection('heldPays'), HeldPay),
    byId(db.collection('courierPayouts'), CourierPayout),
  ]);
  return { tips, disputes, heldPays, courierPayouts };
}

type Place = CollectionReference | CollectionGroup;

/** Reads the documents of a collection; only those named `id`, where a collection holds documents of several kinds. */
async function byPath<S extends z.ZodType>(place: Place, schema: S, id?: string): Promise<Rows<z.output<S>>> {
  const { docs } = await place.get();
  const wanted = docs.filter((one) => id === undefined || one.id === id);
  return wanted.map((one) => [one.ref.path, schema.parse(readFields(one))]);
}

async function byId<S extends z.ZodType>(place: Place, schema: S): Promise<Rows<z.output<S>>> {
  return (await byPath(place, schema)).map(([path, one]) => [toId(path), one]);
}

const toId = (path: string): string => path.split('/').at(-1) ?? '';
/** Returns the path of the document that owns the collection of the document at `path`. */
const toParentPath = (path: string): string => path.split('/').slice(0, -2).join('/');
/** `zones/centre/promotions/half` is `centre/half`: two zones may have promotions of one id. */
const toPromotionKey = (path: string): string => `${toId(toParentPath(path))}/${toId(path)}`;

async function readTerms(db: Firestore, restaurants: Rows<Restaurant>): Promise<Rows<RestaurantTerms>> {
  const read = await Promise.all(restaurants.map(([id]) => db.doc(`restaurants/${id}/private/terms`).get()));
  return read.flatMap((terms, index): Rows<RestaurantTerms> => {
    const [id = ''] = restaurants[index] ?? [];
    return terms.exists ? [[id, RestaurantTerms.parse(terms.data())]] : [];
  });
}
