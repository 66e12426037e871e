import {
  epochMs,
  refusalOf,
  type Menu,
  type QuoteInput,
  type QuoteOutput,
} from '../../../clients/typescript/src/index.js';
import { browse } from './browse.js';
import type { Plan } from './plan.js';
import { drawCart, ZONE_ID } from '../city/population.js';
import { getReason, type App } from './app.js';
import type { Ordering } from './customer.js';

/** A scheduled order reaches the kitchen this long before cooking and riding must begin. */
const KITCHEN_LEAD_MS = 5 * 60_000;
/** Chosen so that the order reaches the kitchen as soon as it is paid, and the simulator does not have to wait. */
export const SOON_MS = 3_000;

/** Finds the restaurant, fills a cart from its menu, and requests a quote. */
export async function fillCart(ordering: Ordering): Promise<QuoteOutput> {
  const { app, restaurant, plan, customer, operator } = ordering;
  if (plan.browses) {
    await browse(app, customer.home);
    ordering.events.emit({ type: 'happened', what: 'browsed' });
  }
  if (plan.searches) await find(ordering);
  const menu = await readMenu(app, restaurant.id);
  if (plan.creditMinor > 0) await operator.giveCredit(customer.uid, menu.currency, plan.creditMinor);
  const request = await buildRequest(ordering, menu);
  const [quote, agreed] = await requestQuote(ordering, menu, request);
  // A kitchen with limited places promises its next free slot, which does not tell the duration of the ride.
  if (!plan.scheduled || restaurant.inventory) return quote;
  // The first quote tells the duration of the ride. A second one requests the time that the customer chose.
  const scheduledForMs = epochMs(Date.now() + quote.promisedInSeconds * 1000 + KITCHEN_LEAD_MS + SOON_MS);
  try {
    return await app.call('quote', { ...agreed, scheduledForMs });
  } catch (error) {
    // The slot is full or has passed by now: order as soon as possible.
    if (['KITCHEN_FULL', 'SLOT_INVALID'].includes(getReason(error) ?? '')) return quote;
    throw error;
  }
}

async function find({ app, restaurant, customer }: Ordering): Promise<void> {
  const { zone } = await app.call('findZone', { lat: customer.home.lat, lng: customer.home.lng });
  if (zone?.zoneId !== ZONE_ID) throw new Error(`${customer.name}'s home is not in the zone`);
  const { restaurants } = await app.call('discover', { place: customer.home, text: restaurant.name });
  if (!restaurants.some((card) => card.restaurantId === restaurant.id))
    throw new Error(`${restaurant.name} is not found by its name`);
}

async function readMenu(app: App, restaurantId: string): Promise<Menu> {
  const menu = await app.tiffin.get('menu', { restaurantId });
  if (!menu) throw new Error(`${restaurantId} has no menu`);
  return menu;
}

/** The portions of each dish that a party orders: with a main dish, more than the zone's `largeOrderMinor`. */
export const PARTY_PORTIONS = 40;

/** A kitchen that counts its portions has too few for a party. */
const toSize = <T extends { quantity: number }>(lines: readonly T[], isParty: boolean): T[] =>
  lines.map((line) => ({ ...line, quantity: isParty ? PARTY_PORTIONS : line.quantity }));

/** How long the kitchen is out of an item that is in the customer's cart. */
const SOLD_OUT_MS = 2_000;

/** Neither cash nor a drink for adults can be left at the door. */
const toWish = ({ payment, proof, drinks }: Plan): { handover?: 'meet' | 'leave' } =>
  payment === 'cash' || drinks ? {} : { handover: proof === 'photo' ? 'leave' : 'meet' };

async function buildRequest(
  { restaurant, plan, customer, random, kitchen }: Ordering,
  menu: Menu,
): Promise<QuoteInput> {
  const lines = toSize(drawCart(random, menu), plan.party !== null && !restaurant.inventory);
  const drink = plan.drinks && menu.items.find(({ ageLimit }) => ageLimit !== undefined);
  if (drink) lines.push({ itemId: drink.id, quantity: 1, modifiers: [] });
  const [first] = lines;
  if (plan.sellsOut && first) {
    const untilMs = epochMs(Date.now() + SOLD_OUT_MS);
    await kitchen.call('setSoldOut', { restaurantId: restaurant.id, ids: [first.itemId], untilMs });
  }
  const { home, addressLine, name: contactName } = customer;
  const dropOff = plan.kind === 'pickup' ? null : { ...home, addressLine, contactName, ...toWish(plan) };
  return {
    restaurantId: restaurant.id,
    kind: plan.kind,
    lines,
    dropOff,
    tipPpm: plan.tipPpm,
    promotionCodes: plan.promotionCodes,
    paymentMethod: plan.payment,
    useCredit: plan.creditMinor > 0,
  };
}

/** Requests a quote, and again without a refused promotion code, a sold-out item, or cash that is not accepted. */
async function requestQuote(ordering: Ordering, menu: Menu, request: QuoteInput): Promise<[QuoteOutput, QuoteInput]> {
  try {
    return [await ordering.app.call('quote', request), request];
  } catch (error) {
    const refusal = refusalOf(error);
    const reason = refusal?.reason ?? '';
    if (reason === 'CASH_NOT_TAKEN') return requestQuote(ordering, menu, { ...request, paymentMethod: 'card' });
    if (reason.startsWith('PROMOTION_')) return requestQuote(ordering, menu, { ...request, promotionCodes: [] });
    if (refusal?.reason !== 'ITEM_SOLD_OUT') throw error;
    const soldOut = refusal.details.itemId;
    ordering.events.emit({ type: 'happened', what: 'soldOut' });
    const left = { ...menu, items: menu.items.filter(({ id }) => id !== soldOut) };
    return requestQuote(ordering, left, { ...request, lines: drawCart(ordering.random, left) });
  }
}
