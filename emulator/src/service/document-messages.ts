import { type Document, type DocumentMask } from '../protocol/documents.js';
import { type StoredDocument } from '../store/document.js';
import { type FieldPath, maskedFields, parseFieldPath } from '../values/field-path.js';
import { toTimestamp } from '../values/time.js';

/** Converts a stored document to its message; with paths, only the fields at these paths. */
export function documentMessage(document: StoredDocument, paths?: readonly FieldPath[]): Document {
  return {
    name: document.name,
    fields: paths ? maskedFields(document.fields, paths) : document.fields,
    createTime: toTimestamp(document.createTime),
    updateTime: toTimestamp(document.updateTime),
  };
}

/** Parses the field paths of a mask; undefined without a mask. Throws INVALID_ARGUMENT. */
export function maskPaths(mask: DocumentMask | undefined): FieldPath[] | undefined {
  return mask?.fieldPaths.map(parseFieldPath);
}
