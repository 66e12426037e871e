import { type Timestamp } from '../values/time.js';
import { Document, Write, WriteResult } from './documents.js';
import { StructuredQuery } from './queries.js';
import { RpcStatus } from './requests.js';
import { boolCodec, bytesCodec, enumeration, int32Codec, textCodec, timestampCodec, wrapped } from './scalars.js';
import { mapField, message, optional, plain, repeated } from './schema.js';

export interface WriteRequest {
  database: string;
  streamId: string;
  writes: Write[];
  streamToken: Uint8Array | undefined;
  labels: ReadonlyMap<string, string>;
}
export const WriteRequest = message<WriteRequest>(
  () => ({ database: '', streamId: '', writes: [], streamToken: undefined, labels: new Map() }),
  () => ({
    database: plain(1, textCodec, ''),
    streamId: plain(2, textCodec, ''),
    writes: repeated(3, Write),
    streamToken: optional(4, bytesCodec),
    labels: mapField(5, textCodec),
  }),
);
export interface WriteResponse {
  streamId: string;
  streamToken: Uint8Array | undefined;
  writeResults: WriteResult[];
  commitTime: Timestamp | undefined;
}
export const WriteResponse = message<WriteResponse>(
  () => ({ streamId: '', streamToken: undefined, writeResults: [], commitTime: undefined }),
  () => ({
    streamId: plain(1, textCodec, ''),
    streamToken: optional(2, bytesCodec),
    writeResults: repeated(3, WriteResult),
    commitTime: optional(4, timestampCodec),
  }),
);

interface QueryTarget {
  parent: string;
  structuredQuery: StructuredQuery | undefined;
}
const QueryTarget = message<QueryTarget>(
  () => ({ parent: '', structuredQuery: undefined }),
  () => ({ parent: plain(1, textCodec, ''), structuredQuery: optional(2, StructuredQuery) }),
);
interface DocumentsTarget {
  documents: string[];
}
const DocumentsTarget = message<DocumentsTarget>(
  () => ({ documents: [] }),
  () => ({ documents: repeated(2, textCodec) }),
);
export interface Target {
  query: QueryTarget | undefined;
  documents: DocumentsTarget | undefined;
  resumeToken: Uint8Array | undefined;
  readTime: Timestamp | undefined;
  targetId: number;
  once: boolean;
  expectedCount: number | undefined;
}
export const Target = message<Target>(
  () => ({
    query: undefined,
    documents: undefined,
    resumeToken: undefined,
    readTime: undefined,
    targetId: 0,
    once: false,
    expectedCount: undefined,
  }),
  () => ({
    query: optional(2, QueryTarget),
    documents: optional(3, DocumentsTarget),
    resumeToken: optional(4, bytesCodec),
    targetId: plain(5, int32Codec, 0),
    once: plain(6, boolCodec, false),
    readTime: optional(11, timestampCodec),
    expectedCount: optional(12, wrapped(int32Codec, 0)),
  }),
);
export interface ListenRequest {
  database: string;
  addTarget: Target | undefined;
  removeTarget: number | undefined;
  labels: ReadonlyMap<string, string>;
}
export const ListenRequest = message<ListenRequest>(
  () => ({ database: '', addTarget: undefined, removeTarget: undefined, labels: new Map() }),
  () => ({
    database: plain(1, textCodec, ''),
    addTarget: optional(2, Target),
    removeTarget: optional(3, int32Codec),
    labels: mapField(4, textCodec),
  }),
);

const CHANGE_TYPES = { NO_CHANGE: 0, ADD: 1, REMOVE: 2, CURRENT: 3, RESET: 4 } as const;
export type TargetChangeType = keyof typeof CHANGE_TYPES;
export interface TargetChange {
  targetChangeType: TargetChangeType;
  targetIds: number[];
  cause: RpcStatus | undefined;
  resumeToken: Uint8Array | undefined;
  readTime: Timestamp | undefined;
}
export const TargetChange = message<TargetChange>(
  () => ({
    targetChangeType: 'NO_CHANGE',
    targetIds: [],
    cause: undefined,
    resumeToken: undefined,
    readTime: undefined,
  }),
  () => ({
    targetChangeType: plain(1, enumeration<TargetChangeType>('NO_CHANGE', CHANGE_TYPES), 'NO_CHANGE'),
    targetIds: repeated(2, int32Codec),
    cause: optional(3, RpcStatus),
    resumeToken: optional(4, bytesCodec),
    readTime: optional(6, timestampCodec),
  }),
);
interface DocumentChange {
  document: Document | undefined;
  targetIds: number[];
  removedTargetIds: number[];
}
const DocumentChange = message<DocumentChange>(
  () => ({ document: undefined, targetIds: [], removedTargetIds: [] }),
  () => ({
    document: optional(1, Document),
    targetIds: repeated(5, int32Codec),
    removedTargetIds: repeated(6, int32Codec),
  }),
);
interface DocumentDelete {
  document: string;
  removedTargetIds: number[];
  readTime: Timestamp | undefined;
}
const DocumentDelete = message<DocumentDelete>(
  () => ({ document: '', removedTargetIds: [], readTime: undefined }),
  () => ({
    document: plain(1, textCodec, ''),
    removedTargetIds: repeated(6, int32Codec),
    readTime: optional(4, timestampCodec),
  }),
);
interface ExistenceFilter {
  targetId: number;
  count: number;
}
const ExistenceFilter = message<ExistenceFilter>(
  () => ({ targetId: 0, count: 0 }),
  () => ({ targetId: plain(1, int32Codec, 0), count: plain(2, int32Codec, 0) }),
);
export interface ListenResponse {
  targetChange: TargetChange | undefined;
  documentChange: DocumentChange | undefined;
  documentDelete: DocumentDelete | undefined;
  filter: ExistenceFilter | undefined;
}
export const ListenResponse = message<ListenResponse>(
  () => ({ targetChange: undefined, documentChange: undefined, documentDelete: undefined, filter: undefined }),
  () => ({
    targetChange: optional(2, TargetChange),
    documentChange: optional(3, DocumentChange),
    documentDelete: optional(4, DocumentDelete),
    filter: optional(5, ExistenceFilter),
  }),
);
