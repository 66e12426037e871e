import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** As long as the photos themselves: storage.lifecycle.json. */
const DAYS_KEPT = { proofs: 30, claims: 90 };
const DAY_MS = 24 * 3_600_000;

/** Was the photo given before as evidence for another order, of its delivery or of a claim? */
export async function isSeen(ctx: Context, tx: Transaction, orderId: string, digest: string): Promise<boolean> {
  const seen = (await tx.get(paths.proofDigest(ctx.db, digest))).data();
  return seen !== undefined && seen.orderId !== orderId;
}

/** Notes what the photo was given for, so that it counts for no other order. */
export function noteProof(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  digest: string,
  folder: keyof typeof DAYS_KEPT,
): void {
  tx.set(paths.proofDigest(ctx.db, digest), { orderId, expireAt: ctx.now() + DAYS_KEPT[folder] * DAY_MS });
}
