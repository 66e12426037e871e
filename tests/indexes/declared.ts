import { readFileSync } from 'node:fs';
import type { IndexedField, RequiredIndex } from '../../emulator/src/billing/required-index.js';
import type { QueryShape } from '../../emulator/src/billing/query-log.js';

export interface FieldOverride {
  readonly collectionGroup: string;
  readonly fieldPath: string;
  readonly indexes: readonly { readonly order?: string; readonly arrayConfig?: string; readonly queryScope?: string }[];
}

/** What firestore.indexes.json declares. */
export interface DeclaredIndexes {
  readonly indexes: readonly RequiredIndex[];
  readonly fieldOverrides: readonly FieldOverride[];
}

export function declaredIndexes(): DeclaredIndexes {
  const declared: DeclaredIndexes = JSON.parse(readFileSync('firestore.indexes.json', 'utf8'));
  return declared;
}

/** What has to be added, or taken back, for a kind of query: JSON to paste, or a sentence. Empty when it is served. */
export function lackingFor(shape: QueryShape, declared: DeclaredIndexes): string[] {
  const indexes = shape.requiredIndexes.filter((required) => !isDeclared(required, equalities(shape), declared));
  const exempt =
    shape.requiredIndexes.length > 0
      ? []
      : fieldsOf(shape).filter((field) => isExempt(groupOf(shape), field, declared));
  return [
    ...indexes.map((index) => JSON.stringify(index)),
    ...exempt.map((field) => `the field override of ${groupOf(shape)} that takes the index of ${field} away must go`),
  ];
}

const groupOf = ({ collection }: QueryShape): string => collection.split('/').at(-1) ?? collection;

const equalities = ({ filters }: QueryShape): Set<string> =>
  new Set(
    filters
      .flat()
      .filter((filter) => / (==|array-contains)$/.test(filter))
      .map(fieldName),
  );

const fieldName = (filterOrOrder: string): string => filterOrOrder.slice(0, filterOrOrder.lastIndexOf(' '));

function fieldsOf({ filters, orders }: QueryShape): string[] {
  return [...new Set([...filters.flat(), ...orders].map(fieldName))].filter((name) => name !== '__name__');
}

/** A single field is declared by its override, several by an index of their own. */
function isDeclared(
  required: RequiredIndex,
  equal: ReadonlySet<string>,
  { indexes, fieldOverrides }: DeclaredIndexes,
): boolean {
  const [only, ...more] = required.fields;
  if (only && more.length === 0) return fieldOverrides.some((override) => declaresField(override, required, only));
  return indexes.some((index) => serves(index, required, equal));
}

function declaresField(override: FieldOverride, required: RequiredIndex, field: IndexedField): boolean {
  return (
    override.collectionGroup === required.collectionGroup &&
    override.fieldPath === field.fieldPath &&
    override.indexes.some(
      (index) => index.queryScope === required.queryScope && directionOf(index) === directionOf(field),
    )
  );
}

/** Fields compared for equality may stand in any order and direction; those after them may not. */
function serves(index: RequiredIndex, required: RequiredIndex, equal: ReadonlySet<string>): boolean {
  if (index.collectionGroup !== required.collectionGroup || index.queryScope !== required.queryScope) return false;
  if (index.fields.length !== required.fields.length) return false;
  const count = required.fields.filter(({ fieldPath }) => equal.has(fieldPath)).length;
  const names = (fields: readonly IndexedField[]): string =>
    fields
      .slice(0, count)
      .map(({ fieldPath }) => fieldPath)
      .sort()
      .join();
  const rest = (fields: readonly IndexedField[]): string =>
    fields
      .slice(count)
      .map((field) => `${field.fieldPath} ${directionOf(field)}`)
      .join();
  return names(index.fields) === names(required.fields) && rest(index.fields) === rest(required.fields);
}

const directionOf = (field: { order?: string; arrayConfig?: string }): string | undefined =>
  field.order ?? field.arrayConfig;

/** The override that is nearest to the field decides: one on a map counts for all that is in it. */
function isExempt(collectionGroup: string, field: string, { fieldOverrides }: DeclaredIndexes): boolean {
  const nearest = fieldOverrides
    .filter(
      (override) => override.collectionGroup === collectionGroup && `${field}.`.startsWith(`${override.fieldPath}.`),
    )
    .sort((a, b) => b.fieldPath.length - a.fieldPath.length)[0];
  return nearest?.indexes.length === 0;
}
