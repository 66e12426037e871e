import type { FirebaseApp } from 'firebase/app';
import { getFirestore, type Firestore, type Unsubscribe } from 'firebase/firestore';
import { getFunctions, httpsCallable, type Functions } from 'firebase/functions';
import { getStorage, ref, uploadBytes } from 'firebase/storage';
import { openCommands, type CommandQueue, type KeptQueue } from './commands.js';
import { toRefusedError } from './errors.js';
import { CALLS, type CallName, type Calls } from './generated/calls.js';
import type { DocumentReads, QueryReads } from './generated/reads.js';
import { openMessages, type MessageQueue } from './messages.js';
import { readAs } from './reading.js';
import {
  countDocuments,
  findDocuments,
  getDocument,
  listenToDocument,
  listenToQuery,
  type Found,
  type Page,
} from './reads.js';
import { openSession, type KeptSession, type Session } from './session.js';
import { withoutGaps } from './values.js';

/** Where the functions are deployed unless the project says otherwise. */
export const REGION = 'europe-west1';

/** A call that takes longer than a phone's user waits: the slowest function may run for this long. */
const CALL_TIMEOUT_MS = 70_000;

export interface TiffinOptions {
  readonly region?: string;
  readonly callTimeoutMs?: number;
}

/** The backend as one app sees it: callables, documents and queries, with types. */
export class Tiffin {
  readonly #db: Firestore;
  readonly #functions: Functions;
  readonly #callTimeoutMs: number;

  /** @param firebase an initialised app, connected to the local stack or to a project */
  constructor(
    private readonly firebase: FirebaseApp,
    { region = REGION, callTimeoutMs = CALL_TIMEOUT_MS }: TiffinOptions = {},
  ) {
    this.#db = getFirestore(firebase);
    this.#functions = getFunctions(firebase, region);
    this.#callTimeoutMs = callTimeoutMs;
  }

  /**
   * Calls a function. Throws a RefusedError with a typed reason where the server refuses; an error of the Firebase SDK
   * where it was not reached. Calls with an idempotency key may be repeated with the same key. A property that is
   * `undefined` is not sent.
   */
  async call<N extends CallName>(name: N, input: Calls[N]['input']): Promise<Calls[N]['output']> {
    const { output, limitedUse } = CALLS[name];
    const options = { limitedUseAppCheckTokens: limitedUse, timeout: this.#callTimeoutMs };
    try {
      // The SDK would send an undefined property as null, which deletes a setting.
      const { data } = await httpsCallable(this.#functions, name, options)(withoutGaps(input));
      return readAs(output, data);
    } catch (error) {
      throw toRefusedError(error);
    }
  }

  /**
   * Gets the document of a screen; null where it does not exist. The rules deny some documents where they do not exist,
   * as `DocumentReads` says for each: `isDenied` is then true of the error.
   */
  get<N extends keyof DocumentReads>(
    name: N,
    parameters: DocumentReads[N]['parameters'],
  ): Promise<DocumentReads[N]['document'] | null> {
    return getDocument(this.#db, name, parameters);
  }

  /**
   * Listens to the document of a screen: its current state and each change, null where it does not exist, unless `get`
   * throws. While the phone is offline, nothing is reported of a document that is not on the phone. Returns what ends the
   * listener.
   */
  listen<N extends keyof DocumentReads>(
    name: N,
    parameters: DocumentReads[N]['parameters'],
    next: (document: DocumentReads[N]['document'] | null) => void,
    onError: (error: Error) => void = throwLater,
  ): Unsubscribe {
    return listenToDocument(this.#db, name, parameters, next, onError);
  }

  /**
   * Makes a query that the rules allow, and returns a page. While the phone is offline, the page has what is on the phone;
   * where nothing is, `isUnavailable` is true of the error.
   */
  find<N extends keyof QueryReads>(
    name: N,
    parameters: QueryReads[N]['parameters'],
    page: Page = {},
  ): Promise<readonly Found<QueryReads[N]['document']>[]> {
    return findDocuments(this.#db, name, parameters, page);
  }

  /** Counts what a query finds, at most 50: the rules allow no larger count. It is billed as one read. */
  count<N extends keyof QueryReads>(name: N, parameters: QueryReads[N]['parameters']): Promise<number> {
    return countDocuments(this.#db, name, parameters);
  }

  /**
   * Listens to a query: the whole page after each change. While the phone is offline, an empty page is not reported.
   * Returns what ends the listener.
   */
  listenAll<N extends keyof QueryReads>(
    name: N,
    parameters: QueryReads[N]['parameters'],
    next: (documents: readonly Found<QueryReads[N]['document']>[]) => void,
    onError: (error: Error) => void = throwLater,
  ): Unsubscribe {
    return listenToQuery(this.#db, name, parameters, next, onError);
  }

  /** The signed-in user: what the functions for own data, chats, commands and positions take. */
  session(kept: KeptSession = {}): Promise<Session> {
    return openSession(this.firebase, kept);
  }

  /** Opens the queue of the user's offline commands about an order; with what the app kept, also without the network. */
  async commands(
    orderId: string,
    role: 'customer' | 'merchant' | 'courier',
    kept: KeptQueue = {},
  ): Promise<CommandQueue> {
    return openCommands(await this.session(kept), orderId, role, kept);
  }

  /** Opens the queue of the user's messages about an order, in both of its chats. An app keeps one for each order. */
  async messages(
    orderId: string,
    role: 'customer' | 'merchant' | 'courier',
    kept: KeptSession = {},
  ): Promise<MessageQueue> {
    return openMessages(await this.session(kept), orderId, role);
  }

  /** Uploads a photo or a paper to a path that the storage rules allow. The app's options need a `storageBucket`. */
  async upload(path: string, bytes: Uint8Array | Blob, contentType: string): Promise<void> {
    await uploadBytes(ref(getStorage(this.firebase), path), bytes, { contentType });
  }
}

/** An error without a handler appears as an uncaught one, in the console and in crash reports. */
function throwLater(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
