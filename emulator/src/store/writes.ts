import { type Document, type Precondition, type Write } from '../protocol/documents.js';
import { identicalFields } from '../values/compare.js';
import { type FieldPath, getField, parseFieldPath, withField } from '../values/field-path.js';
import { checkFields } from '../values/limits.js';
import { checkIdLengths, type DatabaseName, parseDocumentName } from '../values/names.js';
import { failedPrecondition, invalid, StatusError } from '../values/status.js';
import { type Micros, toMicros } from '../values/time.js';
import { type Fields, type Value } from '../values/value.js';
import { type StoredDocument } from './document.js';
import { parseTransform, type Transform } from './transforms.js';

interface ParsedPrecondition {
  readonly exists: boolean | undefined;
  readonly updateTime: Micros | undefined;
}

/** A write after all checks that do not need the document. */
export interface ParsedWrite {
  readonly kind: 'update' | 'delete' | 'verify';
  readonly name: string;
  readonly segments: readonly string[];
  readonly fields: Fields;
  /** The size of a document with these fields alone. */
  readonly bytes: number;
  /** The fields to write; undefined replaces the document. */
  readonly mask: readonly FieldPath[] | undefined;
  readonly transforms: readonly Transform[];
  readonly precondition: ParsedPrecondition | undefined;
}

const NO_FIELDS: Fields = new Map();

/** Parses the writes of a commit and checks them against each other. Throws INVALID_ARGUMENT. */
export function parseWrites(database: DatabaseName, writes: readonly Write[]): ParsedWrite[] {
  const parsed = writes.map((write) => parseWrite(database, write));
  if (parsed.some((write) => write.kind === 'verify')) checkVerifies(parsed);
  return parsed;
}

/** Parses one write. Throws INVALID_ARGUMENT. */
export function parseWrite(database: DatabaseName, write: Write): ParsedWrite {
  const precondition = parsePrecondition(write.currentDocument);
  if (write.update) return parseUpdate(database, write, write.update, precondition);
  if (write.transform) {
    const transforms = write.transform.fieldTransforms.map(parseTransform);
    return {
      kind: 'update',
      ...target(database, write.transform.document),
      fields: NO_FIELDS,
      bytes: 0,
      mask: [],
      transforms,
      precondition,
    };
  }
  if (write.delete !== undefined) return { ...bare(database, write, 'delete', write.delete), precondition };
  if (write.verify === undefined) throw invalid('empty write operation');
  const verify = bare(database, write, 'verify', write.verify);
  if (!precondition) throw invalid('a verify must contain a precondition');
  return { ...verify, precondition };
}

function parsePrecondition(precondition: Precondition | undefined): ParsedPrecondition | undefined {
  if (precondition?.exists === undefined && precondition?.updateTime === undefined) return undefined;
  return { exists: precondition.exists, updateTime: precondition.updateTime && toMicros(precondition.updateTime) };
}

function parseUpdate(
  database: DatabaseName,
  write: Write,
  document: Document,
  precondition: ParsedPrecondition | undefined,
): ParsedWrite {
  const { name, segments } = target(database, document.name);
  const mask = write.updateMask?.fieldPaths.map(parseFieldPath);
  const transforms = write.updateTransforms.map(parseTransform);
  const { fields } = document;
  const bytes = checkFields(segments, fields);
  return { kind: 'update', name, segments, fields, bytes, mask, transforms, precondition };
}

function bare(database: DatabaseName, write: Write, kind: 'delete' | 'verify', name: string): ParsedWrite {
  if (write.updateMask) throw invalid(`a ${kind} must not specify a document mask.`);
  if (write.updateTransforms.length > 0) throw invalid(`a ${kind} must not specify a update transform.`);
  return {
    kind,
    ...target(database, name),
    fields: NO_FIELDS,
    bytes: 0,
    mask: undefined,
    transforms: [],
    precondition: undefined,
  };
}

function target(database: DatabaseName, name: string): { name: string; segments: readonly string[] } {
  const parsed = parseDocumentName(name);
  if (parsed.database.name !== database.name)
    throw invalid(`Document "${name}" is not in database "${database.name}".`);
  checkIdLengths(parsed.segments);
  return { name, segments: parsed.segments };
}

function checkVerifies(writes: readonly ParsedWrite[]): void {
  const kinds = new Map<string, ParsedWrite['kind']>();
  for (const { name, kind } of writes) {
    const earlier = kinds.get(name);
    if (earlier === 'verify' && kind === 'verify') throw sameDocument('verified more than once');
    if (earlier === 'verify') throw sameDocument('verified and then written');
    if (earlier !== undefined && kind === 'verify') throw sameDocument('written and then verified');
    kinds.set(name, kind);
  }
}

/** Returns the error for a document that one request contains twice in a way that is not allowed. */
export function sameDocument(what: string): Error {
  return invalid(`the same document cannot be ${what} in a single request`);
}

/** Throws the error for the client when the precondition of a write does not hold. */
export function checkPrecondition(write: ParsedWrite, before: StoredDocument | undefined): void {
  const { exists, updateTime } = write.precondition ?? {};
  if (exists === true && !before) throw new StatusError('NOT_FOUND', `No document to update: ${write.name}`);
  if (exists === false && before) throw new StatusError('ALREADY_EXISTS', `Document already exists: ${write.name}`);
  const stored = before?.updateTime ?? 0;
  if (updateTime !== undefined && updateTime !== stored) {
    throw failedPrecondition(`the stored version (${stored}) does not match the required base version (${updateTime})`);
  }
}

export interface Applied {
  /** The document after the write; the same object as before when the write changed nothing. */
  readonly after: StoredDocument | undefined;
  readonly transformResults: Value[];
}

/** Computes the effect of one write on one document. Its precondition is checked separately, after the rules. */
export function applyWrite(write: ParsedWrite, before: StoredDocument | undefined, time: Micros): Applied {
  if (write.kind === 'verify') return { after: before, transformResults: [] };
  if (write.kind === 'delete') return { after: undefined, transformResults: [] };
  const transformResults: Value[] = [];
  let fields = mergedFields(write, before);
  for (const transform of write.transforms) {
    const { value, result } = transform.apply(getField(fields, transform.path), time);
    fields = withField(fields, transform.path, value);
    transformResults.push(result);
  }
  const bytes = fields === write.fields ? write.bytes : checkFields(write.segments, fields);
  if (before && identicalFields(before.fields, fields)) return { after: before, transformResults };
  const { name, segments } = write;
  return {
    after: { name, segments, fields, bytes, createTime: before?.createTime ?? time, updateTime: time },
    transformResults,
  };
}

function mergedFields(write: ParsedWrite, before: StoredDocument | undefined): Fields {
  if (!write.mask) return write.fields;
  let fields = before?.fields ?? NO_FIELDS;
  for (const path of write.mask) fields = withField(fields, path, getField(write.fields, path));
  return fields;
}
