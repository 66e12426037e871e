import { type ListenRequest, type ListenResponse, type Target } from '../protocol/streams.js';
import { type Caller, getCallerLabel } from './caller.js';
import { type Context, type Credentials } from './context.js';
import { createTarget, type ActiveTarget } from './listen-target.js';
import { type StreamSession, type StreamSink } from './stream.js';
import { type Database } from '../store/database.js';
import { type Change, type Commit } from '../store/document.js';
import { parseDatabaseName } from '../values/names.js';
import { asStatusError, invalid, STATUSES } from '../values/status.js';
import { type Micros, toMicros } from '../values/time.js';
import { type Listener } from '../listen/hub.js';
import { deltaMessages, targetChange } from './listen-messages.js';
import { parseResumeToken } from '../listen/resume-token.js';
import { type Delta, type ListenTarget } from '../listen/target.js';

/**
 * A Listen stream. Clients add and remove targets, and each commit that touches targets is sent as one global snapshot.
 * The rules are evaluated again when they change, or when a document that they read for a target changes. A target that
 * they no longer allow is removed before the client receives that change.
 */
export class ListenSession implements StreamSession<ListenRequest>, Listener {
  private readonly caller: Caller;
  private database: Database | undefined;
  private readonly byId = new Map<number, ActiveTarget>();
  private readonly byTarget = new Map<ListenTarget, ActiveTarget>();
  private assigned = 0;
  private isOver = false;

  /** Reads the credentials. Throws for invalid ones before the session receives anything. */
  constructor(
    private readonly context: Context,
    credentials: Credentials,
    private readonly sink: StreamSink<ListenResponse>,
  ) {
    this.caller = credentials.caller();
  }

  receive(request: ListenRequest): void {
    if (this.isOver) return;
    try {
      this.database ??= this.context.store.database(parseDatabaseName(request.database));
      if (request.addTarget) this.addTarget(this.database, request.addTarget);
      else if (request.removeTarget !== undefined) this.removeTarget(request.removeTarget);
    } catch (thrown) {
      this.close();
      this.sink.fail(asStatusError(thrown));
    }
  }

  halfClose(): void {
    if (this.isOver) return;
    this.close();
    this.sink.end();
  }

  close(): void {
    this.isOver = true;
    for (const id of [...this.byId.keys()]) this.forget(id);
  }

  onCommit(
    commit: Commit,
    touched: ReadonlyMap<ListenTarget, readonly Change[]>,
    dependent: ReadonlySet<ListenTarget>,
  ): void {
    const refusals = this.reauthorize(this.findActive(dependent));
    const targets = this.findActive(touched.keys()).flatMap((active) => {
      const changes = touched.get(active.target) ?? [];
      const deltas = active.target.update(changes);
      if (deltas.length === 0) return [];
      this.billUpdate(active, deltas, changes, dependent.has(active.target));
      return [{ id: active.id, target: active.target, deltas }];
    });
    const changeMessages =
      targets.length === 0 ? [] : [...deltaMessages(targets, commit.time), createSnapshot(commit.time)];
    if (refusals.length + changeMessages.length > 0) this.sink.send([...refusals, ...changeMessages]);
  }

  onReset(): void {
    const time = this.database?.clock.current() ?? 0;
    const refusals = this.reauthorize([...this.byId.values()]);
    const messages = [...this.byId.values()].flatMap(({ id, target }) => [
      targetChange('RESET', [id]),
      ...deltaMessages([{ id, target, deltas: target.initial() }], time),
      targetChange('CURRENT', [id], time),
    ]);
    this.sink.send([...refusals, ...messages, createSnapshot(time)]);
  }

  onRules(): void {
    const refusals = this.reauthorize([...this.byId.values()]);
    if (refusals.length > 0) this.sink.send(refusals);
  }

  private findActive(targets: Iterable<ListenTarget>): ActiveTarget[] {
    return [...targets].flatMap((target) => this.byTarget.get(target) ?? []);
  }

  /**
   * Evaluates the rules for targets again and removes those that they no longer allow; returns the messages about it.
   */
  private reauthorize(targets: readonly ActiveTarget[]): ListenResponse[] {
    return targets.flatMap((active) => {
      try {
        active.lookedUp = active.authorize();
        this.watchLookups(active);
        return [];
      } catch (thrown) {
        this.forget(active.id);
        return [createRemoval(active.id, thrown)];
      }
    });
  }

  private watchLookups({ target, lookedUp, watchedPaths }: ActiveTarget): void {
    if (this.database) this.context.hub(this.database).watch([...lookedUp.keys(), ...watchedPaths], target, this);
  }

  /** Adds a target. A refused target is removed with the cause; the stream and its other targets continue. */
  private addTarget(database: Database, message: Target): void {
    const id = message.targetId === 0 ? this.unusedId() : message.targetId;
    if (this.byId.has(id)) throw invalid(`Target id ${id} is already in use.`);
    try {
      this.start(database, createTarget(this.context, database, this.caller, id, message), message);
    } catch (thrown) {
      this.sink.send([createRemoval(id, thrown)]);
    }
  }

  private unusedId(): number {
    do this.assigned++;
    while (this.byId.has(this.assigned));
    return this.assigned;
  }

  /** Computes the first result and subscribes in one step: a commit between the two would be lost. */
  private start(database: Database, active: ActiveTarget, message: Target): void {
    const { id, target } = active;
    const known = resumeTime(message);
    const now = database.clock.current();
    const missed =
      known !== undefined && database.history.reaches(known, now)
        ? target.since(database.history.since(known))
        : undefined;
    const deltas = missed ?? target.initial();
    this.byId.set(id, active);
    this.byTarget.set(target, active);
    this.context.hub(database).add(target, this);
    this.watchLookups(active);
    this.billStart(active, deltas, missed !== undefined);
    this.sink.send([
      targetChange('ADD', [id]),
      ...(message.resumeToken !== undefined && !missed ? [targetChange('RESET', [id])] : []),
      ...deltaMessages([{ id, target, deltas }], now),
      targetChange('CURRENT', [id], now),
      createSnapshot(now),
    ]);
  }

  private removeTarget(id: number): void {
    if (!this.byId.has(id)) return;
    this.forget(id);
    this.sink.send([targetChange('REMOVE', [id])]);
  }

  private forget(id: number): void {
    const active = this.byId.get(id);
    if (!active || !this.database) return;
    this.context.hub(this.database).remove(active.target, this);
    this.byId.delete(id);
    this.byTarget.delete(active.target);
  }

  /** Bills the first result. A query costs a read even without a result, unless it resumes in time. */
  private billStart(active: ActiveTarget, deltas: readonly Delta[], isResumed: boolean): void {
    const least = active.isQuery && !isResumed ? 1 : 0;
    this.count(active, Math.max(least, active.isQuery ? deltas.filter((d) => d.document).length : deltas.length));
    if (!isResumed) this.count(active, active.indexReads(), 'indexReads');
  }

  /**
   * Bills an update. Each changed document costs a read, also one that leaves the result, but not a deleted one. The
   * look-ups of the rules are billed with each update, unless the rules were evaluated again, which bills them.
   */
  private billUpdate(
    active: ActiveTarget,
    deltas: readonly Delta[],
    changes: readonly Change[],
    wasReauthorized: boolean,
  ): void {
    const changed = new Set(changes.map((change) => change.name));
    this.count(active, deltas.filter((d) => d.document && (!d.leaves || changed.has(d.name))).length);
    if (!this.database || wasReauthorized) return;
    const meter = this.context.meter(this.database);
    for (const segments of active.lookedUp.values()) meter.count(getCallerLabel(this.caller), segments, 'ruleReads', 1);
  }

  private count(active: ActiveTarget, reads: number, kind: 'listenerReads' | 'indexReads' = 'listenerReads'): void {
    if (this.database)
      this.context.meter(this.database).count(getCallerLabel(this.caller), active.segments, kind, reads);
  }
}

/** Creates a global snapshot. */
function createSnapshot(time: Micros): ListenResponse {
  return targetChange('NO_CHANGE', [], time);
}

function createRemoval(id: number, thrown: unknown): ListenResponse {
  const { status, message } = asStatusError(thrown);
  return targetChange('REMOVE', [id], undefined, { code: STATUSES[status].code, message });
}

function resumeTime(message: Target): Micros | undefined {
  if (message.resumeToken && message.resumeToken.length > 0) return parseResumeToken(message.resumeToken);
  return message.readTime && toMicros(message.readTime);
}
