/**
 * Evaluates Storage rules for firebase-tools, one JSON message at a time, independent of streams. A rule that needs a
 * Firestore document suspends its request: the runtime asks firebase-tools for the document and evaluates the request
 * again with all documents received so far. Evaluation is synchronous and has no side effects, so repeating it is safe.
 */
import {
  compileRules,
  type Issue,
  type LookedUpDocument,
  type Ruleset,
  type RulesMethod,
  type RulesRequest,
} from '../rules/index.js';
import { timestampFromMillis } from '../rules/values.js';
import { asText, isObject, asItems, member, type JsonObject } from './json.js';
import { fromRestFields, fromWire, objectFromWire } from './wire-values.js';

/** Thrown by a look-up of a document that has not been received yet. */
class DocumentPending extends Error {
  readonly segments: readonly string[];

  constructor(segments: readonly string[]) {
    super('a document has to be fetched first');
    this.segments = segments;
  }
}

/** A request being decided, with the documents received for it; null for a document that does not exist. */
interface Verification {
  id: unknown;
  ruleset: Ruleset;
  requests: readonly RulesRequest[];
  documents: Map<string, LookedUpDocument | null>;
  awaited?: readonly string[];
}

const METHODS: Readonly<Record<string, readonly RulesMethod[]>> = {
  get: ['get'],
  list: ['list'],
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
  read: ['get', 'list'],
  write: ['create', 'update', 'delete'],
};

/** The message that tells firebase-tools that the runtime is up. */
export const READY = { id: -1, status: 'ok', errors: [], warnings: [] };

export class StorageRulesRuntime {
  private readonly rulesets = new Map<string, Ruleset>();
  private readonly pending = new Map<unknown, Verification>();
  /** The warnings that were sent, so that each is sent once for a ruleset. */
  private readonly productionWarnings = new WeakMap<Ruleset, Set<string>>();
  private readonly send: (message: JsonObject) => void;
  private readonly log: (text: string) => void;

  /** `log` receives the output of `debug()`. */
  constructor(send: (message: JsonObject) => void, log: (text: string) => void) {
    this.send = send;
    this.log = log;
  }

  /**
   * Handles one message. Every request is answered with status `ok`: firebase-tools would wait forever after any other
   * status.
   */
  receive(message: unknown): void {
    const id = member(message, 'id');
    switch (member(message, 'action')) {
      case undefined:
        return this.resume(id, message);
      case 'load_ruleset':
        return this.load(id, member(message, 'context'));
      case 'verify':
        return this.verify(id, member(message, 'context'));
      default:
        return this.answer(id, { errors: ['Unknown action.'] });
    }
  }

  private answer(
    id: unknown,
    answer: { result?: JsonObject; errors?: readonly string[]; warnings?: readonly string[] },
  ): void {
    this.send({ id, status: 'ok', errors: [], warnings: [], ...answer });
  }

  private load(id: unknown, context: unknown): void {
    const [file] = asItems(member(context, 'source', 'files'));
    const { ruleset, issues } = compileRules(
      asText(member(file, 'content')),
      asText(member(file, 'name')),
      'firebase.storage',
    );
    const texts = (severity: Issue['severity']): string[] =>
      issues.filter((issue) => issue.severity === severity).map(issueText);
    const found = { errors: texts('ERROR'), warnings: texts('WARNING') };
    if (!ruleset) return this.answer(id, found);
    this.rulesets.set(asText(member(context, 'rulesetName')), ruleset);
    this.answer(id, { result: { rulesVersion: ruleset.version }, ...found });
  }

  private verify(id: unknown, context: unknown): void {
    const ruleset = this.rulesets.get(asText(member(context, 'rulesetName')));
    const method = asText(member(context, 'method'));
    const methods = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
    if (!ruleset || !methods)
      return this.answer(id, { result: { permit: false }, errors: [ruleset ? 'Unknown method.' : 'Unknown ruleset.'] });
    const documents: Verification['documents'] = new Map();
    const requests = methods.map((each) => toRequest(context, each, (segments) => lookUp(documents, segments)));
    this.decide({ id, ruleset, requests, documents });
  }

  private decide(verification: Verification): void {
    const { id, ruleset, requests } = verification;
    try {
      const decisions = requests.map((request) => ruleset.decide(request));
      const warnings = decisions.flatMap((decision) => (decision.allowed ? [] : decision.reasons.filter(isError)));
      warnings.push(
        ...this.newWarnings(
          ruleset,
          requests.flatMap((request, i) => (decisions[i]?.allowed ? findProductionWarnings(ruleset, request) : [])),
        ),
      );
      for (const { logs } of decisions) for (const text of logs) this.log(text);
      this.answer(id, { result: { permit: decisions.every(({ allowed }) => allowed) }, warnings });
    } catch (signal) {
      if (!(signal instanceof DocumentPending)) throw signal;
      this.fetch({ ...verification, awaited: signal.segments });
    }
  }

  private newWarnings(ruleset: Ruleset, warnings: readonly string[]): string[] {
    const given = this.productionWarnings.get(ruleset) ?? new Set();
    this.productionWarnings.set(ruleset, given);
    const fresh = warnings.filter((warning) => !given.has(warning));
    for (const warning of fresh) given.add(warning);
    return fresh;
  }

  private fetch(verification: Verification): void {
    // firebase-tools inserts the path into a URL without encoding it.
    const path = (verification.awaited ?? []).map((segment) => `/${encodeURIComponent(segment)}`).join('');
    this.pending.set(verification.id, verification);
    this.send({
      server_request_id: verification.id,
      action: 'fetch_firestore_document',
      status: 'ok',
      context: { path },
    });
  }

  private resume(id: unknown, message: unknown): void {
    const verification = this.pending.get(id);
    if (!verification) return;
    this.pending.delete(id);
    const { documents, awaited = [] } = verification;
    const document = member(message, 'status') === 'ok' ? member(message, 'result') : undefined;
    const found = isObject(document) ? { segments: awaited, data: fromRestFields(member(document, 'fields')) } : null;
    documents.set(awaited.join('/'), found);
    this.decide(verification);
  }
}

function lookUp(documents: Verification['documents'], segments: readonly string[]): LookedUpDocument | null {
  const document = documents.get(segments.join('/'));
  if (document === undefined) throw new DocumentPending(segments);
  return document;
}

/** Creates the request for one method. The variables of the message have no `request.method`. */
function toRequest(context: unknown, method: RulesMethod, before: RulesRequest['lookups']['before']): RulesRequest {
  const request = member(context, 'variables', 'request', 'map_value', 'fields');
  const time = fromWire(member(request, 'time'));
  const resource = member(request, 'resource');
  return {
    service: 'firebase.storage',
    method,
    path: asText(member(context, 'path')).split('/').slice(1),
    auth: fromWire(member(request, 'auth')),
    time: time.kind === 'null' ? timestampFromMillis(Date.now()) : time,
    ...(resource === undefined ? {} : { requestResource: objectFromWire(resource) }),
    resource: objectFromWire(member(context, 'variables', 'resource')),
    lookups: { before },
  };
}

/**
 * Returns a warning when production would refuse a delete that is allowed here. firebase-tools sends `request.resource`
 * as null, which a rule can compare; in production a delete has no such variable, and reading it is an error.
 */
function findProductionWarnings(ruleset: Ruleset, { requestResource, ...request }: RulesRequest): string[] {
  if (request.method !== 'delete' || requestResource?.kind !== 'null') return [];
  const decision = ruleset.decide(request);
  if (decision.allowed) return [];
  return [
    `Production would deny this delete, because a delete has no request.resource there: ${decision.reasons.join(', ')}. ` +
      `Allow it in a separate statement ("allow delete: …").`,
  ];
}

/** Returns whether a reason is an error of the rule, which developers should see, rather than a refusal. */
const isError = (reason: string): boolean => !reason.startsWith('false ') && reason !== 'No matching allow statements';

/** Formats an issue as firebase-tools reads it: JSON with the position, or text for an issue of the whole ruleset. */
function issueText({ description, fileName, position }: Issue): string {
  if (!position) return description;
  return JSON.stringify({ description_: description, sourcePosition_: { fileName_: fileName, line_: position.line } });
}
