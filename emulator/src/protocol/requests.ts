import { type Timestamp } from '../values/time.js';
import { type Value } from '../values/value.js';
import { Document, DocumentMask, Precondition, TransactionOptions, Write, WriteResult } from './documents.js';
import { StructuredAggregationQuery, StructuredQuery } from './queries.js';
import { boolCodec, bytesCodec, int32Codec, textCodec, timestampCodec } from './scalars.js';
import { mapField, message, optional, plain, repeated } from './schema.js';
import { value } from './value-codec.js';

/** The consistency of a read: in a transaction, at a time, in a new transaction, or current. */
export interface Consistency {
  transaction: Uint8Array | undefined;
  readTime: Timestamp | undefined;
  newTransaction: TransactionOptions | undefined;
}

export interface GetDocumentRequest {
  name: string;
  mask: DocumentMask | undefined;
  transaction: Uint8Array | undefined;
  readTime: Timestamp | undefined;
}
export const GetDocumentRequest = message<GetDocumentRequest>(
  () => ({ name: '', mask: undefined, transaction: undefined, readTime: undefined }),
  () => ({
    name: plain(1, textCodec, ''),
    mask: optional(2, DocumentMask),
    transaction: optional(3, bytesCodec),
    readTime: optional(5, timestampCodec),
  }),
);

export interface ListDocumentsRequest {
  parent: string;
  collectionId: string;
  pageSize: number;
  pageToken: string;
  orderBy: string;
  mask: DocumentMask | undefined;
  transaction: Uint8Array | undefined;
  readTime: Timestamp | undefined;
  showMissing: boolean;
}
export const ListDocumentsRequest = message<ListDocumentsRequest>(
  () => ({
    parent: '',
    collectionId: '',
    pageSize: 0,
    pageToken: '',
    orderBy: '',
    mask: undefined,
    transaction: undefined,
    readTime: undefined,
    showMissing: false,
  }),
  () => ({
    parent: plain(1, textCodec, ''),
    collectionId: plain(2, textCodec, ''),
    pageSize: plain(3, int32Codec, 0),
    pageToken: plain(4, textCodec, ''),
    orderBy: plain(6, textCodec, ''),
    mask: optional(7, DocumentMask),
    transaction: optional(8, bytesCodec),
    readTime: optional(10, timestampCodec),
    showMissing: plain(12, boolCodec, false),
  }),
);
export interface ListDocumentsResponse {
  documents: Document[];
  nextPageToken: string;
}
export const ListDocumentsResponse = message<ListDocumentsResponse>(
  () => ({ documents: [], nextPageToken: '' }),
  () => ({ documents: repeated(1, Document), nextPageToken: plain(2, textCodec, '') }),
);

export interface CreateDocumentRequest {
  parent: string;
  collectionId: string;
  documentId: string;
  document: Document | undefined;
  mask: DocumentMask | undefined;
}
export const CreateDocumentRequest = message<CreateDocumentRequest>(
  () => ({ parent: '', collectionId: '', documentId: '', document: undefined, mask: undefined }),
  () => ({
    parent: plain(1, textCodec, ''),
    collectionId: plain(2, textCodec, ''),
    documentId: plain(3, textCodec, ''),
    document: optional(4, Document),
    mask: optional(5, DocumentMask),
  }),
);

export interface UpdateDocumentRequest {
  document: Document | undefined;
  updateMask: DocumentMask | undefined;
  mask: DocumentMask | undefined;
  currentDocument: Precondition | undefined;
}
export const UpdateDocumentRequest = message<UpdateDocumentRequest>(
  () => ({ document: undefined, updateMask: undefined, mask: undefined, currentDocument: undefined }),
  () => ({
    document: optional(1, Document),
    updateMask: optional(2, DocumentMask),
    mask: optional(3, DocumentMask),
    currentDocument: optional(4, Precondition),
  }),
);

export interface DeleteDocumentRequest {
  name: string;
  currentDocument: Precondition | undefined;
}
export const DeleteDocumentRequest = message<DeleteDocumentRequest>(
  () => ({ name: '', currentDocument: undefined }),
  () => ({ name: plain(1, textCodec, ''), currentDocument: optional(2, Precondition) }),
);

export interface BatchGetDocumentsRequest extends Consistency {
  database: string;
  documents: string[];
  mask: DocumentMask | undefined;
}
export const BatchGetDocumentsRequest = message<BatchGetDocumentsRequest>(
  () => ({
    database: '',
    documents: [],
    mask: undefined,
    transaction: undefined,
    newTransaction: undefined,
    readTime: undefined,
  }),
  () => ({
    database: plain(1, textCodec, ''),
    documents: repeated(2, textCodec),
    mask: optional(3, DocumentMask),
    transaction: optional(4, bytesCodec),
    newTransaction: optional(5, TransactionOptions),
    readTime: optional(7, timestampCodec),
  }),
);
export interface BatchGetDocumentsResponse {
  found: Document | undefined;
  missing: string | undefined;
  transaction: Uint8Array | undefined;
  readTime: Timestamp | undefined;
}
export const BatchGetDocumentsResponse = message<BatchGetDocumentsResponse>(
  () => ({ found: undefined, missing: undefined, transaction: undefined, readTime: undefined }),
  () => ({
    found: optional(1, Document),
    missing: optional(2, textCodec),
    transaction: optional(3, bytesCodec),
    readTime: optional(4, timestampCodec),
  }),
);

export interface BeginTransactionRequest {
  database: string;
  options: TransactionOptions | undefined;
}
export const BeginTransactionRequest = message<BeginTransactionRequest>(
  () => ({ database: '', options: undefined }),
  () => ({ database: plain(1, textCodec, ''), options: optional(2, TransactionOptions) }),
);
export interface BeginTransactionResponse {
  transaction: Uint8Array | undefined;
}
export const BeginTransactionResponse = message<BeginTransactionResponse>(
  () => ({ transaction: undefined }),
  () => ({ transaction: optional(1, bytesCodec) }),
);

export interface CommitRequest {
  database: string;
  writes: Write[];
  transaction: Uint8Array | undefined;
}
export const CommitRequest = message<CommitRequest>(
  () => ({ database: '', writes: [], transaction: undefined }),
  () => ({ database: plain(1, textCodec, ''), writes: repeated(2, Write), transaction: optional(3, bytesCodec) }),
);
export interface CommitResponse {
  writeResults: WriteResult[];
  commitTime: Timestamp | undefined;
}
export const CommitResponse = message<CommitResponse>(
  () => ({ writeResults: [], commitTime: undefined }),
  () => ({ writeResults: repeated(1, WriteResult), commitTime: optional(2, timestampCodec) }),
);

export interface RollbackRequest {
  database: string;
  transaction: Uint8Array | undefined;
}
export const RollbackRequest = message<RollbackRequest>(
  () => ({ database: '', transaction: undefined }),
  () => ({ database: plain(1, textCodec, ''), transaction: optional(2, bytesCodec) }),
);

/** Accepted and ignored, as in the official emulator. */
interface ExplainOptions {
  analyze: boolean;
}
const ExplainOptions = message<ExplainOptions>(
  () => ({ analyze: false }),
  () => ({ analyze: plain(1, boolCodec, false) }),
);

export interface RunQueryRequest extends Consistency {
  parent: string;
  structuredQuery: StructuredQuery | undefined;
  explainOptions: ExplainOptions | undefined;
}
export const RunQueryRequest = message<RunQueryRequest>(
  () => ({
    parent: '',
    structuredQuery: undefined,
    transaction: undefined,
    newTransaction: undefined,
    readTime: undefined,
    explainOptions: undefined,
  }),
  () => ({
    parent: plain(1, textCodec, ''),
    structuredQuery: optional(2, StructuredQuery),
    transaction: optional(5, bytesCodec),
    newTransaction: optional(6, TransactionOptions),
    readTime: optional(7, timestampCodec),
    explainOptions: optional(10, ExplainOptions),
  }),
);
export interface RunQueryResponse {
  document: Document | undefined;
  transaction: Uint8Array | undefined;
  readTime: Timestamp | undefined;
  skippedResults: number;
  done: boolean | undefined;
}
export const RunQueryResponse = message<RunQueryResponse>(
  () => ({ document: undefined, transaction: undefined, readTime: undefined, skippedResults: 0, done: undefined }),
  () => ({
    document: optional(1, Document),
    transaction: optional(2, bytesCodec),
    readTime: optional(3, timestampCodec),
    skippedResults: plain(4, int32Codec, 0),
    done: optional(6, boolCodec),
  }),
);

export interface RunAggregationQueryRequest extends Consistency {
  parent: string;
  structuredAggregationQuery: StructuredAggregationQuery | undefined;
  explainOptions: ExplainOptions | undefined;
}
export const RunAggregationQueryRequest = message<RunAggregationQueryRequest>(
  () => ({
    parent: '',
    structuredAggregationQuery: undefined,
    transaction: undefined,
    newTransaction: undefined,
    readTime: undefined,
    explainOptions: undefined,
  }),
  () => ({
    parent: plain(1, textCodec, ''),
    structuredAggregationQuery: optional(2, StructuredAggregationQuery),
    transaction: optional(4, bytesCodec),
    newTransaction: optional(5, TransactionOptions),
    readTime: optional(6, timestampCodec),
    explainOptions: optional(8, ExplainOptions),
  }),
);
interface AggregationResult {
  aggregateFields: ReadonlyMap<string, Value>;
}
const AggregationResult = message<AggregationResult>(
  () => ({ aggregateFields: new Map() }),
  () => ({ aggregateFields: mapField(2, value) }),
);
export interface RunAggregationQueryResponse {
  result: AggregationResult | undefined;
  transaction: Uint8Array | undefined;
  readTime: Timestamp | undefined;
}
export const RunAggregationQueryResponse = message<RunAggregationQueryResponse>(
  () => ({ result: undefined, transaction: undefined, readTime: undefined }),
  () => ({
    result: optional(1, AggregationResult),
    transaction: optional(2, bytesCodec),
    readTime: optional(3, timestampCodec),
  }),
);

export interface ListCollectionIdsRequest {
  parent: string;
  pageSize: number;
  pageToken: string;
  readTime: Timestamp | undefined;
}
export const ListCollectionIdsRequest = message<ListCollectionIdsRequest>(
  () => ({ parent: '', pageSize: 0, pageToken: '', readTime: undefined }),
  () => ({
    parent: plain(1, textCodec, ''),
    pageSize: plain(2, int32Codec, 0),
    pageToken: plain(3, textCodec, ''),
    readTime: optional(4, timestampCodec),
  }),
);
export interface ListCollectionIdsResponse {
  collectionIds: string[];
  nextPageToken: string;
}
export const ListCollectionIdsResponse = message<ListCollectionIdsResponse>(
  () => ({ collectionIds: [], nextPageToken: '' }),
  () => ({ collectionIds: repeated(1, textCodec), nextPageToken: plain(2, textCodec, '') }),
);

/** google.rpc.Status without its details. */
export interface RpcStatus {
  code: number;
  message: string;
}
export const RpcStatus = message<RpcStatus>(
  () => ({ code: 0, message: '' }),
  () => ({ code: plain(1, int32Codec, 0), message: plain(2, textCodec, '') }),
);

export interface BatchWriteRequest {
  database: string;
  writes: Write[];
  labels: ReadonlyMap<string, string>;
}
export const BatchWriteRequest = message<BatchWriteRequest>(
  () => ({ database: '', writes: [], labels: new Map() }),
  () => ({ database: plain(1, textCodec, ''), writes: repeated(2, Write), labels: mapField(3, textCodec) }),
);
export interface BatchWriteResponse {
  writeResults: WriteResult[];
  status: RpcStatus[];
}
export const BatchWriteResponse = message<BatchWriteResponse>(
  () => ({ writeResults: [], status: [] }),
  () => ({ writeResults: repeated(1, WriteResult), status: repeated(2, RpcStatus) }),
);

/** A message whose content is not read, such as Empty or a request of an RPC that is refused. */
export type Empty = Record<never, never>;
export const Empty = message<Empty>(
  () => ({}),
  () => ({}),
);
