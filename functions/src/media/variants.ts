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

/** From the largest, from which the others are rendered. Heights are at most twice as much. */
const WIDTHS = [960, 320] as const;
/** A decoder that takes longer is stopped. */
const MAX_SECONDS = 10;

/** A longer side is not needed to judge a door, a meal or a document. */
const EVIDENCE_SIDE = 2_048;

/**
 * Renders a photo as apps show it, from its pixels alone: turned upright, without location, camera or other metadata of
 * the file. Throws PHOTO_INVALID for an image that cannot be decoded completely.
 */
export async function renderVariants(photo: Buffer): Promise<Variant[]> {
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
  /** The pixels by which two photos are compared. */
  pixels: Grey;
}

/**
 * Renders a photo in its own format, in one size, as `renderVariants` does; null for an image that cannot be decoded
 * completely.
 */
export async function renderSame(photo: Buffer, type: PhotoType): Promise<Redrawn | null> {
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
  // One photo at a time in an instance (`inPhotoQueue`): threads and caches would only occupy memory.
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    return await draw(sharp);
  } catch {
    return null;
  }
}
