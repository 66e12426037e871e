import {
  computeEta,
  createKey,
  formatMoney,
  minor,
  paceOf,
  type CartLineToSend,
  type DropOff,
  type EtaTable,
  type LivePosition,
  type Menu,
  type MenuItem,
  type MessageQueue,
  type Minor,
  type Order,
  type PlaceOrderOutputPlaced,
  type QuoteOutput,
  type Zone,
} from '@tiffin/client';
import { createUserWithEmailAndPassword } from 'firebase/auth';
import { auth, button, element, followChat, payingPage, report, show, stopOnError, tiffin } from './page.js';

/** The demo city: a real app asks the phone for its place. */
const ZONE_ID = 'demoville';
const PLACE = { lat: 48.2082, lng: 16.3738 };
const HOME: DropOff = { ...PLACE, addressLine: 'Station Road 1', contactName: 'Eva Example' };

const euros = (amount: Minor, currency: string): string => formatMoney({ minor: amount, currency }, navigator.language);

function askForName(): void {
  const name = element('input', { value: 'Eva Example', id: 'name' });
  const signUp = button('Sign up', async () => {
    await createUserWithEmailAndPassword(auth, `${createKey()}@example.test`, createKey());
    await tiffin.call('createProfile', {
      displayName: name.value,
      locale: navigator.language,
      deviceId: createKey(),
    });
    await auth.currentUser?.getIdToken(true);
    await showRestaurants();
  });
  show(element('h1', { textContent: 'Hungry?' }), name, signUp);
}

async function showRestaurants(): Promise<void> {
  const { restaurants } = await tiffin.call('discover', { place: PLACE, openOnly: true });
  const list = restaurants.map(({ restaurantId, name, cuisines, deliveryFeeMinor, currency }) => {
    const fee = deliveryFeeMinor === null ? '' : `, delivery ${euros(deliveryFeeMinor, currency)}`;
    return element(
      'li',
      {},
      button(name, () => showMenu(restaurantId)),
      ` ${cuisines.join(', ')}${fee}`,
    );
  });
  show(element('h1', { textContent: 'Open now' }), element('ul', { id: 'restaurants' }, ...list));
}

/** The fewest options that an item requires. */
function requiredOptions(menu: Menu, groupIds: readonly string[]): NonNullable<CartLineToSend['modifiers']> {
  return menu.groups
    .filter(({ id, min }) => groupIds.includes(id) && min > 0)
    .flatMap(({ min, options }) => options.slice(0, min))
    .map(({ id, groupIds: opened }) => ({ optionId: id, quantity: 1, modifiers: [...requiredOptions(menu, opened)] }));
}

async function showMenu(restaurantId: string): Promise<void> {
  const menu = await tiffin.get('menu', { restaurantId });
  if (!menu) return report('This restaurant has no menu yet.');
  const cart = new Map<string, number>();
  const filled = element('p', { id: 'cart', textContent: 'The cart is empty.' });
  const add = (item: MenuItem) =>
    button(`${item.name} ${euros(item.priceMinor, menu.currency)}`, async () => {
      cart.set(item.id, (cart.get(item.id) ?? 0) + 1);
      filled.textContent = `${[...cart.values()].reduce((sum, count) => sum + count, 0)} in the cart`;
    });
  const quote = button('Get a price', async () => {
    const lines = menu.items.flatMap(({ id, groupIds }) => {
      const quantity = cart.get(id) ?? 0;
      return quantity === 0 ? [] : [{ itemId: id, quantity, modifiers: requiredOptions(menu, groupIds) }];
    });
    showQuote(await tiffin.call('quote', { restaurantId, kind: 'delivery', lines, dropOff: HOME }));
  });
  const items = menu.items.map((item) => element('li', {}, add(item)));
  show(element('h1', { textContent: 'Menu' }), element('ul', { id: 'menu' }, ...items), filled, quote);
}

function showQuote({ quoteId, totals, currency, lines }: QuoteOutput): void {
  const rows = lines.map(({ quantity, name, netMinor }) =>
    element('li', { textContent: `${quantity} × ${name} ${euros(netMinor, currency)}` }),
  );
  // Chosen once, so that a repeated tap places one order.
  const idempotencyKey = createKey();
  const order = button(`Order for ${euros(totals.totalMinor, currency)}`, async () => {
    const placed = await tiffin.call('placeOrder', { quoteId, idempotencyKey, confirmedTotalMinor: totals.totalMinor });
    if (placed.outcome === 'placed') return follow(placed);
    report('The price has changed.');
    return showRestaurants();
  });
  show(element('h1', { textContent: 'Your order' }), element('ul', {}, ...rows), order);
}

/** Follows the order, with the courier's position once the courier is on the way. */
async function follow({ orderId, pin, payment }: PlaceOrderOutputPlaced): Promise<void> {
  const status = element('h1', { id: 'status' });
  const [arrival, messages, after] = [element('p', { id: 'eta' }), element('ul', { id: 'chat' }), element('div', {})];
  const sheet = element('iframe', { id: 'sheet', src: payment ? payingPage(payment.clientSecret) : 'about:blank' });
  show(
    status,
    element('p', { id: 'pin', textContent: `PIN for the courier: ${pin}` }),
    arrival,
    sheet,
    messages,
    after,
  );
  const { uid } = await tiffin.session();
  const [zone, table] = await Promise.all([
    tiffin.get('zone', { zoneId: ZONE_ID }),
    tiffin.get('etaTable', { zoneId: ZONE_ID }),
  ]);
  let position: LivePosition | null = null;
  let stopFollowing: (() => void) | undefined;
  tiffin.listen(
    'order',
    { orderId },
    (order) => {
      if (!order) return;
      status.textContent = order.status;
      sheet.hidden = order.status !== 'pending_payment';
      arrival.textContent = describeArrival(order, position, zone, table);
      if (order.status === 'picked_up' && order.courierId !== null)
        stopFollowing ??= tiffin.listen(
          'position',
          { uid: order.courierId, orderId },
          (live) => {
            position = live;
            arrival.textContent = describeArrival(order, live, zone, table);
          },
          stopOnError,
        );
      else stopFollowing?.();
      if (order.status === 'delivered' && after.childElementCount === 0) after.append(...afterwards(orderId, order));
    },
    stopOnError,
  );
  followChat(orderId, uid, (rows) =>
    messages.replaceChildren(...rows.map((row) => element('li', { textContent: row }))),
  );
  after.before(chatBox(orderId, uid));
}

function describeArrival(order: Order, live: LivePosition | null, zone: Zone | null, table: EtaTable | null): string {
  const position = live?.fixes?.at(-1) ?? null;
  const pace = zone ? paceOf(zone, order.courierVehicle) : 1;
  const eta = computeEta({ order, position, door: HOME, pace, table, nowMs: Date.now() });
  return eta ? `Arrives about ${new Date(eta.p50AtMs).toLocaleTimeString()}` : '';
}

function chatBox(orderId: string, uid: string): HTMLElement {
  const text = element('input', { id: 'message', placeholder: 'To the kitchen' });
  let messages: MessageQueue | undefined;
  const send = button('Send', async () => {
    const order = await tiffin.get('order', { orderId });
    if (!order) return;
    messages ??= await tiffin.messages(orderId, 'customer');
    await messages.send({ customerId: uid, restaurantId: order.restaurantId, courierId: null }, text.value);
    text.value = '';
  });
  return element('p', {}, text, send);
}

/** A tip for the courier and a review, once the food is there. */
function afterwards(orderId: string, order: Order): Node[] {
  const amountMinor = minor(200);
  const idempotencyKey = createKey();
  const tip = button(`Tip ${euros(amountMinor, order.currency)}`, async () => {
    const { payment } = await tiffin.call('addTip', { orderId, idempotencyKey, amountMinor });
    if (payment) tip.after(element('iframe', { id: 'tip-sheet', src: payingPage(payment.clientSecret) }));
  });
  const text = element('input', { value: 'Hot and soon there.' });
  const review = button('Five stars', async () => {
    await tiffin.call('reviewOrder', { orderId, restaurant: { stars: 5, text: text.value } });
    review.replaceWith('Thank you!');
  });
  return [element('p', {}, tip), element('p', { id: 'review' }, text, review)];
}

askForName();
