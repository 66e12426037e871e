import { decideEdit } from '../edits.js';
import { notifyCustomer } from '../effect.js';
import { firstRefusal } from '../guards.js';
import { checkCount, checkReserve, checkSeen, MAX_EDITS, checkRepetition } from '../step-limits.js';
import { COOKING, NO_MONEY, noDoubts, noFields, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * The kitchen cannot prepare the order as placed: a lower quantity applies at once, a substitute after the customer's
 * consent.
 */
export const editAction: ActionSpec<'edit'> = {
  steps: buildStaySteps(COOKING, ['merchant', 'operator']),
  money: NO_MONEY,
  reads: ({ order, command }) => [
    'quote',
    ...(command.changes.some(({ type }) => type === 'substitute') ? (['menu'] as const) : []),
    ...(order.payment.method === 'cash' ? (['cashLimit'] as const) : []),
  ],
  asksMembership: true,
  guard: ({ order, command, actor }) =>
    firstRefusal(
      checkSeen(order, command.events, ['edit', 'answerEdit']),
      actor.role === 'operator' ? checkReserve(order) : checkRepetition(order),
      checkCount(order, 'edit', MAX_EDITS, 'TOO_MANY_EDITS'),
    ),
  editsLines: (request) => decideEdit(request, request.command.changes),
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order, event) => [notifyCustomer(order, order.edit?.event === event.n ? 'edit_proposed' : 'order_edited')],
  showsPickUpCode: false,
};
