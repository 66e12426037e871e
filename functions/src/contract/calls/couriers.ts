import { z } from 'zod';
import { DocumentId, EpochMs, Uid } from '../common.js';
import { CourierApplication, CourierPaper, Vehicle } from '../couriers.js';
import { Payee } from '../held-pays.js';
import { Reason } from '../moves.js';

export const ApplyAsCourierInput = z.strictObject({
  zoneId: DocumentId,
  vehicle: Vehicle,
  papers: z.array(CourierPaper).min(1).max(10),
});
export const ApplyAsCourierOutput = z.strictObject({ status: CourierApplication.shape.status });

export const ReviewCourierInput = z.strictObject({
  uid: Uid,
  /** Of the application that was looked at. Needed for one that waits for its decision, and for no other. */
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
  decideHeldPay: { input: DecideHeldPayInput, output: DecideHeldPayOutput },
  applyAsCourier: { input: ApplyAsCourierInput, output: ApplyAsCourierOutput },
  reviewCourier: { input: ReviewCourierInput, output: ReviewCourierOutput },
  publishShift: { input: PublishShiftInput, output: PublishShiftOutput },
  claimShift: { input: ClaimShiftInput, output: ClaimShiftOutput },
} as const;
