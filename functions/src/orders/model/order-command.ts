import type { Conflict } from '../../abuse/model/parties.js';
import type { Cancellation, Move } from '../../contract/moves.js';
import type { Role } from '../../contract/common.js';
import type { Courier, LivePosition, Vehicle } from '../../contract/couriers.js';
import type { Opening } from '../../contract/hours.js';
import type { Doubt } from '../../contract/held-pays.js';
import type {
  Journal,
  LineChange,
  Order,
  OrderAction,
  OrderEvent,
  Payment,
  Quote,
  Reservation,
} from '../../contract/orders.js';
import type { Menu } from '../../contract/restaurants.js';
import type { ZoneLimits } from '../../contract/zones.js';
import type { HeldPayReasons } from './held-pay.js';
import type { AuthorizedTopUp } from './payment-intents.js';

/** A merchant's, courier's or operator's move without its `action`. */
type MoveFields<A extends Move['action']> = Omit<Extract<Move, { action: A }>, 'action'>;
type Nothing = Record<never, never>;

/** The rider whom an operator names; the restaurant's own may have no name. */
export type SentRider =
  { type: 'own'; name?: string | undefined } | { type: 'outside'; name: string; feeMinor: number };

/** The fields of each action's command. */
interface CommandFields {
  confirmPayment: { payment: AuthorizedPayment };
  /** The saved card of a scheduled order was charged. */
  authorize: { payment: AuthorizedPayment };
  /** The saved card of a scheduled order was declined. */
  failPayment: { reason: string };
  expire: Nothing;
  /** At its time; or an operator has checked a risky order. */
  release: { reason?: string };
  remind: Nothing;
  accept: MoveFields<'accept'>;
  /** By the merchant; or the merchant did not answer in time. */
  reject: MoveFields<'reject'> | { reason: 'no_answer' };
  startPreparing: Nothing;
  markReady: Nothing;
  delay: MoveFields<'delay'>;
  /** `events`: how many events of the order the app had read. */
  edit: { changes: readonly LineChange[]; reason: string; events?: number | undefined };
  /** `event` names the proposal that is answered; absent: any. */
  answerEdit: { reason: EditAnswer; event?: number; topUpIntentId?: string; topUp?: AuthorizedTopUp };
  /** An operator lets dispatch search from its first wave again. */
  restartSearch: { reason: string };
  /** By the courier who accepts an offer; or by an operator, who names the courier. */
  assign: { courierId?: string; reason?: string };
  unassign: MoveFields<'unassign'>;
  /** An operator lets a rider of the restaurant, or an outside one, carry the order. */
  sendRider: { rider: SentRider; reason: string };
  pickUp: MoveFields<'pickUp'>;
  /** After the pick-up: an operator lets another courier carry the food on. */
  handOver: { courierId: string; reason: string };
  arrive: MoveFields<'arrive'>;
  contact: Nothing;
  deliver: MoveFields<'deliver'>;
  confirmDelivery: MoveFields<'confirmDelivery'>;
  presumeDelivered: Nothing;
  collect: MoveFields<'collect'>;
  fail: MoveFields<'fail'>;
  return: MoveFields<'return'>;
  escalate: Nothing;
  cancel: Cancellation;
  settle: Nothing;
  restore: MoveFields<'restore'>;
  /** `taken` when the provider reports that it has the money. */
  complete: { taken?: boolean };
  payOut: { taken?: boolean };
}

/** All commands for an order: the parties' moves and the backend's own. */
export type OrderCommand<A extends OrderAction = OrderAction> = { [K in A]: { action: K } & CommandFields[K] }[A];

/** The provider's state of the first PaymentIntent. */
export type AuthorizedPayment = Pick<Payment, 'status' | 'intentId' | 'authorizedMinor' | 'holdUntilMs' | 'method'>;

/**
 * The outcome of a proposed edit: the customer's answer, the payment of the difference, or no answer. `approved` with a
 * `topUpIntentId` waits for that to be paid.
 */
export type EditAnswer = 'approved' | 'declined' | 'paid' | 'unanswered';

export interface Actor {
  role: Role;
  /** Null for the system. */
  uid: string | null;
}

/** The facts on which a decision depends besides the order. The shell reads only those that the step needs. */
export interface Facts {
  nowMs: number;
  limits: ZoneLimits;
  /** Read for steps that settle money or end at a door. */
  quote: Quote | null;
  /** The customer's PIN, at the door or at the counter of a pickup order. */
  pin: string;
  /** The kitchen's code, which the courier types at the counter. */
  pickUpCode: string;
  /** The courier who accepts an offer, or whom an operator names. */
  courier: { name: string; vehicle: Vehicle; awayMeters?: number } | null;
  /** The kitchen's openings from now on, read for the release of a slot; empty: always open. */
  openings?: readonly Opening[] | undefined;
  /** The current published menu, read for an edit with a substitute. */
  menu: Menu | null;
  /** The store was offline, or paused since it answered no orders; read where a customer did not collect. */
  storeIsUnmanned?: boolean;
  /** The store has staff and is open for the order now; read for an automatic acceptance. */
  storeCanAccept?: boolean;
  /** The merchant has no connected account; read for a payout. */
  hasNoAccount?: boolean;
  /** What the merchant owes the platform; read for a payout. */
  merchantDebtMinor?: number;
  /** The highest total that an edit may give a cash order; read for edits of one. */
  cashLimitMinor?: number | undefined;
  /** True where the photo named as proof exists. */
  proofExists: boolean;
  /** How the customer is related to the kitchen; read where the platform may have to pay it. */
  conflict: Conflict | null;
  /** True where it was used for another order. */
  photoSeen: boolean;
  /** The courier's stream, read at the end of a delivery and of a failed one. */
  position: Pick<LivePosition, 'fixes' | 'at'> | null;
  /** The step came in a command document: the phone may have recorded it long before, while it was offline. */
  isRecorded?: boolean;
  /** The courier's last heartbeat, read for an arrival at the counter. */
  presence?: Courier['presence'];
}

export interface Transition {
  order: Order;
  event: OrderEvent;
  /** In the same commit, where money moves. */
  journal: Journal | null;
  /** The credit for a late order, in the same commit. */
  apology: Journal | null;
  /** The quote after an edit, to be written in the same commit. */
  quote: Quote | null;
  /** Evidence against the courier's report in this step. */
  doubts: readonly Doubt[];
  waiting: HeldPayReasons;
  /** The order's reservation that is released in the same commit. */
  released: Reservation | null;
}

/** A requested step, before its facts were read. */
export interface StepRequest<A extends OrderAction = OrderAction> {
  order: Order;
  command: OrderCommand<A>;
  actor: Actor;
}

/** A requested step, with all its facts. */
export interface TransitionRequest<A extends OrderAction = OrderAction> extends StepRequest<A> {
  orderId: string;
  /** The cause of the step, applied at most once. */
  causeId: string;
  facts: Facts;
}
