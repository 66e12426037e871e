import { z } from 'zod';
import { DocumentId, EpochMs, Uid } from '../contract/common.js';
import { CourierApplication } from '../contract/couriers.js';
import { Payee } from '../contract/held-pays.js';
import { Reason } from '../contract/moves.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

const { zoneId, vehicle, plate, papers } = CourierApplication.shape;
export const ApplyAsCourierInput = z.strictObject({ zoneId, vehicle, plate, papers: papers.min(1) });
export const ApplyAsCourierOutput = z.strictObject({ status: CourierApplication.shape.status });

export const ReviewCourierInput = z.strictObject({
  uid: Uid,
  /**
   * The version of the application that the operator reviewed. It rises with each submission and each decision. A
   * suspension may omit it, and so may a decision about a courier without an application.
   */
  version: CourierApplication.shape.version.unwrap().optional(),
  decision: z.enum(['approve', 'reject', 'suspend']),
  reason: Reason,
});
export const ReviewCourierOutput = z.strictObject({
  status: CourierApplication.shape.status,
  /** Orders that a suspended courier had picked up: each has an operator task. The others are offered again. */
  carries: z.array(DocumentId),
});

export const PublishShiftInput = z.strictObject({
  zoneId: DocumentId,
  shiftId: DocumentId,
  fromMs: EpochMs,
  untilMs: EpochMs,
  places: z.int().min(1).max(1000),
  /** For the audit. */
  reason: Reason.optional(),
});
export const PublishShiftOutput = z.strictObject({ shiftId: DocumentId, left: z.int().min(0) });

export const ClaimShiftInput = z.strictObject({ shiftId: DocumentId, answer: z.enum(['take', 'giveBack']) });
export const ClaimShiftOutput = z.strictObject({
  /** What the courier has, the next first. */
  shifts: z.array(z.strictObject({ id: DocumentId, fromMs: EpochMs, untilMs: EpochMs })),
});

export const DecideHeldPayInput = z.strictObject({
  orderId: DocumentId,
  payee: Payee.default('courier'),
  verdict: z.enum(['release', 'refuse']),
  reason: Reason,
});
export const DecideHeldPayOutput = z.strictObject({ verdict: z.enum(['release', 'refuse']), replayed: z.boolean() });

export const COURIER_CALLS = {
  decideHeldPay: defineCallable({
    description: 'Releases a courier’s or restaurant’s held pay, or keeps it for the platform; once',
    audience: 'operator',
    input: DecideHeldPayInput,
    output: DecideHeldPayOutput,
    roles: ['operator'],
    reasons: ['HELD_PAY_NOT_FOUND', 'HELD_PAY_DECIDED', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        payee: 'courier',
        verdict: 'release',
        reason: 'The customer confirmed the delivery',
      },
      output: { verdict: 'release', replayed: false },
    },
    handler: async () => (await import('../payments/decide-held-pay.js')).decideHeldPay,
  }),
  applyAsCourier: defineCallable({
    description: 'Submits an application with its papers, again after a rejection',
    audience: 'any role',
    input: ApplyAsCourierInput,
    output: ApplyAsCourierOutput,
    roles: ANY_ROLE,
    decodesPhotos: true,
    reasons: ['ZONE_NOT_FOUND', 'APPLICATION_DECIDED', 'DOCUMENT_NOT_FOUND', 'DOCUMENT_INVALID'],
    example: {
      input: {
        zoneId: 'demoville',
        vehicle: 'scooter',
        papers: [
          { kind: 'identity', path: 'courier-documents/courier-17/identity-1.jpg' },
          { kind: 'licence', path: 'courier-documents/courier-17/licence-1.pdf' },
        ],
      },
      output: { status: 'submitted' },
    },
    handler: async () => (await import('../onboarding/apply-as-courier.js')).applyAsCourier,
  }),
  reviewCourier: defineCallable({
    description:
      'Approves, rejects or suspends a courier; approval and rejection name the `version` of the application, which each decision raises (`VERSION_CHANGED`)',
    audience: 'operator',
    input: ReviewCourierInput,
    output: ReviewCourierOutput,
    roles: ['operator'],
    reasons: [
      'USER_NOT_FOUND',
      'APPLICATION_NOT_FOUND',
      'APPLICATION_DECIDED',
      'VERSION_CHANGED',
      'ZONE_NOT_FOUND',
      'OTHER_OPERATOR_REQUIRED',
      'CASH_CARRIED',
      'ORDERS_OPEN',
    ],
    example: {
      input: { uid: 'courier-17', version: 1, decision: 'approve', reason: 'The papers are complete' },
      output: { status: 'approved', carries: [] },
    },
    handler: async () => (await import('../onboarding/review-courier.js')).reviewCourier,
  }),
  publishShift: defineCallable({
    description: 'Publishes a shift of a zone with a number of places',
    audience: 'operator',
    input: PublishShiftInput,
    output: PublishShiftOutput,
    roles: ['operator'],
    reasons: ['ZONE_NOT_FOUND', 'SHIFT_CLASH', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        zoneId: 'demoville',
        shiftId: 'tuesday-evening',
        fromMs: 1_772_557_200_000,
        untilMs: 1_772_571_600_000,
        places: 6,
      },
      output: { shiftId: 'tuesday-evening', left: 6 },
    },
    handler: async () => (await import('../couriers/shifts.js')).publishShift,
  }),
  claimShift: defineCallable({
    description: 'Takes a place in a shift, or gives it back before the shift begins',
    audience: 'courier',
    input: ClaimShiftInput,
    output: ClaimShiftOutput,
    roles: ['courier'],
    reasons: ['ROLE_NOT_ALLOWED', 'SHIFT_NOT_FOUND', 'SHIFT_FULL', 'SHIFT_CLASH', 'TOO_LATE'],
    example: {
      input: { shiftId: 'tuesday-evening', answer: 'take' },
      output: { shifts: [{ id: 'tuesday-evening', fromMs: 1_772_557_200_000, untilMs: 1_772_571_600_000 }] },
    },
    handler: async () => (await import('../couriers/shifts.js')).claimShift,
  }),
};
