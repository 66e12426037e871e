import { z } from 'zod';
import { MAX_LINKED } from './abuse.js';
import { StaffKeys } from './restaurants.js';
import { Rating } from './reviews.js';
import { DocumentId, DropOff, EpochMs, LIMITS, Name, NonNegativeMinor, Place, Stamp, Uid } from './common.js';

/** How a courier gets about. An e-bike is one that needs no licence; a scooter, a moped or the like, does. */
export const VEHICLES = ['foot', 'bicycle', 'ebike', 'scooter', 'car'] as const;
export const Vehicle = z.enum(VEHICLES);
export type Vehicle = z.infer<typeof Vehicle>;

/** A timed question to one courier. */
export const Offer = z.strictObject({
  orderId: DocumentId,
  restaurantName: Name,
  pickUpAt: Place,
  distanceMeters: z.int().min(0),
  payMinor: NonNegativeMinor,
  currency: z.string(),
  expiresAtMs: EpochMs,
  /** 1 is the first; after the zone's limit an operator is asked. */
  wave: z.int().min(1),
  /** Couriers asked in the same wave, this one included. */
  peers: z.array(Uid).max(10),
});
export type Offer = z.infer<typeof Offer>;

/** An order that the courier carries, with where it goes: gone from here the moment it is delivered. */
export const ActiveDelivery = z.strictObject({
  code: z.string(),
  restaurantName: Name,
  pickUpAt: Place,
  dropOff: DropOff,
  /** Of an order that is paid in cash: the total when it was accepted, reserved from the courier's float. */
  floatMinor: NonNegativeMinor.optional(),
});
export type ActiveDelivery = z.infer<typeof ActiveDelivery>;

/** So many restaurants of a courier who works for some are looked at. */
export const MAX_STAFF_OF = 100;

/** `couriers/{uid}`: the courier reads it and writes `online` and `presence`; all else is the server's. */
export const Courier = z.strictObject({
  displayName: Name,
  zoneId: DocumentId,
  vehicle: Vehicle,
  approved: z.boolean(),
  online: z.boolean(),
  presence: z.strictObject({ ...Place.shape, geohash: z.string().length(9), at: Stamp }).nullable(),
  offer: Offer.nullable(),
  /** Open offer and active deliveries together: 0 is free, what dispatch asks for. */
  load: z.int().min(0),
  /** By order id. */
  active: z.record(DocumentId, ActiveDelivery),
  /** Taken at doors and not paid in yet; absent: nothing. */
  cashMinor: z.int().optional(),
  /** When the last delivery was over; absent before the first. */
  idleSinceMs: EpochMs.optional(),
  /** Counted every hour; absent before the first review. */
  rating: Rating.optional(),
  /** Restaurants for which the courier works: no order of theirs is offered. Absent: none. */
  staffOf: z.array(DocumentId).max(MAX_STAFF_OF).optional(),
  /**
   * Keys of the accounts that share a device, card or address with the courier: no order of theirs, or of their
   * kitchen's, is offered.
   */
  linked: z.array(z.string().length(20)).max(MAX_LINKED).optional(),
  /** Where shifts are required: online only within one of these. Absent: whenever the courier likes. */
  shifts: z
    .array(z.strictObject({ id: DocumentId, fromMs: EpochMs, untilMs: EpochMs }))
    .max(4)
    .optional(),
});
export type Courier = z.infer<typeof Courier>;

/**
 * `couriers/{uid}/live/{orderId}`: a packet of fixes on the way of one order, made at its pick-up and deleted at its
 * end. Its customer and its restaurant read it and learn of no other order; the rest is the courier's, absent before
 * the first packet.
 */
export const LivePosition = z.strictObject({
  customerId: Uid,
  restaurantId: DocumentId,
  /** Who of the restaurant's staff reads it, as of the order; absent in positions of an earlier version. */
  staffKeys: StaffKeys.optional(),
  seq: z.int().min(0).optional(),
  fixes: z
    .array(z.strictObject({ ...Place.shape, agoMs: z.int().min(0).max(60_000) }))
    .max(LIMITS.fixesPerPacket)
    .optional(),
  /** The server's time of the packet. */
  at: Stamp.optional(),
  /** The courier was blocked, suspended or dismissed: no packet is taken. */
  stopped: z.literal(true).optional(),
});
export type LivePosition = z.infer<typeof LivePosition>;

/** What an operator has to see; a scooter and a car want a licence, too. */
export const COURIER_PAPERS = ['identity', 'licence'] as const;
/** Uploaded before by the applicant, to this path and no other. */
export const CourierPaperPath = z
  .string()
  .regex(/^courier-documents\/[A-Za-z0-9_-]{1,128}\/(identity|licence)-[1-3]\.(pdf|jpg|png|webp)$/);
export const CourierPaper = z.strictObject({ kind: z.enum(COURIER_PAPERS), path: CourierPaperPath });

/** `courierApplications/{uid}`: the applicant and operators read it, the server writes it. */
export const CourierApplication = z.strictObject({
  name: Name,
  zoneId: DocumentId,
  vehicle: Vehicle,
  papers: z.array(CourierPaper).max(10),
  /** A rejected one may be handed in again; a suspended courier may be approved again. */
  status: z.enum(['submitted', 'approved', 'rejected', 'suspended']),
  /** Rises whenever it is handed in: an operator decides on the version that was looked at. */
  version: z.int().min(1).default(1),
  createdAtMs: EpochMs,
  review: z.strictObject({ by: Uid, atMs: EpochMs, reason: z.string().max(LIMITS.reasonChars) }).nullable(),
});
export type CourierApplication = z.infer<typeof CourierApplication>;

/** `zones/{zoneId}/shifts/{id}`: operators publish it, couriers list it and claim a place in it. */
export const Shift = z.strictObject({
  fromMs: EpochMs,
  untilMs: EpochMs,
  places: z.int().min(1).max(1000),
  left: z.int().min(0),
});
export type Shift = z.infer<typeof Shift>;
