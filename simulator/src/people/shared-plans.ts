import type { Place } from '../city/streets.js';
import type { Operator } from './operator.js';
import { OTHERS, type Plan } from './plan.js';

/**
 * What people say to each other face to face, outside of any app: the PIN at the door, the code at the counter, where
 * the bell is.
 */
export interface Doors {
  pins: Map<string, string>;
  /** Said over the counter by the kitchen. */
  pickUpCodes: Map<string, string>;
  /** Asks the staff of a kitchen that is not simulated for the code. */
  askForPickUpCode: (restaurantId: string, orderId: string) => Promise<string>;
  homes: Map<string, Place>;
  plans: Plans;
  /** Orders that a courier has declined. */
  declined: Set<string>;
  /** Orders whose first courier was not heard of any more. */
  vanished: Set<string>;
  /** Who is rung up when nobody opens, nobody comes, or the oven breaks. */
  support: Pick<Operator, 'giveUp' | 'reassign' | 'callOff'>;
}

/** A customer of the city may be on a slow phone; the person behind an app of one's own has no plan to wait for. */
const PATIENCE_MS = 15_000;

/** How orders go, by id. A kitchen may see an order before the customer has heard that it is placed. */
export class Plans {
  readonly #known = new Map<string, Plan>();
  readonly #awaited = new Map<string, (plan: Plan) => void>();
  readonly #customers: ReadonlySet<string>;

  /** `customers` are the people of the city, whose orders have plans. */
  constructor(customers: ReadonlySet<string> = new Set()) {
    this.#customers = customers;
  }

  get(orderId: string): Plan | undefined {
    return this.#known.get(orderId);
  }

  set(orderId: string, plan: Plan): void {
    this.#known.set(orderId, plan);
    this.#awaited.get(orderId)?.(plan);
  }

  /** An order without a plan, from any other app, is served like a plain one. */
  async of(orderId: string, customerId: string, patienceMs = PATIENCE_MS): Promise<Plan> {
    const known = this.get(orderId);
    if (known) return known;
    if (!this.#customers.has(customerId)) return OTHERS;
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => resolve(OTHERS), patienceMs);
      this.#awaited.set(orderId, (plan) => {
        clearTimeout(giveUp);
        resolve(plan);
      });
    });
  }
}

export const createDoors = (
  support: Doors['support'],
  customers: ReadonlySet<string>,
  askForPickUpCode: Doors['askForPickUpCode'],
): Doors => ({
  support,
  askForPickUpCode,
  pins: new Map(),
  pickUpCodes: new Map(),
  homes: new Map(),
  plans: new Plans(customers),
  declined: new Set(),
  vanished: new Set(),
});
