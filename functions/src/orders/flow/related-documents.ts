import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import { addSoldOut } from '../../catalog/model/availability.js';
import type { ActiveDelivery } from '../../contract/couriers.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import { Restaurant } from '../../contract/restaurants.js';
import { isPseudonym } from '../../ledger/model/account-id.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import type { Transition, OrderCommand } from '../model/order-command.js';
import type { AssignedCourier, CourierReading } from './read-assigned-courier.js';
import { merge, update } from '../../platform/stored.js';
import { TICKET_KEPT_MS } from '../../contract/tickets.js';
import { findTicketKind, printTicket } from '../model/ticket.js';

const DAY_MS = 24 * 3_600_000;

interface RelatedInput {
  orderId: string;
  before: Order;
  moved: Transition;
  assignedCourier: AssignedCourier | null;
  withdrawn: CourierReading['withdrawn'];
}

/** Writes the small documents beside the order that a step changes in the same commit. */
export function writeRelatedDocuments(ctx: Context, tx: Transaction, around: RelatedInput): void {
  const { before, moved } = around;
  withdrawOffers(ctx, tx, around);
  if (around.assignedCourier) assignCourier(ctx, tx, around, around.assignedCourier);
  const courierId = getExistingCourier(before);
  if (courierId !== null && isTakenFromCourier(before, moved.order)) releaseCourier(ctx, tx, around, courierId);
  else if (courierId !== null && before.totals.totalMinor !== moved.order.totals.totalMinor)
    reserveCash(ctx, tx, around);
  if (moved.event.to === 'picked_up' && before.status !== 'picked_up')
    openPosition(ctx, tx, around.orderId, moved.order);
  writeTicket(ctx, tx, around);
  if (moved.event.action === 'fail') hidePosition(ctx, tx, around.orderId, moved.order);
  if (moved.event.action === 'handOver') movePosition(ctx, tx, around.orderId, moved.order);
  if (beginsSearch(moved.event)) tx.delete(paths.search(ctx.db, around.orderId));
}

/** True where a search begins from the first wave: now, or once the courier or rider of an operator loses the order. */
const beginsSearch = ({ action, by }: OrderEvent): boolean =>
  action === 'restartSearch' || action === 'sendRider' || (action === 'assign' && by === 'operator');

/** Writes the ticket for the kitchen's printer; an order of a restaurant without one costs nothing. */
function writeTicket(ctx: Context, tx: Transaction, { orderId, before, moved }: RelatedInput): void {
  const { order, event } = moved;
  const kind = findTicketKind(before, order);
  if (kind === null || !order.tickets) return;
  const nowMs = ctx.now();
  tx.set(paths.ticket(ctx.db, order.restaurantId, `${orderId}-${event.n}`), {
    orderId,
    code: order.code,
    kind,
    columns: order.tickets.columns,
    ...printTicket(order, order.tickets, kind),
    createdAtMs: nowMs,
    printedAt: null,
    expireAt: nowMs + TICKET_KEPT_MS,
  });
}

/** An erased courier has no document any more: its update would refuse each step that ends the order. */
const getExistingCourier = ({ courierId }: Order): string | null =>
  courierId === null || isPseudonym(courierId) ? null : courierId;

function assignCourier(
  ctx: Context,
  tx: Transaction,
  { orderId, before }: RelatedInput,
  assignedCourier: AssignedCourier,
): void {
  const { dropOff, offer, courier } = assignedCourier;
  const delivery: ActiveDelivery = {
    code: before.code,
    restaurantName: before.restaurantName,
    pickUpAt: before.pickUpAt,
    dropOff,
    ...(before.payment.method === 'cash' && { floatMinor: before.totals.totalMinor }),
  };
  update(tx, paths.courier(ctx.db, assignedCourier.uid), {
    [`active.${orderId}`]: delivery,
    // An open offer for the order counted as load: the delivery replaces it. One for another order stays.
    ...(offer ? { offer: null } : { load: courier.load + 1 }),
  });
}

/** The end tasks of the withdrawn offers find nothing to do. */
function withdrawOffers(ctx: Context, tx: Transaction, { withdrawn }: RelatedInput): void {
  for (const uid of withdrawn) update(tx, paths.courier(ctx.db, uid), { offer: null, load: FieldValue.increment(-1) });
}

/** An edit of a cash order changes the amount that the courier will carry. */
function reserveCash(ctx: Context, tx: Transaction, { orderId, moved: { order } }: RelatedInput): void {
  if (order.payment.method !== 'cash' || order.courierId === null) return;
  update(tx, paths.courier(ctx.db, order.courierId), { [`active.${orderId}.floatMinor`]: order.totals.totalMinor });
}

/** True where the courier no longer has the order: it ended, or another courier was assigned. */
function isTakenFromCourier(before: Order, after: Order): boolean {
  // A cancellation released the courier already; the order keeps the id for its settlement, a restored one removes it.
  if (before.status === 'cancelled') return false;
  const ended = ['delivered', 'returned', 'cancelled'].includes(after.status) && before.status !== after.status;
  return ended || after.courierId !== before.courierId;
}

/**
 * Removes the address from the courier's document, adds the cash collected at the door, and ends the parties' access to
 * the courier's position.
 */
function releaseCourier(
  ctx: Context,
  tx: Transaction,
  { orderId, before: order, moved }: RelatedInput,
  uid: string,
): void {
  const { method, capturedMinor } = moved.order.payment;
  const takenMinor = method === 'cash' ? capturedMinor - order.payment.capturedMinor : 0;
  update(tx, paths.courier(ctx.db, uid), {
    [`active.${orderId}`]: FieldValue.delete(),
    load: FieldValue.increment(-1),
    idleSinceMs: ctx.now(),
    ...(takenMinor > 0 && { cashMinor: FieldValue.increment(takenMinor) }),
  });
  if (order.status !== 'picked_up' && order.status !== 'undeliverable') return;
  tx.delete(paths.position(ctx.db, uid, orderId));
}

/** Creates the live position: from the pick-up on, the order's parties may see where the courier is. */
function openPosition(ctx: Context, tx: Transaction, orderId: string, order: Order): void {
  const { customerId, restaurantId, staffKeys } = order;
  const courierId = getExistingCourier(order);
  if (courierId !== null) tx.set(paths.position(ctx.db, courierId, orderId), { customerId, restaurantId, staffKeys });
}

/** Creates the live position of the courier who took over the food, with the access that the former courier's gave. */
function movePosition(ctx: Context, tx: Transaction, orderId: string, order: Order): void {
  openPosition(ctx, tx, orderId, order);
  if (order.status === 'undeliverable') hidePosition(ctx, tx, orderId, order);
}

/** Ends the customer's access to the live position: the courier rides back, or home. */
function hidePosition(ctx: Context, tx: Transaction, orderId: string, order: Order): void {
  const { customerId, restaurantId, staffKeys } = order;
  const courierId = getExistingCourier(order);
  // All fields, since the position of an old order may have been deleted.
  if (courierId !== null)
    merge(tx, paths.position(ctx.db, courierId, orderId), { customerId, restaurantId, staffKeys, returning: true });
}

/**
 * Reads what is sold out and returns the write that marks the items of a rejected order for a day, if the step names
 * any: the merchant's menu tools shorten or extend it. A restaurant that cannot be read does not prevent the rejection.
 */
export async function prepareSoldOut(
  ctx: Context,
  tx: Transaction,
  { restaurantId, lines }: Order,
  command: OrderCommand,
): Promise<(() => void) | null> {
  const itemIds = 'itemIds' in command ? (command.itemIds ?? []) : [];
  const ordered = itemIds.filter((id) => lines.some((line) => line.itemId === id));
  if (ordered.length === 0) return null;
  const ref = paths.restaurant(ctx.db, restaurantId);
  const stored = await tx.get(ctx.db.doc(ref.path));
  const before = Restaurant.shape.soldOut.safeParse(stored.get('soldOut'));
  if (!before.success) return null;
  const soldOut = addSoldOut(before.data, ordered, ctx.now() + DAY_MS, ctx.now());
  return () => update(tx, ref, { soldOut });
}
