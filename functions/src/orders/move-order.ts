import type { z } from 'zod';
import type { CancelOrderInput, MoveOrderInput, MoveOutput } from '../contract/calls/orders.js';
import type { Caller, Context } from '../platform/context.js';
import { readStaffRole, worksFor } from '../merchants/staff.js';
import type { Order } from '../contract/orders.js';
import { actorFor } from './actors.js';
import type { Actor, OrderCommand } from './asked.js';
import { transition, type Answer } from './transition.js';

/** One step of a merchant, a courier or an operator. */
export async function moveOrder(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, move }: z.infer<typeof MoveOrderInput>,
): Promise<MoveOutput> {
  return answerOf(orderId, await askFor(ctx, caller, orderId, idempotencyKey, move));
}

/** Cancels an order by the policy of its state; an operator names the liable party. An unpaid order just expires. */
export async function cancelOrder(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, ...cancellation }: z.infer<typeof CancelOrderInput>,
): Promise<MoveOutput> {
  const command = { action: 'cancel' as const, ...cancellation };
  return answerOf(orderId, await askFor(ctx, caller, orderId, idempotencyKey, command));
}

/** The same door for callables and commands: `causeId` is the idempotency key or the command's id. */
export function askFor(
  ctx: Context,
  caller: Pick<Caller, 'uid' | 'claims'>,
  orderId: string,
  causeId: string,
  command: OrderCommand,
): Promise<Answer> {
  return transition(ctx, {
    orderId,
    command,
    causeId,
    actor: (order) => findActor(ctx, order, caller, command.action),
  });
}

/** What moves the customer's money or changes the order itself: the claims of a dismissed member may be half a minute old. */
const ASKS_MEMBERSHIP: readonly OrderCommand['action'][] = ['cancel', 'edit'];

async function findActor(
  ctx: Context,
  order: Order,
  caller: Pick<Caller, 'uid' | 'claims'>,
  action: OrderCommand['action'],
): Promise<Actor> {
  const { restaurantId } = order;
  const isClaimed = await worksFor(ctx, caller, restaurantId);
  const isStaff =
    isClaimed && ASKS_MEMBERSHIP.includes(action)
      ? (await readStaffRole(ctx, restaurantId, caller.uid)) !== null
      : isClaimed;
  return actorFor(order, caller, isStaff, action);
}

export function answerOf(orderId: string, { order, event, replayed }: Answer): MoveOutput {
  return { orderId, status: order.status, event: event.n, paymentStatus: order.payment.status, replayed };
}
