import { type DocumentSnapshot as AdminDocument, type QuerySnapshot as AdminQuery } from '@google-cloud/firestore';
import { type DocumentSnapshot as WebDocument, type QuerySnapshot as WebQuery } from 'firebase/firestore';
import { plain } from './clients.js';

/** A query's snapshot as recordings have it. */
export interface Told {
  readonly docs: readonly (readonly [id: string, data: unknown])[];
  /** `[type, id, oldIndex, newIndex]`. */
  readonly changes: readonly (readonly [type: string, id: string, oldIndex: number, newIndex: number])[];
}

export function toldQuery(snapshot: AdminQuery | WebQuery): Told {
  return {
    docs: snapshot.docs.map((found) => [found.id, plain(found.data())]),
    changes: snapshot.docChanges().map(({ type, doc, oldIndex, newIndex }) => [type, doc.id, oldIndex, newIndex]),
  };
}

export function toldDocument(snapshot: AdminDocument | WebDocument): unknown {
  const exists = typeof snapshot.exists === 'function' ? snapshot.exists() : snapshot.exists;
  return { exists, data: plain(snapshot.data() ?? null) };
}
