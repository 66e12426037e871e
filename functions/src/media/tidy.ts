import type { Context } from '../platform/context.js';
import { onUpload } from './on-upload.js';

/** A night looks at so many; the rest is a night older in the next. */
const MAX_UPLOADS = 50;
const MAX_FILES = 1_000;
const DAY_MS = 24 * 3_600_000;
/** Names of photos are evenly spread over their first digit: each night looks at one sixteenth of them. */
const DIGITS = '0123456789abcdef';

/** Every night: uploads that no trigger dealt with. */
export async function takeUpUploads(ctx: Context): Promise<void> {
  for (const folder of ['menu-photos/', 'profile-photos/']) {
    for (const path of await ctx.files.list(folder, MAX_UPLOADS)) await onUpload(ctx, path);
  }
}

/** Every night: files of photos whose document is gone. */
export async function dropOrphans(ctx: Context): Promise<void> {
  const digit = DIGITS[Math.floor(ctx.now() / DAY_MS) % DIGITS.length] ?? '0';
  const files = await ctx.files.list(`media/${digit}`, MAX_FILES);
  const hashes = [...new Set(files.map((path) => path.split('/')[1] ?? ''))];
  for (const hash of hashes) {
    const used = await ctx.db.collectionGroup('photos').where('hash', '==', hash).limit(1).get();
    if (used.empty) await ctx.files.removeBelow(`media/${hash}/`);
  }
}
