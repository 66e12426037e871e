import { type Micros } from '../values/time.js';
import { type Fields } from '../values/value.js';

/** One version of a document. It is immutable; a write replaces it. */
export interface StoredDocument {
  /** projects/p/databases/d/documents/… */
  readonly name: string;
  /** The ids after /documents: collection, id, collection, id, … */
  readonly segments: readonly string[];
  readonly fields: Fields;
  /** The size of the document, from `documentSize`. */
  readonly bytes: number;
  readonly createTime: Micros;
  readonly updateTime: Micros;
}

/** The change of one document by one commit, from before all its writes to after them. The two states always differ. */
export interface Change {
  readonly name: string;
  readonly segments: readonly string[];
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument | undefined;
}

/** The author of a commit, for events with auth context. */
export interface Author {
  readonly type: 'app_user' | 'unauthenticated' | 'system';
  readonly id: string | undefined;
}

export interface Commit {
  readonly time: Micros;
  readonly changes: readonly Change[];
  readonly author: Author;
}

/** Returns the path of a document's collection as text: "users" or "users/a/posts". */
export function getCollectionPath(segments: readonly string[]): string {
  return segments.length === 2 ? (segments[0] ?? '') : segments.slice(0, -1).join('/');
}

/** Returns the id of a document's collection. */
export function getCollectionId(segments: readonly string[]): string {
  return segments[segments.length - 2] ?? '';
}

/** Returns the last segment of a document's path. */
export function getDocumentId(segments: readonly string[]): string {
  return segments[segments.length - 1] ?? '';
}
