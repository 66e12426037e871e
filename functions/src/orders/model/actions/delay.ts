import { isAtCounter } from '../delivery-promise.js';
import { findCourier, notifyCourier, notifyCustomer } from '../effect.js';
import { check, firstRefusal } from '../guards.js';
import type { TransitionRequest } from '../order-command.js';
import { computePostponedSearchMs } from '../search-windows.js';
import { checkCount, checkRepetition, checkSeen } from '../step-limits.js';
import { refuse, accept, type Outcome } from '../../../core/outcome.js';
import { buildStaySteps, COOKING, NO_MONEY, noDoubts, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

const MINUTE_MS = 60_000;

/**
 * The kitchen announces that it needs longer. All parties get the new time, and the search for a courier is planned by
 * it; the promise stays, since the kitchen is late by it.
 */
export const delayAction: ActionSpec<'delay'> = {
  steps: buildStaySteps(COOKING, ['merchant', 'operator']),
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order, command, actor, facts }) =>
    firstRefusal(
      checkRepetition(order),
      check(actor.role !== 'operator' || command.reason !== undefined, 'REASON_REQUIRED'),
      checkSeen(order, command.events, ['delay', 'restore']),
      // The courier has come at the announced time, and waits for what is nearly done.
      check(!isAtCounter(order), 'COURIER_AT_COUNTER'),
      checkMinutes(command.minutes, facts.limits.maxDelayMinutes),
      checkCount(order, 'delay', facts.limits.maxDelays, 'TOO_MANY_DELAYS'),
    ),
  editsLines: null,
  changes: (request) => {
    const { order, facts } = request;
    const readyAtMs = computeDelayedMs(request);
    const searchFromMs = computePostponedSearchMs({ ...order, readyAtMs }, facts.nowMs, facts.limits);
    return { readyAtMs, ...(searchFromMs !== undefined && { searchFromMs }) };
  },
  details: (request) => ({ readyAtMs: computeDelayedMs(request) }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: (order) => [
    notifyCustomer(order, 'order_postponed'),
    ...notifyCourier(order, 'pick_up_postponed'),
    ...findCourier(order),
  ],
  showsPickUpCode: false,
};

/** Counts from the announced time, or from now where that has passed. Epoch ms. */
function computeDelayedMs({ order, command, facts: { nowMs } }: TransitionRequest<'delay'>): number {
  return Math.max(nowMs, order.readyAtMs ?? nowMs) + command.minutes * MINUTE_MS;
}

function checkMinutes(minutes: number, maxMinutes: number): Outcome<null> {
  return minutes <= maxMinutes ? accept(null) : refuse('DELAY_TOO_LONG', { maxMinutes });
}
