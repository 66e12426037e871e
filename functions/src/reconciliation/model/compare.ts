import type { Journal, JournalKind, Order } from '../../contract/orders.js';
import type { Tip } from '../../contract/payments.js';
import type { Drift, DriftKind } from '../../contract/reconciliation.js';
import { isPayout } from '../../orders/model/deadline.js';
import { isFinal } from '../../orders/model/order-state.js';
import { ACCOUNTS } from '../../ledger/model/journals.js';
import type { DisputedPayment, FollowedPayment, Transfer } from '../../payments/payments.js';
import { sum } from '../../pricing/money.js';
import { holdsOf } from '../../orders/model/payment-intents.js';

/** What our ledger says that the provider took, gave back and paid out for an order. */
export interface LedgerSums {
  capturedMinor: number;
  tippedMinor: number;
  refundedMinor: number;
  transferredMinor: number;
}

/** What the provider has of an order, as far as it was listed or asked for. */
export interface Theirs {
  holds: readonly FollowedPayment[];
  transfers: readonly Transfer[];
  disputes: readonly DisputedPayment[];
}

export interface Ours {
  /** Null: there is no such order. */
  order: Order | null;
  moved: LedgerSums;
  /** By our names for them. */
  tips: ReadonlyMap<string, Tip['status']>;
  /** By the provider's. */
  disputes: ReadonlySet<string>;
}

export const NOTHING_MOVED: LedgerSums = { capturedMinor: 0, tippedMinor: 0, refundedMinor: 0, transferredMinor: 0 };
export const NOTHING_THERE: Theirs = { holds: [], transfers: [], disputes: [] };

/** Which sum a kind of journal belongs to, and how what it posts to the provider's account counts there. */
const SUMS: Partial<Record<JournalKind, readonly [sum: keyof LedgerSums, sign: 1 | -1]>> = {
  settlement: ['capturedMinor', 1],
  tip: ['tippedMinor', 1],
  refund: ['refundedMinor', -1],
  // A refund that the card did not take.
  correction: ['refundedMinor', -1],
  payout: ['transferredMinor', -1],
  reversal: ['transferredMinor', -1],
};

/** One journal more. What a dispute moves is looked up by the dispute. */
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

/** True when there is nothing to look at: all money that moved is in both books, no hold waits and no bank asks. */
export function ties(moved: LedgerSums, theirs: Theirs): boolean {
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

/** Every drift of one order, with all that both sides have of it. Nothing here says what to do: see repair.ts. */
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
  // A tip is the courier's: no step of the backend gives one back.
  if (status === 'paid') return hold.refundedMinor > 0 ? 'tip_refunded' : null;
  // What was given back is nobody's any more; a refund that failed later is an operator's to repeat.
  if (status === 'returned') return hold.refundedMinor < hold.capturedMinor ? 'capture_mismatch' : null;
  // One that expired here is the courier's as well, once it was taken.
  return status === undefined ? 'unknown_capture' : 'lost_webhook';
}

/** What the order's own state and a hold's do not agree on. Amounts are compared in sum. */
function driftOfHold(order: Order | null, hold: FollowedPayment): DriftKind | null {
  switch (hold.status) {
    case 'authorized':
      return order ? driftOfAuthorized(order, hold) : hold.orderId === null ? null : 'orphan_hold';
    case 'captured':
      // Its payout notes it.
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

/** The difference that an edit waits for is no part of the payment yet. */
const isOwn = ({ payment }: Order, { intentId }: FollowedPayment) => holdsOf({ payment }).includes(intentId);

function driftOfAuthorized(order: Order, hold: FollowedPayment): DriftKind | null {
  if (isAwaited(order, hold)) return 'lost_webhook';
  if (!holdsOf(order).includes(hold.intentId)) return 'orphan_hold';
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

/** The order stands still until it hears of this hold. */
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
