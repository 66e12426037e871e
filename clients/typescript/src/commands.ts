import { doc, getDoc, onSnapshot, serverTimestamp, setDoc, type DocumentReference } from 'firebase/firestore';
import { isDenied } from './errors.js';
import type { CommandAnswer, CommandRequestToSend } from './generated/types.js';
import { readAs } from './reading.js';
import type { Session } from './session.js';

/** Commands that are not queued keep a second apart, with a margin for the clocks. */
const PACE_MS = 1_100;
/** How many commands may wait behind the first of a queue. */
const MAX_QUEUED = 9;
/** How many commands one user may give about one order. */
const MAX_COMMANDS = 60;

/** What the server decided about a command. */
export type Answered = Exclude<CommandAnswer, { state: 'pending' }>;

/** A command that is on its way. */
export interface SentCommand {
  readonly id: string;
  /** Resolves with the server's answer, also long after the phone was offline; rejects where the rules deny it. */
  readonly answer: Promise<Answered>;
}

/** Too many commands wait for their answers, or were given about this order. */
export class TooManyCommandsError extends Error {
  constructor() {
    super('too many commands wait for an answer, or were given about this order');
    this.name = 'TooManyCommandsError';
  }
}

/**
 * The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
 * offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
 * refuses it if the first is refused.
 */
export class CommandQueue {
  #n: number;
  /** The commands without an answer: the newest one's place in its queue. */
  #waiting = 0;
  #queued = 0;
  #lastAtMs = 0;

  /** @param commandsBefore how many commands about this order the app has sent: see `openCommands` */
  constructor(
    private readonly session: Session,
    private readonly orderId: string,
    private readonly role: 'customer' | 'merchant' | 'courier',
    commandsBefore: number,
  ) {
    this.#n = commandsBefore;
  }

  /** How many commands this user has given about the order. An app keeps it to continue after a restart. */
  get count(): number {
    return this.#n;
  }

  #sending: Promise<unknown> = Promise.resolve();

  /** Sends a command, after those before it. Throws TooManyCommandsError. */
  send(request: CommandRequestToSend): Promise<SentCommand> {
    const sent = this.#sending.then(() => this.#send(request));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async #send(request: CommandRequestToSend): Promise<SentCommand> {
    if (this.#waiting === 0) await wait(this.#lastAtMs + PACE_MS - Date.now());
    const isBehind = this.#waiting > 0;
    if (this.#n >= MAX_COMMANDS || (isBehind && this.#queued >= MAX_QUEUED)) throw new TooManyCommandsError();
    this.#queued = isBehind ? this.#queued + 1 : 0;
    this.#n += 1;
    this.#waiting += 1;
    const n = this.#n;
    const place = isBehind && { after: this.#idOf(n - 1), queued: this.#queued };
    const answer = this.#write(this.#idOf(n), { n, request, ...place })
      .catch((error: unknown) => {
        // What the rules deny is not stored: the next command has its number.
        if (isDenied(error)) this.#n = Math.min(this.#n, n - 1);
        throw error;
      })
      .finally(() => {
        this.#waiting -= 1;
        this.#lastAtMs = Date.now();
      });
    // An app may look at the order instead of the answer.
    answer.catch(() => undefined);
    return { id: this.#idOf(n), answer };
  }

  #idOf(n: number): string {
    return `${this.session.uid}-command-${n}`;
  }

  /** Resolves once the server has answered. The rules allow to listen to a command only once it is stored. */
  async #write(id: string, command: object): Promise<Answered> {
    const { db, uid, authTime } = this.session;
    const ref = doc(db, `orders/${this.orderId}/commands/${id}`);
    const answer = { state: 'pending' };
    await setDoc(ref, { uid, role: this.role, ...command, createdAt: serverTimestamp(), authTime, answer });
    return waitForAnswer(ref);
  }
}

function waitForAnswer(ref: DocumentReference): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const stop = onSnapshot(
      ref,
      (snapshot) => {
        const answer = readAs<CommandAnswer>('CommandAnswer', snapshot.get('answer'));
        if (answer.state === 'pending') return;
        // The first snapshot may come before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve(answer);
      },
      reject,
    );
  });
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/**
 * Opens the queue of the user's commands about an order. Without `commandsBefore` it looks for the last command: one
 * read for each that was given.
 */
export async function openCommands(
  session: Session,
  orderId: string,
  role: 'customer' | 'merchant' | 'courier',
  commandsBefore?: number,
): Promise<CommandQueue> {
  return new CommandQueue(session, orderId, role, commandsBefore ?? (await countCommands(session, orderId)));
}

async function countCommands({ db, uid }: Session, orderId: string): Promise<number> {
  for (let n = 1; n <= MAX_COMMANDS; n += 1)
    if (!(await isStored(doc(db, `orders/${orderId}/commands/${uid}-command-${n}`)))) return n - 1;
  return MAX_COMMANDS;
}

/** The rules deny a command that does not exist. */
async function isStored(ref: DocumentReference): Promise<boolean> {
  try {
    return (await getDoc(ref)).exists();
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}
