import { dropPapers } from '../media/drop-papers.js';
import { dropOrphans, takeUpUploads } from '../media/tidy.js';
import { resumeErasures } from '../privacy/erase.js';
import { dropOldExports } from '../privacy/export-my-data.js';
import type { Context } from '../platform/context.js';

/** Every night; one that fails does not keep the others from theirs. */
export async function tidyUp(ctx: Context): Promise<void> {
  for (const task of [resumeErasures, dropOldExports, takeUpUploads, dropOrphans, dropPapers]) {
    await task(ctx).catch((error: unknown) => ctx.log.error('tidying up failed', { task: task.name }, error));
  }
}
