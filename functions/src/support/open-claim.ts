import { requireNeutralKey } from '../abuse/neutral-key.js';
import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { OpenClaimInput, OpenClaimOutput } from '../calls/support.js';
import { FORMER_CLAIMS } from '../contract/accounts.js';
import type { Order } from '../contract/orders.js';
import { toClaimRefundId } from '../contract/payments.js';
import { REMEMBERED_CLAIMS, type Claim, type ClaimHistory } from '../contract/support.js';
import { findShared, flagParties, requireDistinctParties } from '../abuse/links.js';
import { isUsedElsewhere, recordProof } from '../media/proof-digests.js';
import { checkProofPhoto } from '../media/proof-photo.js';
import { countCompleted } from '../orders/flow/past-and-waiting.js';
import { filterReadable } from '../platform/isolate.js';
import { operatorTask, putOperatorTask } from '../platform/operator-tasks.js';
import { finishRefund } from '../payments/finish-refund.js';
import { withRecoveryTask } from '../platform/recovery.js';
import { decideRefund, type RefundRequest } from '../payments/model/refund.js';
import { readForRefund, writeRefund } from '../payments/refund-order.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { assessClaim, findClaimLiable } from './model/claim-rules.js';

type Input = z.infer<typeof OpenClaimInput>;

/**
 * Opens a customer's claim about an order. A claim that the rules accept is refunded in the same commit, with a
 * refund's own journal and recovery task; any other creates an operator task. Once per key.
 */
export async function openClaim(ctx: Context, { uid }: Caller, input: Input): Promise<z.infer<typeof OpenClaimOutput>> {
  const { orderId, idempotencyKey: claimId } = input;
  const photoDigest = await digestOfPhoto(ctx, uid, input);
  // The order of the claim itself is not completed within the time for automatic refunds.
  const [completed, { accounts, used }] = await Promise.all([countCompleted(ctx, uid), findShared(ctx, uid)]);
  const formerClaims = lookUp(used, FORMER_CLAIMS) ?? 0;
  const opening = { input, photoDigest, orders: completed + 1, sharers: accounts, formerClaims };
  const { status, amountMinor } = await withRecoveryTask(ctx, {
    name: `claim-refund-${orderId}-${claimId}`,
    wakeUp: { type: 'refund', orderId, refundId: toClaimRefundId(claimId) },
    commit: (schedule) => ctx.db.runTransaction((tx) => commit(ctx, tx, uid, opening, schedule)),
    // Does nothing where there is no refund.
    followUp: () => finishRefund(ctx, orderId, toClaimRefundId(claimId)),
  });
  return { claimId, status, amountMinor };
}

/**
 * Returns the digest of the claim's photo; null without one. Only from this order's own folder and from this customer,
 * and only a photo: any other file there is deleted.
 */
async function digestOfPhoto(ctx: Context, uid: string, { orderId, photoPath }: Input): Promise<string | null> {
  if (photoPath === undefined) return null;
  const isOwn = photoPath.startsWith(`claims/${orderId}/${uid}/`);
  const digest = isOwn ? await checkProofPhoto(ctx, photoPath) : null;
  if (digest === null) throw new Refusal('PROOF_NOT_FOUND');
  return digest;
}

interface Opening {
  input: Input;
  photoDigest: string | null;
  /** Completed orders of the customer without a dispute, and the order of the claim. */
  orders: number;
  /** Accounts that share a device or card with the customer's. */
  sharers: readonly string[];
  /** The number of claims that erased accounts left on these devices and cards. */
  formerClaims: number;
}

async function commit(
  ctx: Context,
  tx: Transaction,
  uid: string,
  { input, photoDigest, orders, sharers, formerClaims }: Opening,
  schedule: () => Promise<unknown>,
): Promise<Claim> {
  const { orderId, idempotencyKey: claimId, kind } = input;
  const [facts, known, stored, others, photoSeen] = await Promise.all([
    readForRefund(ctx, tx, orderId),
    tx.get(paths.claim(ctx.db, orderId, claimId)),
    tx.get(paths.claimHistory(ctx.db, uid)),
    Promise.all(sharers.map((sharer) => tx.get(paths.claimHistory(ctx.db, sharer)))),
    photoDigest === null ? false : isUsedElsewhere(ctx, tx, orderId, photoDigest),
  ]);
  const { order } = facts;
  if (order.customerId !== uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const replayed = known.data();
  if (replayed) return replayed;
  requireNeutralKey(claimId, order, uid);
  const tie = await requireDistinctParties(ctx, order);
  const history = stored.data()?.claims ?? [];
  const sharedHistory = (await filterReadable(ctx, 'openClaim', others)).flatMap(({ data }) => data.claims);
  const { limits } = await getZone(ctx, order.zoneId);
  const request = toRefundRequest(input, order);
  const nowMs = ctx.now();
  const decided = unwrap(decideRefund({ ...facts, request, by: 'system', nowMs }));
  const { amountMinor } = decided.refund;
  const { escalation } = unwrap(
    assessClaim({
      order,
      orderId,
      kind,
      amountMinor,
      leavesRideUnpaid: decided.leavesRideUnpaid,
      hasPhoto: photoDigest !== null,
      photoSeen,
      history: [...history, ...sharedHistory],
      formerClaims,
      orders,
      limits,
      nowMs,
    }),
  );
  const claim = buildClaim(input, order, { amountMinor, escalation, nowMs });
  if (escalation === null) {
    await schedule();
    writeRefund(ctx, tx, order, request, decided);
  } else raiseClaimTask(ctx, tx, input, claim);
  if (photoDigest !== null && !photoSeen) recordProof(ctx, tx, orderId, photoDigest, 'claims');
  flagParties(ctx, tx, orderId, tie);
  tx.create(paths.claim(ctx.db, orderId, claimId), claim);
  remember(ctx, tx, uid, history, { id: claimId, orderId, atMs: nowMs });
  return claim;
}

/** To the card that paid; for cash as credit. */
function toRefundRequest({ orderId, idempotencyKey: claimId, kind, lines }: Input, order: Order): RefundRequest {
  const to = order.payment.method === 'cash' ? 'credit' : 'card';
  const what = { type: 'lines' as const, lines };
  return {
    orderId,
    idempotencyKey: toClaimRefundId(claimId),
    what,
    liable: findClaimLiable(kind, order),
    reason: `claim: ${kind}`,
    to,
  };
}

function buildClaim(
  { kind, lines, text, photoPath }: Input,
  order: Order,
  { amountMinor, escalation, nowMs }: Pick<Claim, 'amountMinor' | 'escalation'> & { nowMs: number },
): Claim {
  const { customerId, currency } = order;
  const status = escalation === null ? 'refunded' : 'escalated';
  return {
    customerId,
    kind,
    lines,
    text,
    photoPath: photoPath ?? null,
    amountMinor,
    currency,
    liable: findClaimLiable(kind, order),
    status,
    escalation,
    createdAtMs: nowMs,
    decision: null,
  };
}

function raiseClaimTask(ctx: Context, tx: Transaction, { orderId, idempotencyKey }: Input, claim: Claim): void {
  const { kind, amountMinor, currency, escalation } = claim;
  const detail = `claim ${idempotencyKey}: ${kind}, ${amountMinor} ${currency}, because of ${escalation}`;
  const task = operatorTask({ kind: 'claim', orderId, detail }, ctx.now());
  putOperatorTask(ctx, tx, toClaimTaskId(orderId, idempotencyKey), task);
}

/** Derives the id of the claim's operator task: each claim has one. */
export const toClaimTaskId = (orderId: string, claimId: string): string => `${orderId}-claim-${claimId}`;

function remember(
  ctx: Context,
  tx: Transaction,
  uid: string,
  history: ClaimHistory['claims'],
  claim: ClaimHistory['claims'][number],
): void {
  tx.set(paths.claimHistory(ctx.db, uid), { claims: [...history, claim].slice(-REMEMBERED_CLAIMS) });
}
