import type { Place } from '../city/streets.js';
import type { Operator } from './operator.js';
import { OTHERS, type Plan } from './plan.js';

/**
 * What people say to each other in person, outside of any app: the PIN at the customer's door, the pick-up code at the
 * counter, the address.
 */
export interface SharedPlans {
  pins: Map<string, string>;
  /** The kitchen says them at the counter. */
  pickUpCodes: Map<string, string>;
  /** Asks the staff of a kitchen that is not simulated for the code. */
  askForPickUpCode: (restaurantId: string, orderId: string) => Promise<string>;
  homes: Map<string, Place>;
  plans: Plans;
  /** Orders whose offer a courier has declined. */
  declined: Set<string>;
  /** Orders whose first courier went silent. */
  vanished: Set<string>;
  /** Orders whose first courier could not carry them on. */
  handedOver: Set<string>;
  /** The operator to call where the customer does not open, the courier does not come, or the kitchen cannot cook. */
  support: Pick<Operator, 'giveUp' | 'reassign' | 'callOff'>;
}

/** How long a kitchen waits for the plan of a customer of the city. Orders from other apps have no plan. */
const PATIENCE_MS = 15_000;

/** The plans by order id. A kitchen may see an order before the customer knows its id. */
export class Plans {
  readonly #known = new Map<string, Plan>();
  readonly #awaited = new Map<string, (plan: Plan) => void>();
  readonly #customers: ReadonlySet<string>;

  /** `customers` are the users of the city, whose orders have plans. */
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

  /** Returns the plan of an order, once it is set; `OTHERS` for an order from another app. */
  async waitFor(orderId: string, customerId: string, patienceMs = PATIENCE_MS): Promise<Plan> {
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

export const createSharedPlans = (
  support: SharedPlans['support'],
  customers: ReadonlySet<string>,
  askForPickUpCode: SharedPlans['askForPickUpCode'],
): SharedPlans => ({
  support,
  askForPickUpCode,
  pins: new Map(),
  pickUpCodes: new Map(),
  homes: new Map(),
  plans: new Plans(customers),
  declined: new Set(),
  vanished: new Set(),
  handedOver: new Set(),
});
