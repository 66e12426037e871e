import { type StoredDocument } from '../store/document.js';
import { formatFieldPath, getField, parseFieldPath } from '../values/field-path.js';
import { invalid } from '../values/status.js';
import { vectorElements, type Fields, type Value } from '../values/value.js';
import { listFieldIndexes, type IndexDefinitions } from './definitions.js';
import { type RequiredIndex } from '../billing/required-index.js';

/** Source: Firestore docs, "Usage and limits": index entries for each document. */
const MAX_ENTRIES = 40_000;
/**
 * The index entries of each distinct element of an array. Source: reports of production, which takes 19,999 elements in
 * a document of one field and refuses 20,000.
 */
const ENTRIES_PER_ELEMENT = 2;
/**
 * A smaller document never has too many entries, however many indexes exist: production allows 200 composite indexes, or
 * 1,000.
 */
const SMALL_BYTES = 400;

/**
 * Checks the number of index entries of a document. Throws INVALID_ARGUMENT when production would not store that many.
 */
export function checkIndexEntries(document: StoredDocument, current: () => IndexDefinitions): void {
  if (document.bytes < SMALL_BYTES) return;
  const definitions = current();
  const collectionId = document.segments.at(-2) ?? '';
  const composite = definitions.indexes.filter(({ collectionGroup }) => collectionGroup === collectionId);
  // An entry needs at least half a byte of the document, so most documents are too small to have too many.
  if (document.bytes * ENTRIES_PER_ELEMENT * (1 + composite.length) <= MAX_ENTRIES) return;
  const own = countFieldEntries(collectionId, document.fields, [], definitions);
  const joint = composite.reduce((sum, index) => sum + countCompositeEntries(index, document.fields), 0);
  if (own + joint > MAX_ENTRIES) throw invalid(`too many index entries for entity /${document.segments.join('/')}`);
}

/** Counts the entries of single fields. A map has an entry of its own and the entries of the fields in it. */
function countFieldEntries(
  collectionId: string,
  fields: Fields,
  outer: readonly string[],
  definitions: IndexDefinitions,
): number {
  let entries = 0;
  fields.forEach((value, name) => {
    const path = [...outer, name];
    for (const { mode } of listFieldIndexes(definitions, collectionId, formatFieldPath(path)))
      entries += mode === 'CONTAINS' ? countElementEntries(value) : 1;
    if (value.kind === 'map' && !vectorElements(value.fields))
      entries += countFieldEntries(collectionId, value.fields, path, definitions);
  });
  return entries;
}

/**
 * Counts the entries of a composite index: none for a document without all its fields, one for each element of an array
 * field that the index covers, otherwise one.
 */
function countCompositeEntries({ fields }: RequiredIndex, stored: Fields): number {
  let entries = 1;
  for (const field of fields) {
    if (field.fieldPath === '__name__') continue;
    const value = getField(stored, parseFieldPath(field.fieldPath));
    if (!value) return 0;
    if ('arrayConfig' in field) entries = countDistinct(value);
  }
  return entries;
}

const countElementEntries = (value: Value): number => ENTRIES_PER_ELEMENT * countDistinct(value);

/**
 * Counts distinct elements by a key that equal values share, so that a million elements need no pairwise comparison.
 */
function countDistinct(value: Value): number {
  return value.kind === 'array' ? new Set(value.values.map(toKey)).size : 0;
}

function toKey(value: Value): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
    case 'string':
    case 'reference':
      return `${value.kind} ${String(value.value)}`;
    case 'integer':
    case 'double':
      return `number ${String(value.value)}`; // 1 and 1.0 are equal
    case 'bytes':
      return `bytes ${Buffer.from(value.value).toString('base64')}`;
    case 'timestamp':
      return `timestamp ${String(value.seconds)} ${value.nanos}`;
    case 'geo':
      return `geo ${value.latitude} ${value.longitude}`;
    case 'array':
      return `array ${value.values.map((element) => withLength(toKey(element))).join('')}`;
    case 'map':
      return `map ${[...value.fields]
        .map(([name, field]) => withLength(name) + withLength(toKey(field)))
        .sort()
        .join('')}`;
  }
}

/** Prefixes a text with its length. JSON quotes would be escaped again on each level of nesting. */
const withLength = (text: string): string => `${text.length}:${text}`;
