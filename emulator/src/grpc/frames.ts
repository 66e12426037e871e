import { type MessageCodec } from '../protocol/schema.js';
import { ProtoWriter } from '../protocol/writer.js';

const HEADER_BYTES = 5;

/** Prefixes a message with gRPC's header: a byte for "not compressed", and the length. */
export function frameMessage(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, HEADER_BYTES);
  return framed;
}

/** Encodes messages with their prefixes into one buffer. */
export function frameMessages<T>(codec: MessageCodec<T>, messages: readonly T[]): Buffer {
  const writer = new ProtoWriter();
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i];
    if (message === undefined) continue;
    const before = writer.length;
    codec.writeFields(writer, message);
    writer.framePrefix(before);
  }
  return writer.finish();
}

export type Refusal = 'too long' | 'compressed';

/** Splits a stream of bytes into messages. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
export class FrameReader {
  private pending: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly onMessage: (message: Buffer) => void,
    private readonly onRefusal: (why: Refusal, length: number) => void,
  ) {}

  push(chunk: Buffer): void {
    this.pending.push(chunk);
    this.size += chunk.length;
    for (;;) {
      if (this.size < HEADER_BYTES) return;
      const header = this.joined(HEADER_BYTES);
      const length = header.readUInt32BE(1);
      if (length > this.maxBytes) return this.onRefusal('too long', length);
      if (header[0] === 1) return this.onRefusal('compressed', length);
      if (this.size < HEADER_BYTES + length) return;
      const bytes = this.joined(HEADER_BYTES + length);
      this.pending = [bytes.subarray(HEADER_BYTES + length)];
      this.size -= HEADER_BYTES + length;
      this.onMessage(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length));
    }
  }

  /** Returns the pending bytes, which are joined only when the first chunk holds fewer than `atLeast`. */
  private joined(atLeast: number): Buffer {
    const [first] = this.pending;
    if (first && first.length >= atLeast) return first;
    const all = Buffer.concat(this.pending);
    this.pending = [all];
    return all;
  }
}
