import { z } from 'zod';
import { toOrderFields } from '#functions/platform/order-document.js';
import { ORDER_KEY } from '../world/instance.js';
import { ORDER_STATUSES } from '#functions/contract/orders.js';
import { PROJECT_ID } from '../world/instance.js';
import { toPlainFields } from '../world/plain-values.js';
import type { World } from '../world/world.js';

/** The fields of an order that decide what its parties do. */
const OrderSeen = z.object({
  status: z.enum(ORDER_STATUSES),
  kind: z.enum(['delivery', 'pickup']),
  customerId: z.string(),
  restaurantId: z.string(),
  ageLimit: z.number().optional(),
  courierId: z.string().nullable(),
  rider: z.object({ type: z.string() }).optional(),
  scheduledForMs: z.number().nullable(),
  totals: z.object({ totalMinor: z.number() }),
  payment: z.object({
    status: z.string(),
    method: z.string().optional(),
    capturedMinor: z.number(),
    refundedMinor: z.number().optional(),
  }),
  lines: z.array(z.object({ itemId: z.string(), quantity: z.number() })),
  events: z.array(z.object({ n: z.number(), action: z.string(), by: z.string() })),
  edit: z.object({ event: z.number() }).optional(),
  due: z.object({ kind: z.string(), atMs: z.number() }).nullable(),
});
export type OrderSeen = z.infer<typeof OrderSeen>;

const DOCUMENTS = `projects/${PROJECT_ID}/databases/(default)/documents/`;

/**
 * Reads an order with what its customer knows of the bill, from the store, without a request and without time passing.
 */
export function readOrder(world: World, orderId: string): OrderSeen {
  return OrderSeen.parse(toOrderFields(readFields(world, `orders/${orderId}`), ORDER_KEY));
}

const MINUTE_MS = 60_000;

/** Returns when the sweep handles an order's deadline, in epoch ms: in a whole minute; Infinity where it has none. */
export function readSweepMs(world: World, orderId: string): number {
  const { due } = readOrder(world, orderId);
  return due === null ? Infinity : Math.ceil(due.atMs / MINUTE_MS) * MINUTE_MS;
}

/** Reads the offer that a courier has; null where there is none. */
export function readOffer(world: World, uid: string): { orderId: string; expiresAtMs: number } | null {
  const Seen = z.object({ offer: z.object({ orderId: z.string(), expiresAtMs: z.number() }).nullable() });
  return Seen.parse(readFields(world, `couriers/${uid}`)).offer;
}

function readFields(world: World, path: string): Record<string, unknown> {
  const fields = world.database.get(DOCUMENTS + path)?.fields;
  return fields ? toPlainFields(fields) : {};
}
