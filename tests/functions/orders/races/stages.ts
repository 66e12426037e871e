import type { Zone } from '#functions/contract/zones.js';
import { aMenu, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { BY_DIAVOLA } from './wishes.js';

const SLOT_MS = START_MS + 10 * 24 * 60 * MINUTE;
const DIAVOLA = {
  id: 'diavola',
  name: 'Diavola',
  description: '',
  category: 'Pizza',
  priceMinor: 1200,
  taxCategory: 'food',
  groupIds: [],
};

/** A city without reminders and without offers that expire during a race. */
async function begin(triage: Zone['triage'] = null): Promise<Journey> {
  const limits = { acceptReminderMinutes: [], offerSeconds: 600, lateCredit: [] };
  const backend = await aCity({ couriers: 2, zone: { limits, triage }, menu: { items: [...aMenu().items, DIAVOLA] } });
  await backend.call('setUpPayment', 'carla', {});
  const card = { paymentMethodId: 'pm_card_visa', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };
  backend.fake.cards.set('cus_carla', [card]);
  return new Journey(backend);
}

type Reached = Parameters<Journey['reach']>[0];
const reached = async (status: Reached): Promise<Journey> => (await begin()).reach(status);

async function offered(status: Reached): Promise<Journey> {
  const journey = await reached(status);
  await journey.offered();
  return journey;
}

async function assigned(status: Reached): Promise<Journey> {
  const journey = await reached(status);
  await journey.assign();
  return journey;
}

/** With a second line, so that the order is not empty where the customer does not answer. */
async function proposed(status: Reached): Promise<Journey> {
  const lines = [
    { itemId: 'margherita', quantity: 2 },
    { itemId: 'cola', quantity: 1 },
  ];
  const journey = await begin();
  await journey.place({ cart: { lines } });
  await journey.reach(status);
  const { backend, orderId } = journey;
  const edit = { orderId, idempotencyKey: 'propose-key-1', changes: [BY_DIAVOLA], reason: 'none left' };
  await backend.ask('editOrder', 'mario', edit);
  return journey;
}

async function unpaid(scheduledForMs: number | null = null): Promise<Journey> {
  const journey = await begin();
  await journey.place({ card: null, ...(scheduledForMs !== null && { cart: { scheduledForMs } }) });
  journey.backend.fake.customerPays(journey.orderId);
  return journey;
}

const deferred = async (): Promise<Journey> => (await begin()).place({ cart: { scheduledForMs: SLOT_MS } });

/** The account's first large order, which an operator may check before the kitchen. */
const risky = async (): Promise<Journey> => (await begin({ waitMinutes: 6, largeOrderMinor: 1 })).place();

async function charged(): Promise<Journey> {
  const journey = await deferred();
  await journey.backend.advance(SLOT_MS - 12 * 60 * MINUTE + MINUTE - journey.backend.nowMs);
  await journey.backend.deliverWebhooks();
  return journey;
}

/** Ready without a courier: the kitchen was faster than dispatch. */
async function readyWithOffer(): Promise<Journey> {
  const journey = await offered('preparing');
  await journey.move('mario', { action: 'markReady' });
  return journey;
}

async function atCounter(): Promise<Journey> {
  const journey = await reached('ready');
  await journey.arrive('omar', 'kitchen');
  return journey;
}

/** Carried by a rider of the restaurant: to the counter, then to the door. */
async function withRider(): Promise<Journey> {
  const journey = await reached('preparing');
  await journey.backend.ask('dispatchOrder', 'olga', {
    orderId: journey.orderId,
    idempotencyKey: 'rider-key-1',
    act: { type: 'ownRider' },
    reason: 'no courier',
  });
  await journey.move('mario', { action: 'markReady' });
  return journey;
}

async function riding(): Promise<Journey> {
  const journey = await withRider();
  await journey.move('mario', { action: 'pickUp' });
  return journey;
}

async function readyForPickup(): Promise<Journey> {
  const journey = await begin();
  await journey.place({ cart: { kind: 'pickup', tipPpm: 0 } });
  await journey.reach('preparing');
  await journey.move('mario', { action: 'markReady' });
  return journey;
}

/** The courier has waited long enough to report that the customer is absent, and may call again. */
async function atDoor(): Promise<Journey> {
  const journey = await reached('picked_up');
  await journey.arrive();
  for (const _ of [1, 2]) {
    await journey.move('omar', { action: 'contact' });
    await journey.backend.advance(5 * MINUTE);
  }
  return journey;
}

async function undeliverable(): Promise<Journey> {
  const journey = await reached('picked_up');
  await journey.fail();
  return journey;
}

async function cancelledByKitchen(): Promise<Journey> {
  const journey = await assigned('preparing');
  await journey.cancel('mario');
  return journey;
}

/** After the grace period: the kitchen is owed its part. */
async function cancelledByCustomer(): Promise<Journey> {
  const journey = await assigned('preparing');
  await journey.backend.advance(2 * MINUTE);
  await journey.cancel('carla');
  return journey;
}

/** Orders in every status from which the table allows a step, with what its steps require. */
export const STAGES: Readonly<Record<string, () => Promise<Journey>>> = {
  'risky, before the kitchen': risky,
  'unpaid, with the payment under way': () => unpaid(),
  'unpaid for a slot, with the payment under way': () => unpaid(START_MS + 3 * 60 * MINUTE),
  'scheduled, to be charged later': deferred,
  'scheduled and charged': charged,
  placed: () => reached('placed'),
  'accepted, with an offer': () => offered('accepted'),
  'accepted, with a courier': () => assigned('accepted'),
  'accepted, with a proposed edit': () => proposed('accepted'),
  'in preparation, with an offer': () => offered('preparing'),
  'in preparation, with a courier': () => assigned('preparing'),
  'in preparation, with a proposed edit': () => proposed('preparing'),
  'ready, with an offer': readyWithOffer,
  'ready, with a courier on the way': () => reached('ready'),
  'ready, with a courier at the counter': atCounter,
  'ready, with a rider': withRider,
  'ready for its customer': readyForPickup,
  'picked up': () => reached('picked_up'),
  'picked up by a rider': riding,
  'at the door': atDoor,
  undeliverable,
  'cancelled by the kitchen': cancelledByKitchen,
  'cancelled by the customer': cancelledByCustomer,
};

/** Returns what makes copies of a prepared order, each in a backend of its own. */
export async function stageCopier({ backend, orderId, pin }: Journey): Promise<() => Promise<Journey>> {
  const copy = await backend.copier();
  return async () => Object.assign(new Journey(await copy()), { orderId, pin });
}
