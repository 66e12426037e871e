import type { Role } from '../../../contract/common.js';
import type { Doubt } from '../../../contract/held-pays.js';
import type { Order, OrderAction, OrderEvent, OrderKind, OrderStatus } from '../../../contract/orders.js';
import type { ZoneLimits } from '../../../contract/zones.js';
import type { Outcome } from '../../../core/outcome.js';
import type { Verdict } from '../cancellation.js';
import type { EditVerdict } from '../edits.js';
import type { Effect } from '../effect.js';
import type { Actor, StepRequest, TransitionRequest } from '../order-command.js';

/**
 * The specification of one action. Every part is required, so that an action with a part missing does not compile; an
 * action without a part says so explicitly.
 */
export interface ActionSpec<A extends OrderAction> {
  /**
   * The statuses in which the action may be taken, by which roles, and the resulting status. Any other step is refused.
   */
  steps: readonly Step[];
  /** What it does with the customer's money. */
  money: MoneyRule<A>;
  /** The facts on which the decision depends besides the order. The shell reads only these. */
  reads: (request: ReadingRequest<A>) => readonly FactName[];
  /**
   * True where a member's right is read from the membership document. The claims of a dismissed member may be half a
   * minute old, which is too old for actions that move the customer's money or change the order itself.
   */
  asksMembership: boolean;
  /** The conditions besides the status, and the limits of repetition. */
  guard: (request: TransitionRequest<A>) => Outcome<null>;
  /** The change of the order's lines; null for an action that does not change them. */
  editsLines: ((request: TransitionRequest<A>) => Outcome<EditVerdict>) | null;
  /** The fields of the order that it sets, besides status, events and deadline. */
  changes: (request: TransitionRequest<A>) => Partial<Order>;
  /**
   * The details of its event besides the action, the status and the actor. Nothing personal in a field that is not
   * sealed: every party reads those.
   */
  details: (request: TransitionRequest<A>) => Partial<OrderEvent>;
  /** Evidence against the actor's report. */
  doubts: (request: TransitionRequest<A>) => readonly Doubt[];
  /** True where the event itself records that there were doubts. */
  marksDoubts: boolean;
  /** True where a proposed edit stays open. */
  keepsEdit: boolean;
  /** The effects outside of the order's document, computed from the event alone. */
  effects: (order: Order, event: OrderEvent) => readonly Effect[];
  /** True where the kitchen's screen shows the pick-up code with the answer. */
  showsPickUpCode: boolean;
}

/** One row of the table of steps. */
export interface Step {
  from: OrderStatus;
  to: OrderStatus;
  by: readonly Role[];
  /** Absent: both kinds. */
  kind?: OrderKind;
  /** Only for orders that wait for a slot or an operator before the kitchen, or only for others. Absent: both. */
  waits?: boolean;
}

/**
 * What a step does with the customer's money.
 * - `none`: moves no money.
 * - `void`: releases the PaymentIntent; no party is paid.
 * - `captureAll`: captures the final amount. `creditsLateness`: a late order earns its customer a credit.
 * - `byPolicy`: as `verdict` decides for this state, actor and liable party. `isDeferred`: the PaymentIntent stays open
 *   for a while, during which an operator may undo the step.
 * - `transfer`: pays the merchant's part out to the connected account.
 */
export type MoneyRule<A extends OrderAction = OrderAction> =
  | { type: 'none' }
  | { type: 'void' }
  | { type: 'captureAll'; creditsLateness: boolean }
  | {
      type: 'byPolicy';
      verdict: (request: TransitionRequest<A>) => Outcome<Verdict>;
      isDeferred: (actor: Actor) => boolean;
    }
  | { type: 'transfer' };

export interface ReadingRequest<A extends OrderAction = OrderAction> extends StepRequest<A> {
  nowMs: number;
  limits: ZoneLimits;
}

/**
 * The facts on which a step may depend.
 * - `quote`: prices, split and address; required by a step that moves money.
 * - `quoteIfKept`: the same, if it still exists.
 * - `menu`: the published menu.
 * - `assignedCourier`: the courier who accepts an offer, or whom an operator names, and the offers that end with it.
 * - `openOffers`: the offers of the order that end with the step.
 * - `position`: the assigned courier's stream.
 * - `presence`: the assigned courier's last heartbeat.
 * - `conflict`: how the customer is related to the kitchen, where the platform may have to pay for the order.
 * - `openings`: the kitchen's openings from now on.
 * - `acceptance`: whether the store has staff and is open for the order now.
 * - `account`: whether the merchant has a connected account.
 * - `cashLimit`: the highest total that an edit may give a cash order.
 * - `store`: whether the store was offline, or paused since it answered no orders.
 */
export type FactName =
  | 'quote'
  | 'quoteIfKept'
  | 'menu'
  | 'assignedCourier'
  | 'openOffers'
  | 'position'
  | 'presence'
  | 'conflict'
  | 'openings'
  | 'acceptance'
  | 'account'
  | 'cashLimit'
  | 'store';
