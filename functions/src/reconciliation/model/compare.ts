import type { Journal, JournalKind, Order } from '../../contract/orders.js';
import type { Tip } from '../../contract/payments.js';
import type { Drift, DriftKind } from '../../contract/reconciliation.js';
import { isPayout } from '../../orders/model/deadline.js';
import { isFinal } from '../../orders/model/order-state.js';
import { ACCOUNTS } from '../../ledger/model/chart.js';
import type { DisputedPayment, FollowedPayment, Transfer } from '../../payments/payments.js';
import { sum } from '../../pricing/money.js';
import { listIntentIds } from '../../orders/model/payment-intents.js';

/** What the provider took, refunded and paid out for an order, by the ledger. */
export interface LedgerSums {
  capturedMinor: number;
  tippedMinor: number;
  refundedMinor: number;
  transferredMinor: number;
}

/** The provider's records of an order, as far as they were listed or fetched. */
export interface Theirs {
  holds: readonly FollowedPayment[];
  transfers: readonly Transfer[];
  disputes: readonly DisputedPayment[];
}

export interface Ours {
  /** Null: there is no such order. */
  order: Order | null;
  moved: LedgerSums;
  /** By the backend's ids. */
  tips: ReadonlyMap<string, Tip['status']>;
  /** By the provider's ids. */
  disputes: ReadonlySet<string>;
}

export const NOTHING_MOVED: LedgerSums = { capturedMinor: 0, tippedMinor: 0, refundedMinor: 0, transferredMinor: 0 };
export const NOTHING_THERE: Theirs = { holds: [], transfers: [], disputes: [] };

/** The sum to which a kind of journal belongs, and the sign of its postings to the provider's account. */
const SUMS: Partial<Record<JournalKind, readonly [sum: keyof LedgerSums, sign: 1 | -1]>> = {
  settlement: ['capturedMinor', 1],
  tip: ['tippedMinor', 1],
  refund: ['refundedMinor', -1],
  // A refund that the card did not accept.
  correction: ['refundedMinor', -1],
  payout: ['transferredMinor', -1],
  reversal: ['transferredMinor', -1],
};

/** Adds a journal to the sums. The movements of a dispute are looked up by the dispute. */
export function withJournal(moved: LedgerSums, { kind, entries }: Pick<Journal, 'kind' | 'entries'>): LedgerSums {
  const counted = SUMS[kind];
  if (!counted) return moved;
  const [name, sign] = counted;
  const own = entries.filter(({ account }) => account === ACCOUNTS.provider).map((entry) => entry.amountMinor);
  return { ...moved, [name]: moved[name] + sign * sum(own) };
}

const TIP = 'tip-';
const isTip = ({ purpose }: FollowedPayment) => purpose.startsWith(TIP);

function theirSums({ holds, transfers }: Theirs): LedgerSums {
  const ofOrder = holds.filter((hold) => !isTip(hold));
  return {
    capturedMinor: sum(ofOrder.map((hold) => hold.capturedMinor)),
    tippedMinor: sum(holds.filter(isTip).map((hold) => hold.capturedMinor - hold.refundedMinor)),
    refundedMinor: sum(ofOrder.map((hold) => hold.refundedMinor)),
    transferredMinor: sum(transfers.map((transfer) => transfer.amountMinor)),
  };
}

/**
 * True when nothing has to be compared: all money that moved is in the ledger and at the provider, no PaymentIntent is
 * open and no dispute is undecided.
 */
export function hasNoDifference(moved: LedgerSums, theirs: Theirs): boolean {
  const there = theirSums(theirs);
  return (
    moved.capturedMinor === there.capturedMinor &&
    moved.tippedMinor === there.tippedMinor &&
    moved.refundedMinor === there.refundedMinor &&
    moved.transferredMinor === there.transferredMinor &&
    theirs.disputes.length === 0 &&
    theirs.holds.every((hold) => hold.status !== 'authorized')
  );
}

/** Finds every drift of one order, with the facts of both sides. The remedies are in repair.ts. */
export function compare(orderId: string, ours: Ours, theirs: Theirs): Drift[] {
  const byHold = theirs.holds.flatMap((hold) => {
    const kind = isTip(hold) ? driftOfTip(ours, hold) : driftOfHold(ours.order, hold);
    const theirsMinor = hold.capturedMinor || hold.authorizedMinor;
    return kind === null ? [] : [{ kind, orderId, providerId: hold.intentId, oursMinor: 0, theirsMinor }];
  });
  const byDispute = theirs.disputes
    .filter(({ disputeId }) => !ours.disputes.has(disputeId))
    .map(({ disputeId, amountMinor }): Drift => ({
      kind: 'unknown_dispute',
      orderId,
      providerId: disputeId,
      oursMinor: 0,
      theirsMinor: amountMinor,
    }));
  return [...byHold, ...driftsOfSums(orderId, ours, theirs, byHold), ...byDispute];
}

function driftOfTip({ tips }: Ours, hold: FollowedPayment): DriftKind | null {
  if (hold.status !== 'captured') return null;
  const status = tips.get(hold.purpose.slice(TIP.length));
  // A tip belongs to the courier: no step of the backend refunds one.
  if (status === 'paid') return hold.refundedMinor > 0 ? 'tip_refunded' : null;
  // A refunded tip belongs to no account; an operator repeats a refund that failed later.
  if (status === 'returned') return hold.refundedMinor < hold.capturedMinor ? 'capture_mismatch' : null;
  // A tip that expired here belongs to the courier as well, once it was captured.
  return status === undefined ? 'unknown_capture' : 'lost_webhook';
}

/** Finds the difference between the order's state and one PaymentIntent's. Amounts are compared in sum. */
function driftOfHold(order: Order | null, hold: FollowedPayment): DriftKind | null {
  switch (hold.status) {
    case 'authorized':
      return order ? driftOfAuthorized(order, hold) : hold.orderId === null ? null : 'orphan_hold';
    case 'captured':
      // Its payout records it.
      if (!order || isPayout(order.due)) return null;
      return order.payment.status === 'capturing' && isOwn(order, hold) ? 'unnoted_end' : null;
    case 'voided':
      if (!order || !isOwn(order, hold)) return null;
      if (order.payment.status === 'voiding') return 'unnoted_end';
      return order.payment.status === 'authorized' && !isFinal(order.status) ? 'lost_hold' : null;
    case 'unpaid':
      return null;
  }
}

/** A top-up for which an edit waits is not part of the payment yet. */
const isOwn = ({ payment }: Order, { intentId }: FollowedPayment) => listIntentIds({ payment }).includes(intentId);

function driftOfAuthorized(order: Order, hold: FollowedPayment): DriftKind | null {
  if (isAwaited(order, hold)) return 'lost_webhook';
  if (!listIntentIds(order).includes(hold.intentId)) return 'orphan_hold';
  switch (order.payment.status) {
    case 'capturing':
    case 'captured':
      return 'missing_capture';
    case 'voiding':
    case 'voided':
      return 'missing_void';
    default:
      return isFinal(order.status) && order.due === null ? 'orphan_hold' : null;
  }
}

/** The order waits for the state of this PaymentIntent. */
function isAwaited({ status, payment, edit }: Order, { intentId }: FollowedPayment): boolean {
  if (edit?.topUpIntentId === intentId) return true;
  if (status === 'pending_payment') return payment.intentId === intentId;
  return status === 'scheduled' && payment.status === 'deferred';
}

function driftsOfSums(orderId: string, { order, moved }: Ours, theirs: Theirs, byHold: readonly Drift[]): Drift[] {
  const there = theirSums(theirs);
  const providerId = order?.payment.intentId ?? theirs.holds[0]?.intentId ?? null;
  const explained = byHold.some(({ kind }) => kind === 'missing_capture' || kind === 'lost_hold');
  const drift = (name: keyof LedgerSums, judge: (oursMinor: number, theirsMinor: number) => DriftKind): Drift[] => {
    const [oursMinor, theirsMinor] = [moved[name], there[name]];
    return oursMinor === theirsMinor
      ? []
      : [{ kind: judge(oursMinor, theirsMinor), orderId, providerId, oursMinor, theirsMinor }];
  };
  return [
    ...(explained ? [] : drift('capturedMinor', captureDrift)),
    ...drift('refundedMinor', refundDrift),
    ...drift('transferredMinor', transferDrift),
  ];
}

function captureDrift(oursMinor: number, theirsMinor: number): DriftKind {
  if (oursMinor === 0) return 'unknown_capture';
  return theirsMinor === 0 ? 'lost_hold' : 'capture_mismatch';
}

function refundDrift(oursMinor: number, theirsMinor: number): DriftKind {
  if (theirsMinor < oursMinor) return 'missing_refund';
  return oursMinor === 0 ? 'unknown_refund' : 'double_refund';
}

function transferDrift(oursMinor: number, theirsMinor: number): DriftKind {
  if (theirsMinor === 0) return 'missing_transfer';
  if (oursMinor === 0) return 'unknown_transfer';
  return theirsMinor > oursMinor ? 'missing_reversal' : 'transfer_mismatch';
}
