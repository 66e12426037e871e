import type { z } from 'zod';
import { requireOtherUser } from '../abuse/other-party.js';
import type { DispatchOrderInput } from '../calls/dispatch.js';
import type { MoveOutput } from '../calls/orders.js';
import { requestTransition, toMoveOutput } from '../orders/flow/move-order.js';
import type { OrderCommand } from '../orders/model/order-command.js';
import type { Caller, Context } from '../platform/context.js';

type Input = z.infer<typeof DispatchOrderInput>;

/**
 * Releases a risky order to the kitchen, starts the search for a courier again, assigns a courier or a rider by hand, or
 * lets another courier take over the food, for an operator. The step writes the audit entry. Throws OTHER_OPERATOR_REQUIRED
 * also where the operator is related to the chosen courier, and the refusals of the step.
 */
export async function dispatchOrder(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, act, reason }: Input,
): Promise<MoveOutput> {
  if ('courierId' in act) await requireOtherUser(ctx, caller.uid, [act.courierId]);
  return toMoveOutput(
    orderId,
    await requestTransition(ctx, caller, orderId, idempotencyKey, toDispatchCommand(act, reason)),
  );
}

function toDispatchCommand(act: Input['act'], reason: string): OrderCommand {
  switch (act.type) {
    case 'release':
      return { action: 'release', reason };
    case 'restart':
      return { action: 'restartSearch', reason };
    case 'assign':
      return { action: 'assign', courierId: act.courierId, reason };
    case 'ownRider':
      return { action: 'sendRider', rider: { type: 'own', name: act.name }, reason };
    case 'outsideRider':
      return { action: 'sendRider', rider: { type: 'outside', name: act.name, feeMinor: act.feeMinor }, reason };
    case 'handOver':
      return { action: 'handOver', courierId: act.courierId, reason };
  }
}
