import type { Journal, JournalKind, Order } from '../contract/orders.js';
import type { Drift, DriftKind } from '../contract/reconciliation.js';
import { isFinal } from '../orders/order-state.js';
import { ACCOUNTS } from '../payments/ledger.js';
import type { Disputed, FollowedHold, Transfer } from '../payments/payments.js';
import { sum } from '../pricing/money.js';

/** What our ledger says that the provider took, gave back and paid out for an order. */
export interface Moved {
  capturedMinor: number;
  refundedMinor: number;
  transferredMinor: number;
  disputed: boolean;
}

/** What the provider has of an order, as far as it was listed or asked for. */
export interface Theirs {
  holds: readonly FollowedHold[];
  transfers: readonly Transfer[];
  disputes: readonly Disputed[];
}

export interface Ours {
  /** Null: there is no such order. */
  order: Order | null;
  moved: Moved;
}

export const NOTHING_MOVED: Moved = { capturedMinor: 0, refundedMinor: 0, transferredMinor: 0, disputed: false };
export const NOTHING_THERE: Theirs = { holds: [], transfers: [], disputes: [] };

const PAID_OUT: readonly JournalKind[] = ['payout', 'reversal'];
/** Booked when somebody finds or decides it, not when the provider moves it. */
const NOT_COMPARED: readonly JournalKind[] = ['dispute', 'correction', 'credit'];

/** One journal more, by its kind and by what it posts to the provider's account. */
export function withJournal(moved: Moved, { kind, entries }: Pick<Journal, 'kind' | 'entries'>): Moved {
  const amounts = entries.filter(({ account }) => account === ACCOUNTS.provider).map((entry) => entry.amountMinor);
  const tookMinor = sum(amounts);
  if (PAID_OUT.includes(kind)) return { ...moved, transferredMinor: moved.transferredMinor - tookMinor };
  if (kind === 'refund') return { ...moved, refundedMinor: moved.refundedMinor - tookMinor };
  if (NOT_COMPARED.includes(kind)) return { ...moved, disputed: moved.disputed || kind === 'dispute' };
  return { ...moved, capturedMinor: moved.capturedMinor + tookMinor };
}

/** True when there is nothing to look at: all money that moved is in both books, and no hold waits. */
export function ties(moved: Moved, theirs: Theirs): boolean {
  return (
    moved.capturedMinor === capturedOf(theirs.holds) &&
    moved.refundedMinor === refundedOf(theirs.holds) &&
    moved.transferredMinor === transferredOf(theirs.transfers) &&
    (moved.disputed || theirs.disputes.length === 0) &&
    theirs.holds.every((hold) => hold.status !== 'authorized')
  );
}

/** Every drift of one order, with all that both sides have of it. Nothing here says what to do: see repair.ts. */
export function compare(orderId: string, ours: Ours, theirs: Theirs): Drift[] {
  const byHold = theirs.holds.flatMap((hold) => {
    const kind = driftOfHold(ours.order, hold);
    return kind === null ? [] : [driftAt(orderId, kind, hold)];
  });
  return [...byHold, ...driftsOfTotals(orderId, ours, theirs, byHold)];
}

const driftAt = (orderId: string, kind: DriftKind, hold: FollowedHold): Drift => ({
  kind, orderId, intentId: hold.intentId, oursMinor: 0, theirsMinor: hold.capturedMinor || hold.authorizedMinor,
}); // prettier-ignore

/** The holds that an order knows as its own. */
export function holdsOf({ payment, edit }: Order): string[] {
  const topUps = payment.topUps?.map((one) => one.intentId) ?? [];
  return [payment.intentId, ...topUps, edit?.topUpIntentId].filter((id) => id !== null && id !== undefined);
}

/** What the order's own state and a hold's do not agree on. Amounts are compared in sum. */
function driftOfHold(order: Order | null, hold: FollowedHold): DriftKind | null {
  switch (hold.status) {
    case 'authorized':
      return order ? driftOfAuthorized(order, hold) : hold.orderId === null ? null : 'orphan_hold';
    case 'captured':
      return order?.payment.status === 'capturing' && isFirst(order, hold) ? 'unnoted_end' : null;
    case 'voided':
      if (!order || !isFirst(order, hold)) return null;
      if (order.payment.status === 'voiding') return 'unnoted_end';
      return order.payment.status === 'authorized' && !isFinal(order.status) ? 'lost_hold' : null;
    case 'unpaid':
      return null;
  }
}

const isFirst = (order: Order, { intentId }: FollowedHold) => order.payment.intentId === intentId;

function driftOfAuthorized(order: Order, hold: FollowedHold): DriftKind | null {
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
function isAwaited({ status, payment, edit }: Order, { intentId }: FollowedHold): boolean {
  if (edit?.topUpIntentId === intentId) return true;
  if (status === 'pending_payment') return payment.intentId === intentId;
  return status === 'scheduled' && payment.status === 'deferred';
}

function driftsOfTotals(orderId: string, { order, moved }: Ours, theirs: Theirs, byHold: readonly Drift[]): Drift[] {
  const intentId = order?.payment.intentId ?? theirs.holds[0]?.intentId ?? null;
  const told = (kind: DriftKind | null, oursMinor: number, theirsMinor: number): Drift[] =>
    kind === null ? [] : [{ kind, orderId, intentId, oursMinor, theirsMinor }];
  const captured = capturedOf(theirs.holds);
  const refunded = refundedOf(theirs.holds);
  const transferred = transferredOf(theirs.transfers);
  const explained = byHold.some(({ kind }) => kind === 'missing_capture' || kind === 'lost_hold');
  return [
    ...told(explained ? null : captureDrift(moved.capturedMinor, captured), moved.capturedMinor, captured),
    ...told(refundDrift(moved.refundedMinor, refunded), moved.refundedMinor, refunded),
    ...told(transferDrift(moved.transferredMinor, transferred), moved.transferredMinor, transferred),
    ...(moved.disputed ? [] : theirs.disputes.flatMap((one) => told('unknown_dispute', 0, one.amountMinor))),
  ];
}

function captureDrift(oursMinor: number, theirsMinor: number): DriftKind | null {
  if (oursMinor === theirsMinor) return null;
  if (oursMinor === 0) return 'unknown_capture';
  return theirsMinor === 0 ? 'lost_hold' : 'capture_mismatch';
}

function refundDrift(oursMinor: number, theirsMinor: number): DriftKind | null {
  if (oursMinor === theirsMinor) return null;
  if (oursMinor === 0) return 'unknown_refund';
  return theirsMinor > oursMinor ? 'double_refund' : 'missing_refund';
}

function transferDrift(oursMinor: number, theirsMinor: number): DriftKind | null {
  if (oursMinor === theirsMinor) return null;
  if (oursMinor === 0) return 'unknown_transfer';
  return theirsMinor === 0 ? 'missing_transfer' : 'transfer_mismatch';
}

const capturedOf = (holds: readonly FollowedHold[]) => sum(holds.map((hold) => hold.capturedMinor));
const refundedOf = (holds: readonly FollowedHold[]) => sum(holds.map((hold) => hold.refundedMinor));
const transferredOf = (transfers: readonly Transfer[]) => sum(transfers.map((transfer) => transfer.amountMinor));
