import { type Database } from '../store/database.js';
import { type Change, type Commit } from '../store/document.js';
import { routesOf, type Target } from './target.js';

/** Hears of the commits that touch its targets, each commit once. */
export interface Listener {
  onCommit(commit: Commit, touched: ReadonlyMap<Target, readonly Change[]>): void;
  onReset(): void;
}

/**
 * Announces the commits of one database to listeners. Targets are found by the collection or name
 * of what changed, so a commit costs what it touches and not what is listened to.
 */
export class ListenHub {
  private readonly targets = new Map<string, Map<Target, Listener>>();
  private readonly listeners = new Map<Listener, number>();

  constructor(database: Database) {
    database.observe(
      (commit) => this.announce(commit),
      () => this.announceReset(),
    );
  }

  add(target: Target, listener: Listener): void {
    for (const route of target.routes) {
      let targets = this.targets.get(route);
      if (!targets) this.targets.set(route, (targets = new Map()));
      targets.set(target, listener);
    }
    this.listeners.set(listener, (this.listeners.get(listener) ?? 0) + 1);
  }

  remove(target: Target, listener: Listener): void {
    for (const route of target.routes) {
      const targets = this.targets.get(route);
      targets?.delete(target);
      if (targets?.size === 0) this.targets.delete(route);
    }
    const left = (this.listeners.get(listener) ?? 1) - 1;
    if (left > 0) this.listeners.set(listener, left);
    else this.listeners.delete(listener);
  }

  private announce(commit: Commit): void {
    if (this.targets.size === 0) return;
    const touched = new Map<Listener, Map<Target, Change[]>>();
    for (const change of commit.changes) {
      for (const route of routesOf(change)) {
        for (const [target, listener] of this.targets.get(route) ?? []) note(touched, listener, target, change);
      }
    }
    for (const [listener, targets] of touched) listener.onCommit(commit, targets);
  }

  private announceReset(): void {
    for (const listener of [...this.listeners.keys()]) listener.onReset();
  }
}

function note(touched: Map<Listener, Map<Target, Change[]>>, listener: Listener, target: Target, change: Change): void {
  let targets = touched.get(listener);
  if (!targets) touched.set(listener, (targets = new Map()));
  const changes = targets.get(target);
  if (changes) changes.push(change);
  else targets.set(target, [change]);
}
