/**
 * Vector search: finds the documents whose vectors are nearest to a given one. Source: Firestore docs, "Search with
 * vector embeddings".
 */
import { type FindNearest } from '../protocol/queries.js';
import { type StoredDocument } from '../store/document.js';
import { type FieldPath, getField, parseFieldPath } from '../values/field-path.js';
import { isReserved } from '../values/limits.js';
import { invalid } from '../values/status.js';
import { isNumberValue, type Value, vectorElements } from '../values/value.js';

const MAX_LIMIT = 1000;
const MAX_DIMENSION = 2048;

export interface Nearest {
  readonly path: FieldPath;
  readonly vector: readonly number[];
  readonly measure: Measure;
  readonly limit: number;
  /** The field that a returned document's distance is written to. */
  readonly resultField: string | undefined;
  readonly threshold: number | undefined;
}

export interface Neighbor {
  readonly document: StoredDocument;
  readonly distance: number;
}

type Measure = Exclude<FindNearest['distanceMeasure'], 'DISTANCE_MEASURE_UNSPECIFIED'>;

/** Parses and checks a vector search. Throws INVALID_ARGUMENT for a search that production would refuse. */
export function parseNearest(search: FindNearest): Nearest {
  const { vectorField, queryVector, distanceMeasure, limit, distanceResultField, distanceThreshold } = search;
  if (!vectorField) throw invalid('FindNearest vector_field must be set.');
  const vector = queryVector && toNumbers(queryVector);
  if (!vector || vector.length === 0) throw invalid('FindNearest query_vector must be a vector.');
  if (vector.length > MAX_DIMENSION) throw invalid(`Vectors may have at most ${MAX_DIMENSION} dimensions.`);
  if (distanceMeasure === 'DISTANCE_MEASURE_UNSPECIFIED') throw invalid('FindNearest distance_measure must be set.');
  if (limit === undefined || limit < 1 || limit > MAX_LIMIT)
    throw invalid(`FindNearest limit must be a positive integer of no more than ${MAX_LIMIT}.`);
  if (isReserved(distanceResultField)) throw invalid(`field name ${distanceResultField} is reserved`);
  return {
    path: parseFieldPath(vectorField.fieldPath),
    vector,
    measure: distanceMeasure,
    limit,
    resultField: distanceResultField === '' ? undefined : distanceResultField,
    threshold: distanceThreshold,
  };
}

/**
 * Returns the nearest of some documents; equally near ones keep their order. Documents without a vector of the same
 * dimension are left out, and for COSINE those with a vector of length 0, which has no direction.
 */
export function findNearestTo(documents: readonly StoredDocument[], search: Nearest): Neighbor[] {
  const { path, vector, measure, limit, threshold } = search;
  const sign = measure === 'DOT_PRODUCT' ? -1 : 1;
  const found = documents.flatMap((document): Neighbor[] => {
    const value = getField(document.fields, path);
    const elements = value && toNumbers(value);
    if (elements?.length !== vector.length) return [];
    const distance = DISTANCES[measure](elements, vector);
    const isWithin = threshold === undefined || sign * distance <= sign * threshold;
    return isWithin && !Number.isNaN(distance) ? [{ document, distance }] : [];
  });
  return found.sort((a, b) => sign * (a.distance - b.distance)).slice(0, limit);
}

/** Returns the elements of a vector, or undefined for any other value. */
function toNumbers(value: Value): number[] | undefined {
  const elements = value.kind === 'map' ? vectorElements(value.fields) : undefined;
  return elements?.map((element) => (isNumberValue(element) ? Number(element.value) : NaN));
}

type Distance = (a: readonly number[], b: readonly number[]) => number;

const dotProduct: Distance = (a, b) => a.reduce((sum, element, index) => sum + element * (b[index] ?? 0), 0);
const length = (vector: readonly number[]): number => Math.hypot(...vector);

/** The distance of two vectors by measure. `DOT_PRODUCT` is larger for nearer vectors, the others are smaller. */
const DISTANCES: Readonly<Record<Measure, Distance>> = {
  EUCLIDEAN: (a, b) => Math.hypot(...a.map((element, index) => element - (b[index] ?? 0))),
  COSINE: (a, b) => 1 - dotProduct(a, b) / (length(a) * length(b)),
  DOT_PRODUCT: dotProduct,
};
