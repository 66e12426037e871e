import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** The smallest valid PNG. */
export const ONE_PIXEL_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The smallest file that the backend accepts as a PDF: a header and an end. */
export const PAPER = new TextEncoder().encode('%PDF-1.4\nstartxref\n0\n%%EOF\n');

const SIDE = 64;
const BLOCK = 8;

/** Returns another PNG of 8 × 8 grey blocks for each order: the backend refuses a photo that was used before. */
export function doorPhoto(orderId: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const shades = createHash('sha512').update(orderId).digest();
  // Each row begins with the byte of its filter type: none.
  const drawRow = (row: number) =>
    Buffer.from(
      Array.from(
        { length: SIDE },
        (_, column) => shades[Math.floor(row / BLOCK) * BLOCK + Math.floor(column / BLOCK)] ?? 0,
      ),
    );
  const rows = Array.from({ length: SIDE }, (_, row) => Buffer.concat([Buffer.alloc(1), drawRow(row)]));
  const chunks = [
    encodeChunk('IHDR', header),
    encodeChunk('IDAT', deflateSync(Buffer.concat(rows))),
    encodeChunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

function encodeChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
