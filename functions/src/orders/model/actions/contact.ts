import type { Order } from '../../../contract/orders.js';
import { refuse, type Outcome } from '../../../core/outcome.js';
import { findDoorArrivalMs } from '../delivery-promise.js';
import { listEvidenceDoubts } from '../doubts.js';
import { notifyCustomer } from '../effect.js';
import { firstRefusal, check, listCurrentLegEvents } from '../guards.js';
import type { Facts } from '../order-command.js';
import { checkCount, MAX_CONTACTS, checkRepetition } from '../step-limits.js';
import { NO_MONEY, noFields, listPositionFacts, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** Calls in quick succession are one attempt. */
const BETWEEN_CONTACTS_MS = 60_000;

/** The courier waits at the door and calls the customer. */
export const contactAction: ActionSpec<'contact'> = {
  steps: buildStaySteps(['picked_up'], ['courier'], 'delivery'),
  money: NO_MONEY,
  reads: ({ order }) => ['quote', ...listPositionFacts(order)],
  asksMembership: false,
  guard: ({ order, facts }) =>
    firstRefusal(
      checkRepetition(order),
      checkCount({ events: listCurrentLegEvents(order) }, 'contact', MAX_CONTACTS, 'TOO_MANY_CONTACTS'),
      guardContact(order, facts),
    ),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: ({ order, facts }) => listEvidenceDoubts(order, facts),
  marksDoubts: true,
  keepsEdit: false,
  effects: (order) => [notifyCustomer(order, 'courier_waits')],
  showsPickUpCode: false,
};

function guardContact(order: Order, { nowMs }: Facts): Outcome<null> {
  if (findDoorArrivalMs(order) === undefined) return refuse('TOO_FAR_FROM_STOP');
  const last = listCurrentLegEvents(order).findLast((event) => event.action === 'contact');
  return check(!last || nowMs - last.atMs >= BETWEEN_CONTACTS_MS, 'TOO_EARLY');
}
