import type { Order, OrderEvent } from '../../contract/orders.js';
import type { RefundLiable } from '../../contract/payments.js';
import type { Claim, ClaimHistory, ClaimKind } from '../../contract/support.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { NO_SHOW } from '../../orders/model/deadline-command.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How far back a customer's claims count. */
const HISTORY_MS = 90 * DAY_MS;
const CLAIMS_PER_ORDER = 3;

/** The liable party of each kind for a delivery; a courier only by an operator's decision. */
const LIABLE: Readonly<Record<ClaimKind, RefundLiable>> = {
  missing: 'merchant',
  wrong: 'merchant',
  quality: 'merchant',
  damaged: 'platform',
  late: 'platform',
};

/**
 * Returns the party that bears the cost of a claim, unless an operator decides otherwise. Until the customer has it, an
 * order that is picked up, or brought by the restaurant's own rider, is with the kitchen, which bears all kinds: a
 * kitchen and a customer who cooperate could claim any number of such orders from the platform.
 */
export function findClaimLiable(claim: ClaimKind, { kind, rider }: Pick<Order, 'kind' | 'rider'>): RefundLiable {
  return kind === 'pickup' || rider?.type === 'own' ? 'merchant' : LIABLE[claim];
}

/** Kinds that are paid automatically: a missing item cannot be photographed. The others depend on taste or on time. */
const AUTOMATIC: readonly ClaimKind[] = ['missing', 'wrong', 'damaged'];
const WANTS_PHOTO: readonly ClaimKind[] = ['wrong', 'damaged'];

export interface ClaimFacts {
  order: Pick<Order, 'events' | 'payment'>;
  orderId: string;
  kind: ClaimKind;
  amountMinor: number;
  /** After the refund the customer pays less than the courier earned. */
  leavesRideUnpaid: boolean;
  hasPhoto: boolean;
  /** It was used as evidence for another order. */
  photoSeen: boolean;
  /** Earlier claims of the customer and of accounts that share a device or card with theirs. */
  history: ClaimHistory['claims'];
  /** The number of claims of erased accounts that used the same device or card. */
  formerClaims: number;
  /** Completed orders of the customer without a dispute, and this one. */
  orders: number;
  limits: ZoneLimits;
  nowMs: number;
}

/**
 * Decides whether a claim is accepted, and whether it is paid at once (null) or reviewed by an operator, with the
 * reason.
 */
export function assessClaim(facts: ClaimFacts): Outcome<{ escalation: Claim['escalation'] }> {
  const { order, orderId, history, limits, nowMs } = facts;
  const end = findEnd(order);
  if (!end) return refuse('NOT_DELIVERED');
  const { atMs: endedAtMs, hadFood } = end;
  const ageMs = nowMs - endedAtMs;
  if (ageMs > limits.claimHours * 60 * MINUTE_MS) return refuse('TOO_LATE', { hours: limits.claimHours });
  if (history.filter((claim) => claim.orderId === orderId).length >= CLAIMS_PER_ORDER)
    return refuse('CLAIMS_TOO_MANY', { max: CLAIMS_PER_ORDER });
  return accept({ escalation: hadFood ? findEscalation(facts, ageMs) : 'kind' });
}

/**
 * Finds when the customer got the food, or was charged without it: for not collecting it, or for food that came back.
 * Such a claim contradicts the report of a courier or a kitchen, so an operator decides it.
 */
function findEnd({ events, payment }: ClaimFacts['order']): { atMs: number; hadFood: boolean } | null {
  const got = events.find(({ to }) => to === 'delivered' || to === 'collected');
  if (got) return { atMs: got.atMs, hadFood: true };
  const charged = payment.capturedMinor > 0 && events.findLast((event) => isNoShow(event) || event.to === 'returned');
  return charged ? { atMs: charged.atMs, hadFood: false } : null;
}

const isNoShow = ({ to, by, reason }: OrderEvent): boolean =>
  to === 'cancelled' && by === 'system' && reason === NO_SHOW;

function findEscalation(
  { kind, hasPhoto, photoSeen, amountMinor, leavesRideUnpaid, limits, ...facts }: ClaimFacts,
  ageMs: number,
): Claim['escalation'] {
  if (!AUTOMATIC.includes(kind)) return 'kind';
  if (WANTS_PHOTO.includes(kind) && !hasPhoto) return 'photo';
  if (photoSeen) return 'photo_seen';
  if (ageMs > limits.issueMinutes * MINUTE_MS) return 'late';
  if (leavesRideUnpaid || amountMinor > limits.claimAutoMinor) return 'amount';
  return isTrusted(facts, limits) ? null : 'history';
}

/** True for a first claim of a customer who has ordered before, and for one among many orders. */
function isTrusted(
  { history, formerClaims, orders, nowMs }: Pick<ClaimFacts, 'history' | 'formerClaims' | 'orders' | 'nowMs'>,
  limits: ZoneLimits,
): boolean {
  if (orders - 1 < limits.claimMinOrders) return false;
  const claims = formerClaims + history.filter(({ atMs }) => atMs > nowMs - HISTORY_MS).length;
  if (claims === 0) return true;
  return claims < limits.claimsTrusted && (claims + 1) * 1_000_000 <= orders * limits.claimRatePpm;
}
