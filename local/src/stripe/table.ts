import { invalidParameter, missing } from './errors.js';
import type { Params } from './forms.js';
import type { StripeObject } from './types.js';

export interface Page<Row> {
  object: 'list';
  url: string;
  has_more: boolean;
  data: Row[];
}

/** The list parameters that every Stripe list accepts. */
export const LIST_PARAMETERS = ['limit', 'starting_after', 'ending_before', 'created', 'expand'] as const;

/** All objects of one kind, oldest first. */
export class Table<Row extends StripeObject> {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly noun: Row['object']) {}

  add(row: Row): Row {
    this.rows.set(row.id, row);
    return row;
  }

  find(id: string): Row | undefined {
    return this.rows.get(id);
  }

  /** Returns the object that a path names. Throws 404 for an unknown one. */
  get(id: string, param = 'id'): Row {
    const row = this.rows.get(id);
    if (!row) throw missing(this.noun, id, param, 404);
    return row;
  }

  /** Returns the object that a parameter names. Throws 400 for an unknown one. */
  referenced(id: string, param: string): Row {
    const row = this.rows.get(id);
    if (!row) throw missing(this.noun, id, param, 400);
    return row;
  }

  remove(id: string): void {
    this.rows.delete(id);
  }

  clear(): void {
    this.rows.clear();
  }

  all(): Row[] {
    return [...this.rows.values()];
  }

  /** Returns one page, newest first, by Stripe's cursors. */
  page(params: Params, url: string, matches: (row: Row) => boolean = () => true): Page<Row> {
    const created = createdFilter(params);
    const newestFirst = this.all()
      .reverse()
      .filter((row) => matches(row) && created(row.created));
    const limit = params.integer('limit') ?? 10;
    if (limit < 1 || limit > 100) throw invalidParameter('Limit must be between 1 and 100.', 'limit');
    const before = params.text('ending_before');
    if (before !== undefined) {
      const end = this.position(newestFirst, before, 'ending_before');
      const start = Math.max(0, end - limit);
      return { object: 'list', url, has_more: start > 0, data: newestFirst.slice(start, end) };
    }
    const after = params.text('starting_after');
    const start = after === undefined ? 0 : this.position(newestFirst, after, 'starting_after') + 1;
    return {
      object: 'list',
      url,
      has_more: start + limit < newestFirst.length,
      data: newestFirst.slice(start, start + limit),
    };
  }

  private position(rows: readonly Row[], id: string, param: string): number {
    const index = rows.findIndex((row) => row.id === id);
    if (index < 0) throw missing(this.noun, id, param, 400);
    return index;
  }
}

function createdFilter(params: Params): (created: number) => boolean {
  const range = params.child('created');
  if (!range) {
    const exact = params.integer('created');
    return (created) => exact === undefined || created === exact;
  }
  const [gt, gte, lt, lte] = [range.integer('gt'), range.integer('gte'), range.integer('lt'), range.integer('lte')];
  return (created) =>
    (gt === undefined || created > gt) &&
    (gte === undefined || created >= gte) &&
    (lt === undefined || created < lt) &&
    (lte === undefined || created <= lte);
}
