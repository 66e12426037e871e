/** The names and streams of a PDF. Source: ISO 32000-2, 7.2 (lexical conventions) and 7.3 (objects). */

/** Bytes between tokens: white space and delimiters. All others are regular. */
const SEPARATORS = new Set(Buffer.from('\0\t\n\f\r ()<>[]{}/%', 'latin1'));
const IS_REGULAR = Uint8Array.from({ length: 256 }, (_, byte) => (SEPARATORS.has(byte) ? 0 : 1));
const [SLASH, PERCENT, BACKSLASH, OPEN, CLOSE] = Buffer.from('/%\\()', 'latin1');
const [LINE_FEED, RETURN, SPACE] = Buffer.from('\n\r ', 'latin1');

/** The longest name of interest, with every character escaped; longer ones are not visited. */
const MAX_NAME_BYTES = 64;

export interface PdfName {
  name: string;
  isEscaped: boolean;
  at: number;
  /** After its last character. */
  end: number;
}

/** A stream: the bytes of its object before the keyword, and those of its data. */
export interface PdfStream {
  dictionary: Buffer;
  data: Buffer;
  /** Of the data, in the file. */
  start: number;
  end: number;
}

/** Calls `visit` with each name without its slash, wherever it is: also in a string, a comment or in binary data. */
export function visitNames(bytes: Buffer, visit: (found: PdfName) => void): void {
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== SLASH) continue;
    const end = skipRegular(bytes, at + 1);
    const length = end - at - 1;
    if (length > 0 && length <= MAX_NAME_BYTES) visit(readName(bytes, at, end));
    at = end - 1;
  }
}

/** Any character may be written as `#` and two hexadecimal digits: `/J#53` is `/JS`. Source: ISO 32000-2, 7.3.5. */
function readName(bytes: Buffer, at: number, end: number): PdfName {
  const written = bytes.toString('latin1', at + 1, end);
  const isEscaped = written.includes('#');
  return { name: isEscaped ? written.replaceAll(/#[0-9A-Fa-f]{2}/g, toCharacter) : written, isEscaped, at, end };
}

const toCharacter = (escape: string): string => String.fromCharCode(Number.parseInt(escape.slice(1), 16));

/**
 * Finds the streams of a PDF: each from the line after its keyword to the next `endstream`. A keyword in a string or in
 * a comment is none. Each byte is read a constant number of times. Null for a string without its end: what follows it is
 * a string for one reader, and objects for another.
 */
export function findStreams(bytes: Buffer): PdfStream[] | null {
  const streams: PdfStream[] = [];
  let objectStart = 0;
  for (let at = 0, next = 0; at < bytes.length; at = next) {
    next = skipToken(bytes, at);
    if (next > bytes.length) return null;
    const keyword = readKeyword(bytes, at, next);
    if (keyword === 'obj' || keyword === 'endobj') objectStart = next;
    if (keyword !== 'stream') continue;
    const end = bytes.indexOf('endstream', next);
    if (end < 0) break;
    const start = skipLineEnd(bytes, next);
    streams.push({ dictionary: bytes.subarray(objectStart, at), data: bytes.subarray(start, end), start, end });
    next = end + 'endstream'.length;
    objectStart = next;
  }
  return streams;
}

/** Returns a token of the length of a keyword: `obj`, `endobj` or `stream`. */
function readKeyword(bytes: Buffer, start: number, end: number): string | null {
  return end - start === 3 || end - start === 6 ? bytes.toString('latin1', start, end) : null;
}

/** Returns the end of a comment, a string, a name, a run of regular bytes, or one separator. */
function skipToken(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case PERCENT:
      return skipComment(bytes, at);
    case OPEN:
      return skipString(bytes, at);
    case SLASH:
      return skipRegular(bytes, at + 1);
    default:
      return Math.max(at + 1, skipRegular(bytes, at));
  }
}

function skipRegular(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && IS_REGULAR[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

function skipComment(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== LINE_FEED && bytes[at] !== RETURN) at += 1;
  return at;
}

/** Parentheses nest in a string, except after a backslash. Infinity for a string without its end. */
function skipString(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at += 1;
    if (byte === OPEN) depth += 1;
    if (byte === CLOSE) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return Infinity;
}

/** Some producers write blanks before the end of the keyword's line. */
function skipLineEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === SPACE) at += 1;
  if (bytes[at] === RETURN) at += 1;
  return bytes[at] === LINE_FEED ? at + 1 : at;
}
