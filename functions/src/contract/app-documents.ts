import { z } from 'zod';
import { Handover, LIMITS, Stamp } from './common.js';

/**
 * `users/{uid}/addresses/{home|work|other-0…19}`: an address that the customer keeps. Only the owner's apps write and read
 * it, under rules.
 */
export const SavedAddress = z.strictObject({
  /** The customer's own name for it. */
  label: z.string().min(1).max(LIMITS.nameChars),
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  addressLine: z.string().min(1).max(200),
  doorCode: z.string().min(1).max(40).optional(),
  /** A note to the courier. */
  note: z.string().min(1).max(LIMITS.noteChars).optional(),
  handover: Handover.optional(),
});

/** `users/{uid}/favourites/{restaurantId}`: a restaurant that the customer keeps. Only the owner's apps write and read it. */
export const Favourite = z.strictObject({
  /** The server's time. */
  addedAt: Stamp,
});
