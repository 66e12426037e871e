import { inflateSync } from 'node:zlib';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { readOpenAction, showPages, type ReadObjects } from './model/open-action.js';
import { findStreams, visitNames, type PdfName, type PdfStream } from './model/pdf-syntax.js';

/** Names of actions and of content that a reader runs, opens or sends; `OpenAction` may show a page. */
const ACTIVE = new Set([
  'JavaScript',
  'JS',
  'OpenAction',
  'AA',
  'Launch',
  'EmbeddedFile',
  'EmbeddedFiles',
  'RichMedia',
  'XFA',
  'SubmitForm',
  'ImportData',
]);
/** Names that binary data contain by chance: about one in each 100 MB, too many to refuse a scanned page for them. */
const SHORT_CHARS = 2;

/** A reader searches the end of a file for its marks. Source: ISO 32000-1, annex H.3, note 18. */
const TAIL_BYTES = 1024;
/** All object streams of a file, inflated. */
const MAX_INFLATED_BYTES = 32 * 1024 * 1024;
/** A producer stores about a hundred objects in each. */
const MAX_OBJECT_STREAMS = 2000;
/** Of an object stream: a handful of names and numbers. */
const MAX_DICTIONARY_BYTES = 10_000;

/** Source: ISO 32000-2, 7.5.2 (file header). */
const HEADER = /^%PDF-(1\.\d|2\.0)(?!\d)/;
const TRAILER = /startxref\s+\d+\s+%%EOF/;

/** Whether a file claims to be a PDF. */
export const claimsPdf = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 5) === '%PDF-';

/**
 * Checks that a PDF has its header and its end, and no name of active content, in its bytes or in an object stream.
 * Refuses DOCUMENT_INVALID, also for a file that is encrypted and for an object stream that cannot be inflated, or not
 * within the limits: names in it would be hidden. Takes time in proportion to the file's size. docs/apps.md says what
 * is not checked.
 */
export function checkPdf(bytes: Buffer): Outcome<true> {
  if (!HEADER.test(bytes.toString('latin1', 0, 9))) return refuse('DOCUMENT_INVALID', { problem: 'PDF header' });
  if (!TRAILER.test(bytes.toString('latin1', Math.max(0, bytes.length - TAIL_BYTES)))) {
    return refuse('DOCUMENT_INVALID', { problem: 'PDF end' });
  }
  const streams = findStreams(bytes);
  if (streams === null) return unreadable();
  const hidden = streams.filter(isObjectStream);
  const opened = new Set<string>();
  const seen = checkNames(bytes, streams, hidden.length, opened);
  if (!seen.ok) return seen;
  const read = readObjectStreams(hidden, opened);
  if (!read.ok) return read;
  return showPages(opened, bytes, read.value) ? accept(true) : activeContent('OpenAction');
}

/** A reader finds objects by the numbers `N` and `First`; some readers ignore the type. */
function isObjectStream({ dictionary }: PdfStream): boolean {
  let isOne = false;
  visitNames(dictionary, ({ name }) => (isOne ||= name === 'ObjStm' || name === 'First'));
  return isOne;
}

/** Adds the ids of objects to which an `OpenAction` refers to `opened`. */
function checkNames(
  bytes: Buffer,
  streams: readonly PdfStream[],
  objectStreams: number,
  opened: Set<string>,
): Outcome<true> {
  let refused: Outcome<true> = accept(true);
  let [next, typed] = [0, 0];
  visitNames(bytes, (found) => {
    const { name, isEscaped, at } = found;
    while ((streams[next]?.end ?? Infinity) <= at) next += 1;
    const isData = at >= (streams[next]?.start ?? Infinity);
    const isChance = isData && !isEscaped && name.length <= SHORT_CHARS;
    if (ACTIVE.has(name) && !isChance && !opensPage(bytes, found, opened)) refused = activeContent(name);
    if (name === 'Encrypt') refused = refuse('DOCUMENT_INVALID', { problem: 'encrypted PDF' });
    if (name === 'ObjStm') typed += 1;
  });
  // In a string, an object stream would not be found.
  return typed > objectStreams ? unreadable() : refused;
}

/** True for an `OpenAction` that shows a page, or may: the object to which it refers is added to `opened`. */
function opensPage(bytes: Buffer, { name, isEscaped, end }: PdfName, opened: Set<string>): boolean {
  if (name !== 'OpenAction' || isEscaped) return false;
  const action = readOpenAction(bytes, end);
  if (action.type === 'reference') opened.add(action.id);
  return action.type !== 'other';
}

const activeContent = (name: string): Outcome<never> =>
  refuse('DOCUMENT_INVALID', { problem: 'active content of a PDF', name });

const unreadable = (): Outcome<never> => refuse('DOCUMENT_INVALID', { problem: 'object stream of a PDF' });

/** Inflates the object streams and checks their names. */
function readObjectStreams(streams: readonly PdfStream[], opened: Set<string>): Outcome<ReadObjects[]> {
  if (streams.length > MAX_OBJECT_STREAMS) return unreadable();
  const read: ReadObjects[] = [];
  let leftBytes = MAX_INFLATED_BYTES;
  for (const stream of streams) {
    const objects = readObjects(stream, leftBytes);
    if (objects === null) return unreadable();
    leftBytes -= objects.length;
    const seen = checkNames(objects, [], Infinity, opened);
    if (!seen.ok) return seen;
    read.push({ dictionary: stream.dictionary, objects });
  }
  return accept(read);
}

const FLATE = /\/Filter\s*(?:\[\s*)?\/FlateDecode(?![^\s/>\]])/;

/** Reads an object stream without a filter or with Flate alone; null for every other one. */
function readObjects({ dictionary, data }: PdfStream, maxBytes: number): Buffer | null {
  if (dictionary.length > MAX_DICTIONARY_BYTES) return null;
  const names: string[] = [];
  visitNames(dictionary, ({ name }) => names.push(name));
  const filters = names.filter((name) => name === 'Filter' || name.endsWith('Decode')).join();
  // `F` is a file elsewhere; parameters may transform what was inflated.
  if (['F', 'FFilter', 'DecodeParms'].some((name) => names.includes(name))) return null;
  if (filters === '') return data.length <= maxBytes ? data : null;
  if (filters !== 'Filter,FlateDecode' || !FLATE.test(dictionary.toString('latin1'))) return null;
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, maxBytes) });
  } catch {
    return null;
  }
}
