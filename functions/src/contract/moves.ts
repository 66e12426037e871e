import { z } from 'zod';
import { DocumentId, EpochMs, line, LIMITS, NonNegativeMinor, Place, shownLine } from './common.js';
import { LIABLE_PARTIES } from './orders.js';

/** An operator's reason. */
export const Reason = line(LIMITS.reasonChars).min(1);
/** A reason that the order's other parties read: contacts and insults are masked. */
export const ShownReason = shownLine(LIMITS.reasonChars).min(1);

/**
 * The phone's position and the age of the fix: a step requires a fix younger than a minute. A delivery
 * with the PIN that a command document brings later requires one from the ride.
 */
export const Fix = z.strictObject({ ...Place.shape, takenAtMs: EpochMs });
export type Fix = z.infer<typeof Fix>;

/** A photo of the delivery, uploaded before to this private path. */
export const ProofPath = z
  .string()
  .regex(/^proofs\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}\/door(-[2-5])?\.(jpg|png|webp)$/);

/** The pick-up code: the kitchen sees it, the courier types it at the counter. */
export const PickUpCode = z.string().regex(/^\d{4}$/);

/** The customer's PIN. */
const Pin = z.string().regex(/^\d{4}$/);

/**
 * The number of the order's events that the app had read when its user decided. A step that other events forbid is
 * refused as ORDER_CHANGED. Absent: the step applies to any state.
 */
export const SeenEvents = z.int().min(1).max(200).optional();

/**
 * The kitchen needs this many minutes more than announced, or than until now where that time has passed. The zone limits
 * the minutes and how often. `events`: refused as ORDER_CHANGED where another announcement came since.
 */
const Delay = { action: z.literal('delay'), minutes: z.int().min(1).max(180), events: SeenEvents };

/** The person at the door or counter has proven the age: required of an order with an `ageLimit`. */
const IdChecked = z.literal(true).optional();

/** The steps that calls and commands offer alike. */
const SHARED_MOVES = [
  z.strictObject({ action: z.literal('accept'), prepMinutes: z.int().min(1).max(180).optional() }),
  z.strictObject({
    action: z.literal('reject'),
    reason: z.enum(['too_busy', 'closing', 'out_of_stock', 'cannot_fulfil']),
    /** For `out_of_stock`: these items are sold out from now on. */
    itemIds: z.array(DocumentId).max(LIMITS.linesPerOrder).optional(),
  }),
  z.strictObject({ action: z.literal('startPreparing') }),
  z.strictObject({ action: z.literal('markReady') }),
  /** The courier types the pick-up code that the kitchen reads out; a merchant hands the order over without one. */
  z.strictObject({ action: z.literal('pickUp'), code: line(12).optional(), fix: Fix.optional() }),
  z.strictObject({
    action: z.literal('deliver'),
    fix: Fix,
    idChecked: IdChecked,
    proof: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('pin'), pin: Pin }),
      z.strictObject({ type: z.literal('photo'), path: ProofPath }),
    ]),
  }),
  /** The courier is near the next stop: the counter before the pick-up, the door after it. */
  z.strictObject({ action: z.literal('arrive'), fix: Fix }),
  /** At the door: the courier calls the customer. The server counts the calls, and the time since the arrival. */
  z.strictObject({ action: z.literal('contact') }),
  /**
   * The customer did not come to the door; or, with `id_check`, for an order with an age limit: no person there could
   * prove the age, so that the customer pays and the food goes back.
   */
  z.strictObject({ action: z.literal('fail'), reason: ShownReason, cause: z.literal('id_check').optional() }),
  z.strictObject({ action: z.literal('unassign'), reason: ShownReason }),
] as const;

/** The steps of merchants and couriers, for callables and command documents. */
export const Move = z.discriminatedUnion('action', [
  ...SHARED_MOVES,
  /** With the customer's PIN; an operator needs none. */
  z.strictObject({ action: z.literal('collect'), pin: Pin.optional(), idChecked: IdChecked }),
  /**
   * A rider, not a courier, brought the order: with the customer's PIN. An operator who spoke to the customer needs none,
   * and confirms the delivery of a courier, too.
   */
  z.strictObject({ action: z.literal('confirmDelivery'), pin: Pin.optional(), idChecked: IdChecked }),
  /** An operator gives a reason. */
  z.strictObject({ ...Delay, reason: ShownReason.optional() }),
  /** The courier brings the food back to the counter: with a fix there, as for a pick-up. */
  z.strictObject({ action: z.literal('return'), liable: z.enum(LIABLE_PARTIES).optional(), fix: Fix.optional() }),
  z.strictObject({ action: z.literal('restore'), reason: ShownReason }),
]);
export type Move = z.infer<typeof Move>;

/** The steps that the rules let an app write into a command: an operator's are calls only. */
export const CommandMove = z.discriminatedUnion('action', [
  ...SHARED_MOVES,
  z.strictObject({
    action: z.literal('collect'),
    /** Four digits. */
    pin: Pin,
    idChecked: IdChecked,
  }),
  z.strictObject(Delay),
  z.strictObject({ action: z.literal('return'), liable: z.literal('customer').optional(), fix: Fix }),
]);

export const Cancellation = z.strictObject({
  reason: ShownReason,
  liable: z.enum(LIABLE_PARTIES).optional(),
  /**
   * For a customer: the cost that the app has shown, credit included. A cancellation that costs more is refused as
   * COST_NOT_AGREED. Absent: no limit in a call, 0 in a command document, which may arrive much later.
   */
  mostMinor: NonNegativeMinor.optional(),
  /** Compared with the last restoration. Absent in a command document: the order may not have been restored. */
  events: SeenEvents,
});
export type Cancellation = z.infer<typeof Cancellation>;
