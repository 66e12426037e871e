import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import {
  BatchGetDocumentsRequest,
  BatchWriteRequest,
  BeginTransactionRequest,
  CommitRequest,
  CreateDocumentRequest,
  DeleteDocumentRequest,
  Empty,
  GetDocumentRequest,
  ListCollectionIdsRequest,
  ListDocumentsRequest,
  RollbackRequest,
  RunAggregationQueryRequest,
  RunQueryRequest,
  UpdateDocumentRequest,
} from '#emulator/protocol/requests.js';
import { type Json } from '#emulator/protocol/schema.js';
import { ListenRequest, WriteRequest } from '#emulator/protocol/streams.js';
import { frameMessage } from '#emulator/grpc/frames.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { GrpcClient, outcomeOf } from './emulator-client.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Recorded {
  classify: { name: string; authorization: string | null; outcome: { status: number; body: string } }[];
  grpc: {
    name: string;
    rpc: string;
    authorization: string | null;
    request: Json;
    stream?: boolean;
    outcome: { code: string; message?: string };
  }[];
  rest: {
    name: string;
    method: string;
    path: string;
    authorization: string | null;
    body: string | null;
    outcome: { status: number; body?: string };
  }[];
}

const FILE = 'auth.json';
const STREAM_PATIENCE_MS = 100;

function noMessage(): Buffer {
  return Empty.encode(Empty.make());
}

/** Encodes the JSON of a request as the RPC's message. */
const ENCODERS: Record<string, (json: Json) => Buffer> = {
  GetDocument: (json) => GetDocumentRequest.encode(GetDocumentRequest.fromJson(json)),
  ListDocuments: (json) => ListDocumentsRequest.encode(ListDocumentsRequest.fromJson(json)),
  CreateDocument: (json) => CreateDocumentRequest.encode(CreateDocumentRequest.fromJson(json)),
  UpdateDocument: (json) => UpdateDocumentRequest.encode(UpdateDocumentRequest.fromJson(json)),
  DeleteDocument: (json) => DeleteDocumentRequest.encode(DeleteDocumentRequest.fromJson(json)),
  BatchGetDocuments: (json) => BatchGetDocumentsRequest.encode(BatchGetDocumentsRequest.fromJson(json)),
  BeginTransaction: (json) => BeginTransactionRequest.encode(BeginTransactionRequest.fromJson(json)),
  Commit: (json) => CommitRequest.encode(CommitRequest.fromJson(json)),
  Rollback: (json) => RollbackRequest.encode(RollbackRequest.fromJson(json)),
  RunQuery: (json) => RunQueryRequest.encode(RunQueryRequest.fromJson(json)),
  RunAggregationQuery: (json) => RunAggregationQueryRequest.encode(RunAggregationQueryRequest.fromJson(json)),
  ListCollectionIds: (json) => ListCollectionIdsRequest.encode(ListCollectionIdsRequest.fromJson(json)),
  BatchWrite: (json) => BatchWriteRequest.encode(BatchWriteRequest.fromJson(json)),
  Listen: (json) => ListenRequest.encode(ListenRequest.fromJson(json)),
  Write: (json) => WriteRequest.encode(WriteRequest.fromJson(json)),
};

/** fetch would normalise the header; this sends it unchanged. */
function rawRequest(
  port: number,
  method: string,
  path: string,
  authorization: string | null,
  body: string | null,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = authorization === null ? {} : { authorization };
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

describeRecording<Recorded>(FILE, (recorded) => {
  let server: RunningServer;
  let client: GrpcClient;
  before(async () => {
    server = await startServer();
    client = new GrpcClient(server.port);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  for (const { name, authorization, outcome } of recorded.classify) {
    itAnswers(FILE, name, async () => {
      const path = '/v1/projects/auth/databases/(default)/documents:listCollectionIds';
      assert.deepEqual(await rawRequest(server.port, 'POST', path, authorization, '{}'), outcome);
    });
  }

  for (const { name, rpc, authorization, request, stream, outcome } of recorded.grpc) {
    itAnswers(FILE, name, async () => {
      const asked = client.open(rpc, authorization);
      const end = outcomeOf(asked, () => undefined);
      const bytes = request === null ? undefined : frameMessage((ENCODERS[rpc] ?? noMessage)(request));
      if (bytes) asked.write(bytes);
      // An accepted stream stays open; half-closing it ends it with OK.
      if (!stream || outcome.code === 'OK') setTimeout(() => asked.end(), stream ? STREAM_PATIENCE_MS : 0);
      const { status, message } = await end;
      assert.deepEqual({ code: status, message }, { code: outcome.code, message: outcome.message ?? '' });
    });
  }

  for (const { name, method, path, authorization, body, outcome } of recorded.rest) {
    itAnswers(FILE, name, async () => {
      const answer = await rawRequest(server.port, method, path, authorization, body);
      assert.equal(answer.status, outcome.status, answer.body);
      if (outcome.body !== undefined) assert.equal(answer.body, outcome.body);
    });
  }
});
