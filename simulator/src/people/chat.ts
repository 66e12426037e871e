import {
  collection,
  doc,
  getCountFromServer,
  limit,
  onSnapshot,
  orderBy,
  query,
  serverTimestamp,
  setDoc,
  Timestamp,
  where,
  type QueryDocumentSnapshot,
  type Unsubscribe,
} from 'firebase/firestore';
import { isDenied, type App } from './app.js';
import type { Ordering } from './customer.js';
import { pause } from './pause.js';

/** A thread between the customer and one other party, the restaurant or the courier. The other id is null. */
export interface Thread {
  orderId: string;
  customerId: string;
  restaurantId: string | null;
  courierId: string | null;
}

/** Writes this user's n-th message about an order. */
export async function say(
  app: App,
  { orderId, ...parties }: Thread,
  role: 'customer' | 'merchant' | 'courier',
  n: number,
  text: string,
): Promise<void> {
  const { authTime } = app;
  const { uid } = app.user;
  const message = { uid, role, n, ...parties, text, createdAt: serverTimestamp(), authTime, state: 'new' };
  await setDoc(doc(app.db, `orders/${orderId}/messages/${uid}-${n}`), message);
}

/** The kitchen and the courier each ask one question, and the customer answers each. */
const MESSAGES = 4;
/** The rules refuse messages at a shorter interval. */
const BETWEEN_MS = 1_100;
const PATIENCE_MS = 90_000;

/** Answers each question until all messages are shown to both parties, then marks the chat as read. */
export async function chat(ordering: Ordering, orderId: string): Promise<void> {
  const { app, events, afterHours } = ordering;
  const messages = await waitForMessages(ordering, orderId);
  for (const message of messages) {
    const text = String(message.get('text'));
    events.emit({ type: 'happened', what: 'messageShown' });
    if (/\d{5}/.test(text.replaceAll(' ', ''))) throw new Error(`a chat of ${orderId} shows a telephone number`);
    if (text.includes('•')) events.emit({ type: 'happened', what: 'messageMasked' });
  }
  await read(app, orderId, messages);
  afterHours.push(() => checkClosed(ordering, orderId));
}

function waitForMessages({ app, restaurant }: Ordering, orderId: string): Promise<QueryDocumentSnapshot[]> {
  const { uid } = app.user;
  let said = 0;
  let saying = Promise.resolve();
  return new Promise((resolve, reject) => {
    let stop: Unsubscribe = () => undefined;
    const timeout = setTimeout(
      () => reject(new Error(`the chat of ${orderId} has not had ${MESSAGES} messages within ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
    const answer = async (message: QueryDocumentSnapshot): Promise<void> => {
      const courierId: string | null = message.get('courierId');
      const thread = { orderId, customerId: uid, courierId, restaurantId: courierId === null ? restaurant.id : null };
      await say(
        app,
        thread,
        'customer',
        ++said,
        courierId === null ? 'Without, please.' : 'Third floor. Or ring +43 660 1234567.',
      );
      await pause(BETWEEN_MS);
    };
    stop = onSnapshot(
      shown(app, orderId),
      (snapshot) => {
        const added = snapshot.docChanges().filter(({ type }) => type === 'added');
        for (const { doc: message } of added) {
          if (message.get('uid') !== uid) saying = saying.then(() => answer(message)).catch(reject);
        }
        if (snapshot.size < MESSAGES) return;
        clearTimeout(timeout);
        // The first snapshot can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve(snapshot.docs);
      },
      reject,
    );
  });
}

/** The query for the messages that the customer can see, in the server's order. */
const shown = (app: App, orderId: string, since = new Timestamp(0, 0)) =>
  query(
    collection(app.db, `orders/${orderId}/messages`),
    where('customerId', '==', app.user.uid),
    where('state', '==', 'shown'),
    where('createdAt', '>', since),
    orderBy('createdAt'),
    limit(50),
  );

/** Marks the first message as read, then the rest, and checks the number of unread messages after each step. */
async function read(app: App, orderId: string, messages: readonly QueryDocumentSnapshot[]): Promise<void> {
  for (const [last, unread] of [
    [0, MESSAGES - 1],
    [MESSAGES - 1, 0],
  ] as const) {
    const readUpTo: Timestamp = messages[last]?.get('createdAt');
    await setDoc(doc(app.db, `users/${app.user.uid}/reads/${orderId}`), { readUpTo });
    const counted = (await getCountFromServer(shown(app, orderId, readUpTo))).data().count;
    if (counted !== unread) throw new Error(`${counted} messages of ${orderId} are unread, expected ${unread}`);
  }
}

async function checkClosed({ app, restaurant, events }: Ordering, orderId: string): Promise<void> {
  const thread = { orderId, customerId: app.user.uid, restaurantId: restaurant.id, courierId: null };
  try {
    await say(app, thread, 'customer', 3, 'Are you still there?');
  } catch (error) {
    if (!isDenied(error)) throw error;
    return events.emit({ type: 'happened', what: 'chatClosed' });
  }
  throw new Error(`the chat of ${orderId} is still open two hours after the delivery`);
}
