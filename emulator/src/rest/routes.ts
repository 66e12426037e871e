import { isJsonObject, type Json } from '../protocol/schema.js';
import { type MethodName } from '../service/methods.js';
import { parseDocumentName } from '../values/names.js';

/** The RPC for a REST request: its request as JSON, and the document in the body, if any. */
export interface RestCall {
  readonly method: MethodName;
  /** Builds the request; values of the path override the body. */
  request(body: Json): Json;
}

const VERBS: Record<string, { method: MethodName; from: 'database' | 'parent' }> = {
  batchGet: { method: 'BatchGetDocuments', from: 'database' },
  beginTransaction: { method: 'BeginTransaction', from: 'database' },
  commit: { method: 'Commit', from: 'database' },
  rollback: { method: 'Rollback', from: 'database' },
  batchWrite: { method: 'BatchWrite', from: 'database' },
  runQuery: { method: 'RunQuery', from: 'parent' },
  runAggregationQuery: { method: 'RunAggregationQuery', from: 'parent' },
  listCollectionIds: { method: 'ListCollectionIds', from: 'parent' },
  partitionQuery: { method: 'PartitionQuery', from: 'parent' },
  executePipeline: { method: 'ExecutePipeline', from: 'database' },
};

const DOCUMENTS = /^\/v1(?:beta1)?\/(projects\/[^/]+\/databases\/[^/]+\/documents)(.*)$/s;

/** Returns the call for a method and a path, or undefined if there is none. The RPC itself checks names. */
export function routeRest(method: string, path: string, query: URLSearchParams): RestCall | undefined {
  const match = DOCUMENTS.exec(path);
  if (!match) return undefined;
  const root = decodeSegments(match[1] ?? '');
  const rest = match[2] ?? '';
  if (method === 'POST') return routePost(root, rest, query);
  if (method === 'GET') return rest === '' ? undefined : routeGet(root, rest, query);
  const name = root + decodeSegments(rest);
  if (method === 'PATCH')
    return call('UpdateDocument', (body) => ({ ...parameters(query), document: { ...object(body), name } }));
  if (method === 'DELETE') return call('DeleteDocument', () => ({ ...parameters(query), name }));
  return undefined;
}

function call(method: MethodName, request: (body: Json) => Json): RestCall {
  return { method, request };
}

function object(body: Json): { readonly [key: string]: Json } {
  return isJsonObject(body) ? body : { payload: body };
}

function decodeSegments(path: string): string {
  return path.split('/').map(decodeURIComponent).join('/');
}

function routePost(root: string, rest: string, query: URLSearchParams): RestCall | undefined {
  const colon = rest.lastIndexOf(':');
  const verb = colon > rest.lastIndexOf('/') ? rest.slice(colon + 1) : undefined;
  if (verb === undefined) return routeCreate(root, rest, query);
  const known = VERBS[decodeURIComponent(verb)];
  if (!known) return undefined;
  const parent = root + decodeSegments(rest.slice(0, colon));
  const database = root.slice(0, root.lastIndexOf('/'));
  return call(known.method, (body) => ({
    ...object(body),
    ...(known.from === 'database' ? { database } : { parent }),
  }));
}

function routeCreate(root: string, rest: string, query: URLSearchParams): RestCall | undefined {
  const slash = rest.lastIndexOf('/');
  if (slash < 0) return undefined;
  const parent = root + decodeSegments(rest.slice(0, slash));
  const collectionId = decodeURIComponent(rest.slice(slash + 1));
  return call('CreateDocument', (body) => ({ ...parameters(query), parent, collectionId, document: body }));
}

/** Routes a GET: a document, the collections below a parent with a final slash, or one collection. */
function routeGet(root: string, rest: string, query: URLSearchParams): RestCall {
  const segments = rest.slice(1).split('/').map(decodeURIComponent);
  const below = segments.slice(0, -1);
  const isClean = !below.includes('');
  if (segments.at(-1) === '' && below.length % 2 === 0 && isClean) return list([root, ...below].join('/'), '', query);
  if (segments.length % 2 === 1 && isClean && segments.at(-1) !== '')
    return list([root, ...below].join('/'), segments.at(-1) ?? '', query);
  const name = [root, ...segments].join('/');
  if (segments.includes('')) parseDocumentName(name);
  return call('GetDocument', () => ({ ...parameters(query), name }));
}

function list(parent: string, collectionId: string, query: URLSearchParams): RestCall {
  return call('ListDocuments', () => ({ ...parameters(query), parent, collectionId }));
}

/** Reads the query parameters that requests define; a dot leads into a message. Other parameters are ignored. */
function parameters(query: URLSearchParams): { readonly [key: string]: Json } {
  const text = (name: string): { [key: string]: Json } => optional(name, query.get(name));
  const flag = (name: string): { [key: string]: Json } =>
    optional(name, query.has(name) ? query.get(name) === 'true' : null);
  const mask = (name: string): { [key: string]: Json } =>
    optional(name, query.has(`${name}.fieldPaths`) ? { fieldPaths: query.getAll(`${name}.fieldPaths`) } : null);
  const exists = query.get('currentDocument.exists');
  const updateTime = query.get('currentDocument.updateTime');
  const condition = exists !== null ? { exists: exists === 'true' } : updateTime !== null ? { updateTime } : null;
  return {
    ...text('transaction'),
    ...text('readTime'),
    ...text('pageSize'),
    ...text('pageToken'),
    ...text('orderBy'),
    ...text('documentId'),
    ...flag('showMissing'),
    ...mask('mask'),
    ...mask('updateMask'),
    ...optional('currentDocument', condition),
  };
}

function optional(name: string, value: Json): { [key: string]: Json } {
  return value === null ? {} : { [name]: value };
}
