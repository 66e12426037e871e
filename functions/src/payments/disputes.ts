import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { SubmitDisputeEvidenceInput, SubmitDisputeEvidenceOutput } from '../calls/payments.js';
import type { Order } from '../contract/orders.js';
import type { Dispute } from '../contract/payments.js';
import { writeAudit } from '../platform/audit.js';
import { operatorTask, putOperatorTask, toOperatorTaskId } from '../platform/operator-tasks.js';
import type { Caller, Context } from '../platform/context.js';
import { requireOtherParty } from '../abuse/other-party.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { buildEvidence } from './model/evidence.js';
import { disputeJournal } from '../ledger/model/journals.js';
import { readProofPhoto } from './proof-photo.js';
import { findOpenPay, holdKitchenPay } from './disputed-pay.js';
import { readTipId, type DisputedPayment } from './payments.js';
import { listIntentIds } from '../orders/model/payment-intents.js';
import { KEPT_LONGER_MS } from '../orders/model/quote-life.js';
import { update } from '../platform/stored.js';

/** More than one for each of an order's PaymentIntents. */
const MAX_DISPUTES = 20;
const DAY_MS = 24 * 3_600_000;
/** Cloud Tasks accepts no task further ahead than 30 days. Source: Cloud Tasks documentation, "Quotas and limits". */
const FURTHEST_MS = 29 * DAY_MS;

/**
 * Applies the bank's current state of a disputed payment, in any order and any number of times: the latest state is
 * fetched.
 */
export async function syncDispute(ctx: Context, disputeId: string): Promise<void> {
  const disputed = await ctx.payments.retrieveDispute(disputeId);
  if (disputed.intentId === '') return;
  const hold = await ctx.payments.retrieve(disputed.intentId);
  if (hold.orderId === null) return;
  const dispute = await recordDispute(ctx, hold.orderId, readTipId(hold) === null, disputed);
  if (dispute.status === 'needsResponse') await scheduleEvidence(ctx, disputeId, dispute);
}

/** Journals the money that moved since the last update, in the commit that records it. */
async function recordDispute(
  ctx: Context,
  orderId: string,
  ofOrder: boolean,
  disputed: DisputedPayment,
): Promise<Dispute> {
  const { disputeId, ...facts } = disputed;
  const ref = paths.dispute(ctx.db, disputeId);
  return ctx.db.runTransaction(async (tx) => {
    const [before, order, quote] = await Promise.all([
      tx.get(ref).then((read) => read.data()),
      tx.get(paths.order(ctx.db, orderId)).then((read) => read.data()),
      tx.get(paths.quote(ctx.db, orderId)),
    ]);
    const others = order ? await otherDisputes(ctx, tx, order, orderId, disputeId) : [];
    const marks = toDisputeMarks(ofOrder ? [facts, ...others] : others);
    const pay = order && marks.disputeLost ? await findOpenPay(ctx, tx, orderId, order) : null;
    const entries = disputeJournal({ orderId, currency: facts.currency }, before ?? null, facts, ctx.now());
    const journals = (before?.journals ?? 0) + (entries ? 1 : 0);
    const dispute: Dispute = { orderId, ...facts, journals, updatedAtMs: ctx.now() };
    tx.set(ref, dispute);
    // Evidence, refunds and a held payout need it until after the bank's decision.
    if (!before && quote.exists) update(tx, quote.ref, { expireAt: ctx.now() + KEPT_LONGER_MS });
    if (entries) tx.create(paths.journal(ctx.db, `dispute-${disputeId}-${journals}`), entries);
    if (order) {
      const marked = withMarks(order, marks);
      const held = pay === null ? marked : holdKitchenPay(ctx, tx, orderId, marked, pay);
      if (held !== order) tx.set(paths.order(ctx.db, orderId), held);
    }
    const isNewlyLost = isLost(facts) && before?.status !== 'lost';
    if (!before || isNewlyLost) {
      const lost = isNewlyLost
        ? ', lost: a payout of the order that was not made yet waits for an operator (decideHeldPay)'
        : '';
      const detail = `${disputeId}: ${facts.reason}, ${facts.amountMinor} ${facts.currency}${lost}`;
      const task = operatorTask({ kind: 'dispute', orderId, detail }, ctx.now());
      putOperatorTask(ctx, tx, toOperatorTaskId(task, disputeId), task);
    }
    return dispute;
  });
}

/** An inquiry takes no money yet: a refund is the best answer to it. */
const holdsMoney = ({ providerMinor, status }: Pick<Dispute, 'providerMinor' | 'status'>): boolean =>
  providerMinor < 0 && status !== 'won';

type Fact = Pick<Dispute, 'providerMinor' | 'status'>;

interface Marks {
  disputed: boolean;
  disputeLost: boolean;
}

function toDisputeMarks(disputes: readonly Fact[]): Marks {
  const holding = disputes.filter(holdsMoney);
  return { disputed: holding.length > 0, disputeLost: holding.length > 0 && holding.every(isLost) };
}

const isLost = ({ status }: Fact): boolean => status === 'lost';

/** An order may have several PaymentIntents, each of which a bank may dispute. Tips are separate payments. */
async function otherDisputes(
  ctx: Context,
  tx: Transaction,
  order: Order,
  orderId: string,
  disputeId: string,
): Promise<Dispute[]> {
  const found = await tx.get(paths.disputes(ctx.db).where('orderId', '==', orderId).limit(MAX_DISPUTES));
  const others = found.docs.filter(({ id }) => id !== disputeId).map((one) => one.data());
  return others.filter(({ intentId }) => listIntentIds(order).includes(intentId));
}

/** Returns the same order where the marks do not change. */
function withMarks(order: Order, { disputed, disputeLost }: Marks): Order {
  const { disputed: wasDisputed = false, disputeLost: wasLost = false, ...payment } = order.payment;
  if (disputed === wasDisputed && disputeLost === wasLost) return order;
  const marks = { ...(disputed && { disputed }), ...(disputeLost && { disputeLost }) };
  return { ...order, payment: { ...payment, ...marks } };
}

/** A day before the bank's deadline the known evidence is sent, unless an operator did. */
async function scheduleEvidence(ctx: Context, disputeId: string, { evidenceDueAtMs }: Dispute): Promise<void> {
  if (evidenceDueAtMs === null) return;
  const atMs = Math.min(evidenceDueAtMs - DAY_MS, ctx.now() + FURTHEST_MS);
  await ctx.tasks.schedule(`dispute-${disputeId}`, atMs, { type: 'dispute', disputeId });
}

/** Submits the evidence of a dispute whose deadline is near; called by a task. */
export async function answerDispute(ctx: Context, disputeId: string): Promise<void> {
  const dispute = (await paths.dispute(ctx.db, disputeId).get()).data();
  if (dispute?.status === 'needsResponse') await submit(ctx, disputeId, dispute);
}

/** Submits the evidence of the order's own record to the bank; final. */
export async function submitDisputeEvidence(
  ctx: Context,
  { uid: by }: Caller,
  { disputeId, note: added, reason = 'submitted' }: z.infer<typeof SubmitDisputeEvidenceInput>,
): Promise<z.infer<typeof SubmitDisputeEvidenceOutput>> {
  const ref = paths.dispute(ctx.db, disputeId);
  const dispute = (await ref.get()).data();
  if (!dispute) throw new Refusal('DISPUTE_NOT_FOUND', { disputeId });
  if (dispute.status !== 'needsResponse') throw new Refusal('DISPUTE_CLOSED', { status: dispute.status });
  const order = (await paths.order(ctx.db, dispute.orderId).get()).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId: dispute.orderId });
  await requireOtherParty(ctx, by, order);
  await auditEvidence(ctx, by, disputeId, reason);
  await submit(ctx, disputeId, dispute, added);
  const { status = dispute.status, evidenceDueAtMs = null } = (await ref.get()).data() ?? {};
  return { status, evidenceDueAtMs };
}

/**
 * Records who submits the evidence: before it is sent, since a bank accepts it once. The id is derived from the dispute,
 * so that a call that is repeated after a failure leaves one entry.
 */
async function auditEvidence(ctx: Context, by: string, disputeId: string, reason: string): Promise<void> {
  const id = `evidence-${disputeId}`;
  const subject = paths.dispute(ctx.db, disputeId).path;
  await ctx.db.runTransaction(async (tx) => {
    if ((await tx.get(paths.auditEntry(ctx.db, id))).exists) return;
    const facts = { before: null, after: null };
    writeAudit(ctx, tx, { by, action: 'submitDisputeEvidence', subject, reason, ...facts }, id);
  });
}

/** Fetches the provider's state first: an earlier response may have been lost, and evidence is accepted once. */
async function submit(ctx: Context, disputeId: string, { orderId }: Dispute, added?: string): Promise<void> {
  const { status } = await ctx.payments.retrieveDispute(disputeId);
  if (status === 'needsResponse') {
    const [order, quote, refunds] = await Promise.all([
      paths.order(ctx.db, orderId).get(),
      paths.quote(ctx.db, orderId).get(),
      paths.refunds(ctx.db, orderId).limit(50).get(),
    ]);
    const facts = { order: order.data(), dropOff: quote.data()?.dropOff ?? null, added };
    if (!facts.order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
    const given = refunds.docs.map((one) => one.data());
    const evidence = buildEvidence({ ...facts, order: facts.order, refunds: given });
    await ctx.payments.submitEvidence(disputeId, evidence, await readProofPhoto(ctx, facts.order));
  }
  await syncDispute(ctx, disputeId);
}
