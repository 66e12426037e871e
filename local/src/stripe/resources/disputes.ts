import { recordBalance } from '../balance.js';
import { refused } from '../errors.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Charge, Dispute } from '../types.js';
import type { StripeState } from '../stripe-state.js';

const EVIDENCE_DUE_SECONDS = 9 * 86_400;
/** Stripe's fee for a dispute, in minor units; not returned when the dispute is won. */
const DISPUTE_FEE = 1_500;

export const disputeRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/disputes', accepts: [...LIST_PARAMETERS, 'charge', 'payment_intent'], run: list },
  { method: 'GET', path: '/v1/disputes/:id', accepts: [], run: (state, { id }) => state.disputes.get(id) },
  { method: 'POST', path: '/v1/disputes/:id', accepts: ['evidence', 'metadata', 'submit'], run: update },
  {
    method: 'POST',
    path: '/v1/disputes/:id/close',
    accepts: [],
    run: (state, { id }) => decide(state, open(state, id), 'lost'),
  },
];

/** Opens a dispute: the customer's bank withdraws the money until the dispute is decided. */
export function openDispute(state: StripeState, charge: Charge, reason: string): Dispute {
  if (charge.disputed || !charge.captured) throw refused(`Charge ${charge.id} cannot be disputed.`);
  const stamp = state.stamp('dp', 'dispute');
  const amount = charge.amount_captured;
  charge.disputed = true;
  const withdrawn = recordBalance(state, 'adjustment', -amount, charge.currency, stamp.id, { fee: DISPUTE_FEE });
  const dispute = state.disputes.add({
    ...stamp,
    metadata: {},
    amount,
    balance_transactions: [withdrawn],
    charge: charge.id,
    currency: charge.currency,
    evidence: {},
    evidence_details: {
      due_by: stamp.created + EVIDENCE_DUE_SECONDS,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  });
  state.emit('charge.dispute.created', dispute);
  state.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

function list(state: StripeState, { params, path }: Call): object {
  const [charge, intent] = [params.text('charge'), params.text('payment_intent')];
  return state.disputes.page(
    params,
    path,
    (dispute) =>
      (charge === undefined || dispute.charge === charge) &&
      (intent === undefined || dispute.payment_intent === intent),
  );
}

/**
 * Updates a dispute. Submitting `uncategorized_text` of `winning_evidence` or `losing_evidence` decides it at once, as
 * in Stripe's test mode.
 */
function update(state: StripeState, { id, params }: Call): Dispute {
  const dispute = open(state, id);
  const evidence = params.child('evidence');
  const file = evidence?.text('uncategorized_file');
  if (file !== undefined) state.files.get(file);
  for (const name of evidence?.keys() ?? []) dispute.evidence[name] = evidence?.text(name) ?? '';
  dispute.metadata = params.metadata(dispute.metadata);
  dispute.evidence_details.has_evidence = Object.keys(dispute.evidence).length > 0;
  if (evidence && (!params.has('submit') || params.flag('submit'))) submit(state, dispute);
  else state.emit('charge.dispute.updated', dispute);
  return dispute;
}

function submit(state: StripeState, dispute: Dispute): void {
  dispute.evidence_details.submission_count += 1;
  dispute.status = 'under_review';
  state.emit('charge.dispute.updated', dispute);
  const text = dispute.evidence['uncategorized_text'];
  if (text === 'winning_evidence') decide(state, dispute, 'won');
  if (text === 'losing_evidence') decide(state, dispute, 'lost');
}

export function open(state: StripeState, id: string): Dispute {
  const dispute = state.disputes.get(id);
  if (dispute.status !== 'needs_response' && dispute.status !== 'under_review')
    throw refused('This dispute is already closed');
  return dispute;
}

/** Decides a dispute as the bank does. */
export function decide(state: StripeState, dispute: Dispute, status: 'lost' | 'won'): Dispute {
  dispute.status = status;
  if (status === 'won') {
    const returned = recordBalance(state, 'adjustment', dispute.amount, dispute.currency, dispute.id);
    dispute.balance_transactions.push(returned);
    state.emit('charge.dispute.funds_reinstated', dispute);
  }
  state.emit('charge.dispute.closed', dispute);
  return dispute;
}
