import { type Database } from '../store/database.js';
import { type Change, type Commit } from '../store/document.js';
import { listRoutes, type ListenTarget } from './target.js';

/** Receives the commits that touch its targets, each commit once. */
export interface Listener {
  /** Handles a commit. `dependent` are the targets whose authorization depends on a document that changed. */
  onCommit(
    commit: Commit,
    touched: ReadonlyMap<ListenTarget, readonly Change[]>,
    dependent: ReadonlySet<ListenTarget>,
  ): void;
  onReset(): void;
  /** Called when the rules were replaced. */
  onRules(): void;
}

/** The part of one commit that concerns one listener. */
interface CommitPart {
  readonly changes: Map<ListenTarget, Change[]>;
  readonly dependent: Set<ListenTarget>;
}

/**
 * Announces the commits of one database to listeners. Targets are found by the collection or name of a changed
 * document, so a commit costs as much as the targets it touches, however many others exist.
 */
export class ListenHub {
  private readonly targets = new Map<string, Map<ListenTarget, Listener>>();
  /** The targets to consult when a document changes that the rules read for them, by the path of the document. */
  private readonly watched = new Map<string, Map<ListenTarget, Listener>>();
  private readonly watchedBy = new Map<ListenTarget, readonly string[]>();
  private readonly listeners = new Map<Listener, number>();

  constructor(database: Database) {
    database.observe(
      (commit) => this.announce(commit),
      () => this.announceReset(),
    );
  }

  add(target: ListenTarget, listener: Listener): void {
    for (const route of target.routes) {
      let targets = this.targets.get(route);
      if (!targets) this.targets.set(route, (targets = new Map()));
      targets.set(target, listener);
    }
    this.listeners.set(listener, (this.listeners.get(listener) ?? 0) + 1);
  }

  remove(target: ListenTarget, listener: Listener): void {
    for (const route of target.routes) {
      const targets = this.targets.get(route);
      targets?.delete(target);
      if (targets?.size === 0) this.targets.delete(route);
    }
    this.unwatch(target);
    const left = (this.listeners.get(listener) ?? 1) - 1;
    if (left > 0) this.listeners.set(listener, left);
    else this.listeners.delete(listener);
  }

  /** Consults a target when one of these documents changes. Replaces the paths of an earlier call. */
  watch(paths: readonly string[], target: ListenTarget, listener: Listener): void {
    this.unwatch(target);
    if (paths.length === 0) return;
    this.watchedBy.set(target, paths);
    for (const path of paths) {
      let targets = this.watched.get(path);
      if (!targets) this.watched.set(path, (targets = new Map()));
      targets.set(target, listener);
    }
  }

  announceRules(): void {
    for (const listener of [...this.listeners.keys()]) listener.onRules();
  }

  private unwatch(target: ListenTarget): void {
    for (const path of this.watchedBy.get(target) ?? []) {
      const targets = this.watched.get(path);
      targets?.delete(target);
      if (targets?.size === 0) this.watched.delete(path);
    }
    this.watchedBy.delete(target);
  }

  private announce(commit: Commit): void {
    if (this.targets.size === 0) return;
    const touched = new Map<Listener, CommitPart>();
    for (const change of commit.changes) this.collect(change, touched);
    for (const [listener, { changes, dependent }] of touched) listener.onCommit(commit, changes, dependent);
  }

  private collect(change: Change, touched: Map<Listener, CommitPart>): void {
    for (const route of listRoutes(change)) {
      for (const [target, listener] of this.targets.get(route) ?? []) {
        const { changes } = getOrCreatePart(touched, listener);
        const known = changes.get(target);
        if (known) known.push(change);
        else changes.set(target, [change]);
      }
    }
    if (this.watched.size === 0) return;
    for (const [target, listener] of this.watched.get(change.segments.join('/')) ?? []) {
      getOrCreatePart(touched, listener).dependent.add(target);
    }
  }

  private announceReset(): void {
    for (const listener of [...this.listeners.keys()]) listener.onReset();
  }
}

function getOrCreatePart(touched: Map<Listener, CommitPart>, listener: Listener): CommitPart {
  let entry = touched.get(listener);
  if (!entry) touched.set(listener, (entry = { changes: new Map(), dependent: new Set() }));
  return entry;
}
