import type { Role } from '../../../contract/common.js';
import type { Doubt } from '../../../contract/held-pays.js';
import type { Order, OrderAction, OrderEvent, OrderKind, OrderStatus } from '../../../contract/orders.js';
import type { ZoneLimits } from '../../../contract/zones.js';
import type { Outcome } from '../../../core/outcome.js';
import type { Verdict } from '../cancellation.js';
import type { EditVerdict } from '../edits.js';
import type { Effect } from '../effect.js';
import type { Actor, StepAsked, TransitionRequest } from '../order-command.js';

/**
 * All that there is to know of one action. Every part is required, so that an action with a part missing does not
 * compile; an action that has nothing of a kind says so.
 */
export interface ActionSpec<A extends OrderAction> {
  /** In which status the action may be taken, by whom, and where it leads. Anything else is refused. */
  steps: readonly Step[];
  /** What it does with the customer's money. */
  money: MoneyRule<A>;
  /** What the decision depends on besides the order. The shell reads this and nothing else. */
  reads: (asked: ReadingAsked<A>) => readonly FactName[];
  /**
   * Is a member's right asked of the membership document? The claims of a dismissed member may be half a minute old,
   * which is too old for what moves the customer's money or changes the order itself.
   */
  asksMembership: boolean;
  /** The conditions that a status alone does not say, and the limits of repetition. */
  guard: (request: TransitionRequest<A>) => Outcome<null>;
  /** What becomes of the order's lines; null for an action that does not change them. */
  editsLines: ((request: TransitionRequest<A>) => Outcome<EditVerdict>) | null;
  /** The fields of the order, besides status, events and deadline, that it sets. */
  changes: (request: TransitionRequest<A>) => Partial<Order>;
  /** What its event says besides the action, the status and the actor. Nothing personal: every party reads it. */
  details: (request: TransitionRequest<A>) => Partial<OrderEvent>;
  /** What speaks against the actor's word. */
  doubts: (request: TransitionRequest<A>) => readonly Doubt[];
  /** Does the event itself say that there were doubts? */
  marksDoubts: boolean;
  /** Does a proposed edit stay open? */
  keepsEdit: boolean;
  /** What follows outside of the order's document, computed from the event alone. */
  effects: (order: Order, event: OrderEvent) => readonly Effect[];
  /** Does the kitchen's screen show the pick-up code with the answer? */
  showsPickUpCode: boolean;
}

/** One row of the table of steps. */
export interface Step {
  from: OrderStatus;
  to: OrderStatus;
  by: readonly Role[];
  /** Absent: both kinds. */
  kind?: OrderKind;
  /** Only for orders with a slot, or only for those without. Absent: both. */
  hasSlot?: boolean;
}

/**
 * What a step does with the customer's money.
 * - `none`: it moves none.
 * - `void`: releases the hold; no party is paid.
 * - `captureAll`: takes the final amount. `creditsLateness`: a late order earns its customer a credit.
 * - `byPolicy`: what `verdict` says of this state, actor and liable party. `isDeferred`: the hold is kept for a while,
 *   until which an operator may undo the step.
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

export interface ReadingAsked<A extends OrderAction = OrderAction> extends StepAsked<A> {
  nowMs: number;
  limits: ZoneLimits;
}

/**
 * What a step may depend on.
 * - `quote`: prices, split and address; a step that moves money cannot do without.
 * - `quoteIfKept`: the same, if it still exists.
 * - `menu`: the published menu.
 * - `carrier`: the courier who answers an offer.
 * - `position`: the assigned courier's stream.
 * - `conflict`: how the customer is tied to the kitchen, where the platform may have to pay for the order.
 * - `openings`: the kitchen's openings from now on.
 * - `account`: whether the merchant has a connected account.
 * - `cashLimit`: the most that an edit may make a cash order cost.
 * - `store`: whether the store was switched offline.
 */
export type FactName =
  | 'quote'
  | 'quoteIfKept'
  | 'menu'
  | 'carrier'
  | 'position'
  | 'conflict'
  | 'openings'
  | 'account'
  | 'cashLimit'
  | 'store';
