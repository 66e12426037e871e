import { listFiles } from '../media/files-below.js';
import type { Context } from '../platform/context.js';
import { lookUp } from '../core/look-up.js';
import { pseudonymize, type Person } from './model/person.js';
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
  if (root === 'orders' && data['courierId'] === uid) await moveToPseudonym(ctx, `proofs/${id}/`, person);
  if (root === 'merchantApplications') await eraseApplicationFiles(ctx, id, data, person);
}

/** The files of an application follow its id, and contain the uid of its applicant in their own paths. */
async function eraseApplicationFiles(ctx: Context, id: string, data: Fields, person: Person): Promise<void> {
  const folder = `merchant-documents/${id}/`;
  const isOwn = data['ownerId'] === person.uid;
  if (isOwn && data['status'] !== 'approved') await ctx.files.removeBelow(`${folder}${person.uid}/`);
  else if (isOwn) await moveToPseudonym(ctx, folder, person);
  const to = String(pseudonymize(id, person));
  if (to !== id) await moveBelow(ctx, folder, `merchant-documents/${to}/`);
}

/** Moves the files in a folder of the person to the folder of the pseudonym. */
const moveToPseudonym = (ctx: Context, folder: string, { uid, namelessId }: Person): Promise<void> =>
  moveBelow(ctx, `${folder}${uid}/`, `${folder}${namelessId}/`);

async function moveBelow(ctx: Context, folder: string, target: string): Promise<void> {
  for await (const from of listFiles(ctx, folder)) {
    const bytes = await ctx.files.read(from, MAX_BYTES);
    const to = `${target}${from.slice(folder.length)}`;
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
