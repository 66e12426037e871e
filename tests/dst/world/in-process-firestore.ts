import { PassThrough } from 'node:stream';
import type { Firestore } from 'firebase-admin/firestore';
import { Credentials, type Context as Emulator } from '#emulator/service/context.js';
import { METHODS, type MethodName } from '#emulator/service/methods.js';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { asStatusError, STATUSES } from '#emulator/values/status.js';
import { THIS_VERSION, type ContractVersion } from './contract-version.js';
import { fromJson, toJson } from './sdk-messages.js';

/** The codes of gRPC that matter to the SDK's retries. */
export const UNAVAILABLE = 14;

/** Creates an error as the SDK receives it from the server. */
export function rpcError(code: number, message: string): Error & { code: number } {
  return Object.assign(new Error(`${code} ${message}`), { code });
}

/** Carries a request of the SDK to the server, and its answer back. */
export type Courier = (rpc: string, send: () => Promise<Json[]>) => Promise<Json[]>;

/**
 * Connects an SDK client to a drop-in in the same process: its requests go to the drop-in's methods, without a socket
 * and without protobuf. `carry` may delay a request, refuse it, or lose its answer; `version` is
 * the contract's version that the client runs. The private methods are those in which the SDK hands over every request;
 * the fault injector of the tests replaces the same ones.
 */
export function connectInProcess(
  db: Firestore,
  emulator: Emulator,
  carry: Courier,
  version: () => ContractVersion,
): void {
  const ask = (rpc: string, request: unknown) => carry(rpc, () => callMethod(emulator, rpc, request, version()));
  replace(db, 'request', async (rpc, request) => {
    const field = PAGED[rpc];
    if (field !== undefined)
      return askPages(field, { ...Object(request) }, (page) => askWithRetries(() => ask(rpc, page)));
    return fromJson((await askWithRetries(() => ask(rpc, request)))[0] ?? {});
  });
  replace(db, 'requestStream', async (rpc, _isBidirectional, request) => {
    const answers = await askWithRetries(() => ask(rpc, request));
    const stream = new PassThrough({ objectMode: true, highWaterMark: answers.length + 1 });
    for (const answer of answers) stream.write(fromJson(answer));
    stream.end();
    return stream;
  });
}

/** RPCs of which the transport reads all pages, with the field of an answer that holds the items. */
const PAGED: Readonly<Record<string, string>> = { listCollectionIds: 'collectionIds', listDocuments: 'documents' };

async function askPages(field: string, request: object, ask: (page: object) => Promise<Json[]>): Promise<unknown[]> {
  const items: unknown[] = [];
  let pageToken = '';
  do {
    const [answer = {}] = await ask({ ...request, ...(pageToken !== '' && { pageToken }) });
    if (!isJsonObject(answer)) throw new Error('an answer is an object');
    const { [field]: page = [], nextPageToken = '' } = answer;
    if (Array.isArray(page)) items.push(...page.map((item) => fromJson(item)));
    pageToken = String(nextPageToken);
  } while (pageToken !== '');
  return items;
}

const ADMIN = new Credentials('Bearer owner');

async function callMethod(
  emulator: Emulator,
  rpc: string,
  request: unknown,
  version: ContractVersion,
): Promise<Json[]> {
  const method = METHODS[toMethodName(rpc)];
  try {
    const answers = await method.callJson(emulator, ADMIN, version.write(toJson(request)));
    return version === THIS_VERSION ? answers : answers.map((answer) => version.read(answer));
  } catch (error) {
    const { status, message } = asStatusError(error);
    throw rpcError(STATUSES[status].code, `${status}: ${message}`);
  }
}

/** The SDK's name of an RPC begins with a small letter. */
function toMethodName(rpc: string): MethodName {
  const name = Object.keys(METHODS).find((one) => one.toLowerCase() === rpc.toLowerCase());
  if (!isMethodName(name)) throw new Error(`the drop-in has no method ${rpc}`);
  return name;
}

const isMethodName = (name: string | undefined): name is MethodName => name !== undefined && name in METHODS;

/** The SDK's transport repeats a request that found no server. Source: firestore_client_config.json of the SDK. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

async function askWithRetries(ask: () => Promise<Json[]>): Promise<Json[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== UNAVAILABLE || attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 1.3 ** attempt));
    }
  }
}

function replace(db: Firestore, method: string, value: (rpc: string, ...args: unknown[]) => Promise<unknown>): void {
  if (typeof Reflect.get(db, method) !== 'function') throw new Error(`the Firestore SDK has no ${method}()`);
  Object.defineProperty(db, method, { value });
}
