import { z } from 'zod';
import { Currency, DocumentId, EpochMs, LIMITS, line, Uid } from './common.js';
import { ORDER_STATUSES } from './orders.js';

/** Kinds of work that the backend could not finish by itself and hands to an operator. */
export const OPERATOR_TASK_KINDS = [
  'effect_failed',
  'no_courier',
  'no_staff',
  'merchant_owes',
  'store_strikes',
  'customer_blocked',
  'kitchen_late',
  'pick_up_late',
  'delivery_late',
  'return_late',
  'undeliverable',
  'payment_mismatch',
  'pin_locked',
  'refund_failed',
  'dispute',
  'books_differ',
  'claim',
  'report',
  'document_failed',
  'claims_differ',
  'code_locked',
  'linked_parties',
  'courier_pay_held',
  'kitchen_pay_held',
  'failure_doubted',
  'courier_stopped',
  'courier_paused',
  'courier_payout',
  'courier_payment_due',
  'rider_payment_due',
] as const;

export const TASK_DETAIL_CHARS = 500;

/** Tasks that the decision about their subject closes: `decideClaim`, `decideReport`, `decideHeldPay`. */
export const DECIDED_TASKS: readonly (typeof OPERATOR_TASK_KINDS)[number][] = [
  'claim',
  'report',
  'courier_pay_held',
  'kitchen_pay_held',
];

/** `operatorTasks/{id}`: the id is derived from the subject of the task, so that one problem is one task. */
export const OperatorTask = z.strictObject({
  kind: z.enum(OPERATOR_TASK_KINDS),
  /** Null where the task concerns no order. */
  orderId: DocumentId.nullable(),
  /** Of the order, where its step opened the task. */
  zoneId: DocumentId.optional(),
  /** Of the document that could not be read or handled, or of the paused courier. */
  path: z.string().max(1_500).optional(),
  /** Facts for the operator: reasons and amounts, nothing personal. */
  detail: z.string().max(TASK_DETAIL_CHARS),
  createdAtMs: EpochMs,
  open: z.boolean(),
  /** The operator who takes care of it; null or absent: no one yet. */
  ownerId: Uid.nullable().optional(),
  /** Comments on it, which are audit entries with its path as subject. */
  comments: z.int().min(0).optional(),
});
export type OperatorTask = z.infer<typeof OperatorTask>;

/** The tags of one record. */
export const MAX_TAGS = 20;

/**
 * `deskRecords/{id}`: what operators record about an order, a person or a restaurant: tags, and who takes care of it.
 * The notes are audit entries with the same subject. The id is the digest of the subject.
 */
export const DeskRecord = z.strictObject({
  /** The path of the order, the user or the restaurant. */
  subject: z.string().max(300),
  tags: z.array(z.string().regex(/^[a-z0-9-]{1,30}$/)).max(MAX_TAGS),
  ownerId: Uid.nullable(),
  notes: z.int().min(0),
  atMs: EpochMs,
});
export type DeskRecord = z.infer<typeof DeskRecord>;

/** An operator's actions. Order steps are named as in the order's events. */
export const AUDIT_ACTIONS = [
  'saveZone',
  'rollBackZone',
  'setSurge',
  'saveFlag',
  'rollBackFlag',
  'saveAppVersion',
  'answerSupport',
  'actForStore',
  'saveTerms',
  'findRecords',
  'pauseStore',
  'updateTask',
  'noteRecord',
  'messageParty',
  'moveOrder',
  'dispatchOrder',
  'readDropOff',
  'inspectOrder',
  'refundOrder',
  'grantCredit',
  'migrateLedger',
  'decideClaim',
  'decideReport',
  'recordCashDeposit',
  'savePromotion',
  'grantRole',
  'reviewApplication',
  'reviewCourier',
  'decideHeldPay',
  'blockUser',
  'unblockUser',
  'openFile',
  'publishShift',
  'submitDisputeEvidence',
  'recordCourierPayment',
  'returnCourierPayment',
  'settleCourierDebt',
  'recordRiderPayment',
  'readBankDetails',
] as const;

/** A few facts, not the whole document: versions, states and amounts, nothing personal. */
export const AuditFacts = z.record(z.string(), z.union([z.string().max(200), z.number(), z.boolean(), z.null()]));
export type AuditFacts = z.infer<typeof AuditFacts>;

/**
 * `audit/{id}`: written with the change that it records, in one transaction. Operators read it; clients and operators
 * cannot change it. Only an erasure does: it replaces the uid of the erased person by the pseudonym, in `by`, in the
 * path of `subject` and within `reason` and the facts. All other fields of an entry stay as they were written.
 */
export const AuditEntry = z.strictObject({
  by: Uid,
  action: z.enum(AUDIT_ACTIONS),
  /** The path of the document that was changed. */
  subject: z.string().max(300),
  reason: z.string().max(LIMITS.reasonChars),
  /** Null: the document did not exist. */
  before: AuditFacts.nullable(),
  after: AuditFacts.nullable(),
  atMs: EpochMs,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/**
 * `flags/{id}`: a switch that apps read. `flags/{id}/versions/{n}` are the versions that were replaced, as
 * `zones/{id}/versions/{n}` are a zone's.
 */
export const Flag = z.strictObject({
  version: z.int().min(1),
  isOn: z.boolean(),
  /** Only in these zones; null: in all. */
  zoneIds: z.array(DocumentId).max(100).nullable(),
});
export type Flag = z.infer<typeof Flag>;

/** The apps, each on its platforms: for example `courier-android`. */
export const AppId = z.enum([
  'customer-android',
  'customer-ios',
  'customer-web',
  'merchant-android',
  'merchant-ios',
  'merchant-web',
  'courier-android',
  'courier-ios',
]);

/** `1.4.0`: numbers of up to six digits. */
const AppNumber = z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/);

/**
 * `appVersions/{appId}`: read by the app at its start, also before the sign-in. An app older than `minimum` asks for its
 * update and does nothing else. `appVersions/{appId}/versions/{n}` are those that were replaced.
 */
export const AppVersion = z.strictObject({
  version: z.int().min(1),
  minimum: AppNumber,
  /** The newest one in the store. */
  current: AppNumber,
  /** The app shows this text, in any language, instead of its pages; null: it works. */
  maintenance: line(500).min(1).nullable(),
});
export type AppVersion = z.infer<typeof AppVersion>;

/** The statuses in which an order still requires a step. */
export const BOARD_STATUSES = ORDER_STATUSES.filter(
  (status) => !['completed', 'expired', 'rejected', 'cancelled', 'returned', 'delivered', 'collected'].includes(status),
);

/** `boards/{zoneId}`: the figures of a zone, counted every minute. Operators read it. */
export const Board = z.strictObject({
  atMs: EpochMs,
  /** By status; a status without orders is not named. */
  orders: z.partialRecord(z.enum(ORDER_STATUSES), z.int().min(1)),
  /** Orders past their deadline that the sweep has not handled yet. */
  overdue: z.int().min(0),
  couriersOnline: z.int().min(0),
  /** Online couriers without an order. */
  couriersFree: z.int().min(0),
  surgePpm: z.int().min(0),
  currency: Currency,
});
export type Board = z.infer<typeof Board>;
