import { type Value } from '../values/value.js';
import { boolCodec, doubleCodec, enumeration, int32Codec, int64Codec, textCodec, wrapped } from './scalars.js';
import { message, type MessageCodec, optional, plain, repeated } from './schema.js';
import { value } from './value-codec.js';

interface FieldReference {
  fieldPath: string;
}
const FieldReference = message<FieldReference>(
  () => ({ fieldPath: '' }),
  () => ({ fieldPath: plain(2, textCodec, '') }),
);

type CompositeOperator = 'OPERATOR_UNSPECIFIED' | 'AND' | 'OR';
interface CompositeFilter {
  op: CompositeOperator;
  filters: Filter[];
}
const CompositeFilter = message<CompositeFilter>(
  () => ({ op: 'OPERATOR_UNSPECIFIED', filters: [] }),
  () => ({
    op: plain(
      1,
      enumeration<CompositeOperator>('OPERATOR_UNSPECIFIED', { OPERATOR_UNSPECIFIED: 0, AND: 1, OR: 2 }),
      'OPERATOR_UNSPECIFIED',
    ),
    filters: repeated(2, Filter),
  }),
);

const FIELD_OPERATORS = {
  OPERATOR_UNSPECIFIED: 0,
  LESS_THAN: 1,
  LESS_THAN_OR_EQUAL: 2,
  GREATER_THAN: 3,
  GREATER_THAN_OR_EQUAL: 4,
  EQUAL: 5,
  NOT_EQUAL: 6,
  ARRAY_CONTAINS: 7,
  IN: 8,
  ARRAY_CONTAINS_ANY: 9,
  NOT_IN: 10,
} as const;
export type FieldOperator = keyof typeof FIELD_OPERATORS;
export interface FieldFilter {
  field: FieldReference | undefined;
  op: FieldOperator;
  value: Value | undefined;
}
const FieldFilter = message<FieldFilter>(
  () => ({ field: undefined, op: 'OPERATOR_UNSPECIFIED', value: undefined }),
  () => ({
    field: optional(1, FieldReference),
    op: plain(2, enumeration<FieldOperator>('OPERATOR_UNSPECIFIED', FIELD_OPERATORS), 'OPERATOR_UNSPECIFIED'),
    value: optional(3, value),
  }),
);

const UNARY_OPERATORS = { OPERATOR_UNSPECIFIED: 0, IS_NAN: 2, IS_NULL: 3, IS_NOT_NAN: 4, IS_NOT_NULL: 5 } as const;
type UnaryOperator = keyof typeof UNARY_OPERATORS;
export interface UnaryFilter {
  op: UnaryOperator;
  field: FieldReference | undefined;
}
const UnaryFilter = message<UnaryFilter>(
  () => ({ op: 'OPERATOR_UNSPECIFIED', field: undefined }),
  () => ({
    op: plain(1, enumeration<UnaryOperator>('OPERATOR_UNSPECIFIED', UNARY_OPERATORS), 'OPERATOR_UNSPECIFIED'),
    field: optional(2, FieldReference),
  }),
);

export interface Filter {
  compositeFilter: CompositeFilter | undefined;
  fieldFilter: FieldFilter | undefined;
  unaryFilter: UnaryFilter | undefined;
}
export const Filter: MessageCodec<Filter> = message<Filter>(
  () => ({ compositeFilter: undefined, fieldFilter: undefined, unaryFilter: undefined }),
  () => ({
    compositeFilter: optional(1, CompositeFilter),
    fieldFilter: optional(2, FieldFilter),
    unaryFilter: optional(3, UnaryFilter),
  }),
);

const DIRECTIONS = { DIRECTION_UNSPECIFIED: 0, ASCENDING: 1, DESCENDING: 2 } as const;
export interface Order {
  field: FieldReference | undefined;
  direction: keyof typeof DIRECTIONS;
}
const Order = message<Order>(
  () => ({ field: undefined, direction: 'DIRECTION_UNSPECIFIED' }),
  () => ({
    field: optional(1, FieldReference),
    direction: plain(
      2,
      enumeration<keyof typeof DIRECTIONS>('DIRECTION_UNSPECIFIED', DIRECTIONS),
      'DIRECTION_UNSPECIFIED',
    ),
  }),
);

export interface Cursor {
  values: Value[];
  before: boolean;
}
const Cursor = message<Cursor>(
  () => ({ values: [], before: false }),
  () => ({ values: repeated(1, value), before: plain(2, boolCodec, false) }),
);

interface CollectionSelector {
  collectionId: string;
  allDescendants: boolean;
}
const CollectionSelector = message<CollectionSelector>(
  () => ({ collectionId: '', allDescendants: false }),
  () => ({ collectionId: plain(2, textCodec, ''), allDescendants: plain(3, boolCodec, false) }),
);

interface Projection {
  fields: FieldReference[];
}
const Projection = message<Projection>(
  () => ({ fields: [] }),
  () => ({ fields: repeated(2, FieldReference) }),
);

const DISTANCE_MEASURES = { DISTANCE_MEASURE_UNSPECIFIED: 0, EUCLIDEAN: 1, COSINE: 2, DOT_PRODUCT: 3 } as const;
export interface FindNearest {
  vectorField: FieldReference | undefined;
  queryVector: Value | undefined;
  distanceMeasure: keyof typeof DISTANCE_MEASURES;
  limit: number | undefined;
  distanceResultField: string;
  distanceThreshold: number | undefined;
}
const FindNearest = message<FindNearest>(
  () => ({
    vectorField: undefined,
    queryVector: undefined,
    distanceMeasure: 'DISTANCE_MEASURE_UNSPECIFIED',
    limit: undefined,
    distanceResultField: '',
    distanceThreshold: undefined,
  }),
  () => ({
    vectorField: optional(1, FieldReference),
    queryVector: optional(2, value),
    distanceMeasure: plain(
      3,
      enumeration<keyof typeof DISTANCE_MEASURES>('DISTANCE_MEASURE_UNSPECIFIED', DISTANCE_MEASURES),
      'DISTANCE_MEASURE_UNSPECIFIED',
    ),
    limit: optional(4, wrapped(int32Codec, 0)),
    distanceResultField: plain(5, textCodec, ''),
    distanceThreshold: optional(6, wrapped(doubleCodec, 0)),
  }),
);

export interface StructuredQuery {
  select: Projection | undefined;
  from: CollectionSelector[];
  where: Filter | undefined;
  orderBy: Order[];
  limit: number | undefined;
  offset: number;
  startAt: Cursor | undefined;
  endAt: Cursor | undefined;
  findNearest: FindNearest | undefined;
}
export const StructuredQuery = message<StructuredQuery>(
  () => ({
    select: undefined,
    from: [],
    where: undefined,
    orderBy: [],
    limit: undefined,
    offset: 0,
    startAt: undefined,
    endAt: undefined,
    findNearest: undefined,
  }),
  () => ({
    select: optional(1, Projection),
    from: repeated(2, CollectionSelector),
    where: optional(3, Filter),
    orderBy: repeated(4, Order),
    limit: optional(5, wrapped(int32Codec, 0)),
    offset: plain(6, int32Codec, 0),
    startAt: optional(7, Cursor),
    endAt: optional(8, Cursor),
    findNearest: optional(9, FindNearest),
  }),
);

interface Count {
  upTo: bigint | undefined;
}
interface FieldAggregation {
  field: FieldReference | undefined;
}
export interface Aggregation {
  count: Count | undefined;
  sum: FieldAggregation | undefined;
  avg: FieldAggregation | undefined;
  alias: string;
}
const Count = message<Count>(
  () => ({ upTo: undefined }),
  () => ({ upTo: optional(1, wrapped(int64Codec, 0n)) }),
);
const FieldAggregation = message<FieldAggregation>(
  () => ({ field: undefined }),
  () => ({ field: optional(1, FieldReference) }),
);
export const Aggregation = message<Aggregation>(
  () => ({ count: undefined, sum: undefined, avg: undefined, alias: '' }),
  () => ({
    count: optional(1, Count),
    sum: optional(2, FieldAggregation),
    avg: optional(3, FieldAggregation),
    alias: plain(7, textCodec, ''),
  }),
);

export interface StructuredAggregationQuery {
  structuredQuery: StructuredQuery | undefined;
  aggregations: Aggregation[];
}
export const StructuredAggregationQuery = message<StructuredAggregationQuery>(
  () => ({ structuredQuery: undefined, aggregations: [] }),
  () => ({ structuredQuery: optional(1, StructuredQuery), aggregations: repeated(3, Aggregation) }),
);
