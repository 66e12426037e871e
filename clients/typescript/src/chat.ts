import {
  doc,
  getDoc,
  getDocFromCache,
  serverTimestamp,
  setDoc,
  waitForPendingWrites,
  type DocumentReference,
} from 'firebase/firestore';
import { isDenied, isUnavailable } from './errors.js';
import { fill } from './paths.js';
import type { Session } from './session.js';

/** The number of messages that one user may write about one order. */
const MAX_MESSAGES = 200;

/** The parties of a chat: the customer of an order and either its restaurant or its courier. */
export type Parties = { readonly customerId: string } & (
  | { readonly restaurantId: string; readonly courierId: null }
  | { readonly restaurantId: null; readonly courierId: string }
);

/** A chat of an order. */
export type Thread = Parties & { readonly orderId: string };

/**
 * Writes the user's n-th message about an order, counted over both chats from 1: one more than `countMessages` at first.
 * The number makes a repeated write the same message. The rules accept one each second, and deny a number that is used:
 * a MessageQueue keeps to both. The other party sees the message once the server has filtered it.
 */
export async function sendMessage(
  session: Session,
  { orderId, customerId, restaurantId, courierId }: Thread,
  role: 'customer' | 'merchant' | 'courier',
  n: number,
  text: string,
): Promise<void> {
  const { uid, authTime } = session;
  const parties = { customerId, restaurantId, courierId };
  const message = { uid, role, n, ...parties, text, createdAt: serverTimestamp(), authTime, state: 'new' };
  await setDoc(messageRef(session, orderId, n), message);
}

/**
 * Counts the user's messages about an order, those on the phone included that are not sent yet. It needs at most fifteen
 * reads. Where the server cannot be reached, it counts those on the phone.
 */
export async function countMessages(session: Session, orderId: string): Promise<number> {
  const isKnown = (n: number) => isInCache(messageRef(session, orderId, n));
  try {
    const isWritten = async (n: number) => (await isKnown(n)) || isStored(messageRef(session, orderId, n));
    return await findLast(isWritten, MAX_MESSAGES);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    for (let n = MAX_MESSAGES; n >= 1; n -= 1) if (await isKnown(n)) return n;
    return 0;
  }
}

/** Resolves once what the phone had written before is stored or denied. */
export const flushWrites = ({ db }: Session): Promise<void> => waitForPendingWrites(db);

/** Finds the last of the numbers from 1 that are used, by doubling and halving; 0 where none is. */
export async function findLast(isUsed: (n: number) => Promise<boolean>, max: number): Promise<number> {
  let [used, free] = [0, 1];
  while (free <= max && (await isUsed(free))) [used, free] = [free, free * 2];
  free = Math.min(free, max + 1);
  while (free - used > 1) {
    const middle = Math.floor((used + free) / 2);
    if (await isUsed(middle)) used = middle;
    else free = middle;
  }
  return used;
}

const messageRef = ({ db, uid }: Session, orderId: string, n: number): DocumentReference =>
  doc(db, fill('orders/{orderId}/messages/{messageId}', { orderId, messageId: `${uid}-${n}` }));

async function isInCache(ref: DocumentReference): Promise<boolean> {
  try {
    return (await getDocFromCache(ref)).exists();
  } catch (error) {
    if (isUnavailable(error)) return false;
    throw error;
  }
}

/** The rules deny a message that does not exist. */
async function isStored(ref: DocumentReference): Promise<boolean> {
  try {
    return (await getDoc(ref)).exists();
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}
