import { accept, refuse, type Outcome } from '../../../core/outcome.js';
import { scopeByLiability, verdictOnDelay, type Verdict } from '../cancellation.js';
import { isUnderReview, listReturnRideDoubts } from '../doubts.js';
import { guardFix } from '../guards.js';
import type { TransitionRequest } from '../order-command.js';
import { checkLiable, listConflictFacts, buildStep, noEffects, noFields, listPositionFacts } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The food is back at the counter. */
export const returnAction: ActionSpec<'return'> = {
  steps: [buildStep('undeliverable', 'returned', ['courier', 'operator', 'system'], 'delivery')],
  money: { type: 'byPolicy', verdict: decideReturn, isDeferred: () => false },
  reads: ({ order, actor }) => [
    'quote',
    ...(actor.role === 'courier' ? listPositionFacts(order) : []),
    ...listConflictFacts(order, actor),
  ],
  asksMembership: false,
  guard: ({ order, command, actor, facts }) =>
    actor.role === 'courier' ? guardFix(command.fix, order.pickUpAt, facts) : checkLiable(order, command.liable),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: ({ order, actor, facts }) => (actor.role === 'operator' ? [] : listReturnRideDoubts(order, facts)),
  marksDoubts: false,
  keepsEdit: false,
  effects: noEffects,
  showsPickUpCode: false,
};

/**
 * Only an operator may relieve the absent customer of the cost, unless the food came later than the zone tolerates:
 * then the late party bears it, where no operator named another one. Who cannot prove the age pays for late food, too.
 */
function decideReturn({ order, command, actor, facts }: TransitionRequest<'return'>): Outcome<Verdict> {
  const liable = command.liable ?? 'customer';
  if (liable !== 'customer' && actor.role === 'courier') return refuse('ROLE_NOT_ALLOWED', { role: actor.role });
  if (liable === 'customer' && actor.role !== 'operator' && isUnderReview(order)) return refuse('OPERATOR_REQUIRED');
  const isIdCheck = order.events.findLast(({ action }) => action === 'fail')?.cause === 'id_check';
  const isDecided = isIdCheck || liable !== 'customer' || (actor.role === 'operator' && command.liable !== undefined);
  const onDelay = isDecided ? null : verdictOnDelay(order, facts.nowMs, facts.limits);
  return accept(onDelay ?? { liable, scope: scopeByLiability(order, liable) });
}
