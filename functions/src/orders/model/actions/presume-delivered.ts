import { askOperator, notifyCustomer } from '../effect.js';
import { buildStep, noFields, noGuard, reading } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The courier reported no outcome, and the PaymentIntent is about to expire. */
export const presumeDeliveredAction: ActionSpec<'presumeDelivered'> = {
  steps: [buildStep('picked_up', 'delivered', ['system'], 'delivery')],
  money: { type: 'captureAll', creditsLateness: false },
  reads: reading('quote'),
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: () => ['presumed'],
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [notifyCustomer(order, 'order_delivered'), askOperator('delivery_late')],
  showsPickUpCode: false,
};
