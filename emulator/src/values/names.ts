import { parseNumericId } from './compare.js';
import { invalid } from './status.js';

/** A database of a project. `name` is projects/p/databases/d. */
export interface DatabaseName {
  readonly project: string;
  readonly database: string;
  readonly name: string;
}

/** A parsed document or parent name: segments are those after /documents, none for the root. */
export interface ResourceName {
  readonly database: DatabaseName;
  readonly segments: readonly string[];
}

/**
 * Scans a name part by part. Each error contains the byte index where it was found. Source: the official emulator's
 * messages.
 */
class NameScanner {
  private at = 0;

  constructor(
    private readonly what: string,
    private readonly text: string,
  ) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  literal(word: string): void {
    if (!this.takeIf(word)) throw this.lacks(`"${word}"`);
  }

  takeIf(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** Scans one id up to the next slash. */
  id(kind: string): string {
    const slash = this.text.indexOf('/', this.at);
    const end = slash < 0 ? this.text.length : slash;
    if (end === this.at) throw this.lacks(kind);
    const id = this.text.slice(this.at, end);
    if (id === '.' || id === '..')
      throw invalid(`${this.subject()} contains a ${kind.slice(2)} "${id}" at index ${this.byteIndex()}.`);
    this.at = end;
    return id;
  }

  /** Refuses a slash at the end of the name. */
  refuseTrailingSlash(): void {
    if (this.at === this.text.length - 1 && this.text.endsWith('/'))
      throw invalid(`${this.subject()} has invalid trailing "/".`);
  }

  private lacks(what: string): Error {
    return invalid(`${this.subject()} lacks ${what} at index ${this.byteIndex()}.`);
  }

  private subject(): string {
    return `${this.what} "${this.text}"`;
  }

  private byteIndex(): number {
    return Buffer.byteLength(this.text.slice(0, this.at));
  }
}

function scanDatabase(scanner: NameScanner): DatabaseName {
  scanner.literal('projects');
  scanner.literal('/');
  const project = scanner.id('a project id');
  scanner.literal('/');
  scanner.literal('databases');
  scanner.literal('/');
  const database = scanner.id('a database id');
  return { project, database, name: `projects/${project}/databases/${database}` };
}

/** Parses `projects/{project}/databases/{database}`. Throws INVALID_ARGUMENT. */
export function parseDatabaseName(text: string): DatabaseName {
  const scanner = new NameScanner('Database name', text);
  const database = scanDatabase(scanner);
  scanner.refuseTrailingSlash();
  if (!scanner.done) throw invalid(`Database name "${text}" has unexpected text after the database id.`);
  return database;
}

/** Parses a document's name: at least one collection and id, and an even number of segments. */
export function parseDocumentName(text: string): ResourceName {
  const scanner = new NameScanner('Document name', text);
  if (last && scanner.takeIf(last.root)) return { database: last.database, segments: scanPairs(scanner) };
  const database = scanDatabase(scanner);
  scanner.literal('/');
  scanner.literal('documents');
  scanner.literal('/');
  last = { database, root: `${database.name}/documents/` };
  return { database, segments: scanPairs(scanner) };
}

/**
 * The database of the last name, as a cache: the next name is likely of the same database, which need not be parsed
 * again.
 */
let last: { readonly database: DatabaseName; readonly root: string } | undefined;

/** Parses the name of a parent of collections: the root of documents, or a document. */
export function parseParentName(text: string): ResourceName {
  const scanner = new NameScanner('Document parent name', text);
  const database = scanDatabase(scanner);
  scanner.literal('/');
  scanner.literal('documents');
  if (scanner.done) return { database, segments: [] };
  scanner.refuseTrailingSlash();
  scanner.literal('/');
  return { database, segments: scanPairs(scanner) };
}

function scanPairs(scanner: NameScanner): string[] {
  let segments: string[] | undefined;
  for (;;) {
    const collection = scanner.id('a collection id');
    checkCollectionId(collection);
    scanner.refuseTrailingSlash();
    scanner.literal('/');
    const id = scanner.id('a resource id');
    checkDocumentId(id);
    // An array of exact size: names are stored, and a growing array reserves room for sixteen more elements.
    segments = segments ? [...segments, collection, id] : [collection, id];
    if (scanner.done) return segments;
    scanner.refuseTrailingSlash();
    scanner.literal('/');
  }
}

/** Matches reserved ids, which have at least one character between the underscores: `____` is not reserved. */
const RESERVED = /^__.+__$/s;

/** Throws INVALID_ARGUMENT for an id that no collection may have. */
export function checkCollectionId(id: string): void {
  if (id.includes('/')) throw invalid(`Collection id "${id}" is invalid because it contains "/".`);
  if (RESERVED.test(id) || id === '.' || id === '..')
    throw invalid(`Collection id "${id}" is invalid because it is reserved.`);
}

const INT64_MAX = 2n ** 63n - 1n;

/** Throws INVALID_ARGUMENT for an id that no document may have. */
export function checkDocumentId(id: string): void {
  if (id.includes('/')) throw invalid(`Resource id "${id}" is invalid because it contains "/".`);
  if (id === '.' || id === '..') throw invalid(`Resource id "${id}" is invalid because it is reserved.`);
  if (!RESERVED.test(id)) return;
  if (!id.startsWith('__id')) throw invalid(`Resource id "${id}" is invalid because it is reserved.`);
  const number = parseNumericId(id);
  if (number !== undefined && number <= INT64_MAX && number >= -INT64_MAX - 1n) return;
  throw invalid(
    `A long document ID string must be formatted like '__id{LONG}__', where LONG is a 64-bit integer. Found: '${id}'.`,
  );
}

const MAX_ID_BYTES = 1500;
/** The number of nested collections. Source: Firestore docs, "Usage and limits": depth of subcollections. */
const MAX_COLLECTIONS = 100;

/** Throws INVALID_ARGUMENT for ids that are too long to be written. A read of such a name finds nothing instead. */
export function checkIdLengths(segments: readonly string[]): void {
  const i = segments.findIndex((id) => id.length > MAX_ID_BYTES / 3 && Buffer.byteLength(id) > MAX_ID_BYTES);
  if (i >= 0)
    throw invalid(`The key path element ${i % 2 === 0 ? 'kind' : 'name'} is longer than ${MAX_ID_BYTES} bytes.`);
  if (segments.length > 2 * MAX_COLLECTIONS)
    throw invalid(`A document may lie in at most ${MAX_COLLECTIONS} collections, one below the other.`);
}

/** Formats a resource name of a database, a collection or a document. */
export function formatName(name: ResourceName): string {
  const root = `${name.database.name}/documents`;
  return name.segments.length === 0 ? root : `${root}/${name.segments.join('/')}`;
}
