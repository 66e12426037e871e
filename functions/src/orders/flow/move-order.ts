import type { z } from 'zod';
import type {
  CancelOrderInput,
  MoveOrderInput,
  MoveOutput,
  ReadPickUpCodeInput,
  ReadPickUpCodeOutput,
} from '../../calls/orders.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { Caller, Context } from '../../platform/context.js';
import { readStaffRole, worksFor } from '../../authority/staff.js';
import { paths } from '../../platform/firestore.js';
import { Refusal } from '../../core/outcome.js';
import { requireOtherParty } from '../../abuse/other-party.js';
import { selectActor, isOwnParty } from '../model/actors.js';
import type { Actor, OrderCommand } from '../model/order-command.js';
import { ACTIONS, listSteps } from '../model/actions/actions.js';
import { toPickUpCode } from '../model/secret-codes.js';
import type { StepResult } from './commit-step.js';
import { transition } from './transition.js';

/** Takes one step of a merchant, a courier or an operator. */
export async function moveOrder(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, move }: z.infer<typeof MoveOrderInput>,
): Promise<MoveOutput> {
  const answer = await requestTransition(ctx, caller, orderId, idempotencyKey, move);
  return { ...toMoveOutput(orderId, answer), ...(await readCodeForKitchen(ctx, caller, orderId, answer)) };
}

/** Cancels an order by the policy of its state; an operator names the liable party. An unpaid order expires instead. */
export async function cancelOrder(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, ...cancellation }: z.infer<typeof CancelOrderInput>,
): Promise<MoveOutput> {
  const command = { action: 'cancel' as const, ...cancellation };
  return toMoveOutput(orderId, await requestTransition(ctx, caller, orderId, idempotencyKey, command));
}

/**
 * Requests a step, for callables and command documents alike: `causeId` is the idempotency key or the command's id.
 * `isRecorded`: it came in a command document.
 */
export async function requestTransition(
  ctx: Context,
  caller: Pick<Caller, 'uid' | 'claims'>,
  orderId: string,
  causeId: string,
  command: OrderCommand,
  isRecorded = false,
): Promise<StepResult> {
  const photoDigest = await readProofDigest(ctx, caller.uid, orderId, causeId, command);
  const actor = (order: Order) => findActor(ctx, order, caller, { action: command.action, causeId });
  return transition(ctx, {
    orderId,
    command,
    causeId,
    actor,
    isRecorded,
    ...(photoDigest !== null && { photoDigest }),
  });
}

async function findActor(
  ctx: Context,
  order: Order,
  caller: Pick<Caller, 'uid' | 'claims'>,
  { action, causeId }: { action: OrderCommand['action']; causeId: string },
): Promise<Actor> {
  // A courier who gave the order back is no longer a party of it, and may repeat the call, whose answer was lost.
  if (order.events.some((event) => isOwnHandBack(event, caller.uid, causeId)))
    return { role: 'courier', uid: caller.uid };
  const { restaurantId } = order;
  const isClaimed = await worksFor(ctx, caller, restaurantId);
  const isStaff =
    isClaimed && ACTIONS[action].asksMembership
      ? (await readStaffRole(ctx, restaurantId, caller.uid)) !== null
      : isClaimed;
  const actor = selectActor(order, caller, isStaff, action);
  if (actor.role === 'operator') await requireOtherParty(ctx, caller.uid, order);
  return actor;
}

function isOwnHandBack(event: OrderEvent, uid: string, causeId: string): boolean {
  return event.causeId === causeId && event.action === 'unassign' && event.by === 'courier' && event.courierId === uid;
}

/**
 * Computes the digest before the transaction, which only reads and writes. A proof is accepted only from this order's
 * and caller's folder.
 */
async function readProofDigest(
  ctx: Context,
  uid: string,
  orderId: string,
  causeId: string,
  command: OrderCommand,
): Promise<string | null> {
  if (command.action !== 'deliver' || command.proof.type !== 'photo') return null;
  const { path } = command.proof;
  if (!path.startsWith(`proofs/${orderId}/${uid}/`)) return null;
  if (!(await needsPhoto(ctx, uid, orderId, causeId))) return null;
  const { checkProofPhoto } = await import('../../media/proof-photo.js');
  return checkProofPhoto(ctx, path);
}

/**
 * True where the caller carries the order and has not delivered it by this request: a photo is decoded for no other
 * call. The transaction checks it again.
 */
async function needsPhoto(ctx: Context, uid: string, orderId: string, causeId: string): Promise<boolean> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order?.courierId !== uid || order.events.some((event) => event.causeId === causeId)) return false;
  return listSteps(order.status, 'deliver', order.kind).length > 0;
}

/** Converts the result of a step to the output of the callables that move an order. */
export function toMoveOutput(orderId: string, { order, event, replayed }: StepResult): MoveOutput {
  return { orderId, status: order.status, event: event.n, paymentStatus: order.payment.status, replayed };
}

/**
 * Returns the pick-up code with the answer to a step of the kitchen. The caller's role counts, not the event: a courier
 * reads the keys of the kitchen's steps in the order and could repeat one.
 */
export async function readCodeForKitchen(
  ctx: Context,
  caller: Pick<Caller, 'uid' | 'claims'>,
  orderId: string,
  { order, event }: StepResult,
): Promise<Pick<MoveOutput, 'pickUpCode'>> {
  const isShown = order.kind === 'delivery' && showsPickUpCode(event) && !isOwnParty(order, caller.uid);
  return isShown && (await worksFor(ctx, caller, order.restaurantId)) ? { pickUpCode: toPickUpCode(ctx, orderId) } : {};
}

const showsPickUpCode = ({ action }: OrderEvent): boolean => action !== 'place' && ACTIONS[action].showsPickUpCode;

const HAS_CODE: readonly Order['status'][] = ['accepted', 'preparing', 'ready'];

/** Returns the pick-up code of an order before its pick-up, for the restaurant's staff only. */
export async function readPickUpCode(
  ctx: Context,
  caller: Caller,
  { orderId }: z.infer<typeof ReadPickUpCodeInput>,
): Promise<z.infer<typeof ReadPickUpCodeOutput>> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const isStaff = (await readStaffRole(ctx, order.restaurantId, caller.uid)) !== null;
  if (!isStaff) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  if (isOwnParty(order, caller.uid)) throw new Refusal('PARTY_CONFLICT', { role: 'merchant' });
  const { status, kind, code } = order;
  if (kind !== 'delivery' || !HAS_CODE.includes(status)) throw new Refusal('MOVE_NOT_ALLOWED', { status });
  return { orderId, code, pickUpCode: toPickUpCode(ctx, orderId) };
}
