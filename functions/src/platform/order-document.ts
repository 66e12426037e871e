import type { Firestore } from 'firebase-admin/firestore';
import {
  HIDDEN,
  HIDDEN_EDIT,
  HIDDEN_FLAGS,
  OrderDocument,
  SealedOrder,
  SHOWN_EVENT,
  SHOWN_PAYMENT,
} from '../contract/order-documents.js';
import { ORDER_FLAGS, type Order, type OrderFlag, type OrderStatus } from '../contract/orders.js';
import { deriveKey, seal, unseal } from '../core/seal.js';
import { omitFields, pickFields, type Fields } from './sealed-fields.js';

const KEYS = new WeakMap<Firestore, () => Buffer>();

/** Sets the secret with which the orders of a database are written and read; before the first of them. */
export function setOrderKey(db: Firestore, getSecret: () => string): void {
  let key: Buffer | undefined;
  KEYS.set(db, () => (key ??= deriveOrderKey(getSecret())));
}

/** Derives the key of orders from the secret of the backend. */
export const deriveOrderKey = (secret: string): Buffer => deriveKey(secret, 'order');

/** Returns the key of a database. Throws where none was set, which is a fault of the program. */
export function getOrderKey(db: Firestore): Buffer {
  const createKey = KEYS.get(db);
  if (!createKey) throw new Error('setOrderKey was not called for this database');
  return createKey();
}

/** Divides an order into the fields that its parties read, and `sealed`. Each field is in one of the two. */
export function toOrderDocument(order: Order, key: Buffer): OrderDocument {
  const hidden = JSON.stringify(SealedOrder.parse(selectHidden(order)));
  return OrderDocument.parse({ ...selectShown(order), sealed: seal(key, toSubject(order), hidden) });
}

/**
 * Returns the fields of an order from those that are stored, for its schema to check. Null where `sealed` was encrypted
 * by another key or for another order. A document without `sealed` is returned as it is.
 */
export function toOrderFields(stored: Fields, key: Buffer): Fields | null {
  const { sealed, cashMinor: _, ...shown } = stored;
  if (sealed === undefined) return stored;
  const text = unseal(key, toSubject(stored), String(sealed));
  const hidden = text === null ? null : SealedOrder.safeParse(JSON.parse(text)).data;
  return hidden ? join(shown, hidden) : null;
}

/** Facts of the order that never change. */
const toSubject = ({ restaurantId, code, createdAtMs }: Fields): string =>
  `${String(restaurantId)} ${String(code)} ${String(createdAtMs)}`;

const isHiddenFlag = ({ kind }: OrderFlag): boolean => HIDDEN_FLAGS.some((one) => one === kind);

function selectShown(order: Order): Fields {
  const { payment, totals, rider, edit, flags = [], events, customerName } = order;
  const shownFlags = flags.filter((flag) => !isHiddenFlag(flag));
  return {
    ...omitFields(order, { ...HIDDEN, flags: true }),
    customerName: isEnded(order) ? toFirstName(customerName) : customerName,
    payment: pickFields(payment, SHOWN_PAYMENT),
    ...(payment.method === 'cash' && { cashMinor: totals.totalMinor }),
    ...(rider && { rider: { type: rider.type } }),
    ...(edit && { edit: omitFields(edit, HIDDEN_EDIT) }),
    ...(shownFlags.length > 0 && { flags: shownFlags }),
    events: events.map((event) => pickFields(event, SHOWN_EVENT)),
  };
}

function selectHidden(order: Order): Fields {
  const { payment, rider, edit, flags = [], events, customerName } = order;
  const hiddenFlags = flags.filter(isHiddenFlag);
  return {
    ...pickFields(order, HIDDEN),
    ...(isEnded(order) && toFirstName(customerName) !== customerName && { customerName }),
    payment: omitFields(payment, SHOWN_PAYMENT),
    ...(rider?.type === 'outside' && { rider: omitFields(rider, { type: true }) }),
    ...(edit && { edit: pickFields(edit, HIDDEN_EDIT) }),
    ...(hiddenFlags.length > 0 && { flags: hiddenFlags }),
    events: events.map((event) => omitFields(event, SHOWN_EVENT)),
  };
}

/** Values that were stored in another form, or where they do not belong, stay for the order's schema to refuse. */
function join(shown: Fields, hidden: SealedOrder): Fields {
  const { payment, rider, edit, flags, events, customerName, ...rest } = hidden;
  const steps = Array.isArray(shown['events']) ? shown['events'] : [];
  return {
    ...rest,
    ...shown,
    ...(customerName !== undefined && { customerName }),
    payment: joined(shown['payment'], payment),
    ...(rider && { rider: joined(shown['rider'], rider) }),
    ...(edit && { edit: joined(shown['edit'], edit) }),
    ...(flags && { flags: joinFlags(shown['flags'], flags) }),
    events: steps.map((step: unknown, index) => joined(step, events[index] ?? {})),
  };
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const joined = (shown: unknown, hidden: Fields): unknown => (isFields(shown) ? { ...hidden, ...shown } : shown);

function joinFlags(shown: unknown, hidden: readonly OrderFlag[]): unknown[] {
  const all: unknown[] = [...(Array.isArray(shown) ? shown : []), ...hidden];
  return ORDER_FLAGS.flatMap((kind) => all.filter((flag) => isFields(flag) && flag['kind'] === kind));
}

/** In these statuses the customer is no longer to be found at a door or counter. */
const ENDED: readonly OrderStatus[] = [
  'delivered',
  'collected',
  'returned',
  'completed',
  'expired',
  'rejected',
  'cancelled',
];
const isEnded = ({ status }: Order): boolean => ENDED.includes(status);
const toFirstName = (name: string): string => name.split(' ')[0] ?? name;
