import { z } from 'zod';
import { DocumentId, EpochMs, IdempotencyKey, Uid } from '../contract/common.js';
import { Commission, Invitation, MerchantApplication } from '../contract/merchants.js';
import { Reason } from '../contract/moves.js';
import { MEMBER_ROLES } from '../contract/restaurants.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const ApplyAsMerchantInput = z.strictObject({
  /** Chosen by the app, once for each restaurant. */
  applicationId: IdempotencyKey,
  venture: MerchantApplication.shape.venture,
  /** With a document of each kind the application goes to the operators. */
  documents: MerchantApplication.shape.documents.default([]),
});
export const ApplyAsMerchantOutput = z.strictObject({ status: MerchantApplication.shape.status });

export const ReviewApplicationInput = z.strictObject({
  applicationId: DocumentId,
  /** The version of the application that the operator reviewed. */
  version: MerchantApplication.shape.version.unwrap(),
  decision: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('approve'), commissionPpm: Commission }),
    z.strictObject({ type: z.literal('reject') }),
  ]),
  reason: Reason,
});
export const ReviewApplicationOutput = z.strictObject({ status: MerchantApplication.shape.status });

export const ConnectAccountInput = z.strictObject({ restaurantId: DocumentId });
/**
 * `url` is the provider's own form: it lives for minutes, so it is asked for when it is opened. Null: nothing is
 * missing.
 */
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
  applyAsMerchant: defineCallable({
    description: 'Saves an application for a restaurant; with an uploaded document of each kind it is submitted',
    audience: 'any role',
    input: ApplyAsMerchantInput,
    output: ApplyAsMerchantOutput,
    roles: ANY_ROLE,
    decodesPhotos: true,
    reasons: [
      'APPLICATION_NOT_FOUND',
      'APPLICATION_DECIDED',
      'ZONE_NOT_FOUND',
      'TIME_ZONE_UNKNOWN',
      'DOCUMENT_NOT_FOUND',
      'DOCUMENT_INVALID',
    ],
    example: {
      input: {
        applicationId: 'forno-lento-2',
        venture: {
          name: 'Forno Lento 2',
          legalName: 'Forno Lento GmbH',
          country: 'AT',
          cuisines: ['Pizza'],
          zoneId: 'demoville',
          timeZone: 'Europe/Vienna',
          location: { lat: 48.21865, lng: 16.37688 },
          addressLine: 'Lindengasse 54',
        },
        documents: [{ kind: 'identity', path: 'merchant-documents/forno-lento-2/merchant-13/identity.pdf' }],
      },
      output: { status: 'draft' },
    },
    handler: async () => (await import('../onboarding/apply-as-merchant.js')).applyAsMerchant,
  }),
  reviewApplication: defineCallable({
    description:
      'Approves an application, which creates the restaurant, or rejects it with a reason; names the `version` that was reviewed (`VERSION_CHANGED`)',
    audience: 'operator',
    input: ReviewApplicationInput,
    output: ReviewApplicationOutput,
    roles: ['operator'],
    reasons: [
      'APPLICATION_NOT_FOUND',
      'APPLICATION_DECIDED',
      'VERSION_CHANGED',
      'ZONE_NOT_FOUND',
      'USER_NOT_FOUND',
      'OTHER_OPERATOR_REQUIRED',
    ],
    example: {
      input: {
        applicationId: 'forno-lento-2',
        version: 2,
        decision: { type: 'approve', commissionPpm: 250_000 },
        reason: 'All papers are valid',
      },
      output: { status: 'approved' },
    },
    handler: async () => (await import('../onboarding/review-application.js')).reviewApplication,
  }),
  connectAccount: defineCallable({
    description: 'Creates the restaurant’s Stripe account, once, and returns the link to Stripe’s form',
    audience: 'owner',
    input: ConnectAccountInput,
    output: ConnectAccountOutput,
    roles: ['merchant'],
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'APPLICATION_NOT_FOUND'],
    example: {
      input: { restaurantId: 'restaurant-1' },
      output: { payoutsEnabled: false, url: 'https://connect.stripe.com/setup/e/acct_1Qx/ZpWm' },
    },
    handler: async () => (await import('../merchants/connect.js')).connectAccount,
  }),
  inviteMember: defineCallable({
    description: 'Invites a member of staff by e-mail address or user id; the invitation is valid for a week',
    audience: 'owner, manager',
    input: InviteMemberInput,
    output: InviteMemberOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED'],
    example: {
      input: { restaurantId: 'restaurant-1', to: { type: 'email', email: 'cook@demo.test' }, role: 'kitchen' },
      output: { invitationId: 'b4Xn0pQz7LwT2sKdUe9R', expiresAtMs: 1_773_079_200_000 },
    },
    handler: async () => (await import('../merchants/members.js')).inviteMember,
  }),
  acceptInvitation: defineCallable({
    description: 'Accepts an invitation; refresh the ID token afterwards',
    audience: 'any role',
    input: AcceptInvitationInput,
    output: AcceptInvitationOutput,
    roles: ANY_ROLE,
    reasons: ['INVITATION_GONE'],
    example: {
      input: { restaurantId: 'restaurant-1', invitationId: 'b4Xn0pQz7LwT2sKdUe9R' },
      output: { role: 'kitchen' },
    },
    handler: async () => (await import('../merchants/members.js')).acceptInvitation,
  }),
  setMemberRole: defineCallable({
    description: 'Changes a member’s role or, with `null`, ends the membership and its sessions',
    audience: 'owner, manager',
    input: SetMemberRoleInput,
    output: SetMemberRoleOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'USER_NOT_FOUND', 'LAST_OWNER'],
    example: {
      input: { restaurantId: 'restaurant-1', uid: 'merchant-5', role: 'manager' },
      output: { role: 'manager' },
    },
    handler: async () => (await import('../merchants/members.js')).setMemberRole,
  }),
};
