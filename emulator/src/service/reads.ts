import { type Document } from '../protocol/documents.js';
import {
  BatchGetDocumentsResponse,
  type BatchGetDocumentsRequest,
  type GetDocumentRequest,
} from '../protocol/requests.js';
import { documentLock } from '../store/locks.js';
import { parseDatabaseName, parseDocumentName } from '../values/names.js';
import { invalid, StatusError } from '../values/status.js';
import { toTimestamp } from '../values/time.js';
import { getCallerLabel } from './caller.js';
import { snapshotFor } from './consistency.js';
import { type Context, type Credentials } from './context.js';
import { documentMessage, maskPaths } from './document-messages.js';

/** Reads a document, if the rules allow it. Throws NOT_FOUND and PERMISSION_DENIED. */
export async function getDocument(
  context: Context,
  credentials: Credentials,
  request: GetDocumentRequest,
): Promise<Document> {
  const { database: databaseName, segments } = parseDocumentName(request.name);
  const caller = credentials.caller();
  const paths = maskPaths(request.mask);
  const database = context.store.database(databaseName);
  const snapshot = await snapshotFor(database, request, () => [documentLock(request.name)]);
  const document = snapshot.get(request.name);
  context.authorizer(database, caller).gets([{ segments, document }]);
  context.meter(database).count(getCallerLabel(caller), segments, 'reads', 1);
  if (!document) throw new StatusError('NOT_FOUND', `Document (${request.name}) not found.`);
  return documentMessage(document, paths);
}

/**
 * Reads documents and answers in the order of the request. The id of a transaction that it opens comes first, in its
 * own message.
 */
export async function batchGetDocuments(
  context: Context,
  credentials: Credentials,
  request: BatchGetDocumentsRequest,
): Promise<BatchGetDocumentsResponse[]> {
  const databaseName = parseDatabaseName(request.database);
  const caller = credentials.caller();
  const names = request.documents.map((name) => ({ name, ...parseDocumentName(name) }));
  for (const { name, database } of names) {
    if (database.name !== databaseName.name)
      throw invalid(`Document "${name}" is not in database "${databaseName.name}".`);
  }
  const paths = maskPaths(request.mask);
  const database = context.store.database(databaseName);
  const snapshot = await snapshotFor(database, request, () => request.documents.map(documentLock));
  const found = names.map(({ name, segments }) => ({ name, segments, document: snapshot.get(name) }));
  context.authorizer(database, caller).gets(found);
  for (const { segments } of found) context.meter(database).count(getCallerLabel(caller), segments, 'reads', 1);
  const readTime = toTimestamp(snapshot.time);
  const answers = found.map(({ name, document }) =>
    BatchGetDocumentsResponse.make(
      document ? { found: documentMessage(document, paths), readTime } : { missing: name, readTime },
    ),
  );
  return snapshot.opened ? [BatchGetDocumentsResponse.make({ transaction: snapshot.opened.id }), ...answers] : answers;
}
