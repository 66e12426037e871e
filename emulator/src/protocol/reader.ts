import { Keys } from './keys.js';

/** Wire types of the protobuf encoding. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

/** The depth to which messages may nest. Source: protobuf's own default, which the official emulator keeps. */
const MAX_DEPTH = 100;

const KEYS = new Keys();

/** Thrown when bytes are not a message; the client sees INVALID_ARGUMENT. */
export class MalformedMessage extends Error {}

/** Reads one protobuf message from front to back. Source: protobuf.dev, "Encoding". */
export class ProtoReader {
  private at = 0;
  private end: number;
  private depth = 0;

  constructor(private readonly bytes: Buffer) {
    this.end = bytes.length;
  }

  /** Reads the next tag, `number << 3 | wireType`; returns 0 at the end of the message. */
  tag(): number {
    return this.at >= this.end ? 0 : this.uint32();
  }

  /** Restricts reading to a nested message. The caller passes the result to `leave`. */
  enter(): number {
    const length = this.uint32();
    const outer = this.end;
    if (this.at + length > outer) throw new MalformedMessage('a nested message is cut short');
    if (++this.depth > MAX_DEPTH) throw new MalformedMessage('messages are nested too deeply');
    this.end = this.at + length;
    return outer;
  }

  leave(outer: number): void {
    this.depth--;
    this.at = this.end;
    this.end = outer;
  }

  get hasMore(): boolean {
    return this.at < this.end;
  }

  /** Reads the low 32 bits of a varint, unsigned. */
  uint32(): number {
    let result = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      if (shift < 32) result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    throw new MalformedMessage('a varint is too long');
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** Reads a varint as int64. Up to four bytes, the common case, need no bigint arithmetic. */
  int64(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let result = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, result);
    }
    throw new MalformedMessage('a varint is too long');
  }

  bool(): boolean {
    return this.int64() !== 0n;
  }

  double(): number {
    this.need(8);
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  /** Reads bytes into a copy: a slice would keep the whole request in memory for as long as the value is stored. */
  bytesValue(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.slice());
  }

  string(): string {
    const length = this.uint32();
    this.need(length);
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  /** Reads a string that was probably read before, such as a field name; see `Keys`. */
  key(): string {
    const length = this.uint32();
    this.need(length);
    this.at += length;
    return KEYS.read(this.bytes, this.at - length, this.at);
  }

  /** Skips a field that the message type does not define. */
  skip(wireType: number): void {
    if (wireType === VARINT) this.int64();
    else if (wireType === BYTES) this.slice();
    else if (wireType === FIXED64 || wireType === FIXED32) {
      const width = wireType === FIXED64 ? 8 : 4;
      this.need(width);
      this.at += width;
    } else throw new MalformedMessage(`unknown wire type ${wireType}`);
  }

  private slice(): Buffer {
    const length = this.uint32();
    this.need(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private byte(): number {
    const byte = this.at < this.end ? this.bytes[this.at++] : undefined;
    if (byte === undefined) throw new MalformedMessage('the message is cut short');
    return byte;
  }

  private need(length: number): void {
    if (this.at + length > this.end) throw new MalformedMessage('the message is cut short');
  }
}
