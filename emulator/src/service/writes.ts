import { randomBytes } from 'node:crypto';
import { type Document, Write, type WriteResult } from '../protocol/documents.js';
import {
  type BatchWriteRequest,
  type BatchWriteResponse,
  type BeginTransactionRequest,
  type BeginTransactionResponse,
  CommitResponse,
  type CommitRequest,
  type CreateDocumentRequest,
  type DeleteDocumentRequest,
  Empty,
  type RollbackRequest,
  type RpcStatus,
  type UpdateDocumentRequest,
} from '../protocol/requests.js';
import { type Database } from '../store/database.js';
import { parseWrite, parseWrites, type ParsedWrite, sameDocument } from '../store/writes.js';
import {
  checkCollectionId,
  checkDocumentId,
  formatName,
  parseDatabaseName,
  parseDocumentName,
  parseParentName,
} from '../values/names.js';
import { asStatusError, invalid, STATUSES } from '../values/status.js';
import { toTimestamp } from '../values/time.js';
import { type Caller, requireAdmin } from './caller.js';
import { commitWrites } from './commit.js';
import { openTransaction, usedTransaction } from './consistency.js';
import { type Context, type Credentials } from './context.js';
import { documentMessage, maskPaths } from './document-messages.js';

/** Begins a read-only or a read-write transaction. */
export function beginTransaction(
  context: Context,
  credentials: Credentials,
  request: BeginTransactionRequest,
): BeginTransactionResponse {
  const databaseName = parseDatabaseName(request.database);
  credentials.caller();
  return { transaction: openTransaction(context.store.database(databaseName), request.options).id };
}

/** Ends a transaction and discards its writes. */
export function rollback(context: Context, credentials: Credentials, request: RollbackRequest): Empty {
  const databaseName = parseDatabaseName(request.database);
  credentials.caller();
  context.store.database(databaseName).transactions.rollback(request.transaction ?? new Uint8Array());
  return Empty.make();
}

/** Applies writes in one commit, if the rules and the preconditions allow all of them. */
export async function commit(
  context: Context,
  credentials: Credentials,
  request: CommitRequest,
): Promise<CommitResponse> {
  const databaseName = parseDatabaseName(request.database);
  const caller = credentials.caller();
  const database = context.store.database(databaseName);
  // The writes are checked before the transaction is used: an invalid write leaves it open.
  const writes = parseWrites(databaseName, request.writes);
  const transaction = usedTransaction(database, request.transaction);
  if (transaction?.isReadOnly && writes.length > 0) throw invalid('Cannot modify entities in a read-only transaction.');
  if (writes.length === 0) {
    if (transaction) database.transactions.end(transaction);
    return CommitResponse.make();
  }
  const { results, time } = await commitWrites(context, database, caller, writes, transaction);
  return { writeResults: results, commitTime: toTimestamp(time) };
}

/** Applies each write in its own commit, one after the other. */
export async function batchWrite(
  context: Context,
  credentials: Credentials,
  request: BatchWriteRequest,
): Promise<BatchWriteResponse> {
  const databaseName = parseDatabaseName(request.database);
  const caller = credentials.caller();
  const writes = request.writes.map((write) => parseWrite(databaseName, write));
  if (new Set(writes.map((write) => write.name)).size < writes.length) throw sameDocument('written more than once');
  requireAdmin(caller, 'Batch writes');
  const response: BatchWriteResponse = { writeResults: [], status: [] };
  for (const write of writes) {
    const { result, status } = await tryWrite(context, context.store.database(databaseName), caller, write);
    response.writeResults.push(result);
    response.status.push(status);
  }
  return response;
}

async function tryWrite(
  context: Context,
  database: Database,
  caller: Caller,
  write: ParsedWrite,
): Promise<{ result: WriteResult; status: RpcStatus }> {
  try {
    const { results } = await commitWrites(context, database, caller, [write]);
    return { result: results[0] ?? { updateTime: undefined, transformResults: [] }, status: { code: 0, message: '' } };
  } catch (thrown) {
    const error = asStatusError(thrown);
    return {
      result: { updateTime: undefined, transformResults: [] },
      status: { code: STATUSES[error.status].code, message: error.message },
    };
  }
}

/** Creates a document; without an id in the request the server generates one. Throws ALREADY_EXISTS. */
export async function createDocument(
  context: Context,
  credentials: Credentials,
  request: CreateDocumentRequest,
): Promise<Document> {
  const parent = parseParentName(request.parent);
  if (request.collectionId !== '') checkCollectionId(request.collectionId);
  if (request.documentId !== '') checkDocumentId(request.documentId);
  const caller = credentials.caller();
  if (request.collectionId === '') throw invalid('Collection id "" is invalid because it is empty.');
  const id = request.documentId || autoId();
  const name = formatName({ database: parent.database, segments: [...parent.segments, request.collectionId, id] });
  const update = { name, fields: request.document?.fields ?? new Map(), createTime: undefined, updateTime: undefined };
  const write = Write.make({ update, currentDocument: { exists: false, updateTime: undefined } });
  return writeAndGet(context, caller, write, name, maskPaths(request.mask));
}

/** Writes a document or the fields of its mask, if the rules allow it. */
export async function updateDocument(
  context: Context,
  credentials: Credentials,
  request: UpdateDocumentRequest,
): Promise<Document> {
  const name = request.document?.name ?? '';
  parseDocumentName(name);
  const caller = credentials.caller();
  const { document: update, updateMask, currentDocument } = request;
  return writeAndGet(
    context,
    caller,
    Write.make({ update, updateMask, currentDocument }),
    name,
    maskPaths(request.mask),
  );
}

async function writeAndGet(
  context: Context,
  caller: Caller,
  write: Write,
  name: string,
  paths: ReturnType<typeof maskPaths>,
): Promise<Document> {
  const { database: databaseName } = parseDocumentName(name);
  const database = context.store.database(databaseName);
  await commitWrites(context, database, caller, parseWrites(databaseName, [write]));
  const written = database.get(name);
  if (!written) throw new Error(`${name} is missing after it was written`);
  return documentMessage(written, paths);
}

/** Deletes a document. Deleting a missing one succeeds unless the request requires that it exists. */
export async function deleteDocument(
  context: Context,
  credentials: Credentials,
  request: DeleteDocumentRequest,
): Promise<Empty> {
  const { database: databaseName } = parseDocumentName(request.name);
  const caller = credentials.caller();
  const write = Write.make({ delete: request.name, currentDocument: request.currentDocument });
  await commitWrites(context, context.store.database(databaseName), caller, parseWrites(databaseName, [write]));
  return Empty.make();
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 20;

/** Generates an id of 20 letters and digits. The modulo slightly prefers some of them, which does no harm. */
function autoId(): string {
  return Array.from(randomBytes(ID_LENGTH), (byte) => ID_LETTERS[byte % ID_LETTERS.length]).join('');
}
