import { createHash } from 'node:crypto';
import type { Context } from '../platform/context.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { checkPdf, claimsPdf } from './check-pdf.js';
import { findEvidenceKind, type EvidenceKind } from './model/evidence.js';
import { readHeader } from './photo-header.js';
import { inPhotoQueue } from './photo-queue.js';
import { toPhotoKeys } from './photo-keys.js';

/** The result of the server's check of a file. */
export interface CheckedFile {
  contentType: string;
  /** For an image the keys of `toPhotoKeys`, joined by dots; for a PDF the SHA-256 of its bytes, in hex. */
  contentHash: string;
  /** For an image, turned upright; 0 for a PDF. */
  width: number;
  height: number;
}

const PRIVATE = 'private, no-store';

/**
 * Checks a proof, a claim's photo or an applicant's document once, before a user sees it. The file's bytes, not its
 * name, decide its type; an image is decoded completely and stored again from its pixels alone, a PDF without active
 * content (`checkPdf`) as it is, both without the metadata, the download tokens and the cache headers that its uploader
 * chose. Null where there is no such file. Deletes an invalid file, and throws PHOTO_INVALID, or DOCUMENT_INVALID for
 * an applicant's document. Called by the upload's trigger and, since that may be late, by each function that relies on
 * the file. Throws BUSY where too many files wait to be decoded.
 */
export async function readCheckedFile(ctx: Context, path: string): Promise<CheckedFile | null> {
  const evidence = findEvidenceKind(path);
  const stored = evidence && (await ctx.files.metadata(path));
  if (!evidence || !stored) return null;
  return readMark(ctx, path, stored) ?? inPhotoQueue(() => checkOnce(ctx, path, evidence));
}

/** The call before this one in the queue may have checked the same file. */
async function checkOnce(ctx: Context, path: string, evidence: EvidenceKind): Promise<CheckedFile | null> {
  const stored = await ctx.files.metadata(path);
  const known = stored && readMark(ctx, path, stored);
  if (known) return known;
  const source = await ctx.files.read(path, evidence.maxBytes);
  if (!source) return null;
  try {
    const { bytes, ...checked } = await check(evidence, source);
    await ctx.files.write(path, bytes, {
      contentType: checked.contentType,
      cacheControl: PRIVATE,
      metadata: toSignedMark(ctx, path, checked),
    });
    return checked;
  } catch (error) {
    if (error instanceof Refusal) await ctx.files.remove(path);
    throw error;
  }
}

/**
 * Checks a file as `readCheckedFile` does, at a path where only an image may be: a delivery's proof or a claim's photo.
 */
export async function readCheckedImage(ctx: Context, path: string): Promise<CheckedFile | null> {
  return findEvidenceKind(path)?.takesPdf === false ? readCheckedFile(ctx, path) : null;
}

async function check({ maxBytes, takesPdf }: EvidenceKind, source: Buffer): Promise<CheckedFile & { bytes: Buffer }> {
  const reason = takesPdf ? 'DOCUMENT_INVALID' : 'PHOTO_INVALID';
  if (source.length > maxBytes) throw new Refusal(reason, { problem: 'bytes' });
  if (takesPdf && claimsPdf(source)) {
    unwrap(checkPdf(source));
    return { contentType: 'application/pdf', contentHash: toSha256(source), width: 0, height: 0, bytes: source };
  }
  const header = await readHeader(source);
  if (!header.ok) throw new Refusal(reason, header.details);
  const { renderSame: redrawn, UNREADABLE } = await import('./variants.js');
  const drawn = await redrawn(source, header.value.type);
  if (!drawn) throw new Refusal(reason, { problem: UNREADABLE });
  const { pixels, ...image } = drawn;
  return { contentType: `image/${header.value.type}`, contentHash: toPhotoKeys(pixels).join('.'), ...image };
}

const toSha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Signed by the server, since an uploader chooses the metadata of a file. */
function toSignedMark(ctx: Context, path: string, checked: CheckedFile): Record<string, string> {
  const { contentType, contentHash, width, height } = checked;
  return {
    contentKind: contentType,
    contentHash,
    width: `${width}`,
    height: `${height}`,
    checked: signature(ctx, path, checked),
  };
}

function readMark(ctx: Context, path: string, metadata: Readonly<Record<string, string>>): CheckedFile | null {
  const { contentKind: contentType = '', contentHash = '', checked } = metadata;
  const file = { contentType, contentHash, width: Number(metadata['width']), height: Number(metadata['height']) };
  return checked !== undefined && checked === signature(ctx, path, file) ? file : null;
}

function signature(ctx: Context, path: string, { contentType, contentHash, width, height }: CheckedFile): string {
  return ctx.secretDigits(`checked ${path} ${contentType} ${contentHash} ${width} ${height}`, 14);
}
