import { failedPrecondition, invalid } from '../values/status.js';
import { type Micros } from '../values/time.js';
import { type Change, type Commit, type StoredDocument } from './document.js';

const KEPT_MICROS = 3600 * 1e6;
/** The number of changes that are kept for reads of the past; beyond it the oldest are dropped to save memory. */
const KEPT_CHANGES = 10_000;

/** The documents that differ between a past time and now, by name, as they were then; undefined means absent. */
export type Overlay = ReadonlyMap<string, StoredDocument | undefined>;

/** The latest commits, for reads of recent states and for the changes that a resumed listener missed. */
export class History {
  private commits: Commit[] = [];
  private changes = 0;
  /** States before this time are unknown, unless the database was empty then. */
  private floor: Micros = 0;
  private beginsEmpty = false;

  add(commit: Commit): void {
    this.commits.push(commit);
    this.changes += commit.changes.length;
    if (this.changes > 2 * KEPT_CHANGES) this.trim();
  }

  /** Records that the database is created at `now`, so its earlier states are known to be empty. */
  begin(now: Micros): void {
    this.floor = now;
    this.beginsEmpty = true;
  }

  /** Discards all commits: states before `now` become unknown. */
  clear(now: Micros): void {
    this.commits = [];
    this.changes = 0;
    this.floor = now;
    this.beginsEmpty = false;
  }

  /** Throws for a time that cannot be read. */
  check(time: Micros, now: Micros): void {
    if (time > now) throw invalid("The requested 'read_time' cannot be in the future.");
    const isKept = this.beginsEmpty ? time >= now - KEPT_MICROS : this.reaches(time, now);
    if (!isKept) throw failedPrecondition("The requested 'read_time' is too old.");
  }

  /** Returns whether all changes since a time are known; changes of an earlier process are not. */
  reaches(time: Micros, now: Micros): boolean {
    return time >= this.floor && time >= now - KEPT_MICROS && time <= now;
  }

  /** Returns the change of each document since a time, from its state then to its state now. */
  since(time: Micros): Change[] {
    const merged = new Map<string, Change>();
    for (let i = this.firstAfter(time); i < this.commits.length; i++) {
      for (const change of this.commits[i]?.changes ?? []) {
        const earlier = merged.get(change.name);
        merged.set(change.name, earlier ? { ...change, before: earlier.before } : change);
      }
    }
    return [...merged.values()];
  }

  overlay(time: Micros): Overlay {
    return new Map(this.since(time).map((change) => [change.name, change.before]));
  }

  private firstAfter(time: Micros): number {
    let low = 0;
    let high = this.commits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.commits[middle]?.time ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops half of the changes at a time, which spreads the cost over many commits. */
  private trim(): void {
    let dropped = 0;
    while (this.changes > KEPT_CHANGES && dropped < this.commits.length - 1) {
      const commit = this.commits[dropped++];
      this.changes -= commit?.changes.length ?? 0;
      this.floor = commit?.time ?? this.floor;
      this.beginsEmpty = false;
    }
    this.commits.splice(0, dropped);
  }
}
