import type { Cancellation, Move } from '../contract/moves.js';
import type { Role } from '../contract/common.js';
import type { Journal, Order, OrderEvent, Payment, Quote } from '../contract/orders.js';
import type { ZoneLimits } from '../contract/zones.js';

/** Everything that can be asked of an order: the parties' moves and the backend's own. */
export type OrderCommand =
  | Move
  | ({ action: 'cancel' } & Cancellation)
  | { action: 'confirmPayment'; payment: Pick<Payment, 'status' | 'intentId' | 'authorizedMinor'> }
  | { action: 'assign' }
  /** Nobody answered in time. */
  | { action: 'reject'; reason: 'no_answer' }
  | { action: 'expire' | 'release' | 'remind' | 'escalate' | 'complete' | 'settle' };

export interface Actor {
  role: Role;
  /** Null for the system. */
  uid: string | null;
}

/** What a decision depends on besides the order. The shell reads only what the step needs. */
export interface Facts {
  nowMs: number;
  limits: ZoneLimits;
  /** Read for steps that settle money or end at a door. */
  quote: Quote | null;
  /** The PIN at the door or counter. */
  pin: string;
  /** Of the courier who answers an offer. */
  courierName: string | null;
  /** Does the photo named as proof exist? */
  proofExists: boolean;
}

export interface Moved {
  order: Order;
  event: OrderEvent;
  /** In the same commit, where money moves. */
  journal: Journal | null;
}

/** One step asked for, with all that it depends on. */
export interface Asked {
  orderId: string;
  order: Order;
  command: OrderCommand;
  actor: Actor;
  /** What asked: applied at most once. */
  causeId: string;
  facts: Facts;
}
