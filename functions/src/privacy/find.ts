import type { DocumentData, DocumentReference, Query } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { HOLDINGS, type Holding } from './registry.js';

/** A query for a person's documents of one place, with the place's path. */
export interface Found {
  path: string;
  query: Query<DocumentData>;
}

/** By each field that names the person; `wanted` chooses among the places and fields. */
export function queriesFor(
  { db }: Context,
  uid: string,
  wanted: (holding: Holding, field: string) => boolean = () => true,
): Found[] {
  return HOLDINGS.flatMap((holding) =>
    (holding.fields ?? [])
      .filter((field) => wanted(holding, field))
      .map((field) => ({ path: holding.path, query: placeOf(db, holding.path).where(field, '==', uid) })),
  );
}

function placeOf(db: Context['db'], path: string): Query<DocumentData> {
  const segments = path.split('/');
  const name = segments.at(-2) ?? '';
  return segments.length === 2 ? db.collection(name) : db.collectionGroup(name);
}

/** The documents that are a person's own, by their path. Whatever is below them is too. */
export function rootsOf({ db }: Context, uid: string): DocumentReference<DocumentData>[] {
  const own = HOLDINGS.filter(({ path }) => /^\w+\/\{uid\}$/.test(path) && path !== 'erasures/{uid}');
  return own.map(({ path }) => db.doc(path.replace('{uid}', uid)));
}
