import { createKey, staffKeyOf, type Found, type MessageQueue, type MoveToSend, type Order } from '@tiffin/client';
import { askToSignIn, button, element, keep, report, show, tiffin } from './page.js';

async function openBoard(): Promise<void> {
  const { uid, restaurants } = await tiffin.session();
  const [restaurantId] = restaurants;
  if (restaurantId === undefined) return report('This account works for no restaurant.');
  const board = element('div', { id: 'board' });
  show(element('h1', { textContent: 'Open orders' }), board);
  tiffin.listenAll(
    'kitchenBoard',
    { restaurantId, staffKey: staffKeyOf(uid) },
    (orders) =>
      board.replaceChildren(
        ...orders.map((order) => keep(`${order.id} ${order.data.status}`, () => card(restaurantId, order))),
      ),
    (error) => report(error.message),
  );
}

/** One order, with the step that comes next. */
function card(restaurantId: string, { id, data }: Found<Order>): HTMLElement {
  const lines = data.lines.map(({ quantity, name, note }) =>
    element('li', { textContent: `${quantity} × ${name}${note === undefined ? '' : ` (${note})`}` }),
  );
  const title = element('h2', { textContent: `${data.code}: ${data.status}` });
  const found = element('section', { id: `order-${id}` }, title, element('ul', {}, ...lines), ...steps(id, data));
  if (data.status === 'accepted') found.append(answerBox(restaurantId, id, data));
  return found;
}

function steps(orderId: string, { status, kind, events }: Order): Node[] {
  switch (status) {
    case 'placed':
      return [
        step('Accept', orderId, { action: 'accept' }),
        step('Reject', orderId, { action: 'reject', reason: 'too_busy' }),
      ];
    case 'accepted':
      return [step('Start cooking', orderId, { action: 'startPreparing' })];
    case 'preparing':
      return [
        step('Ready', orderId, { action: 'markReady' }),
        step('10 minutes more', orderId, { action: 'delay', minutes: 10, events: events.length }),
      ];
    case 'ready':
      return kind === 'pickup' ? [handOver(orderId)] : [pickUpCode(orderId)];
    default:
      return [];
  }
}

function step(label: string, orderId: string, move: MoveToSend): HTMLButtonElement {
  // Chosen once for each intention: a repeated call is the same step.
  const idempotencyKey = createKey();
  return button(label, () => tiffin.call('moveOrder', { orderId, idempotencyKey, move }));
}

/** A customer collects with the PIN of the order. */
function handOver(orderId: string): HTMLElement {
  const pin = element('input', { placeholder: 'PIN of the customer' });
  const collect = button('Hand over', () =>
    tiffin.call('moveOrder', {
      orderId,
      idempotencyKey: createKey(),
      move: { action: 'collect', pin: pin.value },
    }),
  );
  return element('p', {}, pin, collect);
}

/** The code that the courier types at the counter; no document holds it. */
function pickUpCode(orderId: string): HTMLElement {
  const code = element('strong', { className: 'code' });
  const read = button('Show the code for the courier', async () => {
    code.textContent = (await tiffin.call('readPickUpCode', { orderId })).pickUpCode;
  });
  return element('p', {}, read, code);
}

function answerBox(restaurantId: string, orderId: string, { customerId }: Order): HTMLElement {
  const text = element('input', { placeholder: 'To the customer' });
  let messages: MessageQueue | undefined;
  const send = button('Send', async () => {
    messages ??= await tiffin.messages(orderId, 'merchant');
    await messages.send({ customerId, restaurantId, courierId: null }, text.value);
    text.value = '';
  });
  return element('p', {}, text, send);
}

askToSignIn('merchant1@demo.test', openBoard);
