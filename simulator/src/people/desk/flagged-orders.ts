import { isRefused, minor, type Order } from '../../../../clients/typescript/src/index.js';
import { ZONE_ID } from '../../city/population.js';
import { isTooLate } from '../app.js';
import { pause } from '../pause.js';
import { chooseFreeCourier } from './decisions.js';
import type { DeskWork } from './desk.js';

const LOOK_AGAIN_MS = 500;
const MOST_LOOKS = 60;

/** Calls the customer of a risky order: sends it to the kitchen, or rejects it where the call is not answered. */
export async function triage({ app, shared, emit }: DeskWork, orderId: string): Promise<void> {
  if (shared.plans.get(orderId)?.party === 'unreachable') {
    const why = { reason: 'the customer does not answer the telephone', liable: 'customer' as const };
    await app.call('cancelOrder', { orderId, idempotencyKey: crypto.randomUUID(), ...why });
    return emit('triageRefused');
  }
  const [act, reason] = [{ type: 'release' as const }, 'the customer confirmed it by telephone'];
  await app.call('dispatchOrder', { orderId, idempotencyKey: crypto.randomUUID(), act, reason });
  emit('triageReleased');
}

/** Lets a courier, or a rider where the plan says so, carry an order that no courier accepted, unless one did first. */
export async function rescue(work: DeskWork, orderId: string): Promise<void> {
  const by = work.shared.plans.get(orderId)?.rescue ?? 'courier';
  return by === 'courier' ? assignByHand(work, orderId) : sendRider(work, orderId, by);
}

/** The restaurant's own rider, or one without an account for an agreed fee. */
async function sendRider({ app, emit }: DeskWork, orderId: string, type: 'ownRider' | 'outsideRider'): Promise<void> {
  const act = type === 'ownRider' ? { type } : { type, name: 'Toni', feeMinor: minor(600) };
  const wish = { orderId, idempotencyKey: crypto.randomUUID(), act };
  await app.call('dispatchOrder', { ...wish, reason: 'no courier accepted the order' });
  emit(type === 'ownRider' ? 'ownRiderSent' : 'outsideRiderSent');
}

/** Assigns a free courier by hand, unless one has accepted the order first. */
async function assignByHand(work: DeskWork, orderId: string): Promise<void> {
  if (await give(work, orderId, 'assign', null)) work.emit('assignedByHand');
}

/** Lets a free courier carry on the food that the present one has on board. */
export async function handOver(work: DeskWork, orderId: string, { courierId }: Order): Promise<void> {
  if (await give(work, orderId, 'handOver', courierId)) work.emit('handedOver');
}

/** Waits for a free courier and gives them the order; false where that was too late. */
async function give(
  { app }: DeskWork,
  orderId: string,
  type: 'assign' | 'handOver',
  except: string | null,
): Promise<boolean> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const courierId = chooseFreeCourier(await app.tiffin.find('couriersOnline', { zoneId: ZONE_ID }), except);
    try {
      if (courierId !== null) {
        const wish = { orderId, idempotencyKey: crypto.randomUUID(), act: { type, courierId } };
        await app.call('dispatchOrder', { ...wish, reason: 'called them by telephone' });
        return true;
      }
    } catch (error) {
      if (isTooLate(error)) return false;
      // The courier took another order first, or went offline.
      if (!isRefused(error, 'COURIER_FULL', 'COURIER_NOT_FOUND')) throw error;
    }
    await pause(LOOK_AGAIN_MS);
  }
  throw new Error(`no courier was free for ${orderId}`);
}
