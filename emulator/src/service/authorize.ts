import {
  type Decision,
  type LookedUpDocument,
  type LookupBudget,
  type Ruleset,
  type RulesMethod,
  type RulesRequest,
} from '../rules/types.js';
import { type Meter } from '../billing/meter.js';
import { type Query } from '../query/query.js';
import { type Database } from '../store/database.js';
import { type StoredDocument } from '../store/document.js';
import { formatName } from '../values/names.js';
import { StatusError } from '../values/status.js';
import { type Micros } from '../values/time.js';
import { type Caller, getCallerLabel } from './caller.js';
import { fieldsToRules, rulesAuth, rulesPath, rulesResource, rulesTime, toListQuery } from './rules-values.js';

/** One write of a commit, with the states of its document before and after it. */
export interface WriteStep {
  readonly method: 'get' | 'create' | 'update' | 'delete';
  readonly segments: readonly string[];
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument | undefined;
}

const MAX_SHARED_LOOKUPS = 20;

/** Evaluates the rules for one request of one caller, and bills the documents that they look up. */
export class Authorizer {
  /** The paths that the rules looked up. A listener is billed for them again with each update. */
  readonly lookedUp = new Map<string, readonly string[]>();
  private readonly billed = new Set<string>();
  private readonly bypassesRules: boolean;

  constructor(
    private readonly database: Database,
    private readonly caller: Caller,
    private readonly ruleset: Ruleset | undefined,
    private readonly meter: Meter,
  ) {
    this.bypassesRules = caller.kind === 'admin' || ruleset === undefined;
  }

  /** Authorizes reads of documents by name, including missing documents. */
  gets(documents: readonly { segments: readonly string[]; document: StoredDocument | undefined }[]): void {
    if (this.bypassesRules) return;
    const sharedBudget = budgetFor(documents.length);
    for (const { segments, document } of documents) {
      this.decide('get', segments, { resource: rulesResource(this.database.name, document), ...sharedBudget });
    }
  }

  list(query: Query): void {
    if (this.bypassesRules) return;
    const { parent, collectionId } = query.scope;
    this.decide('list', [...parent, ...(collectionId === undefined ? [] : [collectionId])], {
      query: toListQuery(query),
    });
  }

  /**
   * Authorizes all writes of a commit. `getAfter` sees the state after the last of them; `request.time` is the commit's
   * time.
   */
  writes(steps: readonly WriteStep[], time: Micros): void {
    if (this.bypassesRules) return;
    const after = new Map(steps.map((step) => [step.segments.join('/'), step.after]));
    const sharedBudget = budgetFor(steps.length);
    for (const step of steps) {
      const puts = step.method === 'create' || step.method === 'update';
      const requestResource = puts ? { requestResource: rulesResource(this.database.name, step.after) } : {};
      this.decide(
        step.method,
        step.segments,
        {
          time: rulesTime(time),
          resource: rulesResource(this.database.name, step.before),
          ...requestResource,
          ...sharedBudget,
        },
        after,
      );
    }
  }

  private decide(
    method: RulesMethod,
    segments: readonly string[],
    about: Partial<RulesRequest>,
    after?: ReadonlyMap<string, StoredDocument | undefined>,
  ): void {
    const decision = this.ruleset?.decide({
      service: 'cloud.firestore',
      method,
      path: rulesPath(this.database.name, segments),
      auth: rulesAuth(this.caller),
      time: rulesTime(this.database.clock.current()),
      lookups: {
        before: (path) => this.lookUp(path, undefined),
        ...(after ? { after: (path: readonly string[]) => this.lookUp(path, after) } : {}),
      },
      ...about,
    });
    this.bill();
    if (decision && !decision.allowed) throw denied(decision);
  }

  private lookUp(
    path: readonly string[],
    after: ReadonlyMap<string, StoredDocument | undefined> | undefined,
  ): LookedUpDocument | null {
    const segments = path.slice(3);
    const key = segments.join('/');
    if (!this.lookedUp.has(key)) this.lookedUp.set(key, segments);
    if (path[1] !== this.database.name.database) return null;
    const document = after?.has(key)
      ? after.get(key)
      : this.database.get(formatName({ database: this.database.name, segments }));
    return document ? { segments: path, data: fieldsToRules(document.fields) } : null;
  }

  private bill(): void {
    for (const [key, segments] of this.lookedUp) {
      if (this.billed.has(key)) continue;
      this.billed.add(key);
      this.meter.count(getCallerLabel(this.caller), segments, 'ruleReads', 1);
    }
  }
}

function budgetFor(parts: number): { sharedBudget?: LookupBudget } {
  return parts > 1 ? { sharedBudget: { seen: new Set(), max: MAX_SHARED_LOOKUPS } } : {};
}

function denied(decision: Extract<Decision, { allowed: false }>): StatusError {
  return new StatusError('PERMISSION_DENIED', `\n${decision.reasons.join(', ')}`);
}
