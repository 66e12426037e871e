import { accept, refuse, type Outcome } from '../core/outcome.js';

/** The accepted types, by a file's first bytes: its name and content type are ignored. */
export type PhotoType = 'jpeg' | 'png' | 'webp';
export interface PhotoHeader {
  type: PhotoType;
  width: number;
  height: number;
}

/** Phone cameras do not exceed this side or number of pixels; larger images would cost memory and time to check. */
const MAX_SIDE = 12_000;
export const MAX_PIXELS = 25_000_000;
/**
 * The pixels of a phone's photo, decoded: 25 megapixels in three colours, of a progressive JPEG twice. With the copy that
 * is turned upright, and the decoder's own memory, it is a third of what the functions that decode have.
 */
const MAX_DECODED_BYTES = 150_000_000;

/**
 * Reads the type and the size of a picture from its header alone, so that an image that is too large for a photo, in
 * pixels or in memory, is not decoded. Refuses PHOTO_INVALID. The signature is checked first, so that only these three of the decoder's formats are
 * opened.
 */
export async function readHeader(bytes: Buffer): Promise<Outcome<PhotoHeader>> {
  const type = typeOf(bytes);
  if (!type) return refuse('PHOTO_INVALID', { problem: 'type' });
  const size = await readSize(bytes);
  if (!size || size.width < 1 || size.height < 1) return refuse('PHOTO_INVALID', { problem: 'header' });
  const { width, height } = size;
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    return refuse('PHOTO_INVALID', { problem: 'pixels', width, height });
  }
  if (computeDecodedBytes(size) > MAX_DECODED_BYTES) {
    return refuse('PHOTO_INVALID', { problem: 'bytes of the decoded image', width, height });
  }
  return accept({ type, width, height });
}

/**
 * Computes the memory of the decoded pixels. A progressive or interlaced image is not decoded line by line: its
 * coefficients, or the whole image, are in memory beside the result.
 */
function computeDecodedBytes({ width, height, channels, bytesPerChannel, isProgressive }: Size): number {
  return width * height * channels * bytesPerChannel * (isProgressive ? 2 : 1);
}

interface Size {
  width: number;
  height: number;
  channels: number;
  bytesPerChannel: number;
  isProgressive: boolean;
}

/**
 * Source: the formats' signatures; PNG specification 5.2, JFIF and Exif both after SOI, WebP container specification.
 */
function typeOf(bytes: Buffer): PhotoType | null {
  if (bytes.length < 30) return null;
  if (bytes.readUInt32BE(0) >>> 8 === 0xff_d8_ff) return 'jpeg';
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return 'png';
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP' ? 'webp' : null;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Of the first picture of an animation; null for a header that cannot be read. The limit is this file's own. */
async function readSize(bytes: Buffer): Promise<Size | null> {
  const { default: sharp } = await import('sharp');
  try {
    const header = await sharp(bytes, { limitInputPixels: false, pages: 1 }).metadata();
    const { width, height, channels, depth, isProgressive } = header;
    return { width, height, channels, bytesPerChannel: depth === 'uchar' ? 1 : 2, isProgressive };
  } catch {
    return null;
  }
}
