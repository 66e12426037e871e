import type { PromotionShard } from '../../contract/zones.js';
import { countShards } from '../../orders/model/reservation-rules.js';
import { allocate, sum } from '../../pricing/money.js';

/**
 * How long after its promotion's end a shard is kept: an order for a slot of sixty days later may still return its use.
 */
const KEPT_MS = 90 * 24 * 3_600_000;

/**
 * Distributes a total limit that replaces another over the shards: what remains after its uses. Below its uses nothing
 * remains, and the shards record the number beyond it, so that a higher limit later counts them.
 */
export function distributeLimit(
  before: number,
  after: number,
  known: readonly PromotionShard[],
  endsAtMs: number,
): PromotionShard[] {
  const leftBefore = sum(known.map(({ left }) => left));
  const used = Math.max(0, before - leftBefore + (known[0]?.over ?? 0));
  const shards = Math.max(known.length, countShards(after));
  const weights = Array.from({ length: shards }, (_, shard) => (shard < countShards(after) ? 1 : 0));
  const over = Math.max(0, used - after);
  if (shards === 0) return [];
  return allocate(Math.max(0, after - used), weights).map((left) => ({
    left,
    ...(over > 0 && { over }),
    expireAt: endsAtMs + KEPT_MS,
  }));
}
