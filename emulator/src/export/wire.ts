/**
 * Protobuf as a tree of numbered fields, including groups: export files consist of App Engine's old messages, and the
 * message tables of the API have no groups. Source: protobuf.dev, "Encoding".
 */
export type WireField =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'double'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer }
  | { readonly number: number; readonly kind: 'group'; readonly fields: readonly WireField[] };

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

export const varintField = (number: number, value: bigint | number): WireField => ({
  number,
  kind: 'varint',
  value: BigInt(value),
});
export const doubleField = (number: number, value: number): WireField => ({ number, kind: 'double', value });
export const textField = (number: number, value: string): WireField => bytesField(number, Buffer.from(value));
export const bytesField = (number: number, value: Uint8Array): WireField => ({
  number,
  kind: 'bytes',
  value: Buffer.from(value),
});
export const messageField = (number: number, fields: readonly WireField[]): WireField =>
  bytesField(number, encode(fields));
export const groupField = (number: number, fields: readonly WireField[]): WireField => ({
  number,
  kind: 'group',
  fields,
});

/** Encodes fields in the wire format of protocol buffers. */
export function encode(fields: readonly WireField[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField(field: WireField): Buffer {
  const tag = (wireType: number): Buffer => encodeVarint(BigInt((field.number << 3) | wireType));
  switch (field.kind) {
    case 'varint':
      return Buffer.concat([tag(VARINT), encodeVarint(field.value)]);
    case 'double': {
      const eight = Buffer.alloc(8);
      eight.writeDoubleLE(field.value);
      return Buffer.concat([tag(FIXED64), eight]);
    }
    case 'bytes':
      return Buffer.concat([tag(BYTES), encodeVarint(BigInt(field.value.length)), field.value]);
    case 'group':
      return Buffer.concat([tag(START_GROUP), encode(field.fields), tag(END_GROUP)]);
  }
}

function encodeVarint(value: bigint): Buffer {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
  groups.push(Number(rest));
  return Buffer.from(groups);
}

/** Decodes the fields of a message. Throws for bytes that are not a message. */
export function decode(encoded: Buffer): WireField[] {
  return new TreeReader(encoded).fields(undefined);
}

class TreeReader {
  private at = 0;

  constructor(private readonly source: Buffer) {}

  /** Reads fields up to the end of the message, or of the group with this number. */
  fields(inGroup: number | undefined): WireField[] {
    const found: WireField[] = [];
    while (this.at < this.source.length) {
      const tag = Number(this.varint());
      const number = tag >>> 3;
      if ((tag & 7) === END_GROUP) {
        if (number !== inGroup) throw new Error('Invalid record');
        return found;
      }
      const field = this.field(number, tag & 7);
      if (field) found.push(field);
    }
    if (inGroup !== undefined) throw new Error('Invalid record');
    return found;
  }

  /** Reads one field; returns undefined for a field of four bytes, which exports do not use. */
  private field(number: number, wireType: number): WireField | undefined {
    switch (wireType) {
      case VARINT:
        return { number, kind: 'varint', value: BigInt.asIntN(64, this.varint()) };
      case FIXED64:
        return { number, kind: 'double', value: this.take(8).readDoubleLE(0) };
      case BYTES:
        return { number, kind: 'bytes', value: this.take(Number(this.varint())) };
      case START_GROUP:
        return { number, kind: 'group', fields: this.fields(number) };
      case FIXED32:
        this.take(4);
        return undefined;
      default:
        throw new Error('Invalid record');
    }
  }

  private varint(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0] ?? 0;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw new Error('Invalid record');
  }

  private take(length: number): Buffer {
    if (this.at + length > this.source.length) throw new Error('Invalid record');
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }
}

/** A decoded message, read by field number; an absent message has no fields. */
export class WireMessage {
  constructor(private readonly all: readonly WireField[]) {}

  static of(encoded: Buffer | undefined): WireMessage {
    return new WireMessage(encoded ? decode(encoded) : []);
  }

  varint(number: number): bigint | undefined {
    return this.find(number, (field) => (field.kind === 'varint' ? field.value : undefined));
  }

  double(number: number): number | undefined {
    return this.find(number, (field) => (field.kind === 'double' ? field.value : undefined));
  }

  bytes(number: number): Buffer | undefined {
    return this.find(number, (field) => (field.kind === 'bytes' ? field.value : undefined));
  }

  text(number: number): string | undefined {
    return this.bytes(number)?.toString('utf8');
  }

  group(number: number): WireMessage | undefined {
    return this.groups(number)[0];
  }

  groups(number: number): WireMessage[] {
    return this.all.flatMap((field) =>
      field.number === number && field.kind === 'group' ? [new WireMessage(field.fields)] : [],
    );
  }

  messages(number: number): WireMessage[] {
    return this.all.flatMap((field) =>
      field.number === number && field.kind === 'bytes' ? [WireMessage.of(field.value)] : [],
    );
  }

  private find<T>(number: number, pick: (field: WireField) => T | undefined): T | undefined {
    return this.all
      .filter((field) => field.number === number)
      .map(pick)
      .find((value) => value !== undefined);
  }
}
