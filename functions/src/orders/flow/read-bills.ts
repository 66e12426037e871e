import type { z } from 'zod';
import { readStaffRole } from '../../authority/staff.js';
import type {
  Bill,
  InspectOrderInput,
  InspectOrderOutput,
  ReadBillsInput,
  ReadBillsOutput,
} from '../../calls/bills.js';
import type { Order } from '../../contract/orders.js';
import { Refusal } from '../../core/outcome.js';
import type { Caller, Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { toCourierBill, toCustomerBill, toRestaurantBill } from '../model/bills.js';

/**
 * Returns the amounts of orders that the caller needs as a party of each. Reads an order, and for its restaurant and
 * its courier the quote. Throws ORDER_NOT_FOUND for an order of others, also for the kitchen's staff, which does not
 * see the restaurant's earnings.
 */
export async function readBills(
  ctx: Context,
  caller: Caller,
  { orderIds }: z.infer<typeof ReadBillsInput>,
): Promise<z.infer<typeof ReadBillsOutput>> {
  return { bills: await Promise.all([...new Set(orderIds)].map((orderId) => readBill(ctx, caller, orderId))) };
}

async function readBill(ctx: Context, { uid }: Caller, orderId: string): Promise<Bill> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  if (order.customerId === uid) return toCustomerBill(orderId, order);
  const toBill =
    order.courierId === uid ? toCourierBill : (await managesFor(ctx, order, uid)) ? toRestaurantBill : null;
  if (!toBill) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const quote = (await paths.quote(ctx.db, orderId).get()).data();
  if (!quote) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  return toBill(orderId, order, quote.pricing);
}

async function managesFor(ctx: Context, { restaurantId }: Order, uid: string): Promise<boolean> {
  const role = await readStaffRole(ctx, restaurantId, uid);
  return role === 'owner' || role === 'manager';
}

/** Returns all fields of an order to an operator. Throws ORDER_NOT_FOUND. */
export async function inspectOrder(
  ctx: Context,
  _: Caller,
  { orderId }: z.infer<typeof InspectOrderInput>,
): Promise<z.infer<typeof InspectOrderOutput>> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  return { orderId, order };
}
