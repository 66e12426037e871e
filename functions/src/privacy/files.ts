import { listFiles } from '../media/files-below.js';
import type { Context } from '../platform/context.js';
import { lookUp } from '../core/look-up.js';
import type { Person } from './model/person.js';
import { FOLDERS } from './model/registry.js';

/** The largest upload: storage.rules. */
const MAX_BYTES = 10 * 1024 * 1024;
const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
};

type Fields = Readonly<Record<string, unknown>>;

/** Deletes or moves the files that belong to a document of the person, before the document is changed. Idempotent. */
export async function eraseDocumentFiles(ctx: Context, path: string, data: Fields, person: Person): Promise<void> {
  const { uid } = person;
  const [root, id = '', ...below] = path.split('/');
  if (below.length > 0) return;
  if (root === 'orders' && data['customerId'] === uid) await ctx.files.removeBelow(`claims/${id}/${uid}/`);
  if (root === 'orders' && data['courierId'] === uid) await moveBelow(ctx, `proofs/${id}/`, person);
  if (root !== 'merchantApplications' || data['ownerId'] !== uid) return;
  if (data['status'] === 'approved') await moveBelow(ctx, `merchant-documents/${id}/`, person);
  else await ctx.files.removeBelow(`merchant-documents/${id}/${uid}/`);
}

/** Moves the files in a folder of the person to the folder of the pseudonym. */
async function moveBelow(ctx: Context, folder: string, { uid, namelessId }: Person): Promise<void> {
  for await (const from of listFiles(ctx, `${folder}${uid}/`)) {
    const bytes = await ctx.files.read(from, MAX_BYTES);
    const to = `${folder}${namelessId}/${from.slice(`${folder}${uid}/`.length)}`;
    const contentType = lookUp(TYPES, from.split('.').at(-1) ?? '') ?? 'application/octet-stream';
    // Without the metadata, which the uploader may have chosen: the file is checked again before it is opened.
    if (bytes) await ctx.files.write(to, bytes, { contentType, cacheControl: 'private, no-store' });
    await ctx.files.remove(from);
  }
}

/** Counts the files in folders of the person: own ones, and those of orders and applications of the pseudonym. */
export async function countFiles(ctx: Context, uid: string, paths: ReadonlySet<string>): Promise<number> {
  const own = FOLDERS.map((folder) => folder.replace('{uid}', uid));
  const others = [...paths].flatMap((path) => {
    const [root, id = '', ...below] = path.split('/');
    if (below.length > 0) return [];
    if (root === 'orders') return [`claims/${id}/${uid}/`, `proofs/${id}/${uid}/`];
    return root === 'merchantApplications' ? [`merchant-documents/${id}/${uid}/`] : [];
  });
  let count = 0;
  for (const prefix of [...own, ...others]) count += (await ctx.files.list(prefix, 1)).length;
  return count;
}
