import type { z } from 'zod';
import { AccountLinks, AccountSignal, BlockedDevice, LimitBucket, Origin } from './abuse.js';
import { Authority, Billing, Device, DeviceToken, CustomerBalance, User } from './accounts.js';
import { DayBook, LedgerAccount, MonthBook } from './books.js';
import { ChatMessage } from './chat.js';
import { Command } from './commands.js';
import { CourierAccount, CourierPayout } from './courier-payouts.js';
import { Courier, CourierApplication, LivePosition, Shift } from './couriers.js';
import { MatchDecision, Search } from './dispatch.js';
import { HeldPay, ProofDigest } from './held-pays.js';
import { Photo } from './media.js';
import { Invitation, MerchantApplication } from './merchants.js';
import { InboxItem } from './notifications.js';
import { ShownPromotions } from './shown-promotions.js';
import { AppVersion, AuditEntry, Board, DeskRecord, Flag, OperatorTask } from './operations.js';
import { OrderDocument } from './order-documents.js';
import { Journal, Quote } from './orders.js';
import { Dispute, RefundDocument, Tip } from './payments.js';
import { Erasure, PrivacyReport } from './privacy.js';
import { Reconciliation } from './reconciliation.js';
import { MenuTexts } from './menu-texts.js';
import { Cart, Member, Menu, MenuDraft, Restaurant, RestaurantTerms, SearchEntry, Slot, Stock } from './restaurants.js';
import { Report, Review } from './reviews.js';
import { Claim, ClaimHistory, Conversation, SupportMessage } from './support.js';
import { PrepSamples } from './prep-times.js';
import { StorePromotions } from './store-promotions.js';
import { StoreStrikes } from './strikes.js';
import { Surge } from './surge.js';
import { Ticket } from './tickets.js';
import { EtaTable, Share } from './tracking.js';
import { Promotion, PromotionShard, Zone } from './zones.js';

const SCHEMAS = {
  'users/{uid}': User,
  'users/{uid}/devices/{deviceId}': Device,
  'users/{uid}/inbox/{eventId}': InboxItem,
  'users/{uid}/photos/{photoId}': Photo,
  'users/{uid}/private/billing': Billing,
  'users/{uid}/private/standing': CustomerBalance,
  'users/{uid}/private/claims': ClaimHistory,
  'users/{uid}/private/origin': Origin,
  'authorities/{uid}': Authority,
  'deviceTokens/{digest}': DeviceToken,
  'carts/{uid}': Cart,
  'restaurants/{restaurantId}': Restaurant,
  'restaurants/{restaurantId}/menus/published': Menu,
  'restaurants/{restaurantId}/menus/draft': MenuDraft,
  'restaurants/{restaurantId}/menuTexts/{language}': MenuTexts,
  'restaurants/{restaurantId}/live/stock': Stock,
  'restaurants/{restaurantId}/private/terms': RestaurantTerms,
  'restaurants/{restaurantId}/settings/promotions': StorePromotions,
  'restaurants/{restaurantId}/stats/strikes': StoreStrikes,
  'restaurants/{restaurantId}/stats/prepSamples': PrepSamples,
  'restaurants/{restaurantId}/members/{uid}': Member,
  'restaurants/{restaurantId}/invitations/{invitationId}': Invitation,
  'restaurants/{restaurantId}/photos/{photoId}': Photo,
  'restaurants/{restaurantId}/slots/{startMs}': Slot,
  'restaurants/{restaurantId}/tickets/{ticketId}': Ticket,
  'restaurants/{restaurantId}/reviews/{orderId}': Review,
  'restaurants/{restaurantId}/days/{day}': DayBook,
  'searchEntries/{restaurantId}': SearchEntry,
  'merchantApplications/{applicationId}': MerchantApplication,
  'zones/{zoneId}': Zone,
  'zones/{zoneId}/versions/{version}': Zone,
  'zones/{zoneId}/promotions/{promotionId}': Promotion,
  'zones/{zoneId}/promotions/{promotionId}/shards/{shard}': PromotionShard,
  'zones/{zoneId}/shifts/{shiftId}': Shift,
  'zones/{zoneId}/stats/eta': EtaTable,
  'zones/{zoneId}/live/surge': Surge,
  'zones/{zoneId}/live/promotions': ShownPromotions,
  'zones/{zoneId}/matches/{matchId}': MatchDecision,
  'quotes/{quoteId}': Quote,
  'orders/{orderId}': OrderDocument,
  'orders/{orderId}/commands/{commandId}': Command,
  'orders/{orderId}/messages/{messageId}': ChatMessage,
  'orders/{orderId}/refunds/{refundId}': RefundDocument,
  'orders/{orderId}/claims/{claimId}': Claim,
  'orders/{orderId}/tips/{tipId}': Tip,
  'orders/{orderId}/private/search': Search,
  'couriers/{uid}': Courier,
  'couriers/{uid}/live/{orderId}': LivePosition,
  'couriers/{uid}/reviews/{orderId}': Review,
  'courierApplications/{uid}': CourierApplication,
  'courierAccounts/{uid}': CourierAccount,
  'courierPayouts/{payoutId}': CourierPayout,
  'shares/{token}': Share,
  'reports/{reportId}': Report,
  'disputes/{disputeId}': Dispute,
  'ledger/{journalId}': Journal,
  'ledgerAccounts/{accountId}': LedgerAccount,
  'ledgerAccounts/{accountId}/days/{day}': DayBook,
  'books/{book}/days/{day}': DayBook,
  'books/{book}/months/{month}': MonthBook,
  'reconciliations/{day}': Reconciliation,
  'flags/{flagId}': Flag,
  'flags/{flagId}/versions/{version}': Flag,
  'appVersions/{appId}': AppVersion,
  'appVersions/{appId}/versions/{version}': AppVersion,
  'audit/{entryId}': AuditEntry,
  'limits/{limitId}': LimitBucket,
  'blockedDevices/{digest}': BlockedDevice,
  'signals/{signalId}': AccountSignal,
  'links/{accountId}': AccountLinks,
  'heldPays/{payId}': HeldPay,
  'proofDigests/{digest}': ProofDigest,
  'erasures/{uid}': Erasure,
  'privacyReports/{reportId}': PrivacyReport,
  'boards/{zoneId}': Board,
  'operatorTasks/{taskId}': OperatorTask,
  'deskRecords/{recordId}': DeskRecord,
  'conversations/{uid}': Conversation,
  'conversations/{uid}/supportMessages/{messageId}': SupportMessage,
} as const satisfies Record<string, z.ZodType>;

export type DocumentPattern = keyof typeof SCHEMAS;
export type Documents = { [P in DocumentPattern]: z.output<(typeof SCHEMAS)[P]> };

/** Every document that the backend reads or writes: its path, with a name for each id, and its schema. */
export const DOCUMENTS: { readonly [P in DocumentPattern]: z.ZodType<Documents[P]> } = SCHEMAS;

/** `orders/{orderId}/tips/{tipId}` as `orders/{}/tips/{}`. */
const anonymous = (pattern: string): string => pattern.replaceAll(/\{\w+\}/g, '{}');

const PATTERNS = new Map(Object.keys(SCHEMAS).map((pattern) => [anonymous(pattern), pattern as DocumentPattern]));

/** Finds the pattern of a document's path; undefined for a path that is not in the table. */
export function patternAt(path: string): DocumentPattern | undefined {
  const segments = path.split('/');
  const named = segments.map((segment, index) => (index % 2 === 0 ? segment : '{}'));
  // `private/terms` has a fixed id: it is matched before any other document of its collection.
  const fixed = [...named.slice(0, -1), segments.at(-1)].join('/');
  return PATTERNS.get(fixed) ?? PATTERNS.get(named.join('/'));
}
