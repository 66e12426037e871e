import { type Change, getCollectionPath, getDocumentId } from '../store/document.js';
import { compareValues } from '../values/compare.js';
import { formatFieldPath, type FieldPath } from '../values/field-path.js';
import { type Fields, integerValue, stringValue, type Value } from '../values/value.js';
import { type LimitWarning } from './warnings.js';

/**
 * The write rate that production sustains for sequential values. Source: Firestore docs, "Best practices", "High write
 * rates to a collection containing documents with sequential values": 500 writes per second. This warns at a tenth,
 * because a local run rarely simulates a whole city.
 */
const PRODUCTION_PER_SECOND = 500;
const WARNED_PER_SECOND = 50;
const WINDOW_MS = 1000;
/**
 * Only writes between these two numbers per second are examined: a slow collection has no hot spot, and examining every
 * write of a fast one would cost too much.
 */
const MIN_EXAMINED_WRITES = 10;
const MAX_EXAMINED_WRITES = 200;

/**
 * Counts how often a value exceeded all values before it. For n values in random order that is about ln n, so sequences
 * stand out.
 */
interface Sequence {
  high: Value;
  low: Value;
  rises: number;
  falls: number;
}

interface Activity {
  readonly startMs: number;
  writes: number;
  readonly sequences: Map<string, Sequence>;
}

/** Returns whether a field of a collection has an index; a field without one cannot have a hot spot. */
export type IsIndexed = (collectionId: string, fieldPath: string) => boolean;

/** Finds collections whose new ids or indexed values only rise or only fall while they are written fast. */
export class HotSpots {
  private readonly active = new Map<string, Activity>();

  constructor(private readonly isIndexed: IsIndexed) {}

  record(change: Change, nowMs: number): LimitWarning[] {
    const collection = getCollectionPath(change.segments);
    const { sequences, writes } = this.activity(collection, nowMs);
    if (writes <= MIN_EXAMINED_WRITES || writes > MAX_EXAMINED_WRITES || !change.after) return [];
    const hot: string[] = [];
    const note = (fieldPath: string, value: Value): void => {
      const length = extendSequence(sequences, fieldPath, value);
      if (length > 0 && length % WARNED_PER_SECOND === 0) hot.push(fieldPath);
    };
    if (!change.before) note('__name__', toOrdinal(getDocumentId(change.segments)));
    visitFields([], change.before?.fields, change.after.fields, note);
    return hot
      .filter((fieldPath) => this.isHot(change, fieldPath))
      .map((path) => createWarning(collection, path, writes));
  }

  private isHot({ segments }: Change, fieldPath: string): boolean {
    return fieldPath === '__name__' || this.isIndexed(segments.at(-2) ?? '', fieldPath);
  }

  private activity(collection: string, nowMs: number): Activity {
    let activity = this.active.get(collection);
    if (!activity || nowMs - activity.startMs >= WINDOW_MS)
      this.active.set(collection, (activity = { startMs: nowMs, writes: 0, sequences: new Map() }));
    activity.writes++;
    return activity;
  }
}

/** Converts an id to a comparable value: customer9 and customer10 follow each other by number, but not as texts. */
function toOrdinal(id: string): Value {
  const digits = /\d{1,18}$/.exec(id)?.[0];
  return digits === undefined ? stringValue(id) : integerValue(BigInt(digits));
}

/** Visits the values that a change sets. An unchanged value keeps its index entry. */
function visitFields(
  prefix: FieldPath,
  before: Fields | undefined,
  after: Fields,
  note: (fieldPath: string, value: Value) => void,
): void {
  after.forEach((value, name) => {
    const old = before?.get(name);
    if (value.kind === 'map')
      visitFields([...prefix, name], old?.kind === 'map' ? old.fields : undefined, value.fields, note);
    else if (isOrdered(value) && !(old && compareValues(old, value) === 0))
      note(formatFieldPath([...prefix, name]), value);
  });
}

function isOrdered({ kind }: Value): boolean {
  return kind === 'timestamp' || kind === 'integer' || kind === 'double' || kind === 'string';
}

/** Adds a value to its sequence and returns the length; 0 when the value lies between earlier ones. */
function extendSequence(sequences: Map<string, Sequence>, fieldPath: string, value: Value): number {
  const known = sequences.get(fieldPath);
  if (!known) {
    sequences.set(fieldPath, { high: value, low: value, rises: 1, falls: 1 });
    return 1;
  }
  if (compareValues(value, known.high) > 0) {
    known.high = value;
    return ++known.rises;
  }
  if (compareValues(value, known.low) >= 0) return 0;
  known.low = value;
  return ++known.falls;
}

function createWarning(collection: string, fieldPath: string, writes: number): LimitWarning {
  const what = fieldPath === '__name__' ? 'ids' : `values of the indexed field ${fieldPath}`;
  const text = `${collection} had at least ${writes} writes within a second with sequential ${what}; production sustains ${PRODUCTION_PER_SECOND}.`;
  return { kind: 'hotSpot', place: `${collection} ${fieldPath}`, figure: writes, text };
}
