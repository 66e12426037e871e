import { z } from 'zod';
import { DocumentId, EpochMs } from './common.js';

/** What the backend could not finish by itself and puts before an operator. */
export const OPERATOR_TASK_KINDS = [
  'effect_failed', 'no_courier', 'pick_up_late', 'delivery_late', 'return_late', 'undeliverable', 'payment_mismatch', 'pin_locked',
  'refund_failed', 'dispute', 'books_differ',
] as const; // prettier-ignore

/** `operatorTasks/{id}`: the id is made of the order and the matter, so that one matter is one task. */
export const OperatorTask = z.strictObject({
  kind: z.enum(OPERATOR_TASK_KINDS),
  orderId: DocumentId,
  /** Facts for the operator: reasons and amounts, nothing personal. */
  detail: z.string().max(500),
  createdAtMs: EpochMs,
  open: z.boolean(),
});
export type OperatorTask = z.infer<typeof OperatorTask>;
