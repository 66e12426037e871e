import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** As long as the photos themselves: storage.lifecycle.json. */
const DAYS_KEPT = { proofs: 30, claims: 90 };
const DAY_MS = 24 * 3_600_000;

/**
 * Reads whether the photo, or a copy of it that was saved again, was used before as evidence for another order, of its
 * delivery or of a claim. One read for each key of the photo; half of all photos have one key: see `toPhotoKeys`.
 */
export async function isUsedElsewhere(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  digest: string,
): Promise<boolean> {
  const stored = await Promise.all(splitKeys(digest).map((key) => tx.get(paths.proofDigest(ctx.db, key))));
  return stored.some((one) => one.exists && one.data()?.orderId !== orderId);
}

/** The first one is the key under which the photo is stored. */
const splitKeys = (digest: string): string[] => digest.split('.');

/** Records the order for which the photo was used, so that it is not accepted for another one. */
export function recordProof(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  digest: string,
  folder: keyof typeof DAYS_KEPT,
): void {
  const [first = digest] = splitKeys(digest);
  tx.set(paths.proofDigest(ctx.db, first), { orderId, expireAt: ctx.now() + DAYS_KEPT[folder] * DAY_MS });
}
