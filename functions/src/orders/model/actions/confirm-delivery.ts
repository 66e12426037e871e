import { refuse } from '../../../core/outcome.js';
import { mayEarnLateCredit } from '../delivery-promise.js';
import { notifyOfDelivery } from '../effect.js';
import { guardIdCheck, guardPin, toIdRecord } from '../guards.js';
import { buildStep, noDoubts, noFields } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * The kitchen reports that a rider brought the order: by the customer's PIN, which the rider was given at the door. An
 * operator who spoke to the customer needs none, and confirms the delivery of a courier without a phone, too.
 */
export const confirmDeliveryAction: ActionSpec<'confirmDelivery'> = {
  steps: [buildStep('picked_up', 'delivered', ['merchant', 'operator'], 'delivery')],
  money: { type: 'captureAll', creditsLateness: true },
  reads: ({ order, nowMs, limits }) => [
    'quote',
    ...(mayEarnLateCredit(order, nowMs, limits) ? (['conflict'] as const) : []),
  ],
  asksMembership: true,
  guard: ({ order, command, actor, facts }) => {
    const checked = guardIdCheck(order, command.idChecked);
    if (!checked.ok || actor.role === 'operator') return checked;
    return order.rider ? guardPin(order, command.pin ?? '', facts) : refuse('RIDER_REQUIRED');
  },
  editsLines: null,
  changes: noFields,
  details: ({ order, actor }) => ({ ...(actor.role !== 'operator' && { proof: 'pin' }), ...toIdRecord(order) }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfDelivery,
  showsPickUpCode: false,
};
