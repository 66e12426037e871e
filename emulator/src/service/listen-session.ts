import { type ListenRequest, type ListenResponse, type Target as TargetMessage } from '../protocol/streams.js';
import { type Authorizer } from './authorize.js';
import { type Caller, callerLabel } from './caller.js';
import { type Context, type Credentials } from './context.js';
import { admitQuery, compileStructured, scopeSegments } from './queries.js';
import { type StreamSession, type StreamSink } from './stream.js';
import { type Database } from '../store/database.js';
import { type Change, type Commit } from '../store/document.js';
import { parseDatabaseName, parseDocumentName, parseParentName } from '../values/names.js';
import { asStatusError, invalid, STATUSES } from '../values/status.js';
import { type Micros, microsOf } from '../values/time.js';
import { type Listener } from '../listen/hub.js';
import { deltaMessages, targetChange } from './listen-messages.js';
import { parseResumeToken } from '../listen/resume-token.js';
import { type Delta, NamedTarget, queryTarget, type Target } from '../listen/target.js';

interface ActiveTarget {
  readonly id: number;
  readonly target: Target;
  /** The collection or document that its reads are billed to. */
  readonly segments: readonly string[];
  readonly isQuery: boolean;
  /** Paths that the rules looked up when the target was added; they are billed again with each update. */
  readonly lookedUp: Authorizer['lookedUp'];
}

/** A Listen stream: targets come and go, and each commit that touches them is told as one global snapshot. */
export class ListenSession implements StreamSession<ListenRequest>, Listener {
  private readonly caller: Caller;
  private database: Database | undefined;
  private readonly byId = new Map<number, ActiveTarget>();
  private readonly byTarget = new Map<Target, ActiveTarget>();
  private assigned = 0;
  private isOver = false;

  /** Throws for bad credentials, before anything is received. */
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

  onCommit(commit: Commit, touched: ReadonlyMap<Target, readonly Change[]>): void {
    const targets = [...touched].flatMap(([target, changes]) => {
      const active = this.byTarget.get(target);
      if (!active) return [];
      const deltas = target.update(changes);
      if (deltas.length > 0) this.billUpdate(active, deltas, changes);
      return deltas.length > 0 ? [{ id: active.id, target, deltas }] : [];
    });
    if (targets.length === 0) return;
    this.sink.send([...deltaMessages(targets, commit.time), targetChange('NO_CHANGE', [], commit.time)]);
  }

  onReset(): void {
    const time = this.database?.clock.current() ?? 0;
    const messages = [...this.byId.values()].flatMap(({ id, target }) => [
      targetChange('RESET', [id]),
      ...deltaMessages([{ id, target, deltas: target.initial() }], time),
      targetChange('CURRENT', [id], time),
    ]);
    this.sink.send([...messages, targetChange('NO_CHANGE', [], time)]);
  }

  /** A target that is refused is removed with the cause; the stream and its other targets go on. */
  private addTarget(database: Database, message: TargetMessage): void {
    const id = message.targetId === 0 ? this.unusedId() : message.targetId;
    if (this.byId.has(id)) throw invalid(`Target id ${id} is already in use.`);
    try {
      this.start(database, this.activate(database, id, message), message);
    } catch (thrown) {
      const error = asStatusError(thrown);
      this.sink.send([
        targetChange('REMOVE', [id], undefined, { code: STATUSES[error.status].code, message: error.message }),
      ]);
    }
  }

  private unusedId(): number {
    do this.assigned++;
    while (this.byId.has(this.assigned));
    return this.assigned;
  }

  /** Checks a target and asks the rules for it. */
  private activate(database: Database, id: number, message: TargetMessage): ActiveTarget {
    if (message.documents) {
      const authorizer = this.context.authorizer(database, this.caller);
      const parsed = message.documents.documents.map((name) => ({ name, ...parseDocumentName(name) }));
      authorizer.gets(parsed.map(({ name, segments }) => ({ segments, document: database.get(name) })));
      const target = new NamedTarget(database, message.documents.documents);
      return { id, target, segments: parsed[0]?.segments ?? [], isQuery: false, lookedUp: authorizer.lookedUp };
    }
    const query = compileStructured(parseParentName(message.query?.parent ?? ''), message.query?.structuredQuery);
    const lookedUp = admitQuery(this.context, database, this.caller, query);
    return { id, target: queryTarget(database, query), segments: scopeSegments(query), isQuery: true, lookedUp };
  }

  /** Takes the first result and subscribes in one step, or a commit between the two would be lost. */
  private start(database: Database, active: ActiveTarget, message: TargetMessage): void {
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
    this.billStart(active, deltas, missed !== undefined);
    this.sink.send([
      targetChange('ADD', [id]),
      ...(message.resumeToken !== undefined && !missed ? [targetChange('RESET', [id])] : []),
      ...deltaMessages([{ id, target, deltas }], now),
      targetChange('CURRENT', [id], now),
      targetChange('NO_CHANGE', [], now),
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

  /** A query costs a read even when it finds nothing, unless it is resumed in time. */
  private billStart(active: ActiveTarget, deltas: readonly Delta[], isResumed: boolean): void {
    const least = active.isQuery && !isResumed ? 1 : 0;
    this.count(active, Math.max(least, active.isQuery ? deltas.filter((d) => d.document).length : deltas.length));
  }

  /** Each changed document costs a read, also one that leaves the result, but not a deleted one. */
  private billUpdate(active: ActiveTarget, deltas: readonly Delta[], changes: readonly Change[]): void {
    const changed = new Set(changes.map((change) => change.name));
    this.count(active, deltas.filter((d) => d.document && (!d.leaves || changed.has(d.name))).length);
    if (!this.database) return;
    const meter = this.context.meter(this.database);
    for (const segments of active.lookedUp.values()) meter.count(callerLabel(this.caller), segments, 'ruleReads', 1);
  }

  private count(active: ActiveTarget, reads: number): void {
    if (this.database)
      this.context.meter(this.database).count(callerLabel(this.caller), active.segments, 'listenerReads', reads);
  }
}

function resumeTime(message: TargetMessage): Micros | undefined {
  if (message.resumeToken && message.resumeToken.length > 0) return parseResumeToken(message.resumeToken);
  return message.readTime && microsOf(message.readTime);
}
