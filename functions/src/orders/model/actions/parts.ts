import type { Role } from '../../../contract/common.js';
import type { LiableParty, Order, OrderKind, OrderStatus } from '../../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../../core/outcome.js';
import type { Actor } from '../order-command.js';
import type { FactName, Step } from './action-spec.js';

/** Builds a step that leads from one status to another. */
export function buildStep(from: OrderStatus, to: OrderStatus, by: readonly Role[], kind?: OrderKind): Step {
  return { from, to, by, ...(kind && { kind }) };
}

/** Builds a step that keeps the order's status, for each of these. */
export function buildStaySteps(statuses: readonly OrderStatus[], by: readonly Role[], kind?: OrderKind): Step[] {
  return statuses.map((status) => buildStep(status, status, by, kind));
}

/** The statuses in which a kitchen works. */
export const COOKING = ['accepted', 'preparing'] as const satisfies readonly OrderStatus[];
/** The statuses before the pick-up: dispatch searches for a courier, or the courier rides to the counter. */
export const BEFORE_PICK_UP = [...COOKING, 'ready'] as const satisfies readonly OrderStatus[];

// For actions without a rule of that kind.
export const NO_MONEY = { type: 'none' } as const;
export const VOIDS = { type: 'void' } as const;
/** For an action that depends on no facts besides the order. */
export const noReads = (): readonly FactName[] => [];
/** For an action without conditions. */
export const noGuard = () => accept(null);
/** For an action that sets no fields, or adds no details to its event. */
export const noFields = () => ({});
/** For an action whose report needs no evidence. */
export const noDoubts = () => [];
/** For an action without effects. */
export const noEffects = () => [];

/** For an action that always depends on the same facts. */
export const reading =
  (...names: FactName[]) =>
  (): readonly FactName[] =>
    names;

/** Returns the facts for steps by which a courier reports what happened at the door, or that the food is back. */
export function listPositionFacts({ courierId }: Order): FactName[] {
  return courierId === null ? [] : ['position'];
}

/** Returns the facts for steps by which the platform may have to pay the kitchen without an operator's decision. */
export function listConflictFacts({ status }: Order, { role }: Actor): FactName[] {
  const isCooking = status !== 'scheduled' && status !== 'placed';
  return isCooking && role !== 'operator' && role !== 'merchant' ? ['conflict'] : [];
}

/** Refuses the courier as the liable party where the restaurant's own rider carries the order: that is the merchant. */
export function checkLiable({ rider }: Order, liable: LiableParty | undefined): Outcome<null> {
  return rider?.type === 'own' && liable === 'courier' ? refuse('COURIER_REQUIRED') : accept(null);
}
