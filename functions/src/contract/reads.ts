import type { z } from 'zod';
import { Favourite, SavedAddress } from './app-documents.js';
import { ReadMark } from './chat.js';
import { DOCUMENTS } from './documents.js';
import type { OrderStatus } from './orders.js';

/**
 * What apps read directly, under security rules: the rules tests, the test of the indexes, the client packages and the
 * docs are made from these tables.
 */

const SCHEMAS = {
  ...DOCUMENTS,
  // Documents that apps alone write and read.
  'users/{uid}/addresses/{addressId}': SavedAddress,
  'users/{uid}/favourites/{restaurantId}': Favourite,
  'users/{uid}/reads/{orderId}': ReadMark,
} as const;

export type ReadablePattern = keyof typeof SCHEMAS;
/** Every document that an app may read or write, by its path, with the documents of the server alone. */
export const READABLE: { readonly [P in ReadablePattern]: z.ZodType } = SCHEMAS;

/** Whom the rules let read. `user` is the owner of the data, `staff` and `manager` work for the restaurant. */
export type Reader = 'user' | 'staff' | 'manager' | 'courier' | 'operator' | 'anyone signed in' | 'anyone';

/**
 * A value that the app fills in: an id (the own uid, and others by their names), the key of a member of staff
 * (core/staff-key.ts), the account of a courier in the ledger (ledger/model/account-id.ts), a day (`2026-03-01`), a time in
 * milliseconds.
 */
export type ParameterType = 'id' | 'staffKey' | 'accountId' | 'day' | 'time';

export interface Parameter {
  readonly parameter: string;
  readonly type: ParameterType;
}

export type Operator = '==' | 'in' | '>' | '>=' | 'array-contains';
type Constant = string | boolean | null | readonly string[];

/** One document that an app gets or listens to. */
export interface DocumentRead {
  readonly description: string;
  readonly reader: Reader;
  /** The path; each name in braces is a parameter. */
  readonly document: ReadablePattern;
}

/** A query that an app makes. */
export interface QueryRead {
  readonly description: string;
  readonly reader: Reader;
  /** The pattern of the documents that it finds: names in braces but the last are parameters. */
  readonly of: ReadablePattern;
  readonly where: readonly (readonly [field: string, operator: Operator, value: Constant | Parameter])[];
  readonly orderBy?: readonly [field: string, direction: 'asc' | 'desc'];
  /** The documents of a page; the rules refuse more than 50. */
  readonly limit: number;
}

/** True for a value that the app fills in. */
export const isParameter = (value: Constant | Parameter): value is Parameter =>
  typeof value === 'object' && value !== null && 'parameter' in value;

const id = (parameter: string): Parameter => ({ parameter, type: 'id' });
const time = (parameter: string): Parameter => ({ parameter, type: 'time' });

/** The statuses in which a kitchen has something to do. */
const IN_THE_KITCHEN: readonly OrderStatus[] = ['placed', 'accepted', 'preparing', 'ready'];
const ENDED: readonly OrderStatus[] = ['delivered', 'collected', 'returned', 'completed', 'rejected', 'cancelled'];
const UNDER_WAY: readonly OrderStatus[] = [...IN_THE_KITCHEN, 'picked_up', 'undeliverable'];

export const DOCUMENT_READS = {
  profile: { description: 'The own profile', reader: 'user', document: 'users/{uid}' },
  balance: { description: 'The own credit', reader: 'user', document: 'users/{uid}/private/standing' },
  cart: { description: 'The own cart', reader: 'user', document: 'carts/{uid}' },
  readMark: { description: 'Up to where a chat was read', reader: 'user', document: 'users/{uid}/reads/{orderId}' },
  zone: { description: 'A zone: its fees and limits', reader: 'anyone signed in', document: 'zones/{zoneId}' },
  etaTable: {
    description: 'How long rides take in a zone, for estimates',
    reader: 'anyone signed in',
    document: 'zones/{zoneId}/stats/eta',
  },
  surge: {
    description: 'The automatic surge of a zone; none where it does not exist or has expired',
    reader: 'anyone signed in',
    document: 'zones/{zoneId}/live/surge',
  },
  shownPromotions: {
    description: 'The platform’s promotions in a zone that customers see before they enter a code',
    reader: 'anyone signed in',
    document: 'zones/{zoneId}/live/promotions',
  },
  flag: { description: 'A switch for the apps', reader: 'anyone signed in', document: 'flags/{flagId}' },
  conversation: {
    description: 'The state of the own conversation with the operators',
    reader: 'user',
    document: 'conversations/{uid}',
  },
  appVersion: {
    description: 'The minimum and the current version of an app, and its maintenance',
    reader: 'anyone',
    document: 'appVersions/{appId}',
  },
  restaurant: { description: 'A restaurant', reader: 'anyone signed in', document: 'restaurants/{restaurantId}' },
  menu: {
    description: 'The published menu of a restaurant',
    reader: 'anyone signed in',
    document: 'restaurants/{restaurantId}/menus/published',
  },
  menuTexts: {
    description: 'The texts of a published menu in one of its other languages',
    reader: 'anyone signed in',
    document: 'restaurants/{restaurantId}/menuTexts/{language}',
  },
  menuDraft: {
    description: 'The menu that managers edit',
    reader: 'manager',
    document: 'restaurants/{restaurantId}/menus/draft',
  },
  storePromotions: {
    description: 'The own promotions of a restaurant, paused and ended ones included',
    reader: 'manager',
    document: 'restaurants/{restaurantId}/settings/promotions',
  },
  strikes: {
    description: 'The orders that were cancelled lately at the cost of a restaurant’s kitchen',
    reader: 'manager',
    document: 'restaurants/{restaurantId}/stats/strikes',
  },
  order: { description: 'An order, for its parties', reader: 'user', document: 'orders/{orderId}' },
  position: {
    description: 'The position of an order’s courier (`uid`), for the parties of the order',
    reader: 'user',
    document: 'couriers/{uid}/live/{orderId}',
  },
  command: {
    description: 'A command with its answer',
    reader: 'user',
    document: 'orders/{orderId}/commands/{commandId}',
  },
  courier: {
    description: 'The own courier document: offer, active orders, shifts',
    reader: 'courier',
    document: 'couriers/{uid}',
  },
  courierApplication: {
    description: 'The own application as a courier',
    reader: 'user',
    document: 'courierApplications/{uid}',
  },
  courierAccount: {
    description: 'How the courier is paid: the connected account, or the bank account’s last four characters',
    reader: 'courier',
    document: 'courierAccounts/{uid}',
  },
  merchantApplication: {
    description: 'An application for a restaurant, for its applicant and for operators',
    reader: 'user',
    document: 'merchantApplications/{applicationId}',
  },
  privacyReport: {
    description: 'The proof that an account was erased',
    reader: 'operator',
    document: 'privacyReports/{reportId}',
  },
  dispute: { description: 'A dispute with a bank', reader: 'operator', document: 'disputes/{disputeId}' },
  search: {
    description: 'How the search for an order’s courier goes: the next wave, and how each offer ended',
    reader: 'operator',
    document: 'orders/{orderId}/private/search',
  },
  board: { description: 'The live figures of a zone', reader: 'operator', document: 'boards/{zoneId}' },
} as const satisfies Record<string, DocumentRead>;

/** The documents whose rules look into them, so that a `get` is denied where there is none. */
export const DENIED_IF_MISSING: readonly (keyof typeof DOCUMENT_READS)[] = [
  'order',
  'position',
  'command',
  'merchantApplication',
];

export const QUERY_READS = {
  orders: {
    description: 'The orders of a customer, the newest first',
    reader: 'user',
    of: 'orders/{orderId}',
    where: [['customerId', '==', id('uid')]],
    orderBy: ['createdAtMs', 'desc'],
    limit: 20,
  },
  inbox: {
    description: 'The notifications of a user, the newest first',
    reader: 'user',
    of: 'users/{uid}/inbox/{eventId}',
    where: [],
    orderBy: ['createdAtMs', 'desc'],
    limit: 50,
  },
  addresses: {
    description: 'The addresses that a user keeps',
    reader: 'user',
    of: 'users/{uid}/addresses/{addressId}',
    where: [],
    limit: 50,
  },
  favourites: {
    description: 'The restaurants that a user keeps, the newest first',
    reader: 'user',
    of: 'users/{uid}/favourites/{restaurantId}',
    where: [],
    orderBy: ['addedAt', 'desc'],
    limit: 50,
  },
  zones: { description: 'The zones', reader: 'anyone signed in', of: 'zones/{zoneId}', where: [], limit: 50 },
  reviews: {
    description: 'The reviews of a restaurant, the newest first',
    reader: 'anyone signed in',
    of: 'restaurants/{restaurantId}/reviews/{orderId}',
    where: [['state', '==', 'shown']],
    orderBy: ['createdAtMs', 'desc'],
    limit: 20,
  },
  messagesOfCustomer: {
    description: 'The messages of an order that its customer sees, by the server’s order, since a time',
    reader: 'user',
    of: 'orders/{orderId}/messages/{messageId}',
    where: [
      ['customerId', '==', id('uid')],
      ['state', '==', 'shown'],
      ['createdAt', '>', time('sinceMs')],
    ],
    orderBy: ['createdAt', 'asc'],
    limit: 50,
  },
  messagesOfRestaurant: {
    description: 'The messages of an order that its restaurant sees, since a time',
    reader: 'staff',
    of: 'orders/{orderId}/messages/{messageId}',
    where: [
      ['restaurantId', '==', id('restaurantId')],
      ['state', '==', 'shown'],
      ['createdAt', '>', time('sinceMs')],
    ],
    orderBy: ['createdAt', 'asc'],
    limit: 50,
  },
  messagesOfCourier: {
    description: 'The messages of an order that its courier sees, since a time',
    reader: 'courier',
    of: 'orders/{orderId}/messages/{messageId}',
    where: [
      ['courierId', '==', id('uid')],
      ['state', '==', 'shown'],
      ['createdAt', '>', time('sinceMs')],
    ],
    orderBy: ['createdAt', 'asc'],
    limit: 50,
  },
  refundsOfOrder: {
    description: 'What a customer got back for an order',
    reader: 'user',
    of: 'orders/{orderId}/refunds/{refundId}',
    where: [['customerId', '==', id('uid')]],
    limit: 50,
  },
  claimsOfOrder: {
    description: 'What a customer complained about',
    reader: 'user',
    of: 'orders/{orderId}/claims/{claimId}',
    where: [['customerId', '==', id('uid')]],
    limit: 50,
  },
  tipsOfOrder: {
    description: 'The tips that a customer gave after the delivery',
    reader: 'user',
    of: 'orders/{orderId}/tips/{tipId}',
    where: [['customerId', '==', id('uid')]],
    limit: 50,
  },
  merchantApplications: {
    description: 'The own applications for restaurants',
    reader: 'user',
    of: 'merchantApplications/{applicationId}',
    where: [['ownerId', '==', id('uid')]],
    limit: 20,
  },
  myRestaurants: {
    description: 'The restaurants for which a user works, also those that the claims do not name',
    reader: 'anyone signed in',
    of: 'restaurants/{restaurantId}',
    where: [['staffKeys', 'array-contains', { parameter: 'staffKey', type: 'staffKey' }]],
    limit: 50,
  },
  kitchenBoard: {
    description: 'The open orders of a restaurant, the oldest first',
    reader: 'staff',
    of: 'orders/{orderId}',
    where: [
      ['restaurantId', '==', id('restaurantId')],
      ['staffKeys', 'array-contains', { parameter: 'staffKey', type: 'staffKey' }],
      ['status', 'in', IN_THE_KITCHEN],
    ],
    orderBy: ['createdAtMs', 'asc'],
    limit: 50,
  },
  endedOrders: {
    description: 'The ended orders of a restaurant, the newest first',
    reader: 'staff',
    of: 'orders/{orderId}',
    where: [
      ['restaurantId', '==', id('restaurantId')],
      ['status', 'in', ENDED],
    ],
    orderBy: ['createdAtMs', 'desc'],
    limit: 50,
  },
  members: {
    description: 'Who works for a restaurant',
    reader: 'manager',
    of: 'restaurants/{restaurantId}/members/{uid}',
    where: [],
    limit: 50,
  },
  invitations: {
    description: 'The open invitations to a restaurant',
    reader: 'manager',
    of: 'restaurants/{restaurantId}/invitations/{invitationId}',
    where: [],
    limit: 50,
  },
  tickets: {
    description: 'The tickets that wait for a kitchen’s printer, the oldest first',
    reader: 'staff',
    of: 'restaurants/{restaurantId}/tickets/{ticketId}',
    where: [['printedAt', '==', null]],
    orderBy: ['createdAtMs', 'asc'],
    limit: 20,
  },
  menuPhotos: {
    description: 'The photos of a restaurant’s dishes',
    reader: 'manager',
    of: 'restaurants/{restaurantId}/photos/{photoId}',
    where: [],
    limit: 50,
  },
  restaurantDays: {
    description: 'What a restaurant sold and is owed, by day, from a day on',
    reader: 'manager',
    of: 'restaurants/{restaurantId}/days/{day}',
    where: [['day', '>=', { parameter: 'fromDay', type: 'day' }]],
    orderBy: ['day', 'asc'],
    limit: 50,
  },
  shifts: {
    description: 'The shifts of a zone, from a time on',
    reader: 'courier',
    of: 'zones/{zoneId}/shifts/{shiftId}',
    where: [['fromMs', '>=', time('fromMs')]],
    orderBy: ['fromMs', 'asc'],
    limit: 50,
  },
  courierDays: {
    description: 'What a courier earned, by day, from a day on',
    reader: 'courier',
    of: 'ledgerAccounts/{accountId}/days/{day}',
    where: [['day', '>=', { parameter: 'fromDay', type: 'day' }]],
    orderBy: ['day', 'asc'],
    limit: 50,
  },
  courierPayouts: {
    description: 'The payouts of a courier, the newest first',
    reader: 'courier',
    of: 'courierPayouts/{payoutId}',
    where: [['courierId', '==', id('uid')]],
    orderBy: ['createdAtMs', 'desc'],
    limit: 20,
  },
  operatorTasks: {
    description: 'The open tasks of operators',
    reader: 'operator',
    of: 'operatorTasks/{taskId}',
    where: [['open', '==', true]],
    limit: 50,
  },
  supportMessages: {
    description: 'The messages between a person and the operators, the newest first',
    reader: 'user',
    of: 'conversations/{uid}/supportMessages/{messageId}',
    where: [],
    orderBy: ['atMs', 'desc'],
    limit: 50,
  },
  openConversations: {
    description: 'The open conversations with people, the oldest first',
    reader: 'operator',
    of: 'conversations/{uid}',
    where: [['open', '==', true]],
    orderBy: ['lastAtMs', 'asc'],
    limit: 50,
  },
  deskRecordOf: {
    description: 'The tags and the owner of an order, a person or a restaurant, by its path',
    reader: 'operator',
    of: 'deskRecords/{recordId}',
    where: [['subject', '==', id('subject')]],
    limit: 1,
  },
  deskRecordsTaken: {
    description: 'What an operator has taken on',
    reader: 'operator',
    of: 'deskRecords/{recordId}',
    where: [['ownerId', '==', id('uid')]],
    limit: 50,
  },
  deskRecordsTagged: {
    description: 'What has a tag',
    reader: 'operator',
    of: 'deskRecords/{recordId}',
    where: [['tags', 'array-contains', id('tag')]],
    limit: 50,
  },
  auditOf: {
    description: 'What operators did about a document, such as a task or an order, the newest first',
    reader: 'operator',
    of: 'audit/{entryId}',
    where: [['subject', '==', id('subject')]],
    orderBy: ['atMs', 'desc'],
    limit: 50,
  },
  operatorTasksOfZone: {
    description: 'The open tasks about orders of a zone that their steps opened',
    reader: 'operator',
    of: 'operatorTasks/{taskId}',
    where: [
      ['open', '==', true],
      ['zoneId', '==', id('zoneId')],
    ],
    limit: 50,
  },
  operatorTasksOf: {
    description: 'The open tasks of one operator',
    reader: 'operator',
    of: 'operatorTasks/{taskId}',
    where: [
      ['open', '==', true],
      ['ownerId', '==', id('uid')],
    ],
    limit: 50,
  },
  couriersOfZone: {
    description: 'The couriers of a zone, online or not, by their ids',
    reader: 'operator',
    of: 'couriers/{uid}',
    where: [['zoneId', '==', id('zoneId')]],
    limit: 50,
  },
  couriersOnline: {
    description: 'The couriers of a zone who are online',
    reader: 'operator',
    of: 'couriers/{uid}',
    where: [
      ['zoneId', '==', id('zoneId')],
      ['online', '==', true],
    ],
    limit: 50,
  },
  offersOfOrder: {
    description: 'The couriers with an open offer for an order',
    reader: 'operator',
    of: 'couriers/{uid}',
    where: [['offer.orderId', '==', id('orderId')]],
    limit: 20,
  },
  matchesOfOrder: {
    description: 'The matching decisions about an order, the newest first: couriers, scores and who was chosen',
    reader: 'operator',
    of: 'zones/{zoneId}/matches/{matchId}',
    where: [['orderIds', 'array-contains', id('orderId')]],
    orderBy: ['atMs', 'desc'],
    limit: 5,
  },
  flaggedOrders: {
    description: 'The orders of a zone that need an operator’s attention, the longest flagged first',
    reader: 'operator',
    of: 'orders/{orderId}',
    where: [['zoneId', '==', id('zoneId')]],
    orderBy: ['flaggedSinceMs', 'asc'],
    limit: 50,
  },
  ordersUnderWay: {
    description: 'The orders of a zone that are under way, the newest first',
    reader: 'operator',
    of: 'orders/{orderId}',
    where: [
      ['zoneId', '==', id('zoneId')],
      ['status', 'in', UNDER_WAY],
    ],
    orderBy: ['createdAtMs', 'desc'],
    limit: 50,
  },
} as const satisfies Record<string, QueryRead>;

export type DocumentReadName = keyof typeof DOCUMENT_READS;
export type QueryReadName = keyof typeof QUERY_READS;
