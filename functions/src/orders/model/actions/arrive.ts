import type { Place } from '../../../contract/common.js';
import type { Fix } from '../../../contract/moves.js';
import type { Order, OrderEvent } from '../../../contract/orders.js';
import { distanceMeters } from '../../../core/geo.js';
import { refuse, type Outcome } from '../../../core/outcome.js';
import { listArrivalDoubts } from '../doubts.js';
import { notifyCustomer, notifyMerchant } from '../effect.js';
import { firstRefusal, check, guardFix, findNextStop, listCurrentLegEvents } from '../guards.js';
import type { Facts } from '../order-command.js';
import { checkCount, checkRepetition, MAX_ARRIVALS } from '../step-limits.js';
import { BEFORE_PICK_UP, NO_MONEY, noFields, listPositionFacts, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** At this distance from the door the customer should come to it. */
const IMMINENT_METERS = 80;

/** The courier is near the next stop: the counter before the pick-up, the door after it. */
export const arriveAction: ActionSpec<'arrive'> = {
  steps: buildStaySteps([...BEFORE_PICK_UP, 'picked_up'], ['courier'], 'delivery'),
  money: NO_MONEY,
  reads: ({ order }) => (order.status === 'picked_up' ? ['quote', ...listPositionFacts(order)] : ['presence']),
  asksMembership: false,
  guard: ({ order, command, facts }) =>
    firstRefusal(
      checkRepetition(order),
      checkCount({ events: listCurrentLegEvents(order) }, 'arrive', MAX_ARRIVALS, 'TOO_MANY_STEPS'),
      guardArrival(order, command.fix, facts),
    ),
  editsLines: null,
  changes: noFields,
  details: ({ order, command, facts }) => {
    const stop = findNextStop(order, facts);
    return stop ? { reason: nearness(command.fix, stop) } : {};
  },
  doubts: ({ order, facts }) => listArrivalDoubts(order, facts),
  marksDoubts: true,
  keepsEdit: true,
  effects: (order, event) => {
    if (isRepeated(order, event)) return [];
    const isHere = event.reason === 'here';
    if (event.from === 'picked_up') return [notifyCustomer(order, isHere ? 'courier_here' : 'courier_near')];
    return isHere ? [notifyMerchant(order, 'courier_at_counter')] : [];
  },
  showsPickUpCode: false,
};

/** Each geofence of a stop is notified once, for each courier who reaches it. */
function guardArrival(order: Order, fix: Fix, facts: Facts): Outcome<null> {
  const stop = findNextStop(order, facts);
  if (!stop) return refuse('QUOTE_NOT_FOUND');
  const there = guardFix(fix, stop, facts);
  if (!there.ok) return there;
  // An arrival that is not credible does not count: the courier reports it again after arriving.
  const told = listCurrentLegEvents(order).filter((event) => event.action === 'arrive' && !event.review);
  const isNews = nearness(fix, stop) === 'here' ? !told.some((one) => one.reason === 'here') : told.length === 0;
  return check(isNews, 'ALREADY_TOLD');
}

/** True where the courier reported the same arrival before, which was not credible: the customer, or the kitchen, was notified. */
function isRepeated(order: Order, { n, reason }: OrderEvent): boolean {
  return listCurrentLegEvents(order).some((one) => one.action === 'arrive' && one.reason === reason && one.n < n);
}

/** Returns `near` within the arrival's geofence, `here` within the inner one. */
function nearness(fix: Fix, stop: Place): 'near' | 'here' {
  return distanceMeters(fix, stop) <= IMMINENT_METERS ? 'here' : 'near';
}
