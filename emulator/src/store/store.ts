import { type DatabaseName } from '../values/names.js';
import { CommitClock } from '../values/time.js';
import { Database } from './database.js';

/** All databases of all projects, each created at its first use. They share one clock. */
export class Store {
  readonly clock = new CommitClock();
  private readonly databases = new Map<string, Database>();
  private readonly onOpen: ((database: Database) => void)[] = [];

  database(name: DatabaseName): Database {
    const known = this.databases.get(name.name);
    if (known) return known;
    const database = new Database(name, this.clock);
    this.databases.set(name.name, database);
    for (const opened of this.onOpen) opened(database);
    return database;
  }

  all(): readonly Database[] {
    return [...this.databases.values()];
  }

  /** Calls `opened` with each database that is created. */
  whenOpened(opened: (database: Database) => void): void {
    this.onOpen.push(opened);
  }
}
