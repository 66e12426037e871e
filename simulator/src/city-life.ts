import type { Order } from '../../clients/typescript/src/index.js';
import type { City, Courier, Customer, Person, RestaurantDraft } from './city/population.js';
import type { Events, SideEvent } from './events.js';
import { App } from './people/app.js';
import { askSupport } from './people/ask-support.js';
import { FLASH_CODE, pauseForAWhile, surgeForAWhile, switchFlash, tryFlag } from './people/control-room.js';
import { CourierOnShift } from './people/courier.js';
import { orderMeal, type Ordering } from './people/customer.js';
import { settleDebt, type Ride } from './people/debt.js';
import { Desk } from './people/desk/desk.js';
import { HARD_MEALS } from './people/hard-meals.js';
import { createSharedPlans, type SharedPlans } from './people/shared-plans.js';
import { GUEST_MEALS, deleteAccount, signUpGuest } from './people/guest.js';
import { openKitchen } from './people/merchant.js';
import { beginHappyHour } from './people/happy-hour.js';
import { openRestaurant } from './people/newcomer.js';
import { runPrinter } from './people/printer.js';
import { createOperator, type Operator } from './people/operator.js';
import { drawPlan, PLAIN, type Plan } from './people/plan.js';
import { recruitCourier } from './people/recruit.js';
import { showStorefront } from './people/storefront.js';
import { announceVersion, careForStore } from './people/store-care.js';
import { Random } from './random.js';
import type { Stack } from './stack.js';

interface Ordered {
  orderId: string;
  order: Order;
}
type Task = () => Promise<void>;

/**
 * Opens the kitchens and starts the couriers' shifts. Customers sign in with their first order. `left` are ids of
 * restaurants and couriers that other apps run.
 */
export async function openCity(
  stack: Stack,
  city: City,
  events: Events,
  left: ReadonlySet<string> = new Set(),
): Promise<CityLife> {
  const operators = [await App.signIn(stack, city.operator), await App.signIn(stack, city.secondOperator)] as const;
  const life = new CityLife(stack, city, events, operators, left);
  await life.start();
  return life;
}

/** Runs the customers, kitchens and couriers of a city, each with an app of their own. */
export class CityLife {
  /** Portions that each kitchen with a stock started with, by restaurant. */
  readonly opened = new Map<string, Readonly<Record<string, number>>>();
  readonly #operator: Operator;
  readonly #desk: Desk;
  readonly #shared: SharedPlans;
  /** Customers whose orders have plans. */
  readonly #planned: Set<string>;
  readonly #random: Random;
  readonly #apps: App[];
  readonly #restaurants: RestaurantDraft[] = [];
  readonly #kitchens = new Map<string, App>();
  /** Restaurants that run a promotion of their own. */
  readonly #happyHours = new Set<string>();
  readonly #closeKitchens: (() => void)[] = [];
  readonly #shifts: CourierOnShift[] = [];
  readonly #couriers = new Map<string, App>();
  /** Delivered orders that were paid by card and not refunded since. */
  readonly #rides: Ride[] = [];
  readonly #customers = new Map<string, Promise<App>>();
  readonly #afterHours: Task[] = [];
  readonly #finalTasks: Task[] = [];

  constructor(
    private readonly stack: Stack,
    private readonly city: City,
    private readonly events: Events,
    private readonly operators: readonly [App, App],
    private readonly left: ReadonlySet<string> = new Set(),
  ) {
    this.#operator = createOperator(...operators, events);
    this.#planned = new Set(city.customers.map(({ uid }) => uid));
    this.#shared = createSharedPlans(this.#operator, this.#planned, (restaurantId, orderId) =>
      this.#askForPickUpCode(restaurantId, orderId),
    );
    const [chief, app] = operators;
    this.#desk = new Desk({ app, shared: this.#shared, colleague: chief }, events);
    this.#random = new Random(city.seed);
    this.#apps = [...operators];
  }

  async start(): Promise<void> {
    const { restaurants, couriers } = this.city;
    await this.#operator.openCoupon();
    this.#desk.open();
    // They sign in in parallel but start in their order, so that later draws do not depend on who was faster.
    const kitchens = await Promise.all(restaurants.map(async (one) => [one, await this.#signIn(one.owner)] as const));
    for (const [index, [restaurant, app]] of kitchens.entries()) {
      if (this.left.has(restaurant.id)) this.#kitchens.set(restaurant.id, app);
      else await this.#open(restaurant, app);
      if (index % 3 !== 1) continue;
      await beginHappyHour(app, restaurant.id, this.events);
      this.#happyHours.add(restaurant.id);
    }
    const simulated = couriers.filter(({ uid }) => !this.left.has(uid));
    const riders = await Promise.all(simulated.map(async (one) => [one, await this.#signIn(one)] as const));
    await Promise.all(riders.map(([courier, app]) => this.#sendOut(courier, app)));
  }

  /** Incidents that happen once per run, while orders go on. Each takes some seconds. */
  readonly incidents: readonly Task[] = [
    () => this.#intervene('surge', surgeForAWhile),
    () => this.#guestTriesEverything(),
    ...HARD_MEALS.map((meals, index) => () => this.#orderHardMeals(meals, `hard meals ${index}`)),
    () => this.#courierIsRecruited(),
    () => this.#endPromotionAtPlacing(),
    () => this.#intervene('storePaused', (app) => this.#pauseOnce(app)),
    () => this.#intervene('flagRolledBack', tryFlag),
    () => careForStore(this.operators[0], this.#anyRestaurant('desk'), this.events),
    () => announceVersion(this.operators[0], this.events),
    () => this.#showStorefronts(),
  ];

  /** One more restaurant opens and receives orders. */
  async welcomeNewcomer(): Promise<void> {
    const app = await this.#signIn(this.city.newcomer.owner);
    const newcomer = await openRestaurant(this.stack, app, this.#operator, this.city.newcomer, this.events);
    if (newcomer.inventory) this.opened.set(newcomer.id, newcomer.inventory.portions);
    await this.#open(newcomer, app);
    this.#closeKitchens.push(runPrinter(app, newcomer.id, this.events));
    this.#emit('restaurantOpened');
  }

  /** A customer orders and follows the order to its end; parts of the plan may be fixed. */
  order(random: Random, fixed: Partial<Plan> = {}): Promise<Ordered> {
    return this.#order(random, fixed, this.#restaurants);
  }

  /** The same, without a discount, from one of the restaurants that existed from the start. */
  orderFromOriginal(random: Random, fixed: Partial<Plan>): Promise<Ordered> {
    return this.#order(
      random,
      fixed,
      this.city.restaurants.filter(({ id }) => !this.left.has(id) && !this.#happyHours.has(id)),
    );
  }

  /** Ends the shift at the desk once its work is done, so that it does not count among the costs of an order. */
  async closeDesk(): Promise<void> {
    await this.#desk.close();
  }

  /** Ends the shifts of couriers who were recruited during the run. */
  async endRecruitedShifts(): Promise<void> {
    const own = this.city.couriers.filter(({ uid }) => !this.left.has(uid)).length;
    await Promise.all(this.#shifts.splice(own).map((recruit) => recruit.stop()));
  }

  /**
   * Runs what follows the last order. One courier's phone goes silent, `twoHoursLater` lets that time pass, then the
   * remaining tasks run.
   */
  async afterHours(twoHoursLater: Task): Promise<void> {
    const [silent] = this.#shifts;
    await silent?.fallSilent();
    await Promise.all([silent?.waitUntilOffline(), twoHoursLater()]);
    this.#emit('faded');
    this.#afterHours.push(() => settleDebt(this.operators[0], this.#rides, this.events));
    for (const tasks of [this.#afterHours, this.#finalTasks])
      await Promise.all(tasks.splice(0).map((task) => task().catch(this.#reportFailure)));
  }

  async close(): Promise<void> {
    await this.#desk.close();
    for (const close of this.#closeKitchens) close();
    await Promise.allSettled(this.#shifts.map((shift) => shift.stop()));
    await Promise.allSettled(this.#apps.map((app) => app.close()));
  }

  async #order(random: Random, fixed: Partial<Plan>, among: readonly RestaurantDraft[]): Promise<Ordered> {
    const customer = random.pick(this.city.customers);
    const restaurant = random.pick(among);
    const plan = drawPlan(random, fixed);
    const ordering = this.#ordering(await this.#getApp(customer), customer, restaurant, plan, random.fork('order'));
    const ordered = await orderMeal(ordering);
    this.#noteRide(ordered, plan);
    return ordered;
  }

  #noteRide({ orderId, order }: Ordered, { claim, refundTo, disputes }: Plan): void {
    const courier = this.#couriers.get(order.courierId ?? '');
    const isPlain = claim === null && refundTo === null && !disputes && order.payment.method !== 'cash';
    if (courier && isPlain && order.status === 'delivered') this.#rides.push({ orderId, courier });
  }

  /** Orders of one customer from one restaurant, one after the other, with which operators have to help. */
  async #orderHardMeals(meals: readonly Partial<Plan>[], label: string): Promise<void> {
    const random = this.#random.fork(label);
    const [customer, restaurant] = [random.pick(this.city.customers), this.#anyRestaurant(label)];
    const app = await this.#getApp(customer);
    for (const meal of meals)
      await orderMeal(this.#ordering(app, customer, restaurant, drawPlan(random, meal), random));
  }

  /** A promotion ends between the quote and the order of a customer, who accepts the new price. */
  async #endPromotionAtPlacing(): Promise<void> {
    const [operator] = this.operators;
    await switchFlash(operator, true);
    const plan = { ...PLAIN, promotionCodes: [FLASH_CODE] };
    await this.#orderPlain('flash', this.#anyRestaurant('flash'), plan, () => switchFlash(operator, false));
  }

  /** The restaurants of the city show a logo and a cover photo. */
  async #showStorefronts(): Promise<void> {
    for (const restaurant of this.city.restaurants) {
      const kitchen = this.#kitchens.get(restaurant.id);
      if (kitchen && !this.left.has(restaurant.id)) await showStorefront(kitchen, restaurant, this.events);
    }
  }

  /** A customer finds the store paused, and comes back until it opens. */
  async #pauseOnce(operator: App): Promise<void> {
    const restaurant = this.#anyRestaurant('smoke');
    await pauseForAWhile(operator, restaurant.id, () => this.#orderPlain('smoke', restaurant, PLAIN));
  }

  async #orderPlain(
    label: string,
    restaurant: RestaurantDraft,
    plan: Partial<Plan>,
    beforePlacing?: Task,
  ): Promise<void> {
    const random = this.#random.fork(`${label} order`);
    const customer = random.pick(this.city.customers);
    const app = await this.#getApp(customer);
    const ordering = this.#ordering(app, customer, restaurant, drawPlan(random, plan), random);
    await orderMeal({ ...ordering, ...(beforePlacing && { beforePlacing }) });
  }

  #ordering(app: App, customer: Customer, restaurant: RestaurantDraft, plan: Plan, random: Random): Ordering {
    const kitchen = this.#kitchens.get(restaurant.id);
    if (!kitchen) throw new Error(`${restaurant.name} has no kitchen`);
    const { stack, events } = this;
    const [shared, operator, afterHours] = [this.#shared, this.#operator, this.#afterHours];
    return { stack, app, customer, restaurant, kitchen, plan, random, shared: shared, events, operator, afterHours };
  }

  async #guestTriesEverything(): Promise<void> {
    const random = this.#random.fork('guest');
    const { app, guest } = await signUpGuest(this.stack, this.events, random.pick(this.city.customers));
    this.#apps.push(app);
    this.#planned.add(guest.uid);
    this.#finalTasks.push(() => deleteAccount(this.stack, this.#operator, this.events, guest));
    const restaurant = this.#anyRestaurant('guest');
    let orderId = '';
    for (const meal of GUEST_MEALS)
      ({ orderId } = await orderMeal(this.#ordering(app, guest, restaurant, drawPlan(random, meal), random)));
    await askSupport(app, orderId);
  }

  async #courierIsRecruited(): Promise<void> {
    const { name, start } = this.#random.fork('recruit').pick(this.city.couriers);
    const { app, person } = await recruitCourier(this.stack, this.#operator, this.events, { name, start });
    this.#apps.push(app);
    await this.#sendOut(person, app);
  }

  /** The staff of a kitchen that another app runs still says the pick-up code at the counter. */
  async #askForPickUpCode(restaurantId: string, orderId: string): Promise<string> {
    const kitchen = this.#kitchens.get(restaurantId);
    if (!kitchen) return '';
    return (await kitchen.call('readPickUpCode', { orderId })).pickUpCode;
  }

  async #intervene(what: SideEvent, intervention: (app: App) => Promise<void>): Promise<void> {
    await intervention(this.operators[0]);
    this.#emit(what);
  }

  async #open(restaurant: RestaurantDraft, app: App): Promise<void> {
    this.#restaurants.push(restaurant);
    this.#kitchens.set(restaurant.id, app);
    this.#closeKitchens.push(await openKitchen(app, restaurant, this.#shared, this.events));
  }

  async #sendOut(courier: Courier, app: App): Promise<void> {
    this.#couriers.set(courier.uid, app);
    const random = this.#random.fork(courier.uid);
    const shift = new CourierOnShift(app, courier, this.city.streets, this.#shared, this.events, random);
    this.#shifts.push(shift);
    await shift.start();
  }

  #anyRestaurant(label: string): RestaurantDraft {
    return this.#random.fork(label).pick(this.city.restaurants.filter(({ id }) => !this.left.has(id)));
  }

  #getApp(customer: Customer): Promise<App> {
    const known = this.#customers.get(customer.uid) ?? this.#signIn(customer);
    this.#customers.set(customer.uid, known);
    return known;
  }

  async #signIn(person: Person): Promise<App> {
    const app = await App.signIn(this.stack, person);
    this.#apps.push(app);
    return app;
  }

  #emit(what: SideEvent): void {
    this.events.emit({ type: 'happened', what });
  }

  readonly #reportFailure = (error: unknown) => this.events.emit({ type: 'failure', what: String(error) });
}
