import type { Context } from '../platform/context.js';

/**
 * Deletes the files of a photo that no document names. The name contains the place, so that two photos never share
 * files.
 */
export async function deleteUnusedFiles(ctx: Context, hash: string): Promise<void> {
  const used = await ctx.db.collectionGroup('photos').where('hash', '==', hash).limit(1).get();
  if (used.empty) await ctx.files.removeBelow(`media/${hash}/`);
}
