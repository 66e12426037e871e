const SLOTS = 4096;
const MAX_BYTES = 32;

/**
 * Names of fields, of which a database has few and reads many: one string each, found by its bytes, instead
 * of a new one for each field of each document. It saves the decoding, and memory where documents are kept.
 */
export class Keys {
  private readonly known: (string | undefined)[] = new Array<undefined>(SLOTS);

  /** The text of the bytes, which are UTF-8. */
  read(bytes: Buffer, from: number, to: number): string {
    if (to - from > MAX_BYTES) return bytes.toString('utf8', from, to);
    let hash = 0;
    for (let i = from; i < to; i++) hash = (hash * 31 + (bytes[i] ?? 0)) | 0;
    const slot = hash & (SLOTS - 1);
    const known = this.known[slot];
    if (known !== undefined && isText(known, bytes, from, to)) return known;
    return (this.known[slot] = bytes.toString('utf8', from, to));
  }
}

/** False of all but ASCII, whose bytes are its characters. */
function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f || byte !== text.charCodeAt(i - from)) return false;
  }
  return true;
}
