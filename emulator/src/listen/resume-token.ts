import { ProtoReader } from '../protocol/reader.js';
import { ProtoWriter } from '../protocol/writer.js';
import { type Micros } from '../values/time.js';

/**
 * A token tells the time up to which a listener knows everything: a message in a message, as the official emulator's.
 */
export function resumeToken(time: Micros): Uint8Array {
  const writer = new ProtoWriter();
  writer.int64(BigInt(time));
  writer.tag(1, 0);
  writer.uint32(writer.length);
  writer.tag(1, 2);
  return writer.finish();
}

/** Undefined for a token that is not one of ours. */
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
