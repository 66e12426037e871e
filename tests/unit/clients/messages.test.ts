import assert from 'node:assert/strict';
import { FirebaseError } from 'firebase/app';
import type { Parties } from '#client/chat.js';
import { MessageQueue, type MessageStore } from '#client/messages.js';

const KITCHEN: Parties = { customerId: 'kim', restaurantId: 'dal', courierId: null };
const denied = () => new FirebaseError('permission-denied', 'denied');

/** The messages of one user about one order on a server with the numbering of the rules. */
class Server implements MessageStore {
  readonly texts: string[] = [];
  isClosed = false;
  /** Holds the writes back, as a phone that is offline does. */
  online: Promise<void> = Promise.resolve();
  /** The greatest number of writes at a time. */
  most = 0;
  #writing = 0;

  async write(n: number, _: Parties, text: string): Promise<void> {
    this.#writing += 1;
    this.most = Math.max(this.most, this.#writing);
    await this.online;
    this.#writing -= 1;
    if (this.isClosed || n !== this.texts.length + 1) throw denied();
    this.texts.push(text);
  }

  count = () => Promise.resolve(this.texts.length);
  flush = () => this.online;
}

describe('the message queue of the client package', () => {
  let server: Server;
  const open = () => new MessageQueue(server, 0);
  beforeEach(() => {
    server = new Server();
  });

  it('sends the messages of two quick taps, and those written offline, one at a time and in their order', async () => {
    let connect = (): void => undefined;
    server.online = new Promise((resolve) => {
      connect = resolve;
    });
    const messages = open();
    const sent = ['Hello', 'Hello', 'Without onions'].map((text) => messages.send(KITCHEN, text));
    connect();
    await Promise.all(sent);
    assert.deepEqual(server.texts, ['Hello', 'Hello', 'Without onions']);
    assert.equal(server.most, 1);
  });

  it('takes the next number where another phone of the account used it', async () => {
    const [messages, other] = [open(), open()];
    await messages.send(KITCHEN, 'one');
    await other.send(KITCHEN, 'two');
    await messages.send(KITCHEN, 'three');
    assert.deepEqual(server.texts, ['one', 'two', 'three']);
  });

  it('rejects a message that the rules deny for another reason, and sends the next one', async () => {
    const messages = open();
    server.isClosed = true;
    await assert.rejects(messages.send(KITCHEN, 'one'), { code: 'permission-denied' });
    server.isClosed = false;
    await messages.send(KITCHEN, 'two');
    assert.deepEqual(server.texts, ['two']);
  });

  it('keeps a pace between messages', async () => {
    const messages = new MessageQueue(server, 30);
    await messages.send(KITCHEN, 'one');
    const startedAtMs = performance.now();
    await messages.send(KITCHEN, 'two');
    assert.ok(performance.now() - startedAtMs >= 25);
  });
});
