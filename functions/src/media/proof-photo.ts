import type { Context } from '../platform/context.js';
import { Refusal } from '../core/outcome.js';
import { readCheckedImage } from './checked.js';

/** Smaller images show nothing useful. */
const MIN_SIDE = 64;

/**
 * Checks a photo given as evidence of a delivery or of a claim and returns the keys of its content, joined by dots, of
 * which a copy that was saved again has one too. Null when there is no such file. Throws PHOTO_INVALID for a file that
 * is not a photo, or too small a one.
 */
export async function checkProofPhoto(ctx: Context, path: string): Promise<string | null> {
  const photo = await readCheckedImage(ctx, path);
  if (!photo) return null;
  const { width, height, contentHash } = photo;
  if (Math.min(width, height) < MIN_SIDE) throw new Refusal('PHOTO_INVALID', { problem: 'pixels', width, height });
  return contentHash;
}
