import { z } from 'zod';
import { DocumentId, EpochMs, IdempotencyKey, Uid } from '../common.js';
import { Commission, Invitation, MerchantApplication, MerchantDocument, RestaurantProposal } from '../merchants.js';
import { Reason } from '../moves.js';
import { MEMBER_ROLES } from '../restaurants.js';

export const ApplyAsMerchantInput = z.strictObject({
  /** Chosen by the app, once for each restaurant. */
  applicationId: IdempotencyKey,
  venture: RestaurantProposal,
  /** With a document of each kind the application goes to the operators. */
  documents: z.array(MerchantDocument).max(10).default([]),
});
export const ApplyAsMerchantOutput = z.strictObject({ status: MerchantApplication.shape.status });

export const ReviewApplicationInput = z.strictObject({
  applicationId: DocumentId,
  /** Of the application that was looked at. */
  version: MerchantApplication.shape.version.unwrap(),
  decision: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('approve'), commissionPpm: Commission }),
    z.strictObject({ type: z.literal('reject') }),
  ]),
  reason: Reason,
});
export const ReviewApplicationOutput = z.strictObject({ status: MerchantApplication.shape.status });

export const ConnectAccountInput = z.strictObject({ restaurantId: DocumentId });
/** `url` is the provider's own form: it lives for minutes, so it is asked for when it is opened. Null: nothing is missing. */
export const ConnectAccountOutput = z.strictObject({ payoutsEnabled: z.boolean(), url: z.string().nullable() });

export const InviteMemberInput = z.strictObject({
  restaurantId: DocumentId,
  to: Invitation.shape.to,
  role: z.enum(MEMBER_ROLES),
});
/** The app sends the link: both ids are in it. */
export const InviteMemberOutput = z.strictObject({ invitationId: DocumentId, expiresAtMs: EpochMs });

export const AcceptInvitationInput = z.strictObject({ restaurantId: DocumentId, invitationId: DocumentId });
export const AcceptInvitationOutput = z.strictObject({ role: z.enum(MEMBER_ROLES) });

export const SetMemberRoleInput = z.strictObject({
  restaurantId: DocumentId,
  uid: Uid,
  /** Null: no longer a member. */
  role: z.enum(MEMBER_ROLES).nullable(),
});
export const SetMemberRoleOutput = z.strictObject({ role: z.enum(MEMBER_ROLES).nullable() });

export const MERCHANT_CALLS = {
  applyAsMerchant: { input: ApplyAsMerchantInput, output: ApplyAsMerchantOutput },
  reviewApplication: { input: ReviewApplicationInput, output: ReviewApplicationOutput },
  connectAccount: { input: ConnectAccountInput, output: ConnectAccountOutput },
  inviteMember: { input: InviteMemberInput, output: InviteMemberOutput },
  acceptInvitation: { input: AcceptInvitationInput, output: AcceptInvitationOutput },
  setMemberRole: { input: SetMemberRoleInput, output: SetMemberRoleOutput },
} as const;
