import {
  createKey,
  epochMs,
  goOffline,
  PositionStream,
  showPresence,
  type ActiveDelivery,
  type Courier,
  type LatLng,
  type MoveToSend,
  type Offer,
  type Session,
} from '@tiffin/client';
import { askToSignIn, button, element, keep, report, show, tiffin } from './page.js';

/** Where the example says that it is: a real app asks the phone, and sends its way as it rides. */
let here: LatLng = { lat: 48.2082, lng: 16.3738 };

async function openShift(): Promise<void> {
  const session = await tiffin.session();
  const work = element('div', { id: 'work' });
  const goOnline = button('Go online', () => showPresence(session, here));
  show(
    element('h1', { id: 'state' }),
    goOnline,
    button('Go offline', () => goOffline(session)),
    work,
  );
  // Apps send a heartbeat every half minute: without one a courier gets no more offers.
  let isOnline = false;
  setInterval(
    () => void (isOnline && showPresence(session, here).catch((error: Error) => report(error.message))),
    30_000,
  );
  tiffin.listen(
    'courier',
    { uid: session.uid },
    (courier) => {
      if (!courier) return report('This account is no courier.');
      isOnline = courier.online;
      const state = document.getElementById('state');
      if (state) state.textContent = courier.online ? 'Online' : 'Offline';
      work.replaceChildren(...tasks(session, courier));
    },
    (error) => report(error.message),
  );
}

function tasks(session: Session, { offer, active }: Courier): Node[] {
  const deliveries = Object.entries(active).map(([orderId, delivery]) =>
    keep(orderId, () => carry(session, orderId, delivery)),
  );
  return offer ? [keep(`offer of ${offer.orderId}`, () => describeOffer(offer)), ...deliveries] : deliveries;
}

function describeOffer({ orderId, restaurantName }: Offer): HTMLElement {
  const idempotencyKey = createKey();
  const answer = (what: 'accept' | 'decline') => () =>
    tiffin.call('respondToOffer', { orderId, idempotencyKey, answer: what });
  return element(
    'section',
    { id: 'offer' },
    element('h2', { textContent: `An offer: ${restaurantName}` }),
    button('Accept', answer('accept')),
    button('Decline', answer('decline')),
  );
}

/** One delivery: to the counter, with the code to the door, with the PIN to the end. */
function carry(
  session: Session,
  orderId: string,
  { code, restaurantName, pickUpAt, dropOff }: ActiveDelivery,
): HTMLElement {
  const positions = new PositionStream(session, orderId);
  const [counterCode, pin] = [
    element('input', { placeholder: 'Code of the kitchen', className: 'code' }),
    element('input', { placeholder: 'PIN of the customer', className: 'pin' }),
  ];
  const fix = () => ({ lat: here.lat, lng: here.lng, takenAtMs: epochMs(Date.now()) });
  const move = (step: MoveToSend) => tiffin.call('moveOrder', { orderId, idempotencyKey: createKey(), move: step });
  const toCounter = button('I am at the counter', async () => {
    here = pickUpAt;
    await showPresence(session, here);
    await move({ action: 'arrive', fix: fix() });
  });
  const pickUp = button('Pick up', () => move({ action: 'pickUp', code: counterCode.value, fix: fix() }));
  const toDoor = button('I am at the door', async () => {
    here = dropOff;
    await positions.send([{ lat: here.lat, lng: here.lng, agoMs: 0 }]);
    await move({ action: 'arrive', fix: fix() });
  });
  const deliver = button('Deliver', () =>
    move({ action: 'deliver', fix: fix(), proof: { type: 'pin', pin: pin.value } }),
  );
  return element(
    'section',
    { id: `order-${orderId}` },
    element('h2', { textContent: `${code}: ${restaurantName} → ${dropOff.addressLine}` }),
    element('p', {}, toCounter, counterCode, pickUp),
    element('p', {}, toDoor, pin, deliver),
  );
}

askToSignIn('courier1@demo.test', openShift);
