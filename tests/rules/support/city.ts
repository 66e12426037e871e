import { ORDER_KINDS, ORDER_STATUSES, type Order } from '../../../functions/src/contract/orders.js';
import { aBilling, aDevice, anAddress, aUser } from '../../fixtures/documents/accounts.js';
import { aDayBook, aReconciliation } from '../../fixtures/documents/books.js';
import {
  aCourierApplication,
  aShare,
  aShift,
  anEtaTable,
  aCourierDocument,
  aLivePosition,
  anOffer,
} from '../../fixtures/documents/couriers.js';
import { aBoard, aFlag, anAuditEntry } from '../../fixtures/documents/operations.js';
import {
  aDispute,
  aJournal,
  anOperatorTask,
  anOrderDocument,
  aQuoteDocument,
  aRefund,
  aTip,
} from '../../fixtures/documents/orders.js';
import {
  aCartLine, aDraftDocument, aMember, aMenuDocument, anApplication, anInvitation, aPromotionDocument, aRestaurantDocument, aZoneDocument, someTerms,
} from '../../fixtures/documents/restaurants.js'; // prettier-ignore
import type { Data, Fields } from './attempt.js';

/** A document as the client writes it: no fields that are undefined, timestamps as dates. */
export function fieldsOf(document: object): Fields {
  return Object.fromEntries(
    Object.entries(document)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, dataOf(value)]),
  );
}

/** A document without some of its fields. */
function without(document: object, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

function dataOf(value: unknown): Data {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(dataOf);
  if (typeof value === 'object') return fieldsOf(value);
  throw new Error(`no data: ${typeof value}`);
}

const HOUR_MS = 3_600_000;

/** One order of each kind in each status, e.g. `orders/delivery-picked_up`. */
function orders(nowMs: number): [path: string, order: Order][] {
  const each = ORDER_KINDS.flatMap((kind) =>
    ORDER_STATUSES.map((status): [string, Order] => [
      `orders/${kind}-${status}`,
      anOrderDocument(status, kind, nowMs - HOUR_MS / 2),
    ]),
  );
  return [
    ...each,
    ['orders/cancelled-long-ago', anOrderDocument('cancelled', 'delivery', nowMs - 1.1 * HOUR_MS)],
    ['orders/carried-by-susi', { ...anOrderDocument('ready'), courierId: 'susi' }],
  ];
}

/** Everything that is stored before anybody asks. */
export function city(nowMs: number): ReadonlyMap<string, Fields> {
  const documents: [string, object][] = [
    ['users/ana', aUser()],
    ['users/ana/devices/phone', aDevice()],
    ['users/ana/addresses/home', anAddress()],
    ['users/ana/private/billing', aBilling()],
    ['users/ana/private/standing', { credits: { EUR: 500 }, uses: {} }],
    ['users/ana/favourites/luigi', { addedAt: new Date(nowMs) }],
    ['carts/otto', { restaurantId: 'luigi', lines: [aCartLine()], updatedAt: new Date(nowMs) }],
    ['zones/centre', aZoneDocument()],
    ['zones/centre/versions/1', aZoneDocument()],
    ['flags/tips', aFlag()],
    ['flags/tips/versions/1', aFlag()],
    ['audit/entry-1', anAuditEntry()],
    ['boards/centre', aBoard()],
    ['zones/centre/promotions/welcome', aPromotionDocument()],
    ['restaurants/luigi', aRestaurantDocument()],
    [
      'restaurants/sakura',
      aRestaurantDocument({ name: 'Sakura', availability: 'paused', pausedUntilMs: nowMs - HOUR_MS }),
    ],
    ['restaurants/luigi/menus/published', aMenuDocument()],
    ['restaurants/luigi/menus/draft', aDraftDocument()],
    ['restaurants/luigi/invitations/invitation-1', anInvitation()],
    ['merchantApplications/casa-ana', anApplication()],
    ['searchEntries/luigi', { zoneId: 'centre', tokens: ['lu', 'lui'] }],
    ['restaurants/luigi/members/kim', aMember()],
    ['restaurants/luigi/private/terms', someTerms()],
    ['quotes/delivery-placed', aQuoteDocument()],
    ...orders(nowMs),
    ['orders/delivery-placed/commands/answered-1', { uid: 'ana', role: 'customer', request: { type: 'cancel', reason: 'changed my mind' }, createdAt: new Date(nowMs), answer: { state: 'pending' } }], // prettier-ignore
    ['orders/delivery-delivered/refunds/refund-1', aRefund()],
    ['orders/delivery-delivered/tips/paid-tip-1', aTip()],
    ['orders/delivery-delivered/tips/pending-tip-1', aTip('pending')],
    ['disputes/dp_1', aDispute()],
    ['courierApplications/cora', aCourierApplication()],
    ['zones/centre/shifts/evening', aShift()],
    ['zones/centre/stats/eta', anEtaTable()],
    ['shares/shared-token-of-22-char', aShare()],
    ['couriers/cora', aCourierDocument({ online: true, load: 1 })],
    [
      'couriers/fred',
      aCourierDocument({
        displayName: 'Fred',
        online: true,
        shifts: [{ id: 'now', fromMs: nowMs - HOUR_MS, untilMs: nowMs + HOUR_MS }],
        offer: anOffer(),
        load: 1,
      }),
    ],
    [
      'couriers/nele',
      aCourierDocument({
        displayName: 'Nele',
        online: true,
        presence: null,
        shifts: [
          { id: 'over', fromMs: nowMs - 2 * HOUR_MS, untilMs: nowMs - HOUR_MS },
          { id: 'to-come', fromMs: nowMs + HOUR_MS, untilMs: nowMs + 2 * HOUR_MS },
        ],
      }),
    ],
    ['couriers/susi', aCourierDocument({ displayName: 'Susi' })],
    ['couriers/otis', aCourierDocument({ displayName: 'Otis', approved: false })],
    ['couriers/cora/live/position', { ...aLivePosition(), at: new Date(nowMs) }],
    ['couriers/fred/live/position', aLivePosition({ viewers: { customers: {}, restaurants: {} } })],
    ['couriers/otis/live/position', without(aLivePosition(), 'seq', 'fixes')],
    ['couriers/susi/live/position', aLivePosition()],
    ['ledger/delivery-delivered-1', aJournal()],
    ['restaurants/luigi/days/2025-10-09', aDayBook('merchant')],
    ['couriers/cora/days/2025-10-09', aDayBook('courier')],
    ['couriers/susi/days/2025-10-09', aDayBook('courier')],
    ['books/platform/days/2025-10-09', aDayBook('stripe')],
    ['reconciliations/2025-10-09', aReconciliation()],
    ['operatorTasks/no-courier-1', anOperatorTask()],
    ['stripeEvents/evt_1', { type: 'payment_intent.succeeded' }],
  ];
  return new Map(documents.map(([path, document]) => [path, fieldsOf(document)]));
}
