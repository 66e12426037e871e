import { accept, refuse, type Outcome } from '../../core/outcome.js';

/** What is taken, by its first bytes: what a file is called, or says of itself, counts for nothing. */
export type PhotoType = 'jpeg' | 'png' | 'webp';
export interface PhotoHeader {
  type: PhotoType;
  width: number;
  height: number;
}

/** Longer sides and more pixels no phone's camera makes; they cost memory and time before anybody sees them. */
const MAX_SIDE = 12_000;
export const MAX_PIXELS = 25_000_000;

/**
 * Reads the type and the size from a file's first bytes, so that nothing is decoded that is too large to be a photo.
 */
export function readHeader(bytes: Buffer): Outcome<PhotoHeader> {
  const type = typeOf(bytes);
  if (!type) return refuse('PHOTO_INVALID', { problem: 'type' });
  const size = SIZES[type](bytes);
  if (!size || size.width < 1 || size.height < 1) return refuse('PHOTO_INVALID', { problem: 'header' });
  const { width, height } = size;
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    return refuse('PHOTO_INVALID', { problem: 'pixels', width, height });
  }
  return accept({ type, width, height });
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

type Size = Pick<PhotoHeader, 'width' | 'height'> | null;

const SIZES: Record<PhotoType, (bytes: Buffer) => Size> = { jpeg: jpegSize, png: pngSize, webp: webpSize };

/** The first chunk is always IHDR. */
function pngSize(bytes: Buffer): Size {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/**
 * From marker to marker until the start of a frame (SOF0 … SOF15, but for DHT, JPG and DAC). Source: ITU T.81, B.1.1.3.
 */
function jpegSize(bytes: Buffer): Size {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Lossy, lossless or extended. Source: WebP container specification; RFC 6386, 9.1; WebP lossless specification, 3. */
function webpSize(bytes: Buffer): Size {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}
