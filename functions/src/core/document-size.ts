/** The largest document in bytes. Source: Firestore, "Usage and limits": 1 MiB. */
export const MAX_DOCUMENT_BYTES = 1_048_576;

/** The bytes of a document, and of a map in it, besides its name and fields. */
const FRAME_BYTES = 32;

const encoder = new TextEncoder();
const textBytes = (text: string): number => encoder.encode(text).length + 1;

/**
 * Computes the bytes of a document as Firestore counts them, a map within it as a document of its own without a name.
 * Source: Firestore, "Storage size calculations": "Map: calculated the same way as document size".
 */
export function computeDocumentBytes(path: string, fields: object): number {
  const nameBytes = path.split('/').reduce((sum, part) => sum + textBytes(part), 16);
  return nameBytes + mapBytes(fields);
}

function mapBytes(fields: object): number {
  return Object.entries(fields).reduce((sum, [name, value]) => sum + textBytes(name) + valueBytes(value), FRAME_BYTES);
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + valueBytes(one), 0);
  return typeof value === 'object' && value !== null ? mapBytes(value) : 1;
}
