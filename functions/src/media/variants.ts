import type { Sharp } from 'sharp';
import { MAX_PIXELS, type PhotoType } from './photo-header.js';
import type { Grey } from './photo-keys.js';
import { Refusal } from '../core/outcome.js';

type SharpModule = (typeof import('sharp'))['default'];

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

/** Longer sides nobody needs to judge a door, a meal or a paper. */
const EVIDENCE_SIDE = 2_048;

/**
 * A photo as apps show it, drawn anew from its pixels alone: turned upright, without place, camera or anything else
 * that was in the file beside them. Throws PHOTO_INVALID for what cannot be decoded to the end.
 */
export async function variantsOf(photo: Buffer): Promise<Variant[]> {
  const variants = await decoding(async (sharp) => {
    const { data, info } = await upright(sharp(photo, DECODER), WIDTHS[0], WIDTHS[0] * 2)
      .raw()
      .toBuffer({ resolveWithObject: true });
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
  });
  if (!variants) throw new Refusal('PHOTO_INVALID', { problem: UNREADABLE });
  return variants;
}

interface Redrawn {
  bytes: Buffer;
  width: number;
  height: number;
  /** By which two photos are compared. */
  pixels: Grey;
}

/**
 * A photo in its own format, drawn anew as `variantsOf` does, in one size; null for what cannot be decoded to the end.
 */
export async function redrawn(photo: Buffer, type: PhotoType): Promise<Redrawn | null> {
  return decoding(async (sharp) => {
    const image = upright(sharp(photo, DECODER), EVIDENCE_SIDE, EVIDENCE_SIDE);
    const { data, info } = await image.clone().toFormat(type).toBuffer({ resolveWithObject: true });
    const grey = await sharp(data).removeAlpha().greyscale().raw().toBuffer();
    const { width, height } = info;
    return { bytes: data, width, height, pixels: { data: grey, width, height } };
  });
}

const DECODER = { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 } as const;

function upright(image: Sharp, width: number, height: number): Sharp {
  return image
    .timeout({ seconds: MAX_SECONDS })
    .rotate()
    .resize({ width, height, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb');
}

export const UNREADABLE = 'pixels that cannot be read';

async function decoding<T>(draw: (sharp: SharpModule) => Promise<T>): Promise<T | null> {
  const { default: sharp } = await import('sharp');
  // One photo at a time in an instance: threads and what was decoded before would only hold memory.
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    return await draw(sharp);
  } catch {
    return null;
  }
}
