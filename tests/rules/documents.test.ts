import assert from 'node:assert/strict';
import type { z } from 'zod';
import { AccountLinks, AccountSignal, BlockedDevice, LimitBucket, Origin } from '#functions/contract/abuse.js';
import { Authority, Billing, Device, DeviceToken, CustomerBalance, User } from '#functions/contract/accounts.js';
import { DayBook, LedgerAccount, MonthBook } from '#functions/contract/books.js';
import { CourierAccount, CourierPayout } from '#functions/contract/courier-payouts.js';
import { Courier, CourierApplication, LivePosition, Shift } from '#functions/contract/couriers.js';
import { ChatMessage, ReadMark } from '#functions/contract/chat.js';
import { Claim, ClaimHistory, Conversation, SupportMessage } from '#functions/contract/support.js';
import { Report, Review } from '#functions/contract/reviews.js';
import { Command } from '#functions/contract/commands.js';
import { InboxItem } from '#functions/contract/notifications.js';
import { AppVersion, AuditEntry, Board, DeskRecord, Flag, OperatorTask } from '#functions/contract/operations.js';
import { OrderDocument } from '#functions/contract/order-documents.js';
import { Journal, Quote } from '#functions/contract/orders.js';
import { Reconciliation } from '#functions/contract/reconciliation.js';
import { Erasure, PrivacyReport } from '#functions/contract/privacy.js';
import { Dispute, RefundDocument, Tip } from '#functions/contract/payments.js';
import { HeldPay, ProofDigest } from '#functions/contract/held-pays.js';
import { Photo } from '#functions/contract/media.js';
import { Ticket } from '#functions/contract/tickets.js';
import { Invitation, MerchantApplication } from '#functions/contract/merchants.js';
import { MenuTexts } from '#functions/contract/menu-texts.js';
import { Member, Menu, MenuDraft, Restaurant, RestaurantTerms, SearchEntry } from '#functions/contract/restaurants.js';
import { PrepSamples } from '#functions/contract/prep-times.js';
import { StorePromotions } from '#functions/contract/store-promotions.js';
import { StoreStrikes } from '#functions/contract/strikes.js';
import { ShownPromotions } from '#functions/contract/shown-promotions.js';
import { Surge } from '#functions/contract/surge.js';
import { EtaTable, Share } from '#functions/contract/tracking.js';
import { Promotion, Zone } from '#functions/contract/zones.js';
import { MatchDecision, Search } from '#functions/contract/dispatch.js';
import { city } from './support/city.js';

/** By the collections on a document's path. Carts, addresses and others that are not listed have no schema. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  authorities: Authority,
  deviceTokens: DeviceToken,
  users: User,
  'users/devices': Device,
  'users/inbox': InboxItem,
  'users/private/billing': Billing,
  'users/private/standing': CustomerBalance,
  zones: Zone,
  'zones/promotions': Promotion,
  'zones/versions': Zone,
  flags: Flag,
  'flags/versions': Flag,
  deskRecords: DeskRecord,
  conversations: Conversation,
  'conversations/supportMessages': SupportMessage,
  appVersions: AppVersion,
  'appVersions/versions': AppVersion,
  audit: AuditEntry,
  boards: Board,
  erasures: Erasure,
  'users/photos': Photo,
  'restaurants/photos': Photo,
  limits: LimitBucket,
  blockedDevices: BlockedDevice,
  'users/private/origin': Origin,
  signals: AccountSignal,
  heldPays: HeldPay,
  proofDigests: ProofDigest,
  links: AccountLinks,
  privacyReports: PrivacyReport,
  restaurants: Restaurant,
  'restaurants/menus/published': Menu,
  'restaurants/menus/draft': MenuDraft,
  'restaurants/menuTexts': MenuTexts,
  'restaurants/invitations': Invitation,
  'restaurants/tickets': Ticket,
  merchantApplications: MerchantApplication,
  searchEntries: SearchEntry,
  'restaurants/members': Member,
  'restaurants/private': RestaurantTerms,
  'restaurants/settings': StorePromotions,
  'restaurants/stats/strikes': StoreStrikes,
  'restaurants/stats/prepSamples': PrepSamples,
  quotes: Quote,
  orders: OrderDocument,
  'orders/commands': Command,
  couriers: Courier,
  'couriers/live': LivePosition,
  'orders/private': Search,
  'zones/matches': MatchDecision,
  courierApplications: CourierApplication,
  courierAccounts: CourierAccount,
  courierPayouts: CourierPayout,
  'zones/shifts': Shift,
  'zones/stats': EtaTable,
  'zones/live/surge': Surge,
  'zones/live/promotions': ShownPromotions,
  shares: Share,
  'orders/messages': ChatMessage,
  'restaurants/reviews': Review,
  'couriers/reviews': Review,
  reports: Report,
  'orders/claims': Claim,
  'users/private/claims': ClaimHistory,
  'users/reads': ReadMark,
  'orders/refunds': RefundDocument,
  'orders/tips': Tip,
  disputes: Dispute,
  ledger: Journal,
  operatorTasks: OperatorTask,
  reconciliations: Reconciliation,
  'restaurants/days': DayBook,
  ledgerAccounts: LedgerAccount,
  'ledgerAccounts/days': DayBook,
  'books/days': DayBook,
  'books/months': MonthBook,
};
const WITHOUT_SCHEMA = ['carts', 'users/addresses', 'users/favourites', 'stripeEvents'];

/** The documents of these collections are distinguished by their names. */
const BY_NAME = ['users/private', 'restaurants/menus', 'restaurants/stats', 'zones/live'];
const collections = (path: string): string => {
  const parts = path.split('/');
  const name = parts.filter((_, index) => index % 2 === 0).join('/');
  return BY_NAME.includes(name) ? `${name}/${parts.at(-1)}` : name;
};

describe('rules: the documents of these tests', () => {
  const documents = [...city(Date.now())];
  for (const name of new Set(documents.map(([path]) => collections(path)))) {
    if (WITHOUT_SCHEMA.includes(name)) continue;
    it(`satisfy the contract in ${name}`, () => {
      for (const [path, fields] of documents.filter(([other]) => collections(other) === name))
        assert.deepEqual(SCHEMAS[name]?.safeParse(inMilliseconds(fields)).error?.issues ?? [], [], path);
      assert.ok(SCHEMAS[name]);
    });
  }
});

/** The server reads timestamps as milliseconds. */
function inMilliseconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(inMilliseconds);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inMilliseconds(inner)]));
}
