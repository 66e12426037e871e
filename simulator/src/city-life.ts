import type { City } from './city/population.js';
import type { Events } from './events.js';
import { App } from './people/app.js';
import { CourierOnShift } from './people/courier.js';
import { orderMeal } from './people/customer.js';
import { createDoors } from './people/doors.js';
import { openKitchen } from './people/merchant.js';
import { openRestaurant } from './people/newcomer.js';
import { createOperator } from './people/operator.js';
import { drawPlan, type Plan } from './people/plan.js';
import { Random } from './random.js';
import type { Stack } from './stack.js';
import type { Order } from '../../functions/src/contract/orders.js';

export interface CityLife {
  /** One more restaurant opens, and is ordered from. */
  welcomeNewcomer(): Promise<void>;
  /** A customer orders and follows the order to its end; parts of the plan may be fixed. */
  order(random: Random, fixed?: Partial<Plan>): Promise<{ orderId: string; order: Order }>;
  close(): Promise<void>;
}

/** Opens the kitchens and sends the couriers on shift; customers sign in when they first order. */
export async function openCity(stack: Stack, city: City, events: Events): Promise<CityLife> {
  const apps: App[] = [];
  const signIn = async (person: City['operator']) => {
    const app = await App.signIn(stack, person);
    apps.push(app);
    return app;
  };
  const operator = createOperator(await signIn(city.operator));
  const doors = createDoors(operator);
  await operator.openCoupon();
  const kitchens = new Map(
    await Promise.all(city.restaurants.map(async (one) => [one.id, await signIn(one.owner)] as const)),
  );
  const kitchenOf = ({ id, name }: City['restaurants'][number]): App => {
    const app = kitchens.get(id);
    if (!app) throw new Error(`${name} has no kitchen`);
    return app;
  };
  const restaurants = [...city.restaurants];
  const closeKitchens = restaurants.map((one) => openKitchen(kitchenOf(one), one, doors, events));
  const shifts = await Promise.all(
    city.couriers.map(
      async (one) =>
        new CourierOnShift(await signIn(one), one, city.streets, doors, events, new Random(city.seed).fork(one.uid)),
    ),
  );
  await Promise.all(shifts.map((shift) => shift.start()));

  const customers = new Map<string, Promise<App>>();
  const appOf = (customer: City['customers'][number]) => {
    const known = customers.get(customer.uid) ?? signIn(customer);
    customers.set(customer.uid, known);
    return known;
  };
  return {
    async welcomeNewcomer() {
      const app = await signIn(city.newcomer.owner);
      const opened = await openRestaurant(stack, app, operator, city.newcomer);
      kitchens.set(opened.id, app);
      restaurants.push(opened);
      closeKitchens.push(openKitchen(app, opened, doors, events));
    },
    async order(random, fixed = {}) {
      const customer = random.pick(city.customers);
      const restaurant = random.pick(restaurants);
      const plan = { ...drawPlan(random), ...fixed };
      const own = random.fork('order');
      const [app, kitchen] = [await appOf(customer), kitchenOf(restaurant)];
      return orderMeal({ stack, app, customer, restaurant, kitchen, plan, random: own, doors, events, operator });
    },
    async close() {
      for (const close of closeKitchens) close();
      await Promise.allSettled(shifts.map((shift) => shift.stop()));
      await Promise.allSettled(apps.map((app) => app.close()));
    },
  };
}
