import type { PdfStream } from './pdf-syntax.js';

/** What a document does when it is opened: it shows a page, or it is an action of any other kind. */
export type OpenAction = { type: 'page' } | { type: 'reference'; id: string } | { type: 'other' };

/** A producer writes a page with a handful of numbers. */
const MAX_VALUE_BYTES = 400;
const SPACE = String.raw`[\0\t\n\f\r ]`;
const NUMBER = String.raw`(?:null|[+-]?\d{0,10}(?:\.\d{0,10})?)`;
/** Source: ISO 32000-2, 12.3.2.2 (explicit destinations). */
const DESTINATION = String.raw`\[${SPACE}*\d{1,10}(?:${SPACE}+\d{1,5}${SPACE}+R)?${SPACE}*\/(?:XYZ|Fit(?:[HVR]|B[HV]?)?)(?:${SPACE}+${NUMBER}){0,4}${SPACE}*\]`;
/** pdfTeX writes the destination into an action: nothing but `/S /GoTo` and `/D`. */
const GO_TO = String.raw`<<${SPACE}*(?:\/Type${SPACE}*\/Action${SPACE}*)?\/S${SPACE}*\/GoTo${SPACE}*\/D${SPACE}*${DESTINATION}${SPACE}*>>`;
const PAGE = new RegExp(`^${SPACE}*(?:${DESTINATION}|${GO_TO})`);
const REFERENCE = new RegExp(`^${SPACE}+(\\d{1,10})${SPACE}+(\\d{1,5})${SPACE}+R(?![^\\0\\t\\n\\f\\r ()<>[\\]{}/%])`);

/** Reads the value of `/OpenAction`, which begins at `at`. */
export function readOpenAction(bytes: Buffer, at: number): OpenAction {
  if (isPage(bytes, at)) return { type: 'page' };
  const [, number, generation] = REFERENCE.exec(bytes.toString('latin1', at, at + MAX_VALUE_BYTES)) ?? [];
  return number === undefined || generation === undefined
    ? { type: 'other' }
    : { type: 'reference', id: toId(number, generation) };
}

const isPage = (bytes: Buffer, at: number): boolean => PAGE.test(bytes.toString('latin1', at, at + MAX_VALUE_BYTES));

/** `9 0` for `009 0`. */
const toId = (number: string, generation: string): string => `${Number(number)} ${Number(generation)}`;

/** An object stream with its inflated bytes. */
export interface ReadObjects {
  dictionary: PdfStream['dictionary'];
  objects: Buffer;
}

/**
 * True where each object with one of these ids, in all revisions, shows a page, and each is found. False also where an
 * object cannot be attributed: a reader might see another one.
 */
export function showPages(ids: ReadonlySet<string>, bytes: Buffer, streams: readonly ReadObjects[]): boolean {
  if (ids.size === 0) return true;
  const shown = new Map<string, boolean>();
  const note = (id: string, from: Buffer, at: number): void => {
    if (ids.has(id)) shown.set(id, (shown.get(id) ?? true) && isPage(from, at));
  };
  const isAttributed =
    visitObjects(bytes, (id, at) => note(id, bytes, at)) &&
    streams.every((stream) => visitPacked(stream, (id, at) => note(id, stream.objects, at)));
  return isAttributed && [...ids].every((id) => shown.get(id) === true);
}

type VisitObject = (id: string, at: number) => void;

/**
 * Visits every `9 0 obj`, wherever it is; false where a line begins within it: a comment may hide the number. Each byte
 * is read a constant number of times.
 */
function visitObjects(bytes: Buffer, visit: VisitObject): boolean {
  for (let at = bytes.indexOf('obj'); at >= 0; at = bytes.indexOf('obj', at + 3)) {
    if (isLetterOrDigit(bytes[at + 3] ?? 0)) continue;
    const beforeKeyword = skipBack(bytes, at, isSpace);
    const generation = skipBack(bytes, beforeKeyword, isDigit);
    const beforeGeneration = skipBack(bytes, generation, isSpace);
    const number = skipBack(bytes, beforeGeneration, isDigit);
    if (
      hasLineEnd(bytes, beforeKeyword, at) ||
      (generation < beforeKeyword && hasLineEnd(bytes, beforeGeneration, generation))
    )
      return false;
    if (number === beforeGeneration || generation === beforeKeyword || beforeKeyword === at) continue;
    visit(
      toId(bytes.toString('latin1', number, beforeGeneration), bytes.toString('latin1', generation, beforeKeyword)),
      at + 3,
    );
  }
  return true;
}

/** Visits the objects of an object stream; false where its numbers cannot be read. Source: ISO 32000-2, 7.5.7. */
function visitPacked({ dictionary, objects }: ReadObjects, visit: VisitObject): boolean {
  const first = readEntry(dictionary, 'First');
  if (first === null || first > objects.length) return false;
  const numbers = objects
    .toString('latin1', 0, first)
    .trim()
    .split(/[\0\t\n\f\r ]+/);
  if (!numbers.every((one) => /^\d{0,10}$/.test(one))) return false;
  for (let index = 0; index + 1 < numbers.length; index += 2)
    visit(toId(numbers[index] ?? '', '0'), first + Number(numbers[index + 1]));
  return true;
}

/** Reads a number of a dictionary that names it once; null for any other. */
function readEntry(dictionary: Buffer, name: string): number | null {
  const values = [...dictionary.toString('latin1').matchAll(new RegExp(`/${name}${SPACE}+(\\d{1,9})(?!\\d)`, 'g'))];
  return values.length === 1 ? Number(values[0]?.[1]) : null;
}

const isSpace = (byte: number): boolean => byte === 32 || byte === 0 || (byte >= 9 && byte <= 13 && byte !== 11);
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

const isLetterOrDigit = (byte: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(byte));

function skipBack(bytes: Buffer, end: number, skips: (byte: number) => boolean): number {
  let at = end;
  while (at > 0 && skips(bytes[at - 1] ?? -1)) at -= 1;
  return at;
}

function hasLineEnd(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === 10 || bytes[at] === 13) return true;
  return false;
}
