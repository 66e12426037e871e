import type { Order, OrderEvent } from '../../../contract/orders.js';
import { notifyCustomer, type Effect } from '../effect.js';
import { buildStep, noDoubts, noFields, noGuard, noReads, VOIDS } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The restaurant rejects the order, or did not answer in time. */
export const rejectAction: ActionSpec<'reject'> = {
  steps: [buildStep('placed', 'rejected', ['merchant', 'operator', 'system'])],
  money: VOIDS,
  reads: noReads,
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order, event) => [notifyCustomer(order, 'order_rejected'), ...consequences(order, event)],
  showsPickUpCode: false,
};

/** The effects on the store and on other carts. */
function consequences({ lines }: Order, { reason }: OrderEvent): Effect[] {
  if (reason === 'no_answer') return [{ type: 'missed' }];
  if (reason !== 'out_of_stock') return [];
  return [{ type: 'soldOut', itemIds: [...new Set(lines.map(({ itemId }) => itemId))] }];
}
