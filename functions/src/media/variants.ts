import { MAX_PIXELS } from './header.js';
import { Refusal } from '../platform/outcome.js';

/** One file that apps show. */
export interface Variant {
  /** `640.webp` */
  name: string;
  contentType: 'image/webp' | 'image/avif';
  bytes: Buffer;
}

/** From the largest, which the others are drawn from. Heights are at most twice as much. */
const WIDTHS = [960, 320] as const;
/** A decoder that takes longer is given up. */
const MAX_SECONDS = 10;

/**
 * A photo as apps show it, drawn anew from its pixels alone: turned upright, without place, camera or anything else that
 * was in the file beside them. Throws PHOTO_INVALID for what cannot be decoded to the end.
 */
export async function variantsOf(photo: Buffer): Promise<Variant[]> {
  const { default: sharp } = await import('sharp');
  // One photo at a time in an instance: threads and what was decoded before would only hold memory.
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    const upright = await sharp(photo, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
      .timeout({ seconds: MAX_SECONDS })
      .rotate()
      .resize({ width: WIDTHS[0], height: WIDTHS[0] * 2, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { data, info } = upright;
    const raw = { width: info.width, height: info.height, channels: info.channels };
    const files = await Promise.all(
      WIDTHS.map(async (width): Promise<Variant[]> => {
        const drawn = sharp(data, { raw }).resize({ width, withoutEnlargement: true });
        const webp = await drawn.clone().webp({ quality: 78 }).toBuffer();
        const avif = await drawn.clone().avif({ quality: 50, effort: 2 }).toBuffer();
        return [
          { name: `${width}.webp`, contentType: 'image/webp', bytes: webp },
          { name: `${width}.avif`, contentType: 'image/avif', bytes: avif },
        ];
      }),
    );
    return files.flat();
  } catch {
    throw new Refusal('PHOTO_INVALID', { problem: 'pixels that cannot be read' });
  }
}
