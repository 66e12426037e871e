import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

/**
 * Requires photos of a restaurant that are ready. Read in the transaction that names them: a photo replaced at the same
 * time is either refused, or its files are kept (`deleteUnusedFiles`). Throws PHOTO_NOT_FOUND.
 */
export async function requirePhotos(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  hashes: readonly (string | null | undefined)[],
): Promise<void> {
  const named = new Set(hashes.filter((hash) => typeof hash === 'string'));
  for (const hash of named) {
    const found = await tx.get(paths.restaurantPhotos(ctx.db, restaurantId).where('hash', '==', hash).limit(1));
    // A refused upload keeps the hash of the former photo. Reads one field: the document may be of another version.
    if (!found.docs.some((photo) => photo.get('status') === 'ready'))
      throw new Refusal('PHOTO_NOT_FOUND', { photo: hash });
  }
}
