import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { DecideClaimInput, DecideClaimOutput } from '../calls/support.js';
import { toClaimRefundId } from '../contract/payments.js';
import type { Claim } from '../contract/support.js';
import { notifyRecipient } from '../notifications/send.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherParty } from '../abuse/other-party.js';
import { finishRefund } from '../payments/finish-refund.js';
import { withRecoveryTask } from '../platform/recovery.js';
import { decideRefund, type RefundRequest } from '../payments/model/refund.js';
import { readForRefund, writeRefund } from '../payments/refund-order.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { toClaimTaskId } from './open-claim.js';
import { update } from '../platform/stored.js';

type Input = z.infer<typeof DecideClaimInput>;

/**
 * Decides a claim for an operator, where the rules did not: the refund, the audit entry and the end of the task are one
 * commit.
 */
export async function decideClaim(
  ctx: Context,
  caller: Caller,
  input: Input,
): Promise<z.infer<typeof DecideClaimOutput>> {
  const { orderId, claimId } = input;
  const status = await withRecoveryTask(ctx, {
    name: `claim-refund-${orderId}-${claimId}`,
    wakeUp: { type: 'refund', orderId, refundId: toClaimRefundId(claimId) },
    commit: (schedule) => ctx.db.runTransaction((tx) => commit(ctx, tx, caller, input, schedule)),
    followUp: () => finishRefund(ctx, orderId, toClaimRefundId(claimId)),
  });
  if (status === 'rejected') await notifyOfRejection(ctx, input);
  return { status };
}

async function commit(
  ctx: Context,
  tx: Transaction,
  { uid: by }: Caller,
  input: Input,
  schedule: () => Promise<unknown>,
): Promise<Claim['status']> {
  const { orderId, claimId, decision, reason } = input;
  const ref = paths.claim(ctx.db, orderId, claimId);
  const [facts, stored] = await Promise.all([readForRefund(ctx, tx, orderId), tx.get(ref)]);
  const claim = stored.data();
  if (!claim) throw new Refusal('CLAIM_NOT_FOUND', { claimId });
  const status = decision.type === 'refund' ? 'refunded' : 'rejected';
  if (claim.status === status && claim.decision?.by === by) return status;
  if (claim.status !== 'escalated') throw new Refusal('CLAIM_DECIDED', { status: claim.status });
  await requireOtherParty(ctx, by, facts.order);
  let amountMinor = 0;
  if (decision.type === 'refund') {
    const request = toRefundRequest(input, claim, decision);
    const decided = unwrap(decideRefund({ ...facts, request, by: 'operator', nowMs: ctx.now() }));
    amountMinor = decided.refund.amountMinor;
    await schedule();
    writeRefund(ctx, tx, facts.order, request, decided);
  }
  update(tx, ref, { status, decision: { by, atMs: ctx.now(), reason } });
  update(tx, paths.operatorTask(ctx.db, toClaimTaskId(orderId, claimId)), { open: false });
  const before = { status: claim.status, amountMinor: claim.amountMinor, liable: claim.liable };
  const after = { status, amountMinor };
  writeAudit(ctx, tx, { by, action: 'decideClaim', subject: ref.path, reason, before, after });
  return status;
}

function toRefundRequest(
  { orderId, claimId, reason }: Input,
  claim: Claim,
  { what, liable, to }: Extract<Input['decision'], { type: 'refund' }>,
): RefundRequest {
  const lines = { type: 'lines' as const, lines: claim.lines };
  return {
    orderId,
    idempotencyKey: toClaimRefundId(claimId),
    what: what ?? lines,
    liable: liable ?? claim.liable,
    reason,
    to,
  };
}

/** A refund has a notification of its own. */
async function notifyOfRejection(ctx: Context, { orderId, claimId }: Input): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order) return;
  const about = { orderId, order, id: `${orderId}-claim-${claimId}` };
  await notifyRecipient(ctx, { type: 'user', uid: order.customerId }, 'claim_rejected', about);
}
