import { parseCommentedJson } from '../commented-json.js';
import { type IndexedField, type RequiredIndex, type VectorField } from '../billing/required-index.js';
import { isJsonObject, type Json } from '../protocol/schema.js';

export type QueryScope = RequiredIndex['queryScope'];
export type IndexMode = 'ASCENDING' | 'DESCENDING' | 'CONTAINS';

/** An index of one field, as a field override lists it. */
export interface FieldIndex {
  readonly mode: IndexMode;
  readonly queryScope: QueryScope;
}

/** Replaces the automatic indexes of a field and of all fields nested in it. */
interface FieldOverride {
  readonly collectionGroup: string;
  /** `*` stands for every field. */
  readonly fieldPath: string;
  readonly indexes: readonly FieldIndex[];
}

/** A vector index; `fields` are those that a search filters by. */
export interface VectorIndex extends RequiredIndex {
  readonly vector: VectorField;
}

/** The definitions in firestore.indexes.json. Source: Firebase CLI docs, "Cloud Firestore index definition reference". */
export interface IndexDefinitions {
  readonly indexes: readonly RequiredIndex[];
  /** Indexes that end in a vector; they serve vector searches only. */
  readonly vectorIndexes: readonly VectorIndex[];
  readonly fieldOverrides: readonly FieldOverride[];
}

/** The definitions of a database without an index file: only the automatic indexes exist. */
export const NO_DEFINITIONS: IndexDefinitions = { indexes: [], vectorIndexes: [], fieldOverrides: [] };

/** Parses an index file. Throws an error that describes the problem when the text is not a valid index file. */
export function parseIndexFile(text: string): IndexDefinitions {
  const json = parseCommentedJson(text);
  if (!isJsonObject(json)) throw new Error('an index file must be an object with "indexes" and "fieldOverrides"');
  const listed = readObjects(json['indexes'], 'indexes');
  return {
    indexes: listed.filter((index) => !isVectorIndex(index)).map(parseIndex),
    vectorIndexes: listed.filter(isVectorIndex).map(parseVectorIndex),
    fieldOverrides: readObjects(json['fieldOverrides'], 'fieldOverrides').flatMap(parseOverride),
  };
}

type JsonObject = { readonly [key: string]: Json };

function readObjects(json: Json | undefined, name: string): readonly JsonObject[] {
  if (json === undefined) return [];
  if (!Array.isArray(json) || !json.every(isJsonObject)) throw new Error(`"${name}" is not a list of objects`);
  return json;
}

const isVectorIndex = (index: JsonObject): boolean =>
  readObjects(index['fields'], 'fields').some((field) => field['vectorConfig'] !== undefined);

/**
 * Parses a vector index. Throws for an index that production would not build: exactly one field is a vector, the last
 * one.
 */
function parseVectorIndex(index: JsonObject): VectorIndex {
  const fields = readObjects(index['fields'], 'fields');
  const last = fields.at(-1);
  const { vectorConfig } = last ?? {};
  const dimension = isJsonObject(vectorConfig) ? Number(vectorConfig['dimension']) : NaN;
  if (!last || !(dimension >= 1 && dimension <= 2048))
    throw new Error('the last field of a vector index must have a "vectorConfig" with a "dimension" of 1 to 2048');
  return {
    ...parseIndex({ ...index, fields: fields.slice(0, -1) }),
    vector: { fieldPath: String(last['fieldPath']), vectorConfig: { dimension, flat: {} } },
  };
}

function parseIndex(index: JsonObject): RequiredIndex {
  return {
    collectionGroup: String(index['collectionGroup']),
    queryScope: readScope(index),
    fields: readObjects(index['fields'], 'fields').map((field): IndexedField => {
      const fieldPath = String(field['fieldPath']);
      const mode = readMode(field);
      return mode === 'CONTAINS' ? { fieldPath, arrayConfig: mode } : { fieldPath, order: mode };
    }),
  };
}

/**
 * Parses an override. One without `indexes`, such as one that only sets a time to live, keeps the automatic indexes.
 */
function parseOverride(override: JsonObject): FieldOverride[] {
  if (override['indexes'] === undefined) return [];
  return [
    {
      collectionGroup: String(override['collectionGroup']),
      fieldPath: String(override['fieldPath']),
      indexes: readObjects(override['indexes'], 'indexes').map((index) => ({
        mode: readMode(index),
        queryScope: readScope(index),
      })),
    },
  ];
}

function readScope(json: JsonObject): QueryScope {
  return json['queryScope'] === 'COLLECTION_GROUP' ? 'COLLECTION_GROUP' : 'COLLECTION';
}

function readMode(json: JsonObject): IndexMode {
  if (json['arrayConfig'] === 'CONTAINS') return 'CONTAINS';
  return json['order'] === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING';
}

/** The indexes of every field; a collection group has none. Source: Firestore docs, "Automatic indexing". */
const AUTOMATIC: readonly FieldIndex[] = [
  { mode: 'ASCENDING', queryScope: 'COLLECTION' },
  { mode: 'DESCENDING', queryScope: 'COLLECTION' },
  { mode: 'CONTAINS', queryScope: 'COLLECTION' },
];

/** Lists the single-field indexes of a field: those of the nearest override, otherwise the automatic ones. */
export function listFieldIndexes(
  { fieldOverrides }: IndexDefinitions,
  collectionGroup: string,
  fieldPath: string,
): readonly FieldIndex[] {
  const nearest = fieldOverrides
    .filter((override) => override.collectionGroup === collectionGroup && appliesTo(override.fieldPath, fieldPath))
    .sort((a, b) => nearness(b.fieldPath) - nearness(a.fieldPath))[0];
  return nearest?.indexes ?? AUTOMATIC;
}

function appliesTo(overridden: string, fieldPath: string): boolean {
  return overridden === '*' || `${fieldPath}.`.startsWith(`${overridden}.`);
}

function nearness(overridden: string): number {
  return overridden === '*' ? 0 : overridden.length;
}
