import { z } from 'zod';
import { DocumentId, EpochMs, line, LIMITS, Name, Place, Ppm, ShownName, Stamp, TimeZone, Uid } from './common.js';
import { MEMBER_ROLES } from './restaurants.js';

/** What an operator has to see before a restaurant may sell. */
export const DOCUMENT_KINDS = ['identity', 'tradeLicence', 'foodSafety'] as const;
/** Uploaded before by the applicant, to this path and no other. */
export const MerchantDocumentPath = z
  .string()
  .regex(
    /^merchant-documents\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}\/(identity|tradeLicence|foodSafety)(-[23])?\.(pdf|jpg|png|webp)$/,
  );
export const MerchantDocument = z.strictObject({ kind: z.enum(DOCUMENT_KINDS), path: MerchantDocumentPath });

/** The restaurant as its owner describes it; it is made of this when an operator approves. */
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
 * `merchantApplications/{id}`: the applicant and operators read it, the server writes it. The restaurant takes its id.
 */
export const MerchantApplication = z.strictObject({
  ownerId: Uid,
  ownerName: Name,
  venture: RestaurantProposal,
  documents: z.array(MerchantDocument).max(10),
  /** A draft still lacks documents. A rejected one may be handed in again. */
  status: z.enum(['draft', 'submitted', 'approved', 'rejected']),
  /** Rises whenever it is handed in: an operator decides on the version that was looked at. */
  version: z.int().min(1).default(1),
  createdAtMs: EpochMs,
  review: z.strictObject({ by: Uid, atMs: EpochMs, reason: z.string().max(LIMITS.reasonChars) }).nullable(),
});
export type MerchantApplication = z.infer<typeof MerchantApplication>;

export const INVITATION_DAYS = 7;
/**
 * `restaurants/{restaurantId}/invitations/{id}`: its managers read and withdraw it. The id is random; whoever opens the
 * link must also be the one it is for. An e-mail address is in lower case.
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
