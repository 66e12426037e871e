import {
  deleteDoc,
  doc,
  serverTimestamp,
  setDoc,
  Timestamp,
  updateDoc,
  type DocumentReference,
  type Firestore,
} from 'firebase/firestore';
import { idsInCart } from './cart.js';
import type { CartLineToSend, Device, MenuDraftToSend, SavedAddress } from './generated/types.js';
import { fill } from './paths.js';
import type { EpochMs } from './scalars.js';
import type { Session } from './session.js';
import { withoutGaps } from './values.js';

/** The ids of the addresses that a user may keep: `other-0` to `other-19` besides home and work. */
export type AddressId = 'home' | 'work' | `other-${number}`;

/** Registers this phone or browser for pushes. A user has at most twenty; the oldest are removed. */
export async function registerDevice({ db, uid }: Session, deviceId: string, device: Device): Promise<void> {
  await setDoc(ref(db, 'users/{uid}/devices/{deviceId}', { uid, deviceId }), withoutGaps(device));
}

/** Ends the pushes to this phone or browser, for example when its user signs out. */
export async function removeDevice({ db, uid }: Session, deviceId: string): Promise<void> {
  await deleteDoc(ref(db, 'users/{uid}/devices/{deviceId}', { uid, deviceId }));
}

/** Stores an address of the user, or replaces it. */
export async function saveAddress({ db, uid }: Session, id: AddressId, address: SavedAddress): Promise<void> {
  await setDoc(ref(db, 'users/{uid}/addresses/{id}', { uid, id }), withoutGaps(address));
}

/** Deletes an address of the user. */
export async function removeAddress({ db, uid }: Session, id: AddressId): Promise<void> {
  await deleteDoc(ref(db, 'users/{uid}/addresses/{id}', { uid, id }));
}

/** Keeps a restaurant among the favourites of the user. */
export async function addFavourite({ db, uid }: Session, restaurantId: string): Promise<void> {
  await setDoc(ref(db, 'users/{uid}/favourites/{restaurantId}', { uid, restaurantId }), { addedAt: serverTimestamp() });
}

/** Takes a restaurant out of the favourites of the user. */
export async function removeFavourite({ db, uid }: Session, restaurantId: string): Promise<void> {
  await deleteDoc(ref(db, 'users/{uid}/favourites/{restaurantId}', { uid, restaurantId }));
}

/** Stores the cart, so that it follows the user to another phone. */
export async function saveCart(
  { db, uid }: Session,
  cart: { readonly restaurantId: string; readonly lines: readonly CartLineToSend[] },
): Promise<void> {
  const itemIds = idsInCart(cart.lines);
  await setDoc(ref(db, 'carts/{uid}', { uid }), { ...withoutGaps(cart), itemIds, updatedAt: serverTimestamp() });
}

/** Marks a ticket of a kitchen as printed, once, as the bridge of its printer. */
export async function markTicketPrinted({ db }: Session, restaurantId: string, ticketId: string): Promise<void> {
  const ticket = ref(db, 'restaurants/{restaurantId}/tickets/{ticketId}', { restaurantId, ticketId });
  await updateDoc(ticket, { printedAt: serverTimestamp() });
}

/** Deletes the stored cart. */
export async function removeCart({ db, uid }: Session): Promise<void> {
  await deleteDoc(ref(db, 'carts/{uid}', { uid }));
}

/** Saves the menu that managers edit; `publishMenu` checks and publishes it. */
export async function saveMenuDraft({ db }: Session, restaurantId: string, draft: MenuDraftToSend): Promise<void> {
  await setDoc(ref(db, 'restaurants/{restaurantId}/menus/draft', { restaurantId }), withoutGaps(draft));
}

/** Marks a notification as read; only once. */
export async function markNotificationRead({ db, uid }: Session, eventId: string): Promise<void> {
  await updateDoc(ref(db, 'users/{uid}/inbox/{eventId}', { uid, eventId }), { readAt: serverTimestamp() });
}

/** Marks the chat of an order as read up to the time of a message. */
export async function markChatRead({ db, uid }: Session, orderId: string, readUpToMs: EpochMs): Promise<void> {
  await setDoc(ref(db, 'users/{uid}/reads/{orderId}', { uid, orderId }), {
    readUpTo: Timestamp.fromMillis(readUpToMs),
  });
}

const ref = (db: Firestore, path: string, ids: Readonly<Record<string, string>>): DocumentReference =>
  doc(db, fill(path, ids));
