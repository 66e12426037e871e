import { BYTES } from './reader.js';

/**
 * Writes a protobuf message from back to front, so that the length of a nested message is known when it is written,
 * without measuring the message first. The caller therefore writes fields and elements in reverse order, and each value
 * before its tag.
 */
export class ProtoWriter {
  private bytes = Buffer.allocUnsafe(1024);
  private at = this.bytes.length;

  /** Bytes written so far; the difference of two readings is the length of the bytes written in between. */
  get length(): number {
    return this.bytes.length - this.at;
  }

  finish(): Buffer {
    return this.bytes.subarray(this.at);
  }

  tag(number: number, wireType: number): void {
    this.uint32(((number << 3) | wireType) >>> 0);
  }

  /** Writes the length and the tag of a nested message whose fields were written since `before`. */
  endNested(number: number, before: number): void {
    this.uint32(this.length - before);
    this.tag(number, BYTES);
  }

  /**
   * Writes the prefix of a gRPC message whose fields were written since `before`: the flag "not compressed", and the
   * length.
   */
  framePrefix(before: number): void {
    const length = this.length - before;
    this.reserve(5);
    this.at -= 5;
    this.bytes[this.at] = 0;
    this.bytes.writeUInt32BE(length, this.at + 1);
  }

  uint32(value: number): void {
    this.reserve(5);
    if (value < 0x80) {
      this.bytes[--this.at] = value;
      return;
    }
    let size = 1;
    for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++;
    this.at -= size;
    let position = this.at;
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.bytes[position++] = (rest & 0x7f) | 0x80;
    this.bytes[position] = rest;
  }

  /** Writes an int32; a negative one takes ten bytes, like an int64. */
  int32(value: number): void {
    if (value >= 0) this.uint32(value);
    else this.int64(BigInt(value));
  }

  int64(value: bigint): void {
    if (value >= 0n && value <= 0xffffffffn) return this.uint32(Number(value));
    this.reserve(10);
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest > 0x7fn; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
    groups.push(Number(rest));
    this.at -= groups.length;
    this.bytes.set(groups, this.at);
  }

  bool(value: boolean): void {
    this.uint32(value ? 1 : 0);
  }

  double(value: number): void {
    this.reserve(8);
    this.at -= 8;
    this.bytes.writeDoubleLE(value, this.at);
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.reserve(length);
    this.at -= length;
    this.bytes.write(value, this.at, length, 'utf8');
    this.uint32(length);
  }

  bytesValue(value: Uint8Array): void {
    this.reserve(value.length);
    this.at -= value.length;
    this.bytes.set(value, this.at);
    this.uint32(value.length);
  }

  private reserve(size: number): void {
    if (this.at >= size) return;
    const used = this.length;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, used + size));
    this.bytes.copy(grown, grown.length - used, this.at);
    this.at = grown.length - used;
    this.bytes = grown;
  }
}
