import { Document } from '../protocol/documents.js';
import {
  BatchGetDocumentsRequest,
  BatchGetDocumentsResponse,
  BatchWriteRequest,
  BatchWriteResponse,
  BeginTransactionRequest,
  BeginTransactionResponse,
  CommitRequest,
  CommitResponse,
  CreateDocumentRequest,
  DeleteDocumentRequest,
  Empty,
  GetDocumentRequest,
  ListCollectionIdsRequest,
  ListCollectionIdsResponse,
  ListDocumentsRequest,
  ListDocumentsResponse,
  RollbackRequest,
  RunAggregationQueryRequest,
  RunAggregationQueryResponse,
  RunQueryRequest,
  RunQueryResponse,
  UpdateDocumentRequest,
} from '../protocol/requests.js';
import { type Json, type MessageCodec } from '../protocol/schema.js';
import { invalid, StatusError } from '../values/status.js';
import { type Context, type Credentials } from './context.js';
import { listCollectionIds, listDocuments } from './list-rpcs.js';
import { runAggregationQuery, runQuery } from './queries.js';
import { batchGetDocuments, getDocument } from './reads.js';
import {
  batchWrite,
  beginTransaction,
  commit,
  createDocument,
  deleteDocument,
  rollback,
  updateDocument,
} from './writes.js';

/** One RPC, with the codecs of its messages. Each wire calls it with a request and sends the answers. */
export interface Method {
  /** True for a method that answers with several messages. */
  readonly streams: boolean;
  /** Decodes the request from protobuf and encodes the answers. */
  callProto(context: Context, credentials: Credentials, request: Buffer): Promise<Buffer[]>;
  /** Decodes the request from proto3 JSON and encodes the answers. */
  callJson(context: Context, credentials: Credentials, request: Json): Promise<Json[]>;
}

type Handler<Q, A> = (context: Context, credentials: Credentials, request: Q) => A | Promise<A>;

function unary<Q, A>(request: MessageCodec<Q>, answer: MessageCodec<A>, handle: Handler<Q, A>): Method {
  return {
    streams: false,
    callProto: async (context, credentials, bytes) => [
      answer.encode(await handle(context, credentials, request.decode(bytes))),
    ],
    callJson: async (context, credentials, json) => [
      answer.toJson(await handle(context, credentials, request.fromJson(json))),
    ],
  };
}

function streaming<Q, A>(request: MessageCodec<Q>, answer: MessageCodec<A>, handle: Handler<Q, A[]>): Method {
  return {
    streams: true,
    callProto: async (context, credentials, bytes) =>
      (await handle(context, credentials, request.decode(bytes))).map((a) => answer.encode(a)),
    callJson: async (context, credentials, json) =>
      (await handle(context, credentials, request.fromJson(json))).map((a) => answer.toJson(a)),
  };
}

function refused(streams: boolean, error: () => StatusError): Method {
  const refuse = (): Promise<never> => Promise.reject(error());
  return { streams, callProto: refuse, callJson: refuse };
}

/** All RPCs except the two long-lived streams, Listen and Write. */
export const METHODS = {
  GetDocument: unary(GetDocumentRequest, Document, getDocument),
  ListDocuments: unary(ListDocumentsRequest, ListDocumentsResponse, listDocuments),
  CreateDocument: unary(CreateDocumentRequest, Document, createDocument),
  UpdateDocument: unary(UpdateDocumentRequest, Document, updateDocument),
  DeleteDocument: unary(DeleteDocumentRequest, Empty, deleteDocument),
  BatchGetDocuments: streaming(BatchGetDocumentsRequest, BatchGetDocumentsResponse, batchGetDocuments),
  BeginTransaction: unary(BeginTransactionRequest, BeginTransactionResponse, beginTransaction),
  Commit: unary(CommitRequest, CommitResponse, commit),
  Rollback: unary(RollbackRequest, Empty, rollback),
  RunQuery: streaming(RunQueryRequest, RunQueryResponse, runQuery),
  RunAggregationQuery: streaming(RunAggregationQueryRequest, RunAggregationQueryResponse, runAggregationQuery),
  ListCollectionIds: unary(ListCollectionIdsRequest, ListCollectionIdsResponse, listCollectionIds),
  BatchWrite: unary(BatchWriteRequest, BatchWriteResponse, batchWrite),
  PartitionQuery: refused(
    false,
    () => new StatusError('UNIMPLEMENTED', 'Method google.firestore.v1.Firestore/PartitionQuery is unimplemented'),
  ),
  ExecutePipeline: refused(true, () => invalid('ExecutePipeline requires the Database Edition to be `enterprise`.')),
} satisfies Record<string, Method>;

export type MethodName = keyof typeof METHODS;
