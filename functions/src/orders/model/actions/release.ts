import { check } from '../guards.js';
import { notifyOfPlaced } from '../effect.js';
import { buildStep, NO_MONEY, noDoubts, noFields, reading } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** Shortly before the slot the restaurant gets the order. */
export const releaseAction: ActionSpec<'release'> = {
  steps: [buildStep('scheduled', 'placed', ['system'])],
  money: NO_MONEY,
  reads: reading('openings'),
  asksMembership: false,
  guard: ({ order }) => check(order.payment.status !== 'deferred', 'PAYMENT_PENDING'),
  editsLines: null,
  changes: ({ order, facts: { openings } }) =>
    openings && (order.openings || openings.length > 0) ? { openings: [...openings] } : {},
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfPlaced,
  showsPickUpCode: false,
};
