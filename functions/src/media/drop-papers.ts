import { createHash } from 'node:crypto';
import { attempt } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { listFiles } from './files-below.js';

const DAY_MS = 24 * 3_600_000;
/** An applicant who comes back later uploads the documents again. */
const KEPT_DAYS = 30;
/** An operator needs the documents to answer an objection to a rejection. */
const REJECTED_KEPT_DAYS = 180;
/** Each night checks the folders of one of this many parts, by the digest of their names. */
const PARTS = 16;

/** `courier-documents/{uid}/` and `merchant-documents/{applicationId}/{uid}/`. */
const FOLDER = /^(?:courier-documents\/([^/]+)|merchant-documents\/([^/]+)\/[^/]+)\//;

/**
 * Deletes documents of applications that were not submitted within 30 days, or rejected 180 days ago, every night in one
 * sixteenth of the folders. All others stay as long as their application.
 */
export async function deleteApplicationDocuments(ctx: Context): Promise<void> {
  const tonight = Math.floor(ctx.now() / DAY_MS) % PARTS;
  for (const root of ['courier-documents/', 'merchant-documents/']) {
    let last = '';
    for await (const path of listFiles(ctx, root)) {
      const [folder = '', uid, applicationId] = FOLDER.exec(path) ?? [];
      if (folder === last || folder === '') continue;
      last = folder;
      if (toPart(folder) !== tonight) continue;
      await attempt(ctx, 'dropPapers', folder, () => dropFolder(ctx, folder, { uid, applicationId }));
    }
  }
}

const toPart = (folder: string): number => (createHash('sha256').update(folder).digest()[0] ?? 0) % PARTS;

interface FolderOwner {
  uid: string | undefined;
  applicationId: string | undefined;
}

async function dropFolder(ctx: Context, folder: string, whose: FolderOwner): Promise<void> {
  if (await isNeeded(ctx, whose)) return;
  for await (const path of listFiles(ctx, folder)) {
    const createdAtMs = await ctx.files.createdAtMs(path);
    if (createdAtMs !== null && createdAtMs <= ctx.now() - KEPT_DAYS * DAY_MS) await ctx.files.remove(path);
  }
}

/**
 * A courier's application exists from the submission on; a merchant's is a draft until then. Reads single fields: an
 * application that cannot be read keeps its documents.
 */
async function isNeeded(ctx: Context, { uid, applicationId = '' }: FolderOwner): Promise<boolean> {
  const ref =
    uid === undefined ? paths.merchantApplication(ctx.db, applicationId) : paths.courierApplication(ctx.db, uid);
  const application = await ctx.db.doc(ref.path).get();
  const status: unknown = application.get('status');
  if (!application.exists || status === 'draft') return false;
  if (status !== 'rejected') return true;
  const rejectedAtMs: unknown = application.get('review.atMs');
  return typeof rejectedAtMs !== 'number' || rejectedAtMs > ctx.now() - REJECTED_KEPT_DAYS * DAY_MS;
}
