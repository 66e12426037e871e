import { guardIdCheck, guardPin, toIdRecord } from '../guards.js';
import { notifyOfDelivery } from '../effect.js';
import { buildStep, noDoubts, noFields, reading } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The customer has collected a pickup order; recorded by an operator where the PIN is locked. */
export const collectAction: ActionSpec<'collect'> = {
  steps: [buildStep('ready', 'collected', ['merchant', 'operator'], 'pickup')],
  money: { type: 'captureAll', creditsLateness: false },
  reads: reading('quote'),
  asksMembership: false,
  guard: ({ order, command, actor, facts }) => {
    const checked = guardIdCheck(order, command.idChecked);
    return !checked.ok || actor.role === 'operator' ? checked : guardPin(order, command.pin ?? '', facts);
  },
  editsLines: null,
  changes: noFields,
  details: ({ order }) => ({ proof: 'pin', ...toIdRecord(order) }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfDelivery,
  showsPickUpCode: false,
};
