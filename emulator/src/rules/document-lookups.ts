/** `get`, `exists`, `getAfter`, `existsAfter` and their Storage forms, with the limits on look-ups. */
import { fail, NULL_VALUE, typeName, unsupported, type ExpressionValue, type Outcome } from './outcome.js';
import { wrongCount } from './builtins/overload.js';
import type { LookedUpDocument, RulesRequest } from './types.js';
import { bool, map, path, RULES_NULL, str } from './values.js';

type LookupName = 'get' | 'exists' | 'getAfter' | 'existsAfter';

/**
 * Distinct documents that one request may look up. Source: Firebase docs, "Access calls and pricing"; Storage allows
 * two.
 */
const MAX_LOOKUPS = { 'cloud.firestore': 10, 'firebase.storage': 2 } as const;

export const LOOKUP_NAMES: Record<RulesRequest['service'], ReadonlySet<string>> = {
  'cloud.firestore': new Set(['get', 'exists', 'getAfter', 'existsAfter']),
  'firebase.storage': new Set(['get', 'exists']),
};

const isLookup = (name: string): name is LookupName => LOOKUP_NAMES['cloud.firestore'].has(name);

export class DocumentLookups {
  private readonly request: RulesRequest;
  private readonly seen = new Set<string>();

  constructor(request: RulesRequest) {
    this.request = request;
  }

  get service(): RulesRequest['service'] {
    return this.request.service;
  }

  get count(): number {
    return this.seen.size;
  }

  /**
   * Calls a look-up; returns undefined when the service has no look-up of that name. Errors of the caller's look-up
   * pass through.
   */
  call(name: string, args: readonly ExpressionValue[]): Outcome | undefined {
    if (!isLookup(name) || !LOOKUP_NAMES[this.request.service].has(name)) return undefined;
    const [target] = args;
    if (!target || args.length > 1) return wrongCount(args.length, [1]);
    if (target.kind === 'null') return NULL_VALUE;
    if (target.kind !== 'path') return unsupported(`${name}(${typeName(target)})`, [`${name}(path)`]);
    if (!isDocumentPath(target.segments) || !this.countLookUp(target.segments))
      return serviceError(name, target.segments);
    return answer(name, this.document(name, target.segments));
  }

  /** Reads a document. Outside of a commit the state after is the state before. */
  private document(name: LookupName, segments: readonly string[]): LookedUpDocument | null {
    const { lookups } = this.request;
    const isAfter = name === 'getAfter' || name === 'existsAfter';
    return isAfter && lookups.after ? lookups.after(segments) : lookups.before(segments);
  }

  /**
   * Counts a look-up and returns whether it is within the limits. The same document counts once, in this request and
   * over all parts of a multi-document one.
   */
  private countLookUp(segments: readonly string[]): boolean {
    const { service, sharedBudget } = this.request;
    const key = segments.join('/');
    const fits = (seen: ReadonlySet<string>, max: number): boolean => seen.has(key) || seen.size < max;
    if (!fits(this.seen, MAX_LOOKUPS[service])) return false;
    if (sharedBudget && !fits(sharedBudget.seen, sharedBudget.max)) return false;
    this.seen.add(key);
    sharedBudget?.seen.add(key);
    return true;
  }
}

/** Returns whether a path is `/databases/{database}/documents` followed by pairs of a collection and an id. */
function isDocumentPath(segments: readonly string[]): boolean {
  return (
    segments[0] === 'databases' && segments[2] === 'documents' && segments.length >= 5 && segments.length % 2 === 1
  );
}

function answer(name: LookupName, document: LookedUpDocument | null): Outcome {
  if (name === 'exists' || name === 'existsAfter') return bool(document !== null);
  if (!document) return RULES_NULL;
  const { segments, data } = document;
  return map({ data, id: str(segments.at(-1) ?? ''), __name__: path(segments) });
}

/** Fails with the argument printed in the official emulator's wire format. */
function serviceError(name: string, segments: readonly string[]): Outcome {
  const parts = segments.map((segment) => `  segments {\n    simple: ${JSON.stringify(segment)}\n  }\n`);
  return fail(`Service call error. Function: [${name}], Argument: [path_value {\n${parts.join('')}}\n].`);
}
