import type { Place } from '../city/streets.js';
import type { Operator } from './operator.js';
import type { Plan } from './plan.js';

/** What people say to each other face to face, outside of any app: the PIN at the door, the code at the counter, where the bell is. */
export interface Doors {
  pins: Map<string, string>;
  /** Said over the counter by the kitchen. */
  pickUpCodes: Map<string, string>;
  homes: Map<string, Place>;
  plans: Plans;
  /** Orders that a courier has declined. */
  declined: Set<string>;
  /** Orders whose first courier was not heard of any more. */
  vanished: Set<string>;
  /** Who is rung up when nobody opens, nobody comes, or the oven breaks. */
  support: Pick<Operator, 'giveUp' | 'reassign' | 'callOff'>;
}

/** How orders go, by id. A kitchen may see an order before the customer has heard that it is placed. */
export class Plans {
  readonly #known = new Map<string, Plan>();
  readonly #awaited = new Map<string, (plan: Plan) => void>();

  get(orderId: string): Plan | undefined {
    return this.#known.get(orderId);
  }

  set(orderId: string, plan: Plan): void {
    this.#known.set(orderId, plan);
    this.#awaited.get(orderId)?.(plan);
  }

  /** Never comes for an order that somebody else made. */
  async of(orderId: string): Promise<Plan> {
    return this.get(orderId) ?? new Promise((resolve) => this.#awaited.set(orderId, resolve));
  }
}

export const createDoors = (support: Doors['support']): Doors => ({
  support,
  pins: new Map(),
  pickUpCodes: new Map(),
  homes: new Map(),
  plans: new Plans(),
  declined: new Set(),
  vanished: new Set(),
});
