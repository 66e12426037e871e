import { type Micros } from '../values/time.js';
import { type Fields } from '../values/value.js';

/** One version of a document; never changed, only replaced. */
export interface StoredDocument {
  /** projects/p/databases/d/documents/… */
  readonly name: string;
  /** The ids after /documents: collection, id, collection, id, … */
  readonly segments: readonly string[];
  readonly fields: Fields;
  /** Its size as `documentSize` counts it. */
  readonly bytes: number;
  readonly createTime: Micros;
  readonly updateTime: Micros;
}

/** What one commit did to one document, from before all its writes to after them. Never a no-op. */
export interface Change {
  readonly name: string;
  readonly segments: readonly string[];
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument | undefined;
}

/** Who caused a commit, as events with auth context tell it. */
export interface Author {
  readonly type: 'app_user' | 'unauthenticated' | 'system';
  readonly id: string | undefined;
}

export interface Commit {
  readonly time: Micros;
  readonly changes: readonly Change[];
  readonly author: Author;
}

/** The path of the collection that holds a document, as text: "users" or "users/a/posts". */
export function collectionPathOf(segments: readonly string[]): string {
  return segments.length === 2 ? (segments[0] ?? '') : segments.slice(0, -1).join('/');
}

/** Returns the id of a document's collection. */
export function collectionIdOf(segments: readonly string[]): string {
  return segments[segments.length - 2] ?? '';
}

/** Returns the last segment of a document's path. */
export function documentIdOf(segments: readonly string[]): string {
  return segments[segments.length - 1] ?? '';
}
