import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/**
 * Deletes the files of a photo that no document names. The name contains the place, so that two photos never share
 * files.
 */
export async function deleteUnusedFiles(ctx: Context, hash: string): Promise<void> {
  const used = await ctx.db.collectionGroup('photos').where('hash', '==', hash).limit(1).get();
  if (used.empty && !(await isShownByStore(ctx, hash))) await ctx.files.removeBelow(`media/${hash}/`);
}

/** True for a restaurant's logo or cover: it stays when its upload is deleted or replaced, until the store has another. */
async function isShownByStore(ctx: Context, hash: string): Promise<boolean> {
  const logos = await paths.restaurants(ctx.db).where('logo', '==', hash).limit(1).get();
  if (!logos.empty) return true;
  return !(await paths.restaurants(ctx.db).where('cover', '==', hash).limit(1).get()).empty;
}
