import { attempt } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { deleteUnusedFiles } from './drop-unused.js';
import { listFiles } from './files-below.js';
import { onUpload } from './on-upload.js';

const DAY_MS = 24 * 3_600_000;
/** Names of photos are evenly distributed over their first digit: each night checks one sixteenth of them. */
const DIGITS = '0123456789abcdef';

/** Handles uploads whose trigger did not run, every night. */
export async function handleForgottenUploads(ctx: Context): Promise<void> {
  for (const folder of ['menu-photos/', 'profile-photos/']) {
    for await (const path of listFiles(ctx, folder)) {
      await attempt(ctx, 'takeUpUploads', path, () => onUpload(ctx, path));
    }
  }
}

/** Deletes files of photos whose document no longer exists, every night. */
export async function deleteOrphanedFiles(ctx: Context): Promise<void> {
  const digit = DIGITS[Math.floor(ctx.now() / DAY_MS) % DIGITS.length] ?? '0';
  let last = '';
  for await (const path of listFiles(ctx, `media/${digit}`)) {
    const hash = path.split('/')[1] ?? '';
    if (hash === last) continue;
    last = hash;
    await attempt(ctx, 'dropOrphans', path, () => deleteUnusedFiles(ctx, hash));
  }
}
