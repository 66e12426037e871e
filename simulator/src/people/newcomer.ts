import { localizeMenu, minor, saveMenuDraft, type MenuDraftToSend } from '../../../clients/typescript/src/index.js';
import { ZONE_ID, type City, type RestaurantDraft } from '../city/population.js';
import type { Events } from '../events.js';
import type { Stack } from '../stack.js';
import type { App } from './app.js';
import type { Operator } from './operator.js';
import { PAPER } from './photos.js';
import { showStorefront } from './storefront.js';

const KINDS = ['identity', 'tradeLicence', 'foodSafety'] as const;

/**
 * Opens a restaurant as its owner does: applies with documents, is approved, connects a Stripe account, publishes the
 * menu, goes online.
 */
export async function openRestaurant(
  stack: Stack,
  app: App,
  operator: Operator,
  draft: City['newcomer'],
  events: Events,
): Promise<RestaurantDraft> {
  const { name, cuisine, location, addressLine, menu, prepMinutes, inventory } = draft;
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
  // The approval made the applicant an owner; only a new token has that claim.
  await app.refreshToken();
  await connect(stack, app, restaurantId);
  await saveMenuDraft(app.session, restaurantId, toMenuDraft(menu, draft.texts));
  await app.call('publishMenu', { restaurantId, basedOnVersion: 1 });
  for (const language of Object.keys(draft.texts ?? {})) await readIn(app, restaurantId, language);
  const slotCapacity = inventory?.slotCapacity ?? null;
  await app.call('updateStore', { restaurantId, changes: { prepMinutes, slotCapacity, ticketColumns: 48 } });
  await showStorefront(app, { ...draft, id: restaurantId }, events);
  if (inventory) await app.call('setStock', { restaurantId, left: inventory.portions });
  await app.call('switchStore', { restaurantId, to: { type: 'online' } });
  return { ...draft, id: restaurantId };
}

/** The menu as the editor of the app sends it. */
const toMenuDraft = (
  { currency, language, items, groups }: RestaurantDraft['menu'],
  texts: RestaurantDraft['texts'],
): MenuDraftToSend => ({
  currency,
  language,
  texts,
  items: items.map(({ pickupPriceMinor: _, dayparts: __, priceMinor, ...item }) => ({
    ...item,
    priceMinor: minor(priceMinor),
  })),
  groups: groups.map((group) => ({
    ...group,
    options: group.options.map((option) => ({ ...option, priceMinor: minor(option.priceMinor) })),
  })),
});

/** Reads the menu as an app in another language does, with one read more. */
async function readIn(app: App, restaurantId: string, language: string): Promise<void> {
  const menu = await app.tiffin.get('menu', { restaurantId });
  const texts = await app.tiffin.get('menuTexts', { restaurantId, language });
  const named = menu && texts && localizeMenu(menu, texts);
  if (JSON.stringify(named) === JSON.stringify(menu)) throw new Error(`${restaurantId} has no texts in ${language}`);
}

/** Completes Stripe's onboarding form and returns to the app. */
async function connect({ host, ports }: Stack, app: App, restaurantId: string): Promise<void> {
  const { url } = await app.call('connectAccount', { restaurantId });
  if (url === null) throw new Error(`${restaurantId} has a connected account before onboarding`);
  const { pathname, search } = new URL(url);
  await fetch(`http://${host}:${ports.stripe}${pathname}${search}`, { redirect: 'manual' });
  const { payoutsEnabled } = await app.call('connectAccount', { restaurantId });
  if (!payoutsEnabled) throw new Error(`payouts to ${restaurantId} are not enabled after onboarding`);
}
