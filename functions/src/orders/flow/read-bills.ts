import type { z } from 'zod';
import { readStaffRole } from '../../authority/staff.js';
import type { Bill, ReadBillsInput, ReadBillsOutput } from '../../calls/bills.js';
import type { Order } from '../../contract/orders.js';
import type { Caller, Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { readOne } from '../../platform/isolate.js';
import { hasRole } from '../../platform/roles.js';
import { toCourierBill, toCustomerBill, toRestaurantBill } from '../model/bills.js';

/**
 * Returns the amounts of orders that the caller needs as a party of each. Reads an order, and for its restaurant and
 * its courier the quote. An order has no bill in the answer where it is another's, does not exist, or cannot be read; nor has
 * one whose quote was deleted for restaurant and courier.
 */
export async function readBills(
  ctx: Context,
  caller: Caller,
  { orderIds }: z.infer<typeof ReadBillsInput>,
): Promise<z.infer<typeof ReadBillsOutput>> {
  const bills = await Promise.all([...new Set(orderIds)].map((orderId) => readBill(ctx, caller, orderId)));
  return { bills: bills.filter((bill) => bill !== null) };
}

async function readBill(ctx: Context, caller: Caller, orderId: string): Promise<Bill | null> {
  const order = (await readOne(ctx, 'readBills', await paths.order(ctx.db, orderId).get()))?.data;
  if (!order) return null;
  if (order.customerId === caller.uid) return toCustomerBill(orderId, order);
  const toBill = await selectBill(ctx, caller, order);
  const quote = toBill && (await readOne(ctx, 'readBills', await paths.quote(ctx.db, orderId).get()));
  return quote ? toBill(orderId, order, quote.data.pricing) : null;
}

/** Which amounts the caller may know, who is not the customer; null: none. Kitchen staff does not see the earnings. */
async function selectBill(
  ctx: Context,
  caller: Caller,
  { courierId, restaurantId, status }: Order,
): Promise<typeof toCourierBill | typeof toRestaurantBill | null> {
  if (hasRole(caller, 'courier') && courierId === caller.uid) return toCourierBill;
  // The restaurant does not know of an order before its payment.
  if (status === 'pending_payment' || status === 'expired') return null;
  const role = await readStaffRole(ctx, restaurantId, caller.uid);
  return role === 'owner' || role === 'manager' ? toRestaurantBill : null;
}
