import type { DocumentData, DocumentSnapshot } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { readFields } from '../platform/firestore.js';
import { countFiles } from './files.js';
import { listRoots, readTraces } from './personal-data-queries.js';
import { asFields, isAddressed, isDeleted } from './model/own.js';
import { identifies, type Person } from './model/person.js';
import { findEntry } from './model/registry.js';

/**
 * Counts the documents and files that still contain the uid of an erased person, or the verified e-mail address in a
 * registered field, and those that the erasure has to delete, also under the pseudonym. Searches the person's own places and, in keys, values and paths, every document that names the uid
 * or the pseudonym and all documents of the person's orders.
 */
export async function countLeft(ctx: Context, person: Person): Promise<number> {
  const { uid, namelessId } = person;
  const looked = new Set<string>();
  const left = new Set<string>();
  for (const id of [uid, namelessId]) {
    for await (const page of readTraces(ctx, id, null)) {
      for (const document of page) {
        looked.add(document.ref.path);
        if (document.exists && isNamedIn(document, person)) left.add(document.ref.path);
      }
    }
  }
  const roots = await Promise.all(
    listRoots(ctx, uid).map(async (ref) => (await ref.get()).exists || (await ref.listCollections()).length > 0),
  );
  return left.size + roots.filter(Boolean).length + (await countFiles(ctx, uid, looked));
}

function isNamedIn(document: DocumentSnapshot<DocumentData>, person: Person): boolean {
  const { path } = document.ref;
  const data = readFields(document);
  const fields = asFields(data);
  const holding = findEntry(path);
  const isOpen =
    holding !== undefined && (isAddressed(holding, fields, person) || isDeleted(holding, path, fields, person));
  return isOpen || identifies(withoutRestaurant(path), person) || identifies(data, person);
}

/** The id of a restaurant is public and stays, even where an applicant once chose a uid for it. */
const withoutRestaurant = (path: string): string => path.replace(/^restaurants\/[^/]+/, 'restaurants');
