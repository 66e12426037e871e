import type { Order } from '../../../contract/orders.js';
import { refuse, type Outcome } from '../../../core/outcome.js';
import { mayEarnLateCredit } from '../delivery-promise.js';
import { listEvidenceDoubts } from '../doubts.js';
import { check, firstRefusal, guardFix, guardIdCheck, guardPin, guardRecordedFix, toIdRecord } from '../guards.js';
import type { Facts, OrderCommand } from '../order-command.js';
import { notifyOfDelivery } from '../effect.js';
import { buildStep, noFields, listPositionFacts } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The customer has the food. */
export const deliverAction: ActionSpec<'deliver'> = {
  steps: [buildStep('picked_up', 'delivered', ['courier'], 'delivery')],
  money: { type: 'captureAll', creditsLateness: true },
  reads: ({ order, nowMs, limits }) => [
    'quote',
    ...listPositionFacts(order),
    ...(mayEarnLateCredit(order, nowMs, limits) ? (['conflict'] as const) : []),
  ],
  asksMembership: false,
  guard: ({ order, command, facts }) => guardDelivery(order, command, facts),
  editsLines: null,
  changes: noFields,
  details: ({ order, command: { proof } }) => ({
    proof: proof.type,
    ...(proof.type === 'photo' && { proofPath: proof.path }),
    ...toIdRecord(order),
  }),
  // A delivery that was recorded earlier is judged by the stream of that time.
  doubts: ({ order, command, facts }) => listEvidenceDoubts(order, facts, Math.min(command.fix.takenAtMs, facts.nowMs)),
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfDelivery,
  showsPickUpCode: false,
};

function guardDelivery(order: Order, command: OrderCommand<'deliver'>, facts: Facts): Outcome<null> {
  const { fix, proof, idChecked } = command;
  const handed = firstRefusal(
    check(order.ageLimit === undefined || proof.type === 'pin', 'HAND_OVER_REQUIRED'),
    guardIdCheck(order, idChecked),
  );
  if (!handed.ok) return handed;
  const dropOff = facts.quote?.dropOff;
  if (!dropOff) return refuse('QUOTE_NOT_FOUND');
  const isRecorded = facts.isRecorded === true && proof.type === 'pin';
  const atDoor = isRecorded ? guardRecordedFix(order, fix, dropOff, facts) : guardFix(fix, dropOff, facts);
  if (!atDoor.ok) return atDoor;
  if (proof.type === 'pin') return guardPin(order, proof.pin, facts);
  if (dropOff.handover === 'meet') return refuse('HAND_OVER_REQUIRED');
  return check(facts.proofExists, 'PROOF_NOT_FOUND');
}
