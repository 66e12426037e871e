import type { Order } from '../../functions/src/contract/orders.js';
import type { City, Courier, Customer, Person, RestaurantDraft } from './city/population.js';
import type { Events, Happening } from './events.js';
import { App } from './people/app.js';
import { pauseForAWhile, surgeForAWhile, tryFlag } from './people/control-room.js';
import { CourierOnShift } from './people/courier.js';
import { orderMeal, type Ordering } from './people/customer.js';
import { createDoors, type Doors } from './people/shared-plans.js';
import { GUEST_MEALS, leaveForGood, signUpGuest } from './people/guest.js';
import { openKitchen } from './people/merchant.js';
import { openRestaurant } from './people/newcomer.js';
import { createOperator, type Operator } from './people/operator.js';
import { drawPlan, type Plan } from './people/plan.js';
import { recruitCourier } from './people/recruit.js';
import { Random } from './random.js';
import type { Stack } from './stack.js';

interface Ordered {
  orderId: string;
  order: Order;
}
type Task = () => Promise<void>;

/** Opens the kitchens and sends the couriers on shift; customers sign in when they first order. */
/** `left` are ids of restaurants and couriers that somebody else plays. */
export async function openCity(
  stack: Stack,
  city: City,
  events: Events,
  left: ReadonlySet<string> = new Set(),
): Promise<CityLife> {
  const operators = [await App.signIn(stack, city.operator), await App.signIn(stack, city.secondOperator)] as const;
  const life = new CityLife(stack, city, events, operators, left);
  await life.begin();
  return life;
}

/** The people of a city at work, each with a phone of their own. */
export class CityLife {
  /** Portions that kitchens which count them began with, by restaurant. */
  readonly opened = new Map<string, Readonly<Record<string, number>>>();
  readonly #operator: Operator;
  readonly #doors: Doors;
  /** Whose orders have plans. */
  readonly #planned: Set<string>;
  readonly #random: Random;
  readonly #apps: App[];
  readonly #restaurants: RestaurantDraft[] = [];
  readonly #kitchens = new Map<string, App>();
  readonly #closeKitchens: (() => void)[] = [];
  readonly #shifts: CourierOnShift[] = [];
  readonly #customers = new Map<string, Promise<App>>();
  readonly #afterHours: Task[] = [];
  readonly #farewells: Task[] = [];

  constructor(
    private readonly stack: Stack,
    private readonly city: City,
    private readonly events: Events,
    private readonly operators: readonly [App, App],
    private readonly left: ReadonlySet<string> = new Set(),
  ) {
    this.#operator = createOperator(...operators, events);
    this.#planned = new Set(city.customers.map(({ uid }) => uid));
    this.#doors = createDoors(this.#operator, this.#planned, (restaurantId, orderId) =>
      this.#askForPickUpCode(restaurantId, orderId),
    );
    this.#random = new Random(city.seed);
    this.#apps = [...operators];
  }

  async begin(): Promise<void> {
    const { restaurants, couriers } = this.city;
    await this.#operator.openCoupon();
    // Signed in together, at work in their order: what is picked among them must not depend on who was faster.
    const kitchens = await Promise.all(restaurants.map(async (one) => [one, await this.#signIn(one.owner)] as const));
    for (const [restaurant, app] of kitchens) {
      if (this.left.has(restaurant.id)) this.#kitchens.set(restaurant.id, app);
      else this.#open(restaurant, app);
    }
    const simulated = couriers.filter(({ uid }) => !this.left.has(uid));
    const riders = await Promise.all(simulated.map(async (one) => [one, await this.#signIn(one)] as const));
    await Promise.all(riders.map(([courier, app]) => this.#sendOut(courier, app)));
  }

  /** What happens once in an evening, whoever orders meanwhile. Each goes on for a while. */
  readonly incidents: readonly Task[] = [
    () => this.#intervene('surge', surgeForAWhile),
    () => this.#guestTriesEverything(),
    () => this.#courierIsRecruited(),
    () => this.#intervene('storePaused', (app) => pauseForAWhile(app, this.#anyRestaurant('smoke').id)),
    () => this.#intervene('flagRolledBack', tryFlag),
  ];

  /** One more restaurant opens, and is ordered from. */
  async welcomeNewcomer(): Promise<void> {
    const app = await this.#signIn(this.city.newcomer.owner);
    const newcomer = await openRestaurant(this.stack, app, this.#operator, this.city.newcomer);
    if (newcomer.supplies) this.opened.set(newcomer.id, newcomer.supplies.portions);
    this.#open(newcomer, app);
    this.#tell('restaurantOpened');
  }

  /** A customer orders and follows the order to its end; parts of the plan may be fixed. */
  order(random: Random, fixed: Partial<Plan> = {}): Promise<Ordered> {
    return this.#order(random, fixed, this.#restaurants);
  }

  /** The same from one of the restaurants that have always been there. */
  orderAsEver(random: Random, fixed: Partial<Plan>): Promise<Ordered> {
    return this.#order(
      random,
      fixed,
      this.city.restaurants.filter(({ id }) => !this.left.has(id)),
    );
  }

  /** Whoever came only tonight goes home. */
  async calm(): Promise<void> {
    const own = this.city.couriers.filter(({ uid }) => !this.left.has(uid)).length;
    await Promise.all(this.#shifts.splice(own).map((recruit) => recruit.stop()));
  }

  /**
   * The evening is over, and one courier's phone as well: `twoHoursLater` lets that time pass, then everybody does what
   * is left to do.
   */
  async afterHours(twoHoursLater: Task): Promise<void> {
    const [silent] = this.#shifts;
    await silent?.fallSilent();
    await Promise.all([silent?.untilNoticed(), twoHoursLater()]);
    this.#tell('faded');
    for (const tasks of [this.#afterHours, this.#farewells])
      await Promise.all(tasks.splice(0).map((task) => task().catch(this.#trouble)));
  }

  async close(): Promise<void> {
    for (const close of this.#closeKitchens) close();
    await Promise.allSettled(this.#shifts.map((shift) => shift.stop()));
    await Promise.allSettled(this.#apps.map((app) => app.close()));
  }

  async #order(random: Random, fixed: Partial<Plan>, among: readonly RestaurantDraft[]): Promise<Ordered> {
    const customer = random.pick(this.city.customers);
    const restaurant = random.pick(among);
    const plan = drawPlan(random, fixed);
    return orderMeal(this.#ordering(await this.#appOf(customer), customer, restaurant, plan, random.fork('order')));
  }

  #ordering(app: App, customer: Customer, restaurant: RestaurantDraft, plan: Plan, random: Random): Ordering {
    const kitchen = this.#kitchens.get(restaurant.id);
    if (!kitchen) throw new Error(`${restaurant.name} has no kitchen`);
    const { stack, events } = this;
    const [doors, operator, afterHours] = [this.#doors, this.#operator, this.#afterHours];
    return { stack, app, customer, restaurant, kitchen, plan, random, doors, events, operator, afterHours };
  }

  async #guestTriesEverything(): Promise<void> {
    const random = this.#random.fork('guest');
    const { app, guest } = await signUpGuest(this.stack, this.events, random.pick(this.city.customers));
    this.#apps.push(app);
    this.#planned.add(guest.uid);
    this.#farewells.push(() => leaveForGood(this.stack, this.#operator, this.events, guest));
    const restaurant = this.#anyRestaurant('guest');
    for (const meal of GUEST_MEALS)
      await orderMeal(this.#ordering(app, guest, restaurant, drawPlan(random, meal), random));
  }

  async #courierIsRecruited(): Promise<void> {
    const { name, start } = this.#random.fork('recruit').pick(this.city.couriers);
    const { app, person } = await recruitCourier(this.stack, this.#operator, this.events, { name, start });
    this.#apps.push(app);
    await this.#sendOut(person, app);
  }

  /** The staff of a kitchen that somebody else plays says the code over the counter all the same. */
  async #askForPickUpCode(restaurantId: string, orderId: string): Promise<string> {
    const kitchen = this.#kitchens.get(restaurantId);
    if (!kitchen) return '';
    return (await kitchen.call('readPickUpCode', { orderId })).pickUpCode;
  }

  async #intervene(what: Happening, intervention: (app: App) => Promise<void>): Promise<void> {
    await intervention(this.operators[0]);
    this.#tell(what);
  }

  #open(restaurant: RestaurantDraft, app: App): void {
    this.#restaurants.push(restaurant);
    this.#kitchens.set(restaurant.id, app);
    this.#closeKitchens.push(openKitchen(app, restaurant, this.#doors, this.events));
  }

  async #sendOut(courier: Courier, app: App): Promise<void> {
    const random = this.#random.fork(courier.uid);
    const shift = new CourierOnShift(app, courier, this.city.streets, this.#doors, this.events, random);
    this.#shifts.push(shift);
    await shift.start();
  }

  #anyRestaurant(label: string): RestaurantDraft {
    return this.#random.fork(label).pick(this.city.restaurants.filter(({ id }) => !this.left.has(id)));
  }

  #appOf(customer: Customer): Promise<App> {
    const known = this.#customers.get(customer.uid) ?? this.#signIn(customer);
    this.#customers.set(customer.uid, known);
    return known;
  }

  async #signIn(person: Person): Promise<App> {
    const app = await App.signIn(this.stack, person);
    this.#apps.push(app);
    return app;
  }

  #tell(what: Happening): void {
    this.events.tell({ type: 'happened', what });
  }

  readonly #trouble = (error: unknown) => this.events.tell({ type: 'trouble', what: String(error) });
}
