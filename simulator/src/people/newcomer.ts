import { doc, setDoc } from 'firebase/firestore';
import { ZONE_ID, type City, type RestaurantDraft } from '../city/population.js';
import type { Stack } from '../stack.js';
import type { App } from './app.js';
import type { Operator } from './operator.js';
import { PAPER } from './photos.js';

const KINDS = ['identity', 'tradeLicence', 'foodSafety'] as const;

/**
 * Opens a restaurant as its owner does: applies with papers, is approved, connects an account, publishes, goes online.
 */
export async function openRestaurant(
  stack: Stack,
  app: App,
  operator: Operator,
  draft: City['newcomer'],
): Promise<RestaurantDraft> {
  const { name, cuisine, location, addressLine, menu, prepMinutes, supplies } = draft;
  const restaurantId = `newcomer-${crypto.randomUUID()}`;
  const venture = {
    name,
    legalName: `${name} Ltd`,
    country: 'AT',
    cuisines: [cuisine],
    zoneId: ZONE_ID,
    timeZone: 'Europe/Vienna',
    location,
    addressLine,
  };
  await app.call('applyAsMerchant', { applicationId: restaurantId, venture });
  const documents = KINDS.map((kind) => ({
    kind,
    path: `merchant-documents/${restaurantId}/${app.user.uid}/${kind}.pdf`,
  }));
  await Promise.all(documents.map(({ path }) => app.upload(path, PAPER, 'application/pdf')));
  await app.call('applyAsMerchant', { applicationId: restaurantId, venture, documents });
  await operator.approve(restaurantId);
  // The approval made the applicant an owner: the next token says so.
  await app.refreshToken();
  await connect(stack, app, restaurantId);
  const { version: _, ...menuDraft } = menu;
  await setDoc(doc(app.db, `restaurants/${restaurantId}/menus/draft`), menuDraft);
  await app.call('publishMenu', { restaurantId, basedOnVersion: 1 });
  const slotCapacity = supplies?.slotCapacity ?? null;
  await app.call('updateStore', { restaurantId, changes: { prepMinutes, slotCapacity } });
  if (supplies) await app.call('setStock', { restaurantId, left: supplies.portions });
  await app.call('switchStore', { restaurantId, to: { type: 'online' } });
  return { ...draft, id: restaurantId };
}

/** Fills in Stripe's form, and comes back from it. */
async function connect({ host, ports }: Stack, app: App, restaurantId: string): Promise<void> {
  const { url } = await app.call('connectAccount', { restaurantId });
  if (url === null) throw new Error(`${restaurantId} has an account before it was opened`);
  const { pathname, search } = new URL(url);
  await fetch(`http://${host}:${ports.stripe}${pathname}${search}`, { redirect: 'manual' });
  const { payoutsEnabled } = await app.call('connectAccount', { restaurantId });
  if (!payoutsEnabled) throw new Error(`${restaurantId} cannot be paid after Stripe's form`);
}
