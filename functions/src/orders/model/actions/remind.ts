import { notifyMerchant } from '../effect.js';
import { NO_MONEY, noDoubts, noFields, noGuard, noReads, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The restaurant has not answered yet. */
export const remindAction: ActionSpec<'remind'> = {
  steps: buildStaySteps(['placed'], ['system']),
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [notifyMerchant(order, 'order_waiting')],
  showsPickUpCode: false,
};
