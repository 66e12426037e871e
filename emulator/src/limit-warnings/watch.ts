import { listFieldIndexes, type IndexDefinitions } from '../indexes/definitions.js';
import { type Database } from '../store/database.js';
import { type Commit } from '../store/document.js';
import { type LockKey } from '../store/locks.js';
import { Contention } from './contention.js';
import { HotSpots } from './hot-spots.js';
import { findSizeWarnings } from './sizes.js';
import { type Warnings } from './warnings.js';
import { WriteRates } from './write-rate.js';

/** Checks every commit of a database and every wait for a lock, and records violations of production's limits. */
export function watchLimits(
  database: Database,
  warnings: Warnings,
  definitions: () => IndexDefinitions,
  now: () => number = () => performance.now(),
): void {
  const rates = new WriteRates();
  const hotSpots = new HotSpots((collectionId, fieldPath) => hasIndex(definitions(), collectionId, fieldPath));
  const contention = new Contention();
  database.observe(({ changes }: Commit) => {
    const nowMs = now();
    for (const warning of findSizeWarnings(changes)) warnings.add(warning);
    for (const change of changes) {
      // Creations do not count: a seed creates many documents, and each document only once.
      const rate = change.before && rates.record(change, nowMs);
      if (rate) warnings.add(rate);
      for (const warning of hotSpots.record(change, nowMs)) warnings.add(warning);
    }
  });
  database.locks.onWait = (keys, isAborted) => {
    for (const place of keys.map(formatPlace)) {
      const warning = isAborted ? contention.recordAbort(place) : contention.recordWait(place, now());
      if (warning) warnings.add(warning);
    }
  };
}

/** Returns whether a field has a single-field index or is part of a composite index. */
function hasIndex(definitions: IndexDefinitions, collectionId: string, fieldPath: string): boolean {
  if (listFieldIndexes(definitions, collectionId, fieldPath).length > 0) return true;
  return definitions.indexes.some(
    ({ collectionGroup, fields }) =>
      collectionGroup === collectionId && fields.some((field) => field.fieldPath === fieldPath),
  );
}

/**
 * Formats a lock's key: `doc:projects/p/databases/d/documents/orders/a` is orders/a, `coll:orders` collection orders.
 */
function formatPlace(key: LockKey): string {
  return key.startsWith('doc:') ? key.split('/').slice(5).join('/') : `collection ${key.slice('coll:'.length)}`;
}
