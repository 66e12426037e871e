import { doc, serverTimestamp, setDoc } from 'firebase/firestore';
import type { Session } from './session.js';

/** A chat of an order: between its customer and either the restaurant or the courier. */
export type Thread = { readonly orderId: string; readonly customerId: string } & (
  | { readonly restaurantId: string; readonly courierId: null }
  | { readonly restaurantId: null; readonly courierId: string }
);

/**
 * Writes the user's n-th message about an order, counted over both chats from 1: the number makes a repeated write the
 * same message. The rules accept one each second. The other party sees it once the server has filtered it.
 */
export async function sendMessage(
  { db, uid, authTime }: Session,
  { orderId, customerId, restaurantId, courierId }: Thread,
  role: 'customer' | 'merchant' | 'courier',
  n: number,
  text: string,
): Promise<void> {
  const parties = { customerId, restaurantId, courierId };
  const message = { uid, role, n, ...parties, text, createdAt: serverTimestamp(), authTime, state: 'new' };
  await setDoc(doc(db, `orders/${orderId}/messages/${uid}-${n}`), message);
}
