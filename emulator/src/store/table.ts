import { comparePaths, compareValues } from '../values/compare.js';
import { type FieldPath, formatFieldPath, getField } from '../values/field-path.js';
import { type Value } from '../values/value.js';
import { type Change, type StoredDocument } from './document.js';
import { SortedList } from './sorted-list.js';

/** One field of an index, with its direction: 1 ascending, −1 descending. */
interface IndexField {
  readonly path: FieldPath;
  readonly direction: 1 | -1;
}

/** The fields of an index, followed by the document's name in the given direction. */
export interface IndexDefinition {
  readonly fields: readonly IndexField[];
  readonly nameDirection: 1 | -1;
}

export interface IndexEntry {
  /** The values of the index's fields, in their order. */
  readonly keys: readonly Value[];
  readonly document: StoredDocument;
}

const NO_KEYS: readonly Value[] = [];

/** The documents of a table that have all fields of a definition, sorted by them. */
export class Index {
  readonly entries: SortedList<IndexEntry>;

  constructor(private readonly definition: IndexDefinition) {
    this.entries = new SortedList((a, b) => this.compareEntries(a, b));
  }

  fill(documents: Iterable<StoredDocument>): void {
    const entries: IndexEntry[] = [];
    for (const document of documents) {
      const entry = this.toEntry(document);
      if (entry) entries.push(entry);
    }
    this.entries.fill(entries);
  }

  apply(before: StoredDocument | undefined, after: StoredDocument | undefined): void {
    const old = before && this.toEntry(before);
    const fresh = after && this.toEntry(after);
    if (old && !(fresh && this.compareEntries(old, fresh) === 0)) this.entries.delete(old);
    if (fresh) this.entries.add(fresh);
  }

  private toEntry(document: StoredDocument): IndexEntry | undefined {
    if (this.definition.fields.length === 0) return { keys: NO_KEYS, document };
    const keys: Value[] = [];
    for (const { path } of this.definition.fields) {
      const value = getField(document.fields, path);
      if (!value) return undefined;
      keys.push(value);
    }
    return { keys, document };
  }

  private compareEntries(a: IndexEntry, b: IndexEntry): number {
    const { fields, nameDirection } = this.definition;
    for (let i = 0; i < fields.length; i++) {
      const x = a.keys[i];
      const y = b.keys[i];
      const order = x && y ? compareValues(x, y) : 0;
      if (order !== 0) return fields[i]?.direction === -1 ? -order : order;
    }
    return comparePaths(a.document.segments, b.document.segments) * nameDirection;
  }
}

/** Indexes beyond this many are dropped, the least recently used first. */
const MAX_INDEXES = 40;

/**
 * The documents of one collection, or of all collections with one id. Each index, including that of names, is created
 * when a query first needs it and updated by each later commit, so that collections that are never queried need no
 * sorting.
 */
export class Table {
  private readonly byName = new Map<string, StoredDocument>();
  private readonly indexes = new Map<string, Index>();

  get size(): number {
    return this.byName.size;
  }

  /** Returns all documents in no particular order. */
  documents(): Iterable<StoredDocument> {
    return this.byName.values();
  }

  get(name: string): StoredDocument | undefined {
    return this.byName.get(name);
  }

  fill(documents: Iterable<StoredDocument>): void {
    for (const document of documents) this.byName.set(document.name, document);
  }

  apply({ name, before, after }: Change): void {
    if (after) this.byName.set(name, after);
    else this.byName.delete(name);
    for (const index of this.indexes.values()) index.apply(before, after);
  }

  index(definition: IndexDefinition): Index {
    const key = indexKey(definition);
    const index = this.indexes.get(key) ?? this.buildIndex(definition);
    this.indexes.delete(key);
    this.indexes.set(key, index);
    this.dropUnused();
    return index;
  }

  private buildIndex(definition: IndexDefinition): Index {
    const index = new Index(definition);
    index.fill(this.documents());
    return index;
  }

  private dropUnused(): void {
    const [oldest] = this.indexes.keys();
    if (this.indexes.size > MAX_INDEXES && oldest !== undefined) this.indexes.delete(oldest);
  }
}

function indexKey(definition: IndexDefinition): string {
  return definition.fields.map((f) => `${formatFieldPath(f.path)}:${f.direction}`).join(',') + definition.nameDirection;
}
