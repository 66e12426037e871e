import type Stripe from 'stripe';
import type { Dispute } from '../contract/payments.js';
import { fromStripeAmount } from '../pricing/currencies.js';
import type { DisputedPayment, EvidencePhoto, Payments } from './payments.js';

/** Creates the adaptor of disputes. */
export function stripeDisputes(client: () => Promise<Stripe>): Pick<Payments, 'retrieveDispute' | 'submitEvidence'> {
  return {
    async retrieveDispute(disputeId) {
      return toDisputed(await (await client()).disputes.retrieve(disputeId));
    },
    async submitEvidence(disputeId, evidence, photo) {
      const stripe = await client();
      const files = photo ? { uncategorized_file: await upload(stripe, photo) } : {};
      return toDisputed(await stripe.disputes.update(disputeId, { evidence: { ...evidence, ...files }, submit: true }));
    },
  };
}

/** Uploads a photo; returns the id of its file. One that is uploaded again after a failure is another file. */
async function upload(stripe: Stripe, { bytes, contentType }: EvidencePhoto): Promise<string> {
  const name = contentType === 'image/png' ? 'delivery.png' : 'delivery.jpg';
  const file = { data: bytes, name, type: contentType };
  return (await stripe.files.create({ purpose: 'dispute_evidence', file })).id;
}

/** Converts a dispute of Stripe. */
export function toDisputed(dispute: Stripe.Dispute): DisputedPayment {
  const { id, amount, currency, payment_intent: intent, reason, status, evidence_details: details } = dispute;
  return {
    disputeId: id,
    intentId: (typeof intent === 'string' ? intent : intent?.id) ?? '',
    reason,
    status: STATUS[status] ?? 'closed',
    currency: currency.toUpperCase(),
    amountMinor: fromStripeAmount(amount, currency),
    evidenceDueAtMs: details.due_by === null ? null : details.due_by * 1000,
    providerMinor: sumMovedMinor(dispute),
  };
}

/**
 * Source: Stripe API reference, "The Dispute object". Warnings are inquiries: no money moves before they become
 * disputes.
 */
const STATUS: Partial<Record<Stripe.Dispute.Status, Dispute['status']>> = {
  needs_response: 'needsResponse',
  warning_needs_response: 'needsResponse',
  under_review: 'underReview',
  warning_under_review: 'underReview',
  won: 'won',
  lost: 'lost',
};

/**
 * Sums what the dispute took from the balance and returned, fees included. Where the balance is in another currency
 * than the payment, the disputed amount is counted: the ledger has the payment's currency.
 */
function sumMovedMinor({ balance_transactions: moves, amount, currency }: Stripe.Dispute): number {
  const moved = moves.map((move) => (move.currency === currency ? move.net : Math.sign(move.amount) * amount));
  const netMinor = moved.reduce((sum, one) => sum + one, 0);
  return Math.sign(netMinor) * fromStripeAmount(Math.abs(netMinor), currency);
}
