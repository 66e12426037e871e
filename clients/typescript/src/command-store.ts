import {
  doc,
  getDoc,
  getDocFromCache,
  onSnapshot,
  serverTimestamp,
  setDoc,
  waitForPendingWrites,
  type DocumentReference,
  type DocumentSnapshot,
} from 'firebase/firestore';
import { isDenied, isUnavailable } from './errors.js';
import type { CommandAnswer, CommandStep } from './generated/types.js';
import { fill } from './paths.js';
import { readAs } from './reading.js';
import type { Session } from './session.js';

/** The number of commands that one user may give about one order. */
export const MAX_COMMANDS = 60;

/** What the server decided about a command. */
export type Answered = Exclude<CommandAnswer, { state: 'pending' }>;

/** A command that is stored, on the server or on the phone. */
export interface StoredCommand {
  readonly n: number;
  /** The number of commands before it in its queue. */
  readonly queued: number;
  /** True where the server has not answered it. */
  readonly isPending: boolean;
}

/** A command as the queue writes it. `after` is the number of the command that it waits for. */
export interface WrittenCommand {
  readonly n: number;
  readonly request: CommandStep;
  readonly after?: number;
  readonly queued?: number;
}

/** What a queue of commands needs of Firestore. */
export interface CommandStore {
  idOf(n: number): string;
  /** Resolves once the server has stored the command; rejects where the rules deny it. Throws for invalid values. */
  write(command: WrittenCommand): Promise<void>;
  /** Finds a command on the phone or on the server. */
  find(n: number): Promise<StoredCommand | undefined>;
  /** Finds a command on the phone. */
  findInCache(n: number): Promise<StoredCommand | undefined>;
  /** Resolves once what the phone had written before is stored or denied. */
  flush(): Promise<void>;
  /** Resolves with the server's answer to a command that is stored. */
  answerTo(n: number): Promise<Answered>;
}

/** The commands of one user about one order. */
export class FirestoreCommands implements CommandStore {
  constructor(
    private readonly session: Session,
    private readonly orderId: string,
    private readonly role: 'customer' | 'merchant' | 'courier',
  ) {}

  idOf(n: number): string {
    return `${this.session.uid}-command-${n}`;
  }

  write({ n, request, after, queued }: WrittenCommand): Promise<void> {
    const { uid, authTime } = this.session;
    const place = after !== undefined && { after: this.idOf(after), queued };
    const command = { uid, role: this.role, n, request, ...place, createdAt: serverTimestamp(), authTime };
    return setDoc(this.#ref(n), { ...command, answer: { state: 'pending' } });
  }

  async find(n: number): Promise<StoredCommand | undefined> {
    const cached = await this.findInCache(n);
    if (cached) return cached;
    try {
      return toStored(n, await getDoc(this.#ref(n)));
    } catch (error) {
      // The rules deny a command that does not exist.
      if (isDenied(error)) return undefined;
      throw error;
    }
  }

  async findInCache(n: number): Promise<StoredCommand | undefined> {
    try {
      return toStored(n, await getDocFromCache(this.#ref(n)));
    } catch (error) {
      if (isUnavailable(error)) return undefined;
      throw error;
    }
  }

  flush(): Promise<void> {
    return waitForPendingWrites(this.session.db);
  }

  answerTo(n: number): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const stop = onSnapshot(
        this.#ref(n),
        (snapshot) => {
          // The phone may have dropped a command that is on the server.
          if (!snapshot.exists()) return;
          const answer = toAnswer(snapshot);
          if (answer.state === 'pending') return;
          // The first snapshot may come before `stop` is assigned.
          queueMicrotask(() => stop());
          resolve(answer);
        },
        reject,
      );
    });
  }

  #ref(n: number): DocumentReference {
    const ids = { orderId: this.orderId, commandId: this.idOf(n) };
    return doc(this.session.db, fill('orders/{orderId}/commands/{commandId}', ids));
  }
}

const toAnswer = (snapshot: DocumentSnapshot): CommandAnswer =>
  readAs<CommandAnswer>('CommandAnswer', snapshot.get('answer'));

function toStored(n: number, snapshot: DocumentSnapshot): StoredCommand | undefined {
  if (!snapshot.exists()) return undefined;
  return { n, queued: Number(snapshot.get('queued') ?? 0), isPending: toAnswer(snapshot).state === 'pending' };
}

/**
 * Finds the newest command: one read for each that was given. Where the server cannot be reached, it is the newest one
 * on the phone.
 */
export async function findNewest(store: CommandStore): Promise<StoredCommand | undefined> {
  try {
    return await findLastOf(store);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return findNewestInCache(store);
  }
}

async function findLastOf(store: CommandStore): Promise<StoredCommand | undefined> {
  let newest: StoredCommand | undefined;
  for (let n = 1; n <= MAX_COMMANDS; n += 1) {
    const found = await store.find(n);
    if (!found) break;
    newest = found;
  }
  return newest;
}

/** The phone may not have all of them. */
async function findNewestInCache(store: CommandStore): Promise<StoredCommand | undefined> {
  for (let n = MAX_COMMANDS; n >= 1; n -= 1) {
    const found = await store.findInCache(n);
    if (found) return found;
  }
  return undefined;
}
