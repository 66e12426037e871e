import { z } from 'zod';
import { reviewable, toUploads } from './applications.js';
import { MAX_LINKED } from './abuse.js';
import { StaffKeys } from './staff-keys.js';
import { Rating } from './reviews.js';
import { MediaHash } from './media.js';
import { DocumentId, DropOff, EpochMs, LIMITS, line, Name, NonNegativeMinor, Place, Stamp, Uid } from './common.js';

/** A courier's vehicle. An e-bike needs no licence; a scooter or moped does. */
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
  /** 1 is the first; after the zone's limit an operator task is created. */
  wave: z.int().min(1),
  /** Couriers with an offer in the same wave, this one included. */
  peers: z.array(Uid).max(10),
});
export type Offer = z.infer<typeof Offer>;

/** An order that the courier carries, with its address: removed in the commit of the delivery. */
export const ActiveDelivery = z.strictObject({
  code: z.string(),
  restaurantName: Name,
  pickUpAt: Place,
  dropOff: DropOff,
  /** For an order that is paid in cash: the total at acceptance, reserved from the courier's float. */
  floatMinor: NonNegativeMinor.optional(),
});
export type ActiveDelivery = z.infer<typeof ActiveDelivery>;

/** Limits beyond which a courier is paused: see `abuse/model/limits.ts`. */
export const PauseReason = z.enum(['handBack', 'unusedOffer']);
export type PauseReason = z.infer<typeof PauseReason>;

/** The maximum number of restaurants that are read for a courier who is a member of staff. */
export const MAX_STAFF_OF = 100;

/** A licence plate, as the courier writes it. */
export const Plate = line(20).min(1);

/** By what a customer recognises the courier, besides name and vehicle. */
export const CourierBadge = z.strictObject({
  plate: Plate.optional(),
  /** Of the latest profile photo: see contract/media.ts. Its files are deleted when the courier deletes the photo. */
  photo: MediaHash.optional(),
});
export type CourierBadge = z.infer<typeof CourierBadge>;

/** `couriers/{uid}`: the courier reads it and writes `online` and `presence`; the server writes all other fields. */
export const Courier = z.strictObject({
  displayName: Name,
  zoneId: DocumentId,
  vehicle: Vehicle,
  ...CourierBadge.shape,
  approved: z.boolean(),
  online: z.boolean(),
  presence: z.strictObject({ ...Place.shape, geohash: z.string().length(9), at: Stamp }).nullable(),
  offer: Offer.nullable(),
  /** Open offer and active deliveries together: 0 is free, for which dispatch queries. */
  load: z.int().min(0),
  /** By order id. */
  active: z.record(DocumentId, ActiveDelivery),
  /** Collected in cash and not paid in yet; absent: nothing. */
  cashMinor: z.int().optional(),
  /** When the last delivery ended; absent before the first. */
  idleSinceMs: EpochMs.optional(),
  /** Counted every hour; absent before the first review. */
  rating: Rating.optional(),
  /** Restaurants for which the courier works: their orders are not offered. Absent: none. */
  staffOf: z.array(DocumentId).max(MAX_STAFF_OF).optional(),
  /**
   * Keys of the accounts that share a device, card or address with the courier: their orders, and orders of their
   * kitchens, are not offered.
   */
  linked: z.array(z.string().length(20)).max(MAX_LINKED).optional(),
  /**
   * The shifts that the courier claimed. Where the zone requires shifts, the courier may be online only within one of
   * these, or at any time if the field is absent. Elsewhere they restrict nothing.
   */
  shifts: z
    .array(z.strictObject({ id: DocumentId, fromMs: EpochMs, untilMs: EpochMs }))
    .max(4)
    .optional(),
  /** The courier cannot be online before `untilMs`, for having handed back or left unused too much. */
  paused: z.strictObject({ untilMs: EpochMs, reason: PauseReason }).optional(),
});
export type Courier = z.infer<typeof Courier>;

/**
 * `couriers/{uid}/live/{orderId}`: a packet of position fixes for one order, created at its pick-up and deleted at its
 * end. Its customer and its restaurant read it and learn of no other order; the courier writes the rest, which is
 * absent before the first packet.
 */
export const LivePosition = z.strictObject({
  customerId: Uid,
  restaurantId: DocumentId,
  /** Keys of the restaurant's staff who read it, copied from the order; absent in positions of an earlier version. */
  staffKeys: StaffKeys.optional(),
  seq: z.int().min(0).optional(),
  fixes: z
    .array(z.strictObject({ ...Place.shape, agoMs: z.int().min(0).max(60_000) }))
    .max(LIMITS.fixesPerPacket)
    .optional(),
  /** The server's time of the packet. */
  at: Stamp.optional(),
  /** The delivery failed: the customer may no longer read the ride back. */
  returning: z.literal(true).optional(),
  /** The courier was blocked, suspended or dismissed: packets are refused. */
  stopped: z.literal(true).optional(),
});
export type LivePosition = z.infer<typeof LivePosition>;

/** Documents that an operator checks; a scooter and a car require a licence, too. */
export const COURIER_PAPERS = ['identity', 'licence'] as const;
/** Uploaded before by the applicant, to this path only. */
export const CourierPaperPath = z
  .string()
  .regex(/^courier-documents\/[A-Za-z0-9_-]{1,128}\/(identity|licence)-[1-3]\.(pdf|jpg|png|webp)$/);
export const CourierPaper = z.strictObject({ kind: z.enum(COURIER_PAPERS), path: CourierPaperPath });

/** `courierApplications/{uid}`: the applicant and operators read it, the server writes it. */
export const CourierApplication = z.strictObject({
  name: Name,
  zoneId: DocumentId,
  vehicle: Vehicle,
  plate: Plate.optional(),
  papers: toUploads(CourierPaper),
  /** A rejected application may be submitted again; a suspended courier may be approved again. */
  status: z.enum(['submitted', 'approved', 'rejected', 'suspended']),
  ...reviewable,
});
export type CourierApplication = z.infer<typeof CourierApplication>;

/** `zones/{zoneId}/shifts/{id}`: operators publish it; couriers list it and claim a place in it. */
export const Shift = z.strictObject({
  fromMs: EpochMs,
  untilMs: EpochMs,
  places: z.int().min(1).max(1000),
  left: z.int().min(0),
});
export type Shift = z.infer<typeof Shift>;
