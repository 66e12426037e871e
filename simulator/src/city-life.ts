import type { Order } from '../../functions/src/contract/orders.js';
import type { City, Customer, RestaurantDraft } from './city/population.js';
import type { Events } from './events.js';
import { App } from './people/app.js';
import { pauseForAWhile, surgeForAWhile, tryFlag } from './people/control-room.js';
import { CourierOnShift } from './people/courier.js';
import { orderMeal, type Ordering } from './people/customer.js';
import { createDoors } from './people/doors.js';
import { GUEST_MEALS, leaveForGood, signUpGuest } from './people/guest.js';
import { openKitchen } from './people/merchant.js';
import { openRestaurant } from './people/newcomer.js';
import { createOperator } from './people/operator.js';
import { drawPlan, type Plan } from './people/plan.js';
import { recruitCourier } from './people/recruit.js';
import { Random } from './random.js';
import type { Stack } from './stack.js';

interface Ordered {
  orderId: string;
  order: Order;
}

export interface CityLife {
  /** What happens once in an evening, whoever orders meanwhile. Each goes on for a while. */
  readonly incidents: readonly (() => Promise<void>)[];
  /** Portions that kitchens which count them began with, by restaurant. */
  readonly opened: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** One more restaurant opens, and is ordered from. */
  welcomeNewcomer(): Promise<void>;
  /** A customer orders and follows the order to its end; parts of the plan may be fixed. */
  order(random: Random, fixed?: Partial<Plan>): Promise<Ordered>;
  /** Whoever came only tonight goes home. */
  calm(): Promise<void>;
  /** The same as `order` from one of the restaurants that have always been there. */
  orderAsEver(random: Random, fixed: Partial<Plan>): Promise<Ordered>;
  /**
   * The evening is over, and one courier's phone as well: `twoHoursLater` lets that time pass, then everybody does what
   * is left to do.
   */
  afterHours(twoHoursLater: () => Promise<void>): Promise<void>;
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
  const controlRoom = await signIn(city.operator);
  const operator = createOperator(controlRoom);
  const doors = createDoors(operator);
  await operator.openCoupon();
  const kitchens = new Map(
    await Promise.all(city.restaurants.map(async (one) => [one.id, await signIn(one.owner)] as const)),
  );
  const kitchenOf = ({ id, name }: RestaurantDraft): App => {
    const app = kitchens.get(id);
    if (!app) throw new Error(`${name} has no kitchen`);
    return app;
  };
  const restaurants = [...city.restaurants];
  const opened = new Map<string, Record<string, number>>();
  const closeKitchens = restaurants.map((one) => openKitchen(kitchenOf(one), one, doors, events));
  const own = new Random(city.seed);
  const shiftOf = (app: App, courier: City['couriers'][number]) =>
    new CourierOnShift(app, courier, city.streets, doors, events, own.fork(courier.uid));
  const shifts = await Promise.all(city.couriers.map(async (one) => shiftOf(await signIn(one), one)));
  await Promise.all(shifts.map((shift) => shift.start()));

  const customers = new Map<string, Promise<App>>();
  const appOf = (customer: Customer) => {
    const known = customers.get(customer.uid) ?? signIn(customer);
    customers.set(customer.uid, known);
    return known;
  };
  const afterHours: Ordering['afterHours'] = [];
  const farewells: (() => Promise<void>)[] = [];
  const orderingOf = (app: App, customer: Customer, restaurant: RestaurantDraft, plan: Plan, random: Random) => ({
    stack, app, customer, restaurant, kitchen: kitchenOf(restaurant), plan, random, doors, events, operator, afterHours,
  }); // prettier-ignore
  const order = async (random: Random, fixed: Partial<Plan>, among: readonly RestaurantDraft[]): Promise<Ordered> => {
    const customer = random.pick(city.customers);
    const restaurant = random.pick(among);
    const plan = drawPlan(random, fixed);
    return orderMeal(orderingOf(await appOf(customer), customer, restaurant, plan, random.fork('order')));
  };

  const incidents = [
    () => surgeForAWhile(controlRoom).then(() => events.tell({ type: 'happened', what: 'surge' })),
    async function guestTriesEverything() {
      const random = own.fork('guest');
      const { app, guest } = await signUpGuest(stack, events, random.pick(city.customers));
      apps.push(app);
      farewells.push(() => leaveForGood(stack, operator, events, app));
      for (const meal of GUEST_MEALS)
        await orderMeal(orderingOf(app, guest, random.pick(city.restaurants), drawPlan(random, meal), random));
    },
    async function courierIsRecruited() {
      const name = own.fork('recruit').pick(city.couriers).name;
      const { app, person } = await recruitCourier(stack, operator, events, { name, start: 0 });
      apps.push(app);
      const shift = shiftOf(app, person);
      shifts.push(shift);
      await shift.start();
    },
    () => pauseForAWhile(controlRoom, own.fork('smoke').pick(city.restaurants).id).then(() => events.tell({ type: 'happened', what: 'storePaused' })),
    () => tryFlag(controlRoom).then(() => events.tell({ type: 'happened', what: 'flagRolledBack' })),
  ]; // prettier-ignore

  return {
    incidents,
    opened,
    async welcomeNewcomer() {
      const app = await signIn(city.newcomer.owner);
      const newcomer = await openRestaurant(stack, app, operator, city.newcomer);
      kitchens.set(newcomer.id, app);
      restaurants.push(newcomer);
      if (newcomer.supplies) opened.set(newcomer.id, newcomer.supplies.portions);
      closeKitchens.push(openKitchen(app, newcomer, doors, events));
      events.tell({ type: 'happened', what: 'restaurantOpened' });
    },
    order: (random, fixed = {}) => order(random, fixed, restaurants),
    async calm() {
      await Promise.all(shifts.splice(city.couriers.length).map((recruit) => recruit.stop()));
    },
    orderAsEver: (random, fixed) => order(random, fixed, city.restaurants),
    async afterHours(twoHoursLater) {
      const noticed = shifts[0]?.fallSilent();
      await twoHoursLater();
      await noticed;
      events.tell({ type: 'happened', what: 'faded' });
      const orTrouble = (error: unknown) => events.tell({ type: 'trouble', what: String(error) });
      await Promise.all(afterHours.splice(0).map((errand) => errand().catch(orTrouble)));
      await Promise.all(farewells.splice(0).map((leave) => leave().catch(orTrouble)));
    },
    async close() {
      for (const close of closeKitchens) close();
      await Promise.allSettled(shifts.map((shift) => shift.stop()));
      await Promise.allSettled(apps.map((app) => app.close()));
    },
  };
}
