import { type Change } from './document.js';
import { Table } from './table.js';

/** The collections of a database that hold documents, by path: "users" or "users/a/posts". */
export class Collections {
  private readonly tables = new Map<string, Table>();
  /** The collection of the last document, as a cache: the next one is likely in the same collection. */
  private last: { readonly prefix: string; readonly table: Table } | undefined;

  at(path: string): Table | undefined {
    return this.tables.get(path);
  }

  paths(): Iterable<string> {
    return this.tables.keys();
  }

  /** Returns the collection that contains a document of this name or would contain it. */
  holding(name: string): Table | undefined {
    if (this.last && isIn(this.last.prefix, name)) return this.last.table;
    return this.remember(name, this.tables.get(toCollectionPath(name)));
  }

  apply(change: Change): void {
    const { name } = change;
    const table = this.holding(name) ?? this.added(name);
    table.apply(change);
    if (table.size === 0) this.drop(name);
  }

  clear(): void {
    this.tables.clear();
    this.last = undefined;
  }

  private added(name: string): Table {
    const table = new Table();
    this.tables.set(toCollectionPath(name), table);
    this.remember(name, table);
    return table;
  }

  private drop(name: string): void {
    this.tables.delete(toCollectionPath(name));
    this.last = undefined;
  }

  private remember(name: string, table: Table | undefined): Table | undefined {
    this.last = table && { prefix: name.slice(0, name.lastIndexOf('/') + 1), table };
    return table;
  }
}

function isIn(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && !name.includes('/', prefix.length);
}

/**
 * Returns the path of a document's collection, which is the part of its name between the fifth slash and the last one:
 * users for projects/p/databases/d/documents/users/a.
 */
function toCollectionPath(name: string): string {
  let at = 0;
  for (let slashes = 0; slashes < 5; slashes++) at = name.indexOf('/', at) + 1;
  return name.slice(at, name.lastIndexOf('/'));
}
