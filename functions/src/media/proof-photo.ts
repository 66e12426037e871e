import { MAX_PHOTO_BYTES } from '../contract/media.js';
import { digestOf } from '../abuse/counted.js';
import type { Context } from '../platform/context.js';
import { Refusal } from '../platform/outcome.js';
import { MAX_PIXELS, readHeader, type PhotoType } from './header.js';

/** Smaller ones show nothing. */
const MIN_SIDE = 64;
/** The picture whose digest is compared: the same whatever else was in the file. */
const COMPARED_SIDE = 64;
const MAX_SECONDS = 10;
const CONTENT_TYPES: Readonly<Record<PhotoType, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};

/**
 * Decodes a photo given as proof of a delivery, replaces its file by one without place, camera and the like, and returns
 * the digest of its pixels. Null when there is no such file. Throws PROOF_INVALID for what is no photo.
 */
export async function checkProofPhoto(ctx: Context, path: string): Promise<string | null> {
  const bytes = await ctx.files.read(path, MAX_PHOTO_BYTES);
  if (!bytes) return null;
  const header = readHeader(bytes);
  if (bytes.length > MAX_PHOTO_BYTES || !header.ok) throw new Refusal('PROOF_INVALID', header.ok ? {} : header.details);
  const { type, width, height } = header.value;
  if (Math.min(width, height) < MIN_SIDE) throw new Refusal('PROOF_INVALID', { problem: 'pixels', width, height });
  const { clean, compared } = await redraw(bytes, type);
  await ctx.files.write(path, clean, { contentType: CONTENT_TYPES[type], cacheControl: 'private, no-store' });
  return digestOf(compared.toString('base64'));
}

async function redraw(bytes: Buffer, type: PhotoType): Promise<{ clean: Buffer; compared: Buffer }> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    const photo = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
      .timeout({ seconds: MAX_SECONDS })
      .rotate();
    const [clean, compared] = [
      await photo.clone().toFormat(type).toBuffer(),
      await photo.clone().resize(COMPARED_SIDE, COMPARED_SIDE, { fit: 'fill' }).greyscale().raw().toBuffer(),
    ];
    return { clean, compared };
  } catch {
    throw new Refusal('PROOF_INVALID', { problem: 'pixels that cannot be read' });
  }
}
