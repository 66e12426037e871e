import {
  BatchGetDocumentsRequest,
  BatchWriteRequest,
  BeginTransactionRequest,
  CommitRequest,
  CreateDocumentRequest,
  DeleteDocumentRequest,
  GetDocumentRequest,
  ListCollectionIdsRequest,
  ListDocumentsRequest,
  RollbackRequest,
  RunAggregationQueryRequest,
  RunQueryRequest,
  UpdateDocumentRequest,
} from '#emulator/protocol/requests.js';
import { type Json, type MessageCodec } from '#emulator/protocol/schema.js';
import { ListenRequest, WriteRequest } from '#emulator/protocol/streams.js';

export const PROJECT = 'demo-fuzz';
export const DATABASE = `projects/${PROJECT}/databases/(default)`;
export const DOCUMENTS = `${DATABASE}/documents`;

/** An RPC with a valid request, from which mutants are made. */
export interface Sample {
  readonly rpc: string;
  readonly body: Buffer;
}

function sample<T>(rpc: string, codec: MessageCodec<T>, json: Json): Sample {
  return { rpc, body: codec.encode(codec.fromJson(json)) };
}

const FIELDS = {
  n: { integerValue: '7' },
  d: { doubleValue: -0.5 },
  s: { stringValue: 'text' },
  t: { timestampValue: '2024-02-29T12:00:00.5Z' },
  g: { geoPointValue: { latitude: 1, longitude: 2 } },
  r: { referenceValue: `${DOCUMENTS}/c/a` },
  b: { bytesValue: 'AQID' },
  l: { arrayValue: { values: [{ nullValue: null }, { booleanValue: true }] } },
  m: { mapValue: { fields: { x: { stringValue: 'y' } } } },
};
const DOCUMENT = { name: `${DOCUMENTS}/c/a`, fields: FIELDS };
const WRITES = [
  { update: DOCUMENT, updateMask: { fieldPaths: ['n', 'm.x'] }, currentDocument: { exists: true } },
  { update: DOCUMENT, updateTransforms: [{ fieldPath: 'n', increment: { integerValue: '1' } }] },
  { delete: `${DOCUMENTS}/c/b` },
];
const QUERY = {
  from: [{ collectionId: 'c' }],
  where: {
    compositeFilter: {
      op: 'AND',
      filters: [
        { fieldFilter: { field: { fieldPath: 'n' }, op: 'GREATER_THAN', value: { integerValue: '1' } } },
        { unaryFilter: { field: { fieldPath: 's' }, op: 'IS_NOT_NULL' } },
      ],
    },
  },
  orderBy: [{ field: { fieldPath: 'n' }, direction: 'DESCENDING' }],
  startAt: { values: [{ integerValue: '100' }], before: true },
  limit: 10,
};
const TARGET = { targetId: 2, query: { parent: DOCUMENTS, structuredQuery: QUERY } };

export const SAMPLES: readonly [Sample, ...Sample[]] = [
  sample('GetDocument', GetDocumentRequest, { name: DOCUMENT.name, mask: { fieldPaths: ['n'] } }),
  sample('ListDocuments', ListDocumentsRequest, { parent: DOCUMENTS, collectionId: 'c', pageSize: 3, orderBy: 'n' }),
  sample('CreateDocument', CreateDocumentRequest, {
    parent: DOCUMENTS,
    collectionId: 'c',
    document: { fields: FIELDS },
  }),
  sample('UpdateDocument', UpdateDocumentRequest, { document: DOCUMENT, updateMask: { fieldPaths: ['n', 'm.`x`'] } }),
  sample('DeleteDocument', DeleteDocumentRequest, { name: DOCUMENT.name, currentDocument: { exists: true } }),
  sample('BatchGetDocuments', BatchGetDocumentsRequest, { database: DATABASE, documents: [DOCUMENT.name] }),
  sample('BeginTransaction', BeginTransactionRequest, { database: DATABASE, options: { readOnly: {} } }),
  sample('Commit', CommitRequest, { database: DATABASE, writes: WRITES }),
  sample('Rollback', RollbackRequest, { database: DATABASE, transaction: 'EQEAAAAAAAAA' }),
  sample('RunQuery', RunQueryRequest, { parent: DOCUMENTS, structuredQuery: QUERY }),
  sample('RunAggregationQuery', RunAggregationQueryRequest, {
    parent: DOCUMENTS,
    structuredAggregationQuery: {
      structuredQuery: QUERY,
      aggregations: [{ count: {} }, { alias: 'a', sum: { field: { fieldPath: 'n' } } }],
    },
  }),
  sample('ListCollectionIds', ListCollectionIdsRequest, { parent: DOCUMENTS, pageSize: 3 }),
  sample('BatchWrite', BatchWriteRequest, { database: DATABASE, writes: [{ update: DOCUMENT }] }),
  sample('Listen', ListenRequest, { database: DATABASE, addTarget: TARGET }),
  sample('Write', WriteRequest, { database: DATABASE }),
];
