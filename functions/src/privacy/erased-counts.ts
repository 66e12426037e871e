import { FieldValue } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';

export type Batch = ReturnType<Context['db']['batch']>;

/** Commits writes of an erasure with their counts by place, so that a crash cannot make the two differ. */
export async function commitCounted(
  ctx: Context,
  uid: string,
  counts: Readonly<Record<string, number>>,
  write: (batch: Batch) => unknown,
): Promise<void> {
  const batch = ctx.db.batch();
  write(batch);
  const added = Object.entries(counts).map(([place, count]) => [place, FieldValue.increment(count)]);
  merge(batch, paths.erasure(ctx.db, uid), { counts: Object.fromEntries(added) });
  await batch.commit();
}
