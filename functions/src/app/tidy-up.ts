import { dropPapers } from '../media/drop-papers.js';
import { dropOrphans, takeUpUploads } from '../media/tidy.js';
import { resumeErasures } from '../privacy/erase.js';
import { dropOldExports } from '../privacy/export-my-data.js';
import type { Context } from '../platform/context.js';

/** Runs the nightly jobs; a job that fails does not stop the others. */
export async function tidyUp(ctx: Context): Promise<void> {
  for (const task of [resumeErasures, dropOldExports, takeUpUploads, dropOrphans, dropPapers]) {
    await task(ctx).catch((error: unknown) => ctx.log.error('nightly task failed', { task: task.name }, error));
  }
}
