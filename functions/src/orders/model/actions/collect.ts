import { accept } from '../../../core/outcome.js';
import { guardPin } from '../guards.js';
import { notifyOfDelivery } from '../effect.js';
import { buildStep, noDoubts, noFields, reading } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The customer has collected a pickup order; recorded by an operator where the PIN is locked. */
export const collectAction: ActionSpec<'collect'> = {
  steps: [buildStep('ready', 'collected', ['merchant', 'operator'], 'pickup')],
  money: { type: 'captureAll', creditsLateness: false },
  reads: reading('quote'),
  asksMembership: false,
  guard: ({ order, command, actor, facts }) =>
    actor.role === 'operator' ? accept(null) : guardPin(order, command.pin ?? '', facts),
  editsLines: null,
  changes: noFields,
  details: () => ({ proof: 'pin' }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfDelivery,
  showsPickUpCode: false,
};
