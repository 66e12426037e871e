import { type Timestamp } from '../values/time.js';
import { type ArrayValue, type Fields, type Value } from '../values/value.js';
import { boolCodec, bytesCodec, enumeration, textCodec, timestampCodec } from './scalars.js';
import { type Codec, mapField, message, optional, plain, repeated } from './schema.js';
import { value } from './value-codec.js';

/** Source of the field numbers in this folder: google/firestore/v1/*.proto. Absent messages are undefined. */
export interface Document {
  name: string;
  fields: Fields;
  createTime: Timestamp | undefined;
  updateTime: Timestamp | undefined;
}
export const Document = message<Document>(
  () => ({ name: '', fields: new Map(), createTime: undefined, updateTime: undefined }),
  () => ({
    name: plain(1, textCodec, ''),
    fields: mapField(2, value),
    createTime: optional(3, timestampCodec),
    updateTime: optional(4, timestampCodec),
  }),
);

export interface DocumentMask {
  fieldPaths: string[];
}
export const DocumentMask = message<DocumentMask>(
  () => ({ fieldPaths: [] }),
  () => ({ fieldPaths: repeated(1, textCodec) }),
);

export interface Precondition {
  exists: boolean | undefined;
  updateTime: Timestamp | undefined;
}
export const Precondition = message<Precondition>(
  () => ({ exists: undefined, updateTime: undefined }),
  () => ({ exists: optional(1, boolCodec), updateTime: optional(2, timestampCodec) }),
);

interface ReadWrite {
  retryTransaction: Uint8Array | undefined;
  /** Accepted in JSON and ignored: the official emulator locks in either mode. */
  concurrencyMode: string | undefined;
}
interface ReadOnly {
  readTime: Timestamp | undefined;
}
export interface TransactionOptions {
  readOnly: ReadOnly | undefined;
  readWrite: ReadWrite | undefined;
}

type ServerValue = 'SERVER_VALUE_UNSPECIFIED' | 'REQUEST_TIME';
const serverValue = enumeration<ServerValue>('SERVER_VALUE_UNSPECIFIED', {
  SERVER_VALUE_UNSPECIFIED: 0,
  REQUEST_TIME: 1,
});

interface Elements {
  values: Value[];
}
const elements = message<Elements>(
  () => ({ values: [] }),
  () => ({ values: repeated(1, value) }),
);

/** google.firestore.v1.ArrayValue, as transforms carry it. */
const arrayOperand: Codec<ArrayValue> = {
  wireType: elements.wireType,
  read: (reader) => ({ kind: 'array', values: elements.read(reader).values }),
  write: (writer, array) => elements.write(writer, { values: [...array.values] }),
  fromJson: (json) => ({ kind: 'array', values: elements.fromJson(json).values }),
  toJson: (array) => elements.toJson({ values: [...array.values] }),
};

export interface FieldTransform {
  fieldPath: string;
  setToServerValue: ServerValue | undefined;
  increment: Value | undefined;
  maximum: Value | undefined;
  minimum: Value | undefined;
  appendMissingElements: ArrayValue | undefined;
  removeAllFromArray: ArrayValue | undefined;
}
export const FieldTransform = message<FieldTransform>(
  () => ({
    fieldPath: '',
    setToServerValue: undefined,
    increment: undefined,
    maximum: undefined,
    minimum: undefined,
    appendMissingElements: undefined,
    removeAllFromArray: undefined,
  }),
  () => ({
    fieldPath: plain(1, textCodec, ''),
    setToServerValue: optional(2, serverValue),
    increment: optional(3, value),
    maximum: optional(4, value),
    minimum: optional(5, value),
    appendMissingElements: optional(6, arrayOperand),
    removeAllFromArray: optional(7, arrayOperand),
  }),
);

interface DocumentTransform {
  document: string;
  fieldTransforms: FieldTransform[];
}
const DocumentTransform = message<DocumentTransform>(
  () => ({ document: '', fieldTransforms: [] }),
  () => ({ document: plain(1, textCodec, ''), fieldTransforms: repeated(2, FieldTransform) }),
);

export interface Write {
  update: Document | undefined;
  delete: string | undefined;
  verify: string | undefined;
  transform: DocumentTransform | undefined;
  updateMask: DocumentMask | undefined;
  updateTransforms: FieldTransform[];
  currentDocument: Precondition | undefined;
}
export const Write = message<Write>(
  () => ({
    update: undefined,
    delete: undefined,
    verify: undefined,
    transform: undefined,
    updateMask: undefined,
    updateTransforms: [],
    currentDocument: undefined,
  }),
  () => ({
    update: optional(1, Document),
    delete: optional(2, textCodec),
    updateMask: optional(3, DocumentMask),
    currentDocument: optional(4, Precondition),
    verify: optional(5, textCodec),
    transform: optional(6, DocumentTransform),
    updateTransforms: repeated(7, FieldTransform),
  }),
);

export interface WriteResult {
  updateTime: Timestamp | undefined;
  transformResults: Value[];
}
export const WriteResult = message<WriteResult>(
  () => ({ updateTime: undefined, transformResults: [] }),
  () => ({ updateTime: optional(1, timestampCodec), transformResults: repeated(2, value) }),
);

const ReadWrite = message<ReadWrite>(
  () => ({ retryTransaction: undefined, concurrencyMode: undefined }),
  () => ({ retryTransaction: optional(1, bytesCodec), concurrencyMode: optional(15, textCodec) }),
);
const ReadOnly = message<ReadOnly>(
  () => ({ readTime: undefined }),
  () => ({ readTime: optional(2, timestampCodec) }),
);
export const TransactionOptions = message<TransactionOptions>(
  () => ({ readOnly: undefined, readWrite: undefined }),
  () => ({ readOnly: optional(2, ReadOnly), readWrite: optional(3, ReadWrite) }),
);
