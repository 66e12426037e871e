const SLOTS = 4096;
const MAX_BYTES = 32;

/**
 * A cache of field names, of which a database has few but reads many. Each name is one string, found by its bytes,
 * instead of a new string for each field of each document. This saves the decoding, and memory for stored documents.
 */
export class Keys {
  private readonly known: (string | undefined)[] = new Array<undefined>(SLOTS);

  /** Returns the text of UTF-8 bytes. */
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

/**
 * Returns whether the bytes are this text; always false for text other than ASCII, whose bytes differ from its
 * characters.
 */
function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f || byte !== text.charCodeAt(i - from)) return false;
  }
  return true;
}
