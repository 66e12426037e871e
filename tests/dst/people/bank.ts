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
  const isOver = status === 'delivered' || status === 'completed';
  if (!isOver || payment.method === 'cash' || !isTaken || !random.chance(0.1)) return;
  await world.time.sleep(random.between(0, 2 * HOUR_MS));
  const id = `dp_${orderId.replace('-', '_')}`;
  const capturedMinor = world.payments.intents.get(`pi_${orderId}`)?.capturedMinor ?? 0;
  const change = (facts: Parameters<World['payments']['dispute']>[2]) => {
    world.story.tell(`the bank says of ${orderId}: ${JSON.stringify(facts)}`);
    world.payments.dispute(id, orderId, facts);
    world.deliverWebhooks();
  };
  change({ providerMinor: -(capturedMinor + FEE_MINOR) });
  // Some banks decide at once, others after days.
  await world.time.sleep(random.chance(0.5) ? random.between(1, 1_800_000) : random.between(1, 50) * HOUR_MS);
  if (random.chance(0.5)) change({ status: 'lost' });
  else change({ status: 'won', providerMinor: -FEE_MINOR });
}

/** Now and then a bank refuses a refund that the provider has sent. */
export async function mayRefuseRefund(world: World, path: string, random: Random): Promise<void> {
  if (!random.chance(0.15)) return;
  await world.time.sleep(random.between(60_000, HOUR_MS));
  const refundId = path.split('/').at(-1) ?? '';
  const sent = [...world.payments.refunds].find(
    ([, one]) => one.refundId?.startsWith(refundId) && one.status === 'sent',
  );
  if (!sent) return;
  world.story.tell(`the bank refuses ${sent[0]} of ${path}`);
  world.payments.refundFails(sent[0]);
  world.deliverWebhooks();
}

/** The courier's bank accepts a payout, fails it, or returns it after hours. */
export async function settlePayout(world: World, payoutId: string, random: Random, isPlain: boolean): Promise<void> {
  const settle = async (status: 'paid' | 'failed', withinMs: number): Promise<void> => {
    await world.time.sleep(random.between(1_000, withinMs));
    world.story.tell(`the bank says of the payout ${payoutId}: ${status}`);
    world.payments.settleBankPayout(payoutId, status);
    world.deliverWebhooks();
  };
  if (isPlain) return settle('paid', HOUR_MS);
  if (random.chance(0.2)) return settle('failed', HOUR_MS);
  await settle('paid', HOUR_MS);
  if (random.chance(0.2)) await settle('failed', 5 * HOUR_MS);
}
