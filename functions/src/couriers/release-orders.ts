import type { DocumentSnapshot } from 'firebase-admin/firestore';
import { z } from 'zod';
import type { Courier } from '../contract/couriers.js';
import type { Order, OrderStatus } from '../contract/orders.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { reportIfUnreadable } from '../platform/isolate.js';
import { toOperatorTaskId, raiseOperatorTask } from '../platform/operator-tasks.js';
import { SYSTEM } from '../orders/model/actors.js';
import type { Actor } from '../orders/model/order-command.js';
import { COURIER_STOPPED } from '../orders/model/actions/unassign.js';
import { transition } from '../orders/flow/transition.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

const JOB = 'releaseOrders';
const PICKED_UP: readonly OrderStatus[] = ['picked_up', 'undeliverable'];
const Active = z.record(z.string(), z.unknown()).catch({});

/**
 * Unassigns every order of a courier who was stopped, so that dispatch offers it again. The food of an order that was
 * picked up is with the courier: it becomes an operator task. Does nothing for a courier who may work. `version` is
 * that of the authority document, or the time of the erasure, and names the step, so that a retry applies it once.
 * Throws errors that a retry may resolve.
 */
export async function releaseOrders(ctx: Context, uid: string, version: number): Promise<void> {
  const courier = await paths.courier(ctx.db, uid).get();
  if (courier.get('approved') !== false) return;
  for (const orderId of listActiveOrders(courier))
    await reportIfUnreadable(ctx, JOB, () => releaseOrder(ctx, orderId, uid, `stopped:${toAccountId(uid)}:${version}`));
}

/** Reads the ids of a courier's orders under way. */
export async function readActive(ctx: Context, uid: string): Promise<string[]> {
  return listActiveOrders(await paths.courier(ctx.db, uid).get());
}

/** Reads the field alone: the rest of the document may be unreadable. */
const listActiveOrders = (courier: DocumentSnapshot<Courier>): string[] =>
  Object.keys(Active.parse(courier.get('active')));

async function releaseOrder(ctx: Context, orderId: string, uid: string, causeId: string): Promise<void> {
  const actor = ({ courierId }: Order): Actor => {
    if (courierId !== uid) throw new Refusal('COURIER_REQUIRED');
    return SYSTEM;
  };
  try {
    const command = { action: 'unassign' as const, reason: COURIER_STOPPED };
    await transition(ctx, { orderId, command, causeId, actor });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.reason === 'MOVE_NOT_ALLOWED') await reportPickedUpOrder(ctx, orderId, error.details['status']);
  }
}

/** Once: a retry does not reopen a task that an operator closed. */
async function reportPickedUpOrder(ctx: Context, orderId: string, status: unknown): Promise<void> {
  if (!PICKED_UP.some((one) => one === status)) return;
  const task = {
    kind: 'courier_stopped' as const,
    orderId,
    detail: `the courier was stopped; the order is ${String(status)}`,
  };
  const known = await paths.operatorTask(ctx.db, toOperatorTaskId(task)).get();
  if (!known.exists) await raiseOperatorTask(ctx, task);
}
