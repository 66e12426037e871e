import {
  FieldValue,
  Timestamp,
  type DocumentData,
  type DocumentReference,
  type Precondition,
  type Transaction,
  type UpdateData,
  type WriteBatch,
} from 'firebase-admin/firestore';
import { z } from 'zod';
import { DOCUMENTS, patternAt, type DocumentPattern } from '../contract/documents.js';
import { DocumentError } from './document-error.js';
import { lookUp } from '../core/look-up.js';

/** Parses a stored document by the contract. Throws a DocumentError when it does not match. */
export function parseStored<S extends z.ZodType>(schema: S, path: string, data: unknown): z.output<S> {
  return parsed(schema, 'read', path, toPlain(data));
}

/** Checks a document before it is written. Throws a DocumentError for one that `parseStored` would refuse. */
export function checkWritten<S extends z.ZodType>(schema: S, path: string, model: unknown): z.output<S> {
  return parsed(schema, 'write', path, toPlain(model));
}

/** Converts a document to its stored form. Throws a DocumentError for a document that `parseStored` would refuse. */
export function toStored<S extends z.ZodType>(schema: S, path: string, model: unknown): Record<string, unknown> {
  return toFields(withTimestamps(schema, checkWritten(schema, path, model)));
}

/** New values of some fields. A dotted path names a field within a map. */
export type Changes<T> = { readonly [K in keyof T]?: T[K] | FieldValue } & {
  readonly [dotted: `${string}.${string}`]: unknown;
};

/**
 * Updates fields of a document in a transaction or batch, each checked by the document's schema. Keys may be dotted
 * paths. An increment's result is not known here: its field must be a number without a bound that it could pass.
 * Throws a DocumentError, and writes nothing.
 */
export function update<T extends DocumentData>(
  writer: Transaction | WriteBatch,
  ref: DocumentReference<T>,
  fields: Changes<T>,
): void {
  const checked = checkedUpdate(ref, fields);
  if (isTransaction(writer)) writer.update(ref, checked);
  else writer.update(ref, checked);
}

/** Updates fields of one document outside of a transaction. Checked as `update` does. */
export async function updateOne<T extends DocumentData>(
  ref: DocumentReference<T>,
  fields: Changes<T>,
  precondition: Precondition = { exists: true },
): Promise<void> {
  await ref.update(checkedUpdate(ref, fields), precondition);
}

/** Merges fields into a document, or creates it from them; maps are merged key by key. Checked as `update` does. */
export function merge<T>(writer: Transaction | WriteBatch, ref: DocumentReference<T>, fields: object): void {
  const checked = toFields(merged(findSchema(ref.path), ref.path, '', fields));
  // A reference without converter: the converter requires the whole document.
  const raw = ref.firestore.doc(ref.path);
  if (isTransaction(writer)) writer.set(raw, checked, { merge: true });
  else writer.set(raw, checked, { merge: true });
}

/** Replaces fields of a document that were checked before, unless it was changed since `updateTime`. */
export function replaceUnchanged(
  batch: WriteBatch,
  ref: DocumentReference,
  fields: DocumentData,
  updateTime: Timestamp,
): void {
  batch.update(ref, fields, { lastUpdateTime: updateTime });
}

const isTransaction = (writer: Transaction | WriteBatch): writer is Transaction => 'getAll' in writer;

function checkedUpdate<T extends DocumentData>(ref: DocumentReference<T>, fields: Changes<T>): UpdateData<T> {
  const schema = findSchema(ref.path);
  const checked = Object.entries<unknown>(fields).map(([name, value]) => {
    const target = fieldAt(schema, name.split('.'));
    if (!target) throw new DocumentError('write', ref.path, `${name}: no such field`);
    return [name, toField(target, ref.path, name, value)] as const;
  });
  // Keys and meanings are those of `fields`: only timestamps changed their form.
  return Object.fromEntries(checked) as UpdateData<T>;
}

function merged(schema: z.ZodType, path: string, name: string, value: unknown): unknown {
  if (!isPlainObject(value)) return toField(schema, path, name, value);
  const entries = Object.entries(value).map(([key, inner]) => {
    const target = fieldAt(schema, [key]);
    const innerName = name === '' ? key : `${name}.${key}`;
    if (!target) throw new DocumentError('write', path, `${innerName}: no such field`);
    return [key, merged(target, path, innerName, inner)] as const;
  });
  return Object.fromEntries(entries);
}

function toField(schema: z.ZodType, path: string, name: string, value: unknown): unknown {
  if (value instanceof FieldValue) {
    const isWanted = value.isEqual(FieldValue.delete()) && !isRemovable(schema);
    if (isWanted) throw new DocumentError('write', path, `${name}: required`);
    return value;
  }
  return withTimestamps(schema, parsed(schema, 'write', path, toPlain(value), name));
}

/** A field may be removed when the document is valid without it; an entry of a record always may. */
const isRemovable = (schema: z.ZodType): boolean => schema.safeParse(undefined).success || ENTRIES.has(schema);
const ENTRIES = new WeakSet<z.ZodType>();

function findSchema(path: string): z.ZodType {
  const pattern: DocumentPattern | undefined = patternAt(path);
  if (!pattern) throw new DocumentError('write', path, 'no schema for this path');
  return DOCUMENTS[pattern];
}

function fieldAt(schema: z.ZodType, names: readonly string[]): z.ZodType | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return schema;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    const field: unknown = lookUp(inner.shape, name);
    return field instanceof z.ZodType ? fieldAt(field, rest) : undefined;
  }
  if (!(inner instanceof z.ZodRecord) || !(inner.valueType instanceof z.ZodType)) return undefined;
  if (inner.keyType instanceof z.ZodType && !inner.keyType.safeParse(name).success) return undefined;
  if (rest.length === 0) ENTRIES.add(inner.valueType);
  return fieldAt(inner.valueType, rest);
}

/** Without `optional`, `nullable` and defaults. */
function unwrapped(schema: z.ZodType): z.ZodType {
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  if (!wraps) return schema;
  const inner: unknown = schema.unwrap();
  return inner instanceof z.ZodType ? unwrapped(inner) : schema;
}

function withTimestamps(schema: z.ZodType, value: unknown): unknown {
  const inner = unwrapped(schema);
  if (typeof value === 'number') return inner.meta()?.['stored'] === 'timestamp' ? Timestamp.fromMillis(value) : value;
  if (!(inner instanceof z.ZodObject) || !isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const target: unknown = lookUp(inner.shape, key);
      return [key, target instanceof z.ZodType ? withTimestamps(target, field) : field];
    }),
  );
}

function parsed<S extends z.ZodType>(
  schema: S,
  operation: 'read' | 'write',
  path: string,
  value: unknown,
  name = '',
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = [name, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  const isTooLarge = issue?.code === 'too_big';
  throw new DocumentError(operation, path, `${field}: ${issue?.message ?? 'invalid'}`, isTooLarge);
}

/** Converts Firestore's data to plain values: timestamps become milliseconds. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toMillis();
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner)]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof FieldValue) && !(value instanceof Timestamp);
}

const toFields = (value: unknown): Record<string, unknown> => (isPlainObject(value) ? value : {});
