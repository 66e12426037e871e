import { ProtoReader } from '../protocol/reader.js';
import { ProtoWriter } from '../protocol/writer.js';
import { type Micros } from '../values/time.js';

/**
 * Encodes the time up to which a listener has received all changes: a message in a message, as in the official
 * emulator.
 */
export function encodeResumeToken(time: Micros): Uint8Array {
  const writer = new ProtoWriter();
  writer.int64(BigInt(time));
  writer.tag(1, 0);
  writer.uint32(writer.length);
  writer.tag(1, 2);
  return writer.finish();
}

/** Decodes a token; returns undefined for a token that this emulator did not issue. */
export function parseResumeToken(token: Uint8Array): Micros | undefined {
  try {
    const reader = new ProtoReader(Buffer.from(token));
    if (reader.tag() !== ((1 << 3) | 2)) return undefined;
    reader.enter();
    return reader.tag() === 1 << 3 ? Number(reader.int64()) : undefined;
  } catch {
    return undefined;
  }
}
