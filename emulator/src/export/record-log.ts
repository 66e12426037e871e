/** LevelDB's log format: blocks of fragments, each with its checksum. Source: LevelDB, doc/log_format.md. */
const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/** Writes records as blocks of a record log, each fragment with its checksum. */
export function writeLog(records: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [];
  let left = BLOCK_BYTES;
  for (const record of records) {
    let written = 0;
    let type = FIRST;
    do {
      if (left < HEADER_BYTES) {
        pieces.push(Buffer.alloc(left));
        left = BLOCK_BYTES;
      }
      const data = record.subarray(written, written + left - HEADER_BYTES);
      written += data.length;
      if (written === record.length) type = type === FIRST ? FULL : LAST;
      pieces.push(fragment(type, data));
      left -= HEADER_BYTES + data.length;
      type = MIDDLE;
    } while (written < record.length);
  }
  return Buffer.concat(pieces);
}

function fragment(type: number, data: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(checksum(type, data), 0);
  header.writeUInt16LE(data.length, 4);
  header[6] = type;
  return Buffer.concat([header, data]);
}

/** Reads the records of a log. Throws for a damaged log, with the messages of the official emulator. */
export function readLog(log: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 0; at < log.length;) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) {
      at += left;
      continue;
    }
    const { type, data } = fragmentAt(log, at);
    at += HEADER_BYTES + data.length;
    if ((type === FULL || type === FIRST) !== (parts.length === 0)) throw new Error('Invalid record');
    parts.push(data);
    if (type !== FULL && type !== LAST) continue;
    records.push(Buffer.concat(parts));
    parts = [];
  }
  if (parts.length > 0) throw new Error('Invalid record');
  return records;
}

function fragmentAt(log: Buffer, at: number): { type: number; data: Buffer } {
  if (at + HEADER_BYTES > log.length) throw new Error('Invalid record');
  const length = log.readUInt16LE(at + 4);
  const type = log[at + 6] ?? 0;
  const data = log.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
  if (data.length < length || type < FULL || type > LAST) throw new Error('Invalid record');
  if (checksum(type, data) !== log.readUInt32LE(at)) throw new Error("Checksum doesn't validate.");
  return { type, data };
}

/** Computes the masked checksum of a fragment. LevelDB masks it because the CRC of bytes that contain CRCs is weak. */
function checksum(type: number, data: Buffer): number {
  let crc = step(0xffffffff, type);
  for (const byte of data) crc = step(crc, byte);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function step(crc: number, byte: number): number {
  return (CRC32C[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
}

/** Castagnoli's polynomial, bits reversed. */
const CRC32C = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
