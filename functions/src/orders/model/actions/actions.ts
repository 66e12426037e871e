import { ORDER_ACTIONS, type OrderAction, type OrderKind, type OrderStatus } from '../../../contract/orders.js';
import { acceptAction } from './accept.js';
import { answerEditAction } from './answer-edit.js';
import { arriveAction } from './arrive.js';
import { assignAction } from './assign.js';
import { authorizeAction } from './authorize.js';
import { cancelAction } from './cancel.js';
import { collectAction } from './collect.js';
import { completeAction } from './complete.js';
import { confirmPaymentAction } from './confirm-payment.js';
import { confirmDeliveryAction } from './confirm-delivery.js';
import { contactAction } from './contact.js';
import { delayAction } from './delay.js';
import { deliverAction } from './deliver.js';
import { editAction } from './edit.js';
import { escalateAction } from './escalate.js';
import { expireAction } from './expire.js';
import { failAction } from './fail.js';
import { failPaymentAction } from './fail-payment.js';
import { handOverAction } from './hand-over.js';
import { markReadyAction } from './mark-ready.js';
import { payOutAction } from './pay-out.js';
import { pickUpAction } from './pick-up.js';
import { presumeDeliveredAction } from './presume-delivered.js';
import { rejectAction } from './reject.js';
import { releaseAction } from './release.js';
import { remindAction } from './remind.js';
import { restartSearchAction } from './restart-search.js';
import { restoreAction } from './restore.js';
import { returnAction } from './return.js';
import { sendRiderAction } from './send-rider.js';
import { settleAction } from './settle.js';
import { startPreparingAction } from './start-preparing.js';
import { unassignAction } from './unassign.js';
import type { ActionSpec, FactName, ReadingRequest, Step } from './action-spec.js';

/**
 * The lifecycle of an order. The server, the rules of command documents, the documentation and a test of every (status,
 * action, role) triple read this one table. An action of the contract without an entry here does not compile.
 */
export const ACTIONS: { readonly [A in OrderAction]: ActionSpec<A> } = {
  confirmPayment: confirmPaymentAction,
  expire: expireAction,
  authorize: authorizeAction,
  failPayment: failPaymentAction,
  release: releaseAction,
  remind: remindAction,
  accept: acceptAction,
  reject: rejectAction,
  startPreparing: startPreparingAction,
  markReady: markReadyAction,
  delay: delayAction,
  edit: editAction,
  answerEdit: answerEditAction,
  restartSearch: restartSearchAction,
  assign: assignAction,
  unassign: unassignAction,
  sendRider: sendRiderAction,
  pickUp: pickUpAction,
  handOver: handOverAction,
  arrive: arriveAction,
  contact: contactAction,
  deliver: deliverAction,
  confirmDelivery: confirmDeliveryAction,
  presumeDelivered: presumeDeliveredAction,
  collect: collectAction,
  fail: failAction,
  return: returnAction,
  complete: completeAction,
  escalate: escalateAction,
  cancel: cancelAction,
  settle: settleAction,
  restore: restoreAction,
  payOut: payOutAction,
};

/** A row of the table, with its action. */
export interface ActionStep extends Step {
  action: OrderAction;
}

/** All steps of all actions. */
export const STEPS: readonly ActionStep[] = ORDER_ACTIONS.flatMap((action) =>
  ACTIONS[action].steps.map((step) => ({ action, ...step })),
);

/** Lists the steps of an action from a status, for any role. */
export function listSteps(status: OrderStatus, action: OrderAction, kind: OrderKind): ActionStep[] {
  return STEPS.filter(
    (step) => step.from === status && step.action === action && (step.kind === undefined || step.kind === kind),
  );
}

/** Lists the facts on which the step depends besides the order. */
export function listNeededFacts<A extends OrderAction>(request: ReadingRequest<A>): readonly FactName[] {
  return ACTIONS[request.command.action].reads(request);
}
