import type { Change } from '#emulator/store/document.js';
import type { Random } from '#simulator/random.js';
import { couriers, CUSTOMERS, quarterOf, QUARTERS } from './city.js';
import { mayDispute, mayRefuseRefund, settlePayout } from './people/bank.js';
import { CourierRiding } from './people/courier.js';
import { Customer, drawPlan, PLAIN, type OrderPlan } from './people/customer.js';
import { Merchant } from './people/merchant.js';
import { Operator } from './people/operator.js';
import { readOrder } from './people/orders-seen.js';
import { liveNight } from './world/nightly-jobs.js';
import type { World } from './world/world.js';

const MINUTE_MS = 60_000;
/** The longest time from one order to the last one. */
const SPREAD_SECONDS = 1_200;
/** The time within which a kitchen acts on its promotions once more. */
const PROMOTION_SECONDS = 400;
/** After the last order was placed the faults lasts this long, so that it also strikes deliveries and payouts. */
const FAULTS_LAST_MS = 150 * MINUTE_MS;

/** Of the runs so many begin late in the day, so that the jobs of the night meet live orders. */
const LATE_STARTS = 0.3;
/** From noon to half past ten at night. */
const LATE_AFTER_MS = 630 * MINUTE_MS;

/** In so many runs no courier is online at first. */
const SCARCE_COURIERS = 0.25;

/** So many payouts to couriers are followed by a refund of a ride that they paid. */
const LATE_COMPLAINTS = 0.4;

/** The people of one run. */
export interface ScenarioOptions {
  /** The numbers of the orders that are placed: without some of them a run is shorter, and the others stay as they are. */
  orders: readonly number[];
  /** Every order is plain, and all people do what is expected. */
  plain: boolean;
}

/** Lets all people live through one scenario: orders are placed, each party reacts to each step, faults strike, and end. */
export async function runScenario(world: World, random: Random, { orders, plain }: ScenarioOptions): Promise<void> {
  if (!plain && random.fork('hour').chance(LATE_STARTS)) {
    await world.time.sleep(LATE_AFTER_MS);
    void liveNight(world);
  }
  const plans = new Map<string, OrderPlan>();
  const areScarce = !plain && random.fork('couriers').chance(SCARCE_COURIERS);
  if (areScarce) await sendHome(world, random);
  const reactions = new Reactions(world, random.fork('people'), plans, { isPlain: plain, areScarce });
  world.onCommit(({ changes }) => changes.forEach((change) => reactions.see(change)));
  if (!plain) void Promise.all([grantCredits(world, random), promote(world, random)]);
  await Promise.all(
    orders.map(async (number) => {
      const own = random.fork(`order ${number}`);
      const customer = new Customer(world, CUSTOMERS[number % CUSTOMERS.length] ?? '', `${number}`, own);
      const plan = plain ? PLAIN : drawPlan(own);
      await customer.think(0, SPREAD_SECONDS);
      const orderId = await customer.order(plan);
      if (orderId !== null) plans.set(orderId, plan);
    }),
  );
  await world.time.sleep(plain ? 0 : FAULTS_LAST_MS);
  world.story.tell('the faults end');
  world.stopFaults();
}

/** Every other customer has credit, which some orders use. */
async function grantCredits(world: World, random: Random): Promise<void> {
  for (const uid of CUSTOMERS.filter((_, index) => index % 2 === 0))
    await new Operator(world, 'olga', `credit-${uid}`, random.fork(`credit ${uid}`)).grantCredit(uid);
}

/** While people order, kitchens begin, pause and end promotions of their own. */
async function promote(world: World, random: Random): Promise<void> {
  const occasions = QUARTERS.flatMap((quarter) => Array.from({ length: 4 }, (_, number) => ({ ...quarter, number })));
  await Promise.all(
    occasions.map(async ({ owner, restaurantId, number }) => {
      const own = random.fork(`promotion ${number} of ${restaurantId}`);
      const merchant = new Merchant(world, owner, `promotion-${number}`, own, false);
      await merchant.think(0, number * PROMOTION_SECONDS);
      await merchant.promote(restaurantId);
    }),
  );
}

/** No courier is online at first. */
async function sendHome(world: World, random: Random): Promise<void> {
  for (const uid of couriers())
    await new CourierRiding(world, uid, 'home', random.fork(`${uid} home`), false).goOnline(false);
}

/** What sets one run apart from another. */
interface Circumstances {
  isPlain: boolean;
  /** Couriers come online only when an order is about to be given up. */
  areScarce: boolean;
}

/** Tells each person of a change, as a listener of the app does; each reacts once to each event of an order. */
class Reactions {
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly plans: ReadonlyMap<string, OrderPlan>,
    { isPlain, areScarce }: Circumstances,
  ) {
    this.isPlain = isPlain;
    this.areScarce = areScarce;
  }

  private readonly isPlain: boolean;
  private readonly areScarce: boolean;
  /** The orders that couriers delivered, by courier. */
  private readonly rides = new Map<string, Set<string>>();

  see({ segments, after, before }: Change): void {
    const [collection, id = ''] = segments;
    if (!after) return;
    if (collection === 'courierPayouts' && isSent(after.fields) && !(before && isSent(before.fields)))
      this.#showPayout(id, readText(after.fields, 'courierId'));
    if (!this.isPlain && !before) this.#showToOperator(segments, after.fields);
    if (segments.length !== 2) return;
    if (collection === 'couriers' && after.fields.get('offer')?.kind === 'map') this.#showOffer(id, after.updateTime);
    if (collection !== 'orders') return;
    const count = countEvents(after.fields);
    if (before && countEvents(before.fields) === count) return;
    this.#showOrder(id, `${id}-at-${count}`, after.fields);
  }

  /** Shows a claim or a held pay to the operator. */
  #showToOperator([collection, id = '', nested, claimId = '']: readonly string[], fields: Fields): void {
    const occasion = `${id}-${claimId}`;
    const olga = () => new Operator(this.world, 'olga', occasion, this.random.fork(`olga ${occasion}`));
    if (collection === 'orders' && nested === 'claims' && readText(fields, 'status') === 'escalated')
      void olga().decideClaim(id, claimId);
    if (collection === 'orders' && nested === 'refunds') {
      const path = `${collection}/${id}/${nested}/${claimId}`;
      void mayRefuseRefund(this.world, path, this.random.fork(`bank ${occasion}`));
      this.#settleDebt(id, occasion);
    }
    if (collection === 'operatorTasks' && readText(fields, 'kind') === 'rider_payment_due')
      void olga().payRider(readText(fields, 'orderId'));
    if (collection !== 'heldPays') return;
    const payee = readText(fields, 'payee') === 'kitchen' ? 'kitchen' : 'courier';
    void olga().decideHeldPay(readText(fields, 'orderId'), payee);
  }

  /** The bank settles a payout to a courier. Now and then a customer complains about a ride that it paid. */
  #showPayout(payoutId: string, courierId: string): void {
    const { world, random, isPlain } = this;
    void settlePayout(world, payoutId, random.fork(`bank ${payoutId}`), isPlain);
    const own = random.fork(`late ${payoutId}`);
    const rides = [...(this.rides.get(courierId) ?? [])];
    if (isPlain || rides.length === 0 || !own.chance(LATE_COMPLAINTS)) return;
    void new Operator(world, 'olga', `late-${Math.floor(world.time.nowMs)}`, own).refundLate(own.pick(rides));
  }

  /** A refund at the cost of a courier who was paid already leaves a debt. */
  #settleDebt(orderId: string, occasion: string): void {
    const { courierId } = readOrder(this.world, orderId);
    if (courierId === null || !couriers().includes(courierId)) return;
    const random = this.random.fork(`debt ${occasion}`);
    // Keys are short, and name no other user.
    void new Operator(this.world, 'olga', `${orderId}-${Math.floor(this.world.time.nowMs)}`, random).settleDebt(
      courierId,
    );
  }

  /** Sends a courier of the order's quarter online, shortly before the backend gives up the search. */
  async #sendCourier(orderId: string, occasion: string): Promise<void> {
    const random = this.random.fork(`scarce ${occasion}`);
    const { status, courierId, restaurantId, due } = readOrder(this.world, orderId);
    if (status !== 'ready' || courierId !== null || due?.kind !== 'noCourier') return;
    await this.world.time.sleep(due.atMs - this.world.time.nowMs - random.between(2_000, 50_000));
    const uid = random.pick(quarterOf(restaurantId).couriers);
    await new CourierRiding(this.world, uid, occasion, random, false).goOnline(true);
  }

  /** Now and then a courier asks for the pay at once, after an order of which it is part. */
  async #askForPay(orderId: string, courierId: string, occasion: string): Promise<void> {
    const random = this.random.fork(`pay ${courierId} ${occasion}`);
    const { status } = readOrder(this.world, orderId);
    if ((status !== 'completed' && status !== 'returned') || !random.chance(0.4)) return;
    await new CourierRiding(this.world, courierId, `pay-${occasion}`, random, false).requestPayout();
  }

  #showOffer(uid: string, time: number): void {
    const occasion = `offer-${time}`;
    void new CourierRiding(
      this.world,
      uid,
      occasion,
      this.random.fork(`${uid} ${occasion}`),
      this.isPlain,
    ).considerOffer();
  }

  #showOrder(orderId: string, occasion: string, fields: Fields): void {
    const { world, random, isPlain } = this;
    const [customerId, courierId] = [readText(fields, 'customerId'), readText(fields, 'courierId')];
    const { owner } = quarterOf(readText(fields, 'restaurantId'));
    void new Merchant(world, owner, occasion, random.fork(`${owner} ${occasion}`), isPlain).react(orderId);
    if (!isPlain) void new Operator(world, 'olga', occasion, random.fork(`olga ${occasion}`)).react(orderId);
    if (!isPlain) void mayDispute(world, orderId, random.fork(`bank ${occasion}`));
    if (couriers().includes(courierId))
      void new CourierRiding(world, courierId, occasion, random.fork(`courier ${occasion}`), isPlain).react(orderId);
    if (readText(fields, 'status') === 'delivered' && couriers().includes(courierId))
      this.rides.set(courierId, (this.rides.get(courierId) ?? new Set()).add(orderId));
    if (!isPlain && couriers().includes(courierId)) void this.#askForPay(orderId, courierId, occasion);
    if (this.areScarce) void this.#sendCourier(orderId, occasion);
    const plan = this.plans.get(orderId);
    if (plan) void new Customer(world, customerId, occasion, random.fork(`customer ${occasion}`)).react(orderId, plan);
  }
}

type Fields = NonNullable<Change['after']>['fields'];

/** True for a payout that the provider has accepted. */
const isSent = (fields: Fields): boolean => readText(fields, 'status') === 'sent';

function countEvents(fields: Fields): number {
  const events = fields.get('events');
  return events?.kind === 'array' ? events.values.length : 0;
}

function readText(fields: Fields, name: string): string {
  const value = fields.get(name);
  return value?.kind === 'string' ? value.value : '';
}
