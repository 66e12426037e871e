import { deleteApplicationDocuments } from '../media/drop-papers.js';
import { deleteOrphanedFiles, handleForgottenUploads } from '../media/tidy.js';
import { resumeErasures } from '../privacy/resume-erasures.js';
import { deleteExpiredExports } from '../privacy/export-my-data.js';
import type { Context } from '../platform/context.js';

/** Runs the nightly jobs; a job that fails does not stop the others. Erasures come last: each may take long. */
export async function runNightlyJobs(ctx: Context): Promise<void> {
  for (const task of [
    deleteExpiredExports,
    handleForgottenUploads,
    deleteOrphanedFiles,
    deleteApplicationDocuments,
    resumeErasures,
  ]) {
    await task(ctx).catch((error: unknown) => ctx.log.error('nightly task failed', { task: task.name }, error));
  }
}
