import type { Order } from '../../../contract/orders.js';
import { accept } from '../../../core/outcome.js';
import type { Verdict } from '../cancellation.js';
import { check } from '../guards.js';
import { noDoubts, noEffects, noFields, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The deferred settlement of a cancellation is due now. */
export const settleAction: ActionSpec<'settle'> = {
  steps: buildStaySteps(['cancelled'], ['system']),
  money: { type: 'byPolicy', verdict: ({ order }) => accept(recordedVerdict(order)), isDeferred: () => false },
  reads: reading('quote'),
  asksMembership: false,
  guard: ({ order }) => check(order.due?.kind === 'settle', 'MOVE_NOT_ALLOWED'),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: noEffects,
  showsPickUpCode: false,
};

/** Reads the verdict that the cancellation recorded. */
function recordedVerdict({ events }: Order): Verdict {
  const cancelled = events.findLast((event) => event.action === 'cancel');
  return { liable: cancelled?.liable ?? 'platform', scope: cancelled?.scope ?? 'none' };
}
