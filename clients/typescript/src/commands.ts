import {
  FirestoreCommands,
  findNewest,
  MAX_COMMANDS,
  type Answered,
  type CommandStore,
  type StoredCommand,
} from './command-store.js';
import { isDenied } from './errors.js';
import type { CommandStep } from './generated/types.js';
import type { KeptSession, Session } from './session.js';
import { Turns, wait } from './turns.js';
import { withoutGaps } from './values.js';

/** Commands that are not queued keep a second apart, with a margin for the clocks. */
const PACE_MS = 1_100;
/** How many commands may wait behind the first of a queue. */
const MAX_QUEUED = 9;

/** A command that is on its way. */
export interface SentCommand {
  /** The id of its document: another one from when its number turned out to be used already. */
  readonly id: string;
  /** Resolves with the server's answer, also long after the phone was offline; rejects where the rules deny it. */
  readonly answer: Promise<Answered>;
}

/** Ten commands wait for their answers, or sixty were given about this order. */
export class TooManyCommandsError extends Error {
  constructor() {
    super('too many commands wait for an answer, or were given about this order');
    this.name = 'TooManyCommandsError';
  }
}

/** A command without an answer. */
interface OpenCommand {
  /** Undefined for a command that this queue found: it cannot be written again. */
  readonly request?: CommandStep;
  n: number;
  queued: number;
  /** The attempt to store it: resolves once it is stored. */
  stored: Promise<void>;
  /** Why it was given up. */
  failure?: unknown;
  /** Resolves once the command is answered or given up. */
  settled: Promise<unknown>;
}

/**
 * The steps that one user takes at one order, in documents instead of calls: Firestore keeps them while the phone is
 * offline and delivers them later. A command behind another that has no answer yet waits for it on the server, which
 * refuses it if the first is refused. A command whose number is used already, by another phone of the account for
 * example, gets the next one.
 */
export class CommandQueue {
  #count: number;
  /** By the clock of `performance`, which does not go back with that of the phone. */
  #lastAtMs: number;
  /** The commands without an answer, each behind the one before it. */
  readonly #open: OpenCommand[] = [];
  readonly #sends = new Turns();
  /** What changes `#count` and adds to `#open` takes turns. */
  readonly #turns = new Turns();

  /**
   * @param commandsBefore how many commands about this order the app has sent
   * @param newest the last of them; the next one is put behind it while it has no answer
   * @param paceMs how long after an answer the next command is written
   */
  constructor(
    private readonly store: CommandStore,
    commandsBefore: number,
    newest?: StoredCommand,
    private readonly paceMs: number = PACE_MS,
  ) {
    this.#count = commandsBefore;
    this.#lastAtMs = commandsBefore > 0 ? performance.now() : -Infinity;
    if (newest?.isPending) this.#adopt(newest, store.flush());
  }

  /** How many commands this user has given about the order. An app keeps it to continue after a restart. */
  get count(): number {
    return this.#count;
  }

  /**
   * Sends a command, after those before it. The tenth command behind another waits for the answers before it. Throws
   * TooManyCommandsError while ten commands wait, and beyond sixty commands about an order.
   */
  send(request: CommandStep): Promise<SentCommand> {
    return this.#sends.take(async () => {
      const step = withoutGaps(request);
      const command: OpenCommand = { request: step, n: 0, queued: 0, stored: DONE, settled: DONE };
      while (!(await this.#turns.take(() => this.#place(command, step)))) await this.#open.at(-1)?.settled;
      const answer = this.#follow(command);
      const { store } = this;
      return {
        get id() {
          return store.idOf(command.n);
        },
        answer,
      };
    });
  }

  /** Gives a command its number and writes it. Returns false where its queue is full. */
  async #place(command: OpenCommand, request: CommandStep): Promise<boolean> {
    if (this.#open.length === 0) await wait(this.#lastAtMs + this.paceMs - performance.now());
    const before = this.#open.at(-1);
    if (this.#count >= MAX_COMMANDS || this.#open.length > MAX_QUEUED) throw new TooManyCommandsError();
    if (before && before.queued >= MAX_QUEUED) return false;
    const n = this.#count + 1;
    const queued = before ? before.queued + 1 : 0;
    const stored = this.store.write({ n, request, ...(before && { after: before.n, queued }) });
    stored.catch(() => undefined);
    Object.assign(command, { n, queued, stored });
    this.#count = n;
    this.#open.push(command);
    return true;
  }

  /** Takes a command into the queue that another phone, or this one before a restart, has written. */
  #adopt({ n, queued }: StoredCommand, flushed: Promise<void>): void {
    const stored = flushed.then(async () => {
      if (!(await this.store.find(n))) throw new Error(`command ${n} was denied`);
    });
    const command: OpenCommand = { n, queued, stored, settled: DONE };
    this.#open.push(command);
    void this.#follow(command);
  }

  #follow(command: OpenCommand): Promise<Answered> {
    const answer = this.#waitForAnswer(command);
    // An app may look at the order instead of the answer.
    command.settled = answer.catch(() => undefined);
    return answer;
  }

  async #waitForAnswer(command: OpenCommand): Promise<Answered> {
    try {
      for (;;) {
        const { stored } = command;
        try {
          await stored;
          break;
        } catch (error) {
          await this.#turns.take(() => this.#repair(command, stored, error));
          if (command.failure !== undefined) throw command.failure;
        }
      }
      return await this.store.answerTo(command.n);
    } finally {
      this.#remove(command);
      this.#lastAtMs = performance.now();
    }
  }

  /**
   * Writes a command that was not stored again where its number was wrong, with the commands behind it, which the rules
   * have denied as well. Otherwise gives them up, and their numbers back.
   */
  async #repair(command: OpenCommand, attempt: Promise<void>, error: unknown): Promise<void> {
    // The command before it was repaired first, and this one with it.
    if (command.stored !== attempt || command.failure !== undefined) return;
    const chain = this.#open.slice(this.#open.indexOf(command));
    const outcomes = await Promise.allSettled(chain.map(({ stored }) => stored));
    const denied = chain.filter((_, index) => outcomes[index]?.status === 'rejected');
    for (const one of denied) {
      this.#remove(one);
      one.failure = await one.stored.catch((reason: unknown) => reason);
    }
    const isMisnumbered = isDenied(error) && (await this.#isMisnumbered(command.n).catch(() => false));
    this.#count = Math.min(this.#count, command.n - 1);
    if (!isMisnumbered) return;
    await this.#countAgain();
    for (const one of denied) await this.#placeAgain(one);
  }

  async #placeAgain(command: OpenCommand): Promise<void> {
    if (!command.request) return;
    try {
      command.failure = (await this.#place(command, command.request)) ? undefined : new TooManyCommandsError();
    } catch (error) {
      command.failure = error;
    }
  }

  /** True where the number is used, or the one before it is not. */
  async #isMisnumbered(n: number): Promise<boolean> {
    if (await this.store.find(n)) return true;
    return n > 1 && !(await this.store.find(n - 1));
  }

  /** Finds the newest command, from the one that should be it. */
  async #countAgain(): Promise<void> {
    let newest = await this.#find(this.#count);
    if (newest || this.#count === 0)
      for (;;) {
        const next = await this.#find((newest?.n ?? 0) + 1);
        if (!next) break;
        newest = next;
      }
    else newest = await findNewest(this.store);
    this.#count = newest?.n ?? 0;
    // It may have been written a moment ago.
    this.#lastAtMs = performance.now();
    if (newest?.isPending && this.#open.at(-1)?.n !== newest.n) this.#adopt(newest, DONE);
  }

  async #find(n: number): Promise<StoredCommand | undefined> {
    return n >= 1 && n <= MAX_COMMANDS ? this.store.find(n) : undefined;
  }

  #remove(command: OpenCommand): void {
    const index = this.#open.indexOf(command);
    if (index >= 0) this.#open.splice(index, 1);
  }
}

const DONE = Promise.resolve();

/** What an app keeps to open a queue without the network. */
export interface KeptQueue extends KeptSession {
  /** The `count` of the queue before. Without it the queue looks for the last command: one read for each. */
  readonly commandsBefore?: number;
}

/** Opens the queue of the user's commands about an order. */
export async function openCommands(
  session: Session,
  orderId: string,
  role: 'customer' | 'merchant' | 'courier',
  { commandsBefore }: KeptQueue = {},
): Promise<CommandQueue> {
  const store = new FirestoreCommands(session, orderId, role);
  if (commandsBefore === undefined) {
    const newest = await findNewest(store);
    return new CommandQueue(store, newest?.n ?? 0, newest);
  }
  return new CommandQueue(store, commandsBefore, await store.findInCache(commandsBefore));
}
