import { type IndexDefinitions, NO_DEFINITIONS } from '../indexes/definitions.js';
import { checkIndexEntries } from '../indexes/entries.js';
import { type WriteResult } from '../protocol/documents.js';
import { type Database } from '../store/database.js';
import { type Change, getCollectionId, type StoredDocument } from '../store/document.js';
import { documentLock, collectionLock, type LockKey } from '../store/locks.js';
import { type Transaction } from '../store/transactions.js';
import { applyWrite, checkPrecondition, type ParsedWrite } from '../store/writes.js';
import { invalid } from '../values/status.js';
import { type Micros, type Timestamp, toTimestamp } from '../values/time.js';
import { type WriteStep } from './authorize.js';
import { toAuthor, type Caller, getCallerLabel } from './caller.js';
import { type Context } from './context.js';

export interface Committed {
  readonly time: Micros;
  readonly results: WriteResult[];
}

/**
 * Commits checked writes atomically: waits for the locks of other transactions, evaluates the rules, then applies all
 * writes or none. After the wait everything runs in one step, so no other commit can intervene.
 */
export async function commitWrites(
  context: Context,
  database: Database,
  caller: Caller,
  writes: readonly ParsedWrite[],
  transaction?: Transaction,
): Promise<Committed> {
  try {
    const isFree = !transaction && database.locks.isFree;
    const waiting = isFree ? undefined : database.locks.awaitWrite(transaction, writes.flatMap(lockKeys));
    if (waiting) await waiting;
    return applyCommit(context, database, caller, writes);
  } finally {
    if (transaction) database.transactions.end(transaction);
    else database.transactions.countCommit();
  }
}

function lockKeys(write: ParsedWrite): LockKey[] {
  return [documentLock(write.name), collectionLock(getCollectionId(write.segments))];
}

interface Step extends WriteStep {
  readonly write: ParsedWrite;
  readonly result: WriteResult;
  /** True when an earlier write of the same commit deleted the document. */
  readonly isDeletedBefore: boolean;
}

function applyCommit(context: Context, database: Database, caller: Caller, writes: readonly ParsedWrite[]): Committed {
  const time = database.clock.next();
  const now = toTimestamp(time);
  const changes = new Map<string, Change>();
  const steps: Step[] = [];
  for (const write of writes) {
    const { name, segments } = write;
    const earlier = changes.get(name);
    const before = earlier ? earlier.after : database.get(name);
    const { after, transformResults } = applyWrite(write, before, time);
    const updateTime = write.kind === 'update' && after ? getUpdateTime(after, time, now) : undefined;
    const method = toMethod(write, before);
    const isDeletedBefore = earlier !== undefined && earlier.after === undefined;
    steps.push({ write, method, segments, before, after, result: { updateTime, transformResults }, isDeletedBefore });
    changes.set(name, { name, segments, before: earlier ? earlier.before : before, after });
  }
  context.authorizer(database, caller).writes(steps, time);
  for (const step of steps) checkStep(step);
  // Several writes to one document are one change; a document that ends as it began is not changed.
  const effective = [...changes.values()].filter(({ before, after }) => before !== after);
  const definitions = (): IndexDefinitions => context.indexes?.getDefinitions(database.name) ?? NO_DEFINITIONS;
  for (const { after } of effective) if (after) checkIndexEntries(after, definitions);
  bill(context, database, caller, writes);
  database.commit(effective, time, toAuthor(caller));
  return { time, results: steps.map((step) => step.result) };
}

/** Throws when a precondition does not hold, or requires a document that an earlier write of the commit deletes. */
function checkStep({ write, before, isDeletedBefore }: Step): void {
  const { exists, updateTime } = write.precondition ?? {};
  if (isDeletedBefore && (exists === true || updateTime !== undefined))
    throw invalid(`An earlier write of this commit deletes the document to update: ${write.name}`);
  checkPrecondition(write, before);
}

/** Returns the update time of a write: the commit's time, unless the write changed nothing. */
function getUpdateTime({ updateTime }: StoredDocument, time: Micros, now: Timestamp): Timestamp {
  return updateTime === time ? now : toTimestamp(updateTime);
}

function toMethod(write: ParsedWrite, before: StoredDocument | undefined): WriteStep['method'] {
  if (write.kind === 'verify') return 'get';
  if (write.kind === 'delete') return 'delete';
  return before ? 'update' : 'create';
}

function bill(context: Context, database: Database, caller: Caller, writes: readonly ParsedWrite[]): void {
  const meter = context.meter(database);
  const label = getCallerLabel(caller);
  for (const { kind, segments } of writes) {
    if (kind !== 'verify') meter.count(label, segments, kind === 'delete' ? 'deletes' : 'writes', 1);
  }
}
