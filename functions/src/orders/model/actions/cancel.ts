import type { Role } from '../../../contract/common.js';
import type { Order, OrderEvent } from '../../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../../core/outcome.js';
import { decideCancellation, type Verdict } from '../cancellation.js';
import { notifyCourier, notifyCustomer, notifyMerchant, type Effect } from '../effect.js';
import { check, firstRefusal } from '../guards.js';
import type { Actor, TransitionRequest } from '../order-command.js';
import { checkSeen } from '../step-limits.js';
import { computeCostMinor } from '../step-money.js';
import { BEFORE_PICK_UP, checkLiable, listConflictFacts, buildStep, noDoubts, noFields } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * The reason of a cancellation by the backend where other accounts of the card had used up a promotion of the
 * platform's.
 */
export const PROMOTION_USED = 'promotion_used';

const EVERYBODY: readonly Role[] = ['customer', 'merchant', 'operator', 'system'];

/**
 * A party cancels the order; the policy of its state decides who bears the cost. A merchant's or operator's
 * cancellation is settled after a while, so that an operator may undo it.
 */
export const cancelAction: ActionSpec<'cancel'> = {
  steps: [
    buildStep('scheduled', 'cancelled', EVERYBODY),
    buildStep('placed', 'cancelled', ['customer', 'operator', 'system']),
    ...BEFORE_PICK_UP.map((status) => buildStep(status, 'cancelled', EVERYBODY)),
    buildStep('picked_up', 'cancelled', ['operator']),
    buildStep('undeliverable', 'cancelled', ['operator']),
  ],
  money: {
    type: 'byPolicy',
    verdict: decideWithinAgreement,
    isDeferred: ({ role }) => role === 'merchant' || role === 'operator',
  },
  reads: ({ order, actor }) => [
    'quote',
    ...listConflictFacts(order, actor),
    ...(isNoShow(order, actor) ? (['store'] as const) : []),
  ],
  asksMembership: true,
  guard: ({ order, command, actor }) =>
    firstRefusal(
      // Once the kitchen has accepted, an operator decides.
      check(command.reason !== PROMOTION_USED || isBeforeKitchen(order, actor), 'MOVE_NOT_ALLOWED'),
      checkLiable(order, command.liable),
      // The kitchen was not notified of an order that waits for its triage.
      check(actor.role !== 'merchant' || !isInTriage(order), 'MOVE_NOT_ALLOWED'),
      // A customer may cancel what an operator restored, at the agreed cost.
      actor.role === 'customer' ? accept(null) : checkSeen(order, command.events, ['restore']),
    ),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order, event) => [
    notifyCustomer(order, isPromotionUsed(event) ? 'promotion_used' : 'order_cancelled'),
    ...notifyKitchen(order, event),
    ...notifyCourier(order, 'order_cancelled'),
  ],
  showsPickUpCode: false,
};

/**
 * Decides by the policy. Refuses COST_NOT_AGREED where a customer would pay more than agreed to: the kitchen may have
 * accepted, or finished, the order since the app showed the cost.
 */
function decideWithinAgreement({ order, command, actor, facts }: TransitionRequest<'cancel'>): Outcome<Verdict> {
  const verdict = decideCancellation(order, actor.role, command, facts);
  const { mostMinor } = command;
  if (!verdict.ok || actor.role !== 'customer' || mostMinor === undefined) return verdict;
  const costMinor = computeCostMinor(order, verdict.value, facts);
  return costMinor <= mostMinor ? verdict : refuse('COST_NOT_AGREED', { costMinor });
}

const isInTriage = ({ status, scheduledForMs }: Order): boolean => status === 'scheduled' && scheduledForMs === null;

/** Any other party may give any reason. */
function isBeforeKitchen({ status }: Order, { role }: Actor): boolean {
  return role !== 'system' || status === 'placed' || status === 'scheduled';
}

/** A customer did not collect a pickup order. */
function isNoShow({ kind, status }: Order, { role }: Actor): boolean {
  return role === 'system' && kind === 'pickup' && status === 'ready';
}

/** A kitchen is not notified of an order that was never sent to it. */
const notifyKitchen = (order: Order, { from }: OrderEvent): Effect[] =>
  from === 'scheduled' ? [] : [notifyMerchant(order, 'order_cancelled')];

function isPromotionUsed({ by, reason }: OrderEvent): boolean {
  return by === 'system' && reason === PROMOTION_USED;
}
