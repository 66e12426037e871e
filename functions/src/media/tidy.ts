import { attempt } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { onUpload } from './on-upload.js';

/** Files listed at a time. */
const PAGE = 500;
const DAY_MS = 24 * 3_600_000;
/** Names of photos are evenly spread over their first digit: each night looks at one sixteenth of them. */
const DIGITS = '0123456789abcdef';

/** Every night: uploads that no trigger dealt with. */
export async function takeUpUploads(ctx: Context): Promise<void> {
  for (const folder of ['menu-photos/', 'profile-photos/']) {
    for await (const path of filesBelow(ctx, folder)) {
      await attempt(ctx, 'takeUpUploads', path, () => onUpload(ctx, path));
    }
  }
}

/** Every night: files of photos whose document is gone. */
export async function dropOrphans(ctx: Context): Promise<void> {
  const digit = DIGITS[Math.floor(ctx.now() / DAY_MS) % DIGITS.length] ?? '0';
  let last = '';
  for await (const path of filesBelow(ctx, `media/${digit}`)) {
    const hash = path.split('/')[1] ?? '';
    if (hash === last) continue;
    last = hash;
    await attempt(ctx, 'dropOrphans', path, () => dropUnused(ctx, hash));
  }
}

async function dropUnused(ctx: Context, hash: string): Promise<void> {
  const used = await ctx.db.collectionGroup('photos').where('hash', '==', hash).limit(1).get();
  if (used.empty) await ctx.files.removeBelow(`media/${hash}/`);
}

/** Every file whose path begins so, in order. */
export async function* filesBelow(ctx: Context, prefix: string): AsyncGenerator<string> {
  for (let after: string | undefined; ;) {
    const page = await ctx.files.list(prefix, PAGE, after);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}
