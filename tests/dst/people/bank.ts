import type { World } from '../world/world.js';
import type { Random } from '#simulator/random.js';
import { readOrder } from './orders-seen.js';

const HOUR_MS = 3_600_000;
/** The bank's own fee of a dispute. */
const FEE_MINOR = 1_500;

/** The customer's bank: takes some charges back, and decides days later. */
export async function mayDispute(world: World, orderId: string, random: Random): Promise<void> {
  const { status, payment } = readOrder(world, orderId);
  const isTaken = world.payments.intents.get(`pi_${orderId}`)?.status === 'captured';
  if (status !== 'completed' || payment.method === 'cash' || !isTaken || !random.chance(0.06)) return;
  await world.time.sleep(random.between(0, 3 * HOUR_MS));
  const id = `dp_${orderId.replace('-', '_')}`;
  const capturedMinor = world.payments.intents.get(`pi_${orderId}`)?.capturedMinor ?? 0;
  const change = (facts: Parameters<World['payments']['dispute']>[2]) => {
    world.story.tell(`the bank says of ${orderId}: ${JSON.stringify(facts)}`);
    world.payments.dispute(id, orderId, facts);
    world.deliverWebhooks();
  };
  change({ providerMinor: -(capturedMinor + FEE_MINOR) });
  await world.time.sleep(random.between(1, 50) * HOUR_MS);
  if (random.chance(0.5)) change({ status: 'lost' });
  else change({ status: 'won', providerMinor: -FEE_MINOR });
}
