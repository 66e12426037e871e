import { z } from 'zod';
import { reviewable, toUploads } from './applications.js';
import { DocumentId, EpochMs, line, Name, Place, Ppm, ShownName, Stamp, TimeZone, Uid } from './common.js';
import { MEMBER_ROLES } from './restaurants.js';

/** Documents that an operator checks before a restaurant may sell. */
export const DOCUMENT_KINDS = ['identity', 'tradeLicence', 'foodSafety'] as const;
/** Uploaded before by the applicant, to this path only. */
export const MerchantDocumentPath = z
  .string()
  .regex(
    /^merchant-documents\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}\/(identity|tradeLicence|foodSafety)(-[23])?\.(pdf|jpg|png|webp)$/,
  );
export const MerchantDocument = z.strictObject({ kind: z.enum(DOCUMENT_KINDS), path: MerchantDocumentPath });

/** The restaurant as its owner describes it; the approval creates the restaurant from it. */
export const RestaurantProposal = z.strictObject({
  name: ShownName,
  legalName: Name,
  /** Where the business is registered, ISO 3166-1: the payment provider keeps one account per country. */
  country: z.string().regex(/^[A-Z]{2}$/),
  cuisines: z.array(ShownName).max(10),
  zoneId: DocumentId,
  timeZone: TimeZone,
  location: Place,
  addressLine: line(200).min(1),
});
export type RestaurantProposal = z.infer<typeof RestaurantProposal>;

/**
 * `merchantApplications/{id}`: the applicant and operators read it, the server writes it. The restaurant gets its id.
 */
export const MerchantApplication = z.strictObject({
  ownerId: Uid,
  ownerName: Name,
  venture: RestaurantProposal,
  documents: toUploads(MerchantDocument),
  /** A draft still lacks documents. A rejected application may be submitted again. */
  status: z.enum(['draft', 'submitted', 'approved', 'rejected']),
  ...reviewable,
});
export type MerchantApplication = z.infer<typeof MerchantApplication>;

export const INVITATION_DAYS = 7;
/**
 * `restaurants/{restaurantId}/invitations/{id}`: its managers read and withdraw it. The id is random; the user who
 * opens the link must also have the invited address. An e-mail address is in lower case.
 */
export const Invitation = z.strictObject({
  to: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('email'), email: z.email().max(200) }),
    z.strictObject({ type: z.literal('user'), uid: Uid }),
  ]),
  role: z.enum(MEMBER_ROLES),
  invitedBy: Uid,
  expiresAtMs: EpochMs,
  /** The TTL policy deletes it then. */
  expireAt: Stamp,
});
export type Invitation = z.infer<typeof Invitation>;
export const Commission = Ppm.max(500_000);
