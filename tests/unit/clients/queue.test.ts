import assert from 'node:assert/strict';
import { FirebaseError } from 'firebase/app';
import {
  findNewest,
  type Answered,
  type CommandStore,
  type StoredCommand,
  type WrittenCommand,
} from '#client/command-store.js';
import { CommandQueue, TooManyCommandsError } from '#client/commands.js';
import type { CommandStep } from '#client/generated/types.js';
import { Turns } from '#client/turns.js';
import { epochMs } from '#client/scalars.js';

const denied = () => new FirebaseError('permission-denied', 'denied');
const unavailable = () => new FirebaseError('unavailable', 'offline');
const step = (action: 'accept' | 'startPreparing' | 'markReady'): CommandStep => ({ type: 'move', move: { action } });
const ACCEPT = step('accept');
const NEXT = step('startPreparing');

/** The commands of one user about one order on a server with the numbering of the rules. Both phones share it. */
class Server {
  readonly stored = new Map<number, WrittenCommand & { answer?: Answered }>();
  readonly log: string[] = [];
  /** Requests that the order's status does not allow. */
  readonly refuses = new Set<string>();
  answersAtOnce = true;
  #listeners: (() => void)[] = [];

  create(command: WrittenCommand): void {
    const { n, after, queued, request } = command;
    this.log.push(`${n}${after === undefined ? '' : ` after ${after}, queued ${queued}`}`);
    const before = this.stored.get(n - 1);
    const isBehind = after === n - 1 && queued === (before?.queued ?? 0) + 1;
    const isPlaced = n === 1 ? after === undefined : before !== undefined && (after === undefined || isBehind);
    const isItsTime = !this.refuses.has(actionOf(request)) || (isBehind && before?.answer === undefined);
    if (this.stored.has(n) || !isPlaced || !isItsTime) throw denied();
    this.stored.set(n, this.answersAtOnce ? { ...command, answer: applied(n) } : { ...command });
  }

  answer(n: number): void {
    const command = this.stored.get(n);
    assert.ok(command, `${n} is stored`);
    this.stored.set(n, { ...command, answer: applied(n) });
    for (const listener of this.#listeners.splice(0)) listener();
  }

  async answerTo(n: number): Promise<Answered> {
    for (;;) {
      const answer = this.stored.get(n)?.answer;
      if (answer) return answer;
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }

  actions = () => [...this.stored.values()].map(({ request }) => actionOf(request));
}

const actionOf = (request: CommandStep): string => (request.type === 'move' ? request.move.action : 'cancel');
const applied = (event: number): Answered => ({ state: 'applied', event, answeredAtMs: epochMs(1) });

/** One phone: it sends in order what it wrote, once it is online. */
class Phone implements CommandStore {
  readonly cache = new Map<number, StoredCommand>();
  readonly #writes = new Turns();
  #goOnline: (() => void) | undefined;
  #online: Promise<void> = Promise.resolve();

  constructor(readonly server: Server) {}

  disconnect(): void {
    this.#online = new Promise((resolve) => {
      this.#goOnline = resolve;
    });
  }

  connect(): void {
    this.#goOnline?.();
    this.#goOnline = undefined;
  }

  idOf = (n: number) => `kim-command-${n}`;

  write(command: WrittenCommand): Promise<void> {
    if (JSON.stringify(command.request).includes('invalid')) throw new TypeError('invalid');
    const { n, queued = 0 } = command;
    this.cache.set(n, { n, queued, isPending: true });
    return this.#writes.take(async () => {
      await this.#online;
      this.cache.delete(n);
      this.server.create(command);
    });
  }

  async find(n: number): Promise<StoredCommand | undefined> {
    if (this.#goOnline) throw unavailable();
    const found = this.server.stored.get(n);
    return Promise.resolve(found && { n, queued: found.queued ?? 0, isPending: found.answer === undefined });
  }

  findInCache = (n: number) => Promise.resolve(this.cache.get(n));
  flush = () => this.#writes.take(() => Promise.resolve());
  answerTo = (n: number) => this.server.answerTo(n);
}

describe('the command queue of the client package', () => {
  let server: Server;
  let phone: Phone;
  const open = (count = 0, newest?: StoredCommand, on = phone) => new CommandQueue(on, count, newest, 0);
  const give = async (queue: CommandQueue, request: CommandStep) => (await queue.send(request)).answer;
  beforeEach(() => {
    server = new Server();
    phone = new Phone(server);
  });

  it('puts a command behind one without an answer, and none behind an answered one', async () => {
    server.answersAtOnce = false;
    const queue = open();
    const sent = [await queue.send(ACCEPT), await queue.send(NEXT)];
    await phone.flush();
    server.answer(1);
    server.answer(2);
    await Promise.all(sent.map(({ answer }) => answer));
    server.answersAtOnce = true;
    await give(queue, step('markReady'));
    assert.deepEqual(server.log, ['1', '2 after 1, queued 1', '3']);
  });

  it('sends a command whose optional property is undefined', async () => {
    const queue = open();
    await give(queue, { type: 'move', move: { action: 'accept', prepMinutes: undefined } });
    assert.deepEqual(server.stored.get(1)?.request, ACCEPT);
  });

  it('gives the number back where the phone refuses to store a command', async () => {
    const queue = open();
    await assert.rejects(queue.send({ type: 'cancel', reason: 'invalid' }), TypeError);
    await give(queue, ACCEPT);
    assert.deepEqual(server.log, ['1']);
  });

  it('gives the number of a denied command again', async () => {
    const queue = open();
    server.refuses.add('accept');
    await assert.rejects(give(queue, ACCEPT), { code: 'permission-denied' });
    assert.equal(queue.count, 0);
    server.refuses.clear();
    await give(queue, ACCEPT);
    assert.deepEqual(server.log, ['1', '1']);
  });

  it('takes the next number where another phone of the account used it', async () => {
    const other = open(0, undefined, new Phone(server));
    const queue = open();
    await give(other, ACCEPT);
    const sent = await queue.send(NEXT);
    await sent.answer;
    assert.equal(sent.id, 'kim-command-2');
    assert.equal(queue.count, 2);
    assert.deepEqual(server.actions(), ['accept', 'startPreparing']);
  });

  it('puts a command behind that of another phone while it has no answer', async () => {
    server.answersAtOnce = false;
    const other = open(0, undefined, new Phone(server));
    await other.send(ACCEPT);
    server.refuses.add('startPreparing');
    const queue = open();
    const sent = await queue.send(NEXT);
    while (!server.stored.has(2)) await phone.flush();
    server.answer(1);
    server.answer(2);
    await sent.answer;
    assert.deepEqual(server.log.slice(-1), ['2 after 1, queued 1']);
  });

  it('takes the numbers from where they are where the stored count is too high', async () => {
    const queue = open(7);
    await give(queue, ACCEPT);
    await give(queue, NEXT);
    assert.deepEqual(server.actions(), ['accept', 'startPreparing']);
    assert.equal(queue.count, 2);
  });

  it('writes the commands behind one with a wrong number again, in their order', async () => {
    phone.disconnect();
    const queue = open();
    const sent = [await queue.send(ACCEPT), await queue.send(NEXT), await queue.send(step('markReady'))];
    const other = open(0, undefined, new Phone(server));
    await give(other, { type: 'cancel', reason: 'no' });
    await give(other, { type: 'cancel', reason: 'no' });
    phone.connect();
    await Promise.all(sent.map(({ answer }) => answer));
    assert.deepEqual(server.actions().slice(2), ['accept', 'startPreparing', 'markReady']);
  });

  it('gives up the commands behind a denied one, and puts a retry behind none of them', async () => {
    phone.disconnect();
    const queue = open();
    server.refuses.add('markReady');
    const first = await queue.send(step('markReady'));
    const second = await queue.send(step('markReady'));
    const retried = assert.rejects(first.answer, { code: 'permission-denied' }).then(() => give(queue, ACCEPT));
    phone.connect();
    await retried;
    await assert.rejects(second.answer, { code: 'permission-denied' });
    await give(queue, NEXT);
    assert.equal(
      server.log.find((line) => line.includes('after 0')),
      undefined,
    );
    assert.deepEqual(server.actions(), ['accept', 'startPreparing']);
  });

  it('puts the first command after a restart behind the one that still waits', async () => {
    server.answersAtOnce = false;
    phone.disconnect();
    const before = open();
    await before.send(ACCEPT);
    await before.send(NEXT);
    const queue = open(before.count, await phone.findInCache(before.count));
    const sent = await queue.send(step('markReady'));
    phone.connect();
    while (!server.stored.has(3)) await phone.flush();
    for (const n of [1, 2, 3]) server.answer(n);
    await sent.answer;
    assert.deepEqual(server.log, ['1', '2 after 1, queued 1', '3 after 2, queued 2']);
  });

  it('waits for the answers before a queue that is full, where fewer than ten wait', async () => {
    server.answersAtOnce = false;
    const queue = open();
    let before = await queue.send(ACCEPT);
    for (let n = 2; n <= 14; n += 1) {
      const sending = queue.send(NEXT);
      if (n === 11) server.answer(10);
      const sent = await sending;
      await phone.flush();
      if (n !== 11) server.answer(n - 1);
      await before.answer;
      before = sent;
    }
    assert.deepEqual(
      server.log.filter((line) => !line.includes('after')),
      ['1', '11'],
    );
  });

  it('refuses an eleventh command while ten wait, and takes it later', async () => {
    phone.disconnect();
    const queue = open();
    const sent = [];
    for (let n = 1; n <= 10; n += 1) sent.push(await queue.send(n === 1 ? ACCEPT : NEXT));
    await assert.rejects(queue.send(NEXT), TooManyCommandsError);
    phone.connect();
    await Promise.all(sent.map(({ answer }) => answer));
    await give(queue, NEXT);
    assert.equal(server.stored.size, 11);
  });

  it('sends the next command in time after the clock of the phone was set back', async () => {
    const queue = new CommandQueue(phone, 0, undefined, 5);
    const now = Date.now;
    try {
      await give(queue, ACCEPT);
      Date.now = () => now() - 3_600_000;
      await give(queue, NEXT);
    } finally {
      Date.now = now;
    }
    assert.deepEqual(server.log, ['1', '2']);
  });

  it('refuses a command beyond the sixtieth', async () => {
    const last = { n: 60, queued: 0, isPending: false };
    await assert.rejects(open(60, last).send(ACCEPT), TooManyCommandsError);
  });

  it('counts the commands on the server, and those on the phone where the server cannot be reached', async () => {
    const queue = open();
    await give(queue, ACCEPT);
    await give(queue, NEXT);
    assert.equal((await findNewest(phone))?.n, 2);
    phone.disconnect();
    assert.equal((await findNewest(phone))?.n, undefined);
    await queue.send(NEXT);
    assert.deepEqual(await findNewest(phone), { n: 3, queued: 0, isPending: true });
    phone.connect();
  });
});
