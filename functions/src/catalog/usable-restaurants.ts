import type { DocumentSnapshot } from 'firebase-admin/firestore';
import type { Restaurant } from '../contract/restaurants.js';
import { isTimeZone } from '../hours/hours.js';
import type { Context } from '../platform/context.js';
import { DocumentError } from '../platform/document-error.js';
import { filterReadable, reportDocument, type Readable } from '../platform/isolate.js';

/**
 * Returns the restaurants that can be read and whose hours can be computed. Every other one becomes an operator task, as
 * with `filterReadable`: a time zone matches its schema although the runtime does not know it.
 */
export async function filterUsable(
  ctx: Context,
  job: string,
  docs: readonly DocumentSnapshot<Restaurant>[],
): Promise<Readable<Restaurant>[]> {
  const read = await filterReadable(ctx, job, docs);
  const unknown = read.filter(({ data }) => !isTimeZone(data.timeZone));
  await Promise.all(
    unknown.map(({ ref: { path } }) =>
      reportDocument(ctx, job, path, new DocumentError('read', path, 'timeZone: unknown to the runtime')),
    ),
  );
  return read.filter((one) => !unknown.includes(one));
}
