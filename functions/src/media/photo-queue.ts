import { Refusal } from '../core/outcome.js';
import { createQueue } from '../core/work-queue.js';

/**
 * The photos that may wait in an instance. Each waits for less than a second in the usual case, and a call that waits
 * longer is better served by another instance.
 */
const MAX_WAITING = 16;

const queue = createQueue();
let waiting = 0;

/**
 * Runs `work`, which reads and decodes a photo, after all work that was queued before it: a decoded photo takes up to
 * 300 MB, so an instance holds one at a time. Throws BUSY, which the caller may repeat, where too many wait.
 */
export async function inPhotoQueue<T>(work: () => Promise<T>): Promise<T> {
  if (waiting >= MAX_WAITING) throw new Refusal('BUSY');
  waiting += 1;
  try {
    return await queue(work);
  } finally {
    waiting -= 1;
  }
}
