import { createHash } from 'node:crypto';
import type { DocumentReference } from 'firebase-admin/firestore';
import { takeToken } from '../abuse/rate-limit-store.js';
import { MAX_PHOTO_BYTES, type Photo } from '../contract/media.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { readCheckedFile } from './checked.js';
import { deleteUnusedFiles } from './drop-unused.js';
import { findEvidenceKind, type EvidenceKind } from './model/evidence.js';
import { readHeader } from './photo-header.js';
import { inPhotoQueue } from './photo-queue.js';
import { parseUploadPath, type Target } from './model/target.js';

/** The content under a name never changes. */
const FOR_A_YEAR = 'public, max-age=31536000, immutable';

/**
 * Renders an uploaded photo in the variants that apps show, and deletes the upload. A file that is not a photo is
 * deleted as well, with the reason in its document. Proofs, claims' photos and applicants' documents are checked and
 * stored again without their uploaders' metadata. A repeated call finds the upload deleted, or starts again after a
 * crash.
 */
export async function onUpload(ctx: Context, path: string): Promise<void> {
  const evidence = findEvidenceKind(path);
  if (evidence) return checkEvidence(ctx, path, evidence);
  const target = parseUploadPath(path);
  if (!target) return;
  const bytes = await ctx.files.read(path, MAX_PHOTO_BYTES);
  if (!bytes) return;
  if (await hasOwner(ctx, target)) await publish(ctx, target, bytes);
  await ctx.files.remove(path);
}

/** Deletes files that exceed the number for their purpose, and invalid ones. */
async function checkEvidence(ctx: Context, path: string, { folder, maxFiles }: EvidenceKind): Promise<void> {
  const files = await ctx.files.list(folder, maxFiles + 1);
  if (files.length > maxFiles) return ctx.files.remove(path);
  try {
    await readCheckedFile(ctx, path);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ctx.log.info('invalid upload deleted', { path, reason: error.reason, problem: String(error.details['problem']) });
  }
}

/** False for a deleted user and a restaurant that never existed: they have no photos. */
async function hasOwner(ctx: Context, { owner }: Target): Promise<boolean> {
  const ref = owner.type === 'user' ? paths.user(ctx.db, owner.uid) : paths.restaurant(ctx.db, owner.restaurantId);
  return (await ctx.db.doc(ref.path).get()).exists;
}

async function publish(ctx: Context, target: Target, bytes: Buffer): Promise<void> {
  const ref = photoRef(ctx, target);
  const former: unknown = (await ref.get()).get('hash');
  const replaced = typeof former === 'string' ? former : null;
  try {
    if (bytes.length > MAX_PHOTO_BYTES) throw new Refusal('PHOTO_INVALID', { problem: 'bytes' });
    const others = await countOthers(ref);
    // A list of refused photos must not grow without end.
    if (others >= 2 * MAX_PHOTOS[target.owner.type]) return;
    if (others >= MAX_PHOTOS[target.owner.type]) throw new Refusal('PHOTO_INVALID', { problem: 'too many photos' });
    unwrap(await readHeader(bytes));
    await countUpload(ctx, target);
    await draw(ctx, target, ref, bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problem = String(error.details['problem']);
    // A menu may show the former photo.
    await ref.set({ status: 'refused', problem, atMs: ctx.now(), ...(replaced !== null && { hash: replaced }) });
    return;
  }
  // After the new files are shown. The same picture again has the same files, which are in use.
  if (replaced !== null) await deleteUnusedFiles(ctx, replaced);
}

async function draw(ctx: Context, { owner }: Target, ref: DocumentReference<Photo>, bytes: Buffer): Promise<void> {
  const hash = toPhotoHash(ref.path, bytes);
  const { renderVariants: variantsOf } = await import('./variants.js');
  const variants = await inPhotoQueue(() => variantsOf(bytes));
  // Before its files, so that they are not deleted as orphans.
  await ref.set({ status: 'processing', hash, atMs: ctx.now() });
  for (const { name, contentType, bytes: drawn } of variants) {
    await ctx.files.write(`media/${hash}/${name}`, drawn, { contentType, cacheControl: FOR_A_YEAR });
  }
  const isLatest = await ctx.db.runTransaction(async (tx) => {
    const isOwn = (await tx.get(ref)).get('hash') === hash;
    const courier = owner.type === 'user' ? paths.courier(ctx.db, owner.uid) : null;
    // Reads no field: the document may be of another version.
    const isCourier = courier !== null && (await tx.get(ctx.db.doc(courier.path))).exists;
    if (isOwn) tx.set(ref, { status: 'ready', hash, atMs: ctx.now() });
    if (isOwn && isCourier) update(tx, courier, { photo: hash });
    return isOwn;
  });
  // Another upload of the same photo arrived in the meantime, in another format.
  if (!isLatest) await deleteUnusedFiles(ctx, hash);
}

/** Throws PHOTO_INVALID for more uploads than an owner may make in a day. */
async function countUpload(ctx: Context, { owner }: Target): Promise<void> {
  const [kind, whose] =
    owner.type === 'user' ? (['profilePhoto', owner.uid] as const) : (['menuPhoto', owner.restaurantId] as const);
  try {
    await takeToken(ctx, { kind, whose });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('PHOTO_INVALID', { problem: 'too many uploads today' });
  }
}

/** The number of photos of a menu, and of a user: counted by an aggregate query. The same again may be refused. */
const MAX_PHOTOS = { restaurant: 1_000, user: 5 } as const;

/** Counts the other photos of the list; none for one that is replaced. */
async function countOthers(ref: DocumentReference<Photo>): Promise<number> {
  if ((await ref.get()).exists) return 0;
  return (await ref.parent.count().get()).data().count;
}

/** The digest includes the place: the same picture of two users is two photos, each deleted with its owner. */
function toPhotoHash(place: string, bytes: Buffer): string {
  return createHash('sha256').update(place).update('\0').update(bytes).digest('hex').slice(0, 32);
}

function photoRef(ctx: Context, { owner, photoId }: Target): DocumentReference<Photo> {
  const photos =
    owner.type === 'user' ? paths.userPhotos(ctx.db, owner.uid) : paths.restaurantPhotos(ctx.db, owner.restaurantId);
  return photos.doc(photoId);
}
