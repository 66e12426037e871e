import { toAuthor } from '../service/caller.js';
import { type Context, type Credentials } from '../service/context.js';
import { type Change, type StoredDocument } from '../store/document.js';
import { type Database } from '../store/database.js';
import { checkCollectionId, parseDatabaseName, parseDocumentName } from '../values/names.js';

/** Deletes every document of a database, which fires delete triggers and notifies listeners. Needs no credentials. */
export function clearDatabase(context: Context, credentials: Credentials, name: string): void {
  const database = context.store.database(parseDatabaseName(name));
  const caller = credentials.caller();
  database.transactions.clear();
  deleteAll(database, [...database.allDocuments()], toAuthor(caller));
}

/** Deletes a document or a collection with all documents below it. */
export function deleteRecursively(
  context: Context,
  credentials: Credentials,
  databaseName: string,
  segments: readonly string[],
): void {
  const name = parseDatabaseName(databaseName);
  if (segments.length % 2 === 0) parseDocumentName(`${databaseName}/documents/${segments.join('/')}`);
  else checkCollectionId(segments.at(-1) ?? '');
  const database = context.store.database(name);
  const caller = credentials.caller();
  const own = database.get(`${databaseName}/documents/${segments.join('/')}`);
  deleteAll(database, [...(own ? [own] : []), ...database.below(segments, true)], toAuthor(caller));
}

function deleteAll(
  database: Database,
  documents: readonly StoredDocument[],
  author: ReturnType<typeof toAuthor>,
): void {
  const changes = documents.map((before): Change => ({
    name: before.name,
    segments: before.segments,
    before,
    after: undefined,
  }));
  database.commit(changes, database.clock.next(), author);
}
