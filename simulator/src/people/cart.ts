import { doc, getDoc } from 'firebase/firestore';
import type { Outputs, Requests } from '../../../functions/src/calls/callables.js';
import type { Menu } from '../../../functions/src/contract/restaurants.js';
import { drawCart, ZONE_ID } from '../city/population.js';
import { detailOf, reasonOf, type App } from './app.js';
import type { Ordering } from './customer.js';

/** A scheduled order comes to the kitchen so long before its way and its cooking must begin. */
const KITCHEN_LEAD_MS = 5 * 60_000;
/** So that it comes there as soon as it is paid, and nobody has to wait here. */
export const SOON_MS = 3_000;

type Quoted = Outputs['quote'];
type Request = Requests['quote'];

/** Looks for the restaurant, fills a cart from its menu, and asks the price of it. */
export async function fillCart(ordering: Ordering): Promise<Quoted> {
  const { app, restaurant, plan, customer, operator } = ordering;
  if (plan.searches) await find(ordering);
  const menu = await readMenu(app, restaurant.id);
  if (plan.creditMinor > 0) await operator.giveCredit(customer.uid, menu.currency, plan.creditMinor);
  const request = await requestOf(ordering, menu);
  const [quote, agreed] = await quoted(ordering, menu, request);
  // A kitchen that counts its places promises the next free one: that says nothing of the way.
  if (!plan.scheduled || restaurant.supplies) return quote;
  // For a time of the customer's choice it is asked again, now that the way is known.
  const scheduledForMs = Date.now() + quote.promisedInSeconds * 1000 + KITCHEN_LEAD_MS + SOON_MS;
  try {
    return await app.call('quote', { ...agreed, scheduledForMs });
  } catch (error) {
    // No room then, or it took too long to ask: as soon as may be.
    if (['KITCHEN_FULL', 'SLOT_INVALID'].includes(reasonOf(error) ?? '')) return quote;
    throw error;
  }
}

async function find({ app, restaurant, customer }: Ordering): Promise<void> {
  const { restaurants } = await app.call('discover', { place: customer.home, zoneId: ZONE_ID, text: restaurant.name });
  if (!restaurants.some((card) => card.restaurantId === restaurant.id))
    throw new Error(`${restaurant.name} is not found by its name`);
}

async function readMenu(app: App, restaurantId: string): Promise<Menu> {
  const snapshot = await getDoc(doc(app.db, `restaurants/${restaurantId}/menus/published`));
  // The server published it from this very type; an app would trust it as well.
  return snapshot.data() as Menu;
}

/** For a moment the kitchen is out of something that somebody has just put into the cart. */
const SOLD_OUT_MS = 2_000;

async function requestOf({ restaurant, plan, customer, random, kitchen }: Ordering, menu: Menu): Promise<Request> {
  const lines = drawCart(random, menu);
  const [first] = lines;
  if (plan.sellsOut && first) {
    const untilMs = Date.now() + SOLD_OUT_MS;
    await kitchen.call('setSoldOut', { restaurantId: restaurant.id, ids: [first.itemId], untilMs });
  }
  const dropOff =
    plan.kind === 'pickup' ? null : { ...customer.home, addressLine: customer.addressLine, contactName: customer.name };
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

/** A code may be used up, an item sold out, an order too large for cash: who orders then does without, or otherwise. */
async function quoted(ordering: Ordering, menu: Menu, request: Request): Promise<[Quoted, Request]> {
  try {
    return [await ordering.app.call('quote', request), request];
  } catch (error) {
    const reason = reasonOf(error) ?? '';
    if (reason === 'CASH_NOT_TAKEN') return quoted(ordering, menu, { ...request, paymentMethod: 'card' });
    if (reason.startsWith('PROMOTION_')) return quoted(ordering, menu, { ...request, promotionCodes: [] });
    const soldOut = detailOf(error, 'itemId');
    if (reason !== 'ITEM_SOLD_OUT' || soldOut === undefined) throw error;
    ordering.events.tell({ type: 'happened', what: 'soldOut' });
    const left = { ...menu, items: menu.items.filter(({ id }) => id !== soldOut) };
    return quoted(ordering, left, { ...request, lines: drawCart(ordering.random, left) });
  }
}
