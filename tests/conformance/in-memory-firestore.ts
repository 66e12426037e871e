/**
 * The smallest Firestore that shows the decisions of rules: documents in a map and the few REST calls that the recorded
 * programs make. Any object with these three methods can replace it.
 */
import {
  compileRules,
  type ListConstraint,
  type ListQuery,
  type Lookups,
  type Ruleset,
  type RulesMethod,
  type RulesRequest,
} from '#emulator/rules/index.js';
import { map, path, RULES_NULL, str, timestampFromMillis } from '#emulator/rules/values.js';
import { fromRest, fromRestFields } from '#emulator/storage-rules/wire-values.js';

export interface Answer {
  status: number;
  message?: string;
}

type Fields = Record<string, unknown>;
interface Write {
  update: { name: string; fields: Fields };
}
interface StructuredQuery {
  from: { collectionId: string }[];
  where?: { fieldFilter: { field: { fieldPath: string }; op: string; value: unknown } };
  orderBy?: { field: { fieldPath: string }; direction: string }[];
  limit?: number;
}
export interface Body {
  fields?: Fields;
  writes?: Write[];
  structuredQuery?: StructuredQuery;
}

export interface Firestore {
  /** The message of a ruleset that does not compile. */
  load(rules: string): string | undefined | Promise<string | undefined>;
  seed(path: string, fields: Fields): void | Promise<void>;
  send(method: string, path: string, body?: Body): Answer | Promise<Answer>;
}

type Documents = ReadonlyMap<string, Fields>;
const ROOT = ['databases', '(default)', 'documents'];
const OK: Answer = { status: 200 };

/** The part of a name or URL path from `databases` on. */
const segmentsOf = (name: string): string[] => name.split('/').slice(name.split('/').indexOf('databases'));

function resourceOf(name: string, fields: Fields | undefined): RulesRequest['auth'] {
  const segments = segmentsOf(name);
  return fields
    ? map({ data: fromRestFields(fields), id: str(segments.at(-1) ?? ''), __name__: path(segments) })
    : RULES_NULL;
}

export class ToyFirestore implements Firestore {
  private ruleset: Ruleset | undefined;
  private documents = new Map<string, Fields>();

  load(rules: string): string | undefined {
    const { ruleset, issues } = compileRules(rules, 'firestore.rules');
    this.ruleset = ruleset;
    const faults = issues.filter(({ severity }) => severity === 'ERROR');
    const lines = faults.map(({ position, description }) => `L${position?.line}:${position?.column} ${description}`);
    return ruleset ? undefined : ['Error compiling rules:', ...lines].join('\n');
  }

  seed(name: string, fields: Fields): void {
    this.documents.set(segmentsOf(name).join('/'), fields);
  }

  send(method: string, url: string, body: Body = {}): Answer {
    if (body.writes) return this.commit(body.writes);
    if (body.structuredQuery) return this.query(body.structuredQuery);
    if (method === 'PATCH') return this.commit([{ update: { name: url, fields: body.fields ?? {} } }]);
    const key = segmentsOf(url).join('/');
    const refusal = this.refusal(method === 'DELETE' ? 'delete' : 'get', url, {}, this.documents);
    return refusal ?? (this.documents.has(key) ? OK : { status: 404 });
  }

  private commit(writes: readonly Write[]): Answer {
    const after = new Map(this.documents);
    for (const { update } of writes) after.set(segmentsOf(update.name).join('/'), update.fields);
    for (const { update } of writes) {
      const method = this.documents.has(segmentsOf(update.name).join('/')) ? 'update' : 'create';
      const refusal = this.refusal(
        method,
        update.name,
        { requestResource: resourceOf(update.name, update.fields) },
        after,
      );
      if (refusal) return refusal;
    }
    this.documents = after;
    return OK;
  }

  private query({ from, where, orderBy, limit }: StructuredQuery): Answer {
    const collectionId = from[0]?.collectionId ?? '';
    const constraint = where && constraintOf(where.fieldFilter);
    const query: ListQuery = {
      collectionId,
      allDescendants: false,
      disjuncts: [constraint ? [constraint] : []],
      limit: limit ?? null,
      offset: 0,
      orderBy: orderBy
        ? new Map(orderBy.map(({ field, direction }) => [field.fieldPath, direction === 'ASCENDING' ? 'ASC' : 'DESC']))
        : null,
    };
    return this.refusal('list', [...ROOT, collectionId].join('/'), { query }, this.documents) ?? OK;
  }

  private refusal(
    method: RulesMethod,
    name: string,
    part: Partial<RulesRequest>,
    after: Documents,
  ): Answer | undefined {
    const segments = segmentsOf(name);
    const decision = this.ruleset?.decide({
      service: 'cloud.firestore',
      method,
      path: segments,
      auth: RULES_NULL,
      time: timestampFromMillis(1_767_225_600_000),
      ...(method === 'list' ? {} : { resource: resourceOf(name, this.documents.get(segments.join('/'))) }),
      lookups: lookupsIn(this.documents, after),
      ...part,
    });
    return decision?.allowed === false ? { status: 403, message: `\n${decision.reasons.join(', ')}` } : undefined;
  }
}

function constraintOf({ field, op, value }: NonNullable<StructuredQuery['where']>['fieldFilter']): ListConstraint {
  if (op !== 'EQUAL') throw new Error(`The recorded programs have no filter ${op}.`);
  return { field: [field.fieldPath], op: '==', value: fromRest(value) };
}

function lookupsIn(before: Documents, after: Documents): Lookups {
  const find = (documents: Documents) => (segments: readonly string[]) => {
    const fields = documents.get(segments.join('/'));
    return fields ? { segments, data: fromRestFields(fields) } : null;
  };
  return { before: find(before), after: find(after) };
}
