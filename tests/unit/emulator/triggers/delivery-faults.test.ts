import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { mock } from 'node:test';
import { type DeliveryClock } from '#emulator/triggers/clock.js';
import { TriggerDispatcher } from '#emulator/triggers/dispatcher.js';
import { parseDeliveryFaults } from '#emulator/triggers/delivery-faults.js';
import { parseGen2, TriggerRegistry } from '#emulator/triggers/registry.js';
import { startServer } from '#emulator/server.js';
import { Database } from '#emulator/store/database.js';
import { CommitClock } from '#emulator/values/time.js';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { rest } from '../../../conformance/emulator-client.js';
import { write } from '../any-query.js';
import { DATABASE } from '../arbitraries.js';

/** Time that passes only when a test lets it, straight to what is next due. */
class VirtualClock implements DeliveryClock {
  private time = 0;
  private due: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const entry = { at: this.time + ms, callback };
    this.due.push(entry);
    return () => void (this.due = this.due.filter((other) => other !== entry));
  }

  get waiting(): number {
    return this.due.length;
  }

  next(): void {
    const [first, ...others] = this.due.sort((a, b) => a.at - b.at);
    if (!first) return;
    this.due = others;
    this.time = first.at;
    first.callback();
  }
}

describe('delivery faults', () => {
  let functions: Server;
  let address = '';
  let status = 200;
  let received: { document: string; id: string }[] = [];
  let arrived = (): void => undefined;
  let running: TriggerDispatcher[] = [];

  // The dispatcher prints every failed try, and these tests fail hundreds on purpose.
  before(() => void mock.method(console, 'error', () => undefined));
  after(() => mock.restoreAll());

  before(async () => {
    functions = createServer((request, response) => {
      const { 'ce-document': document, 'ce-id': id } = request.headers;
      received.push({ document: String(document), id: String(id) });
      request.resume();
      response.writeHead(status).end(() => arrived());
    });
    await new Promise<void>((resolve) => functions.listen(0, '127.0.0.1', resolve));
    const bound = functions.address();
    address = `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  });
  beforeEach(() => {
    [received, status] = [[], 200];
  });
  afterEach(() => {
    for (const dispatcher of running) dispatcher.close();
    running = [];
  });
  after(() => {
    functions.close();
    functions.closeAllConnections();
  });

  function deliveringWith(
    faults: Json,
    { retried = '', to = address } = {},
  ): { database: Database; clock: VirtualClock } {
    const triggers = new TriggerRegistry();
    const document = { value: 'c/{id}', matchType: 'PATH_PATTERN' };
    const eventType = 'google.cloud.firestore.document.v1.written';
    triggers.add(parseGen2('p', 'one', { eventType, database: '(default)', document }));
    triggers.setFaults('p', parseDeliveryFaults(faults));
    const clock = new VirtualClock();
    const dispatcher = new TriggerDispatcher(triggers, to, (key) => key === retried, clock);
    running.push(dispatcher);
    const database = new Database(DATABASE, new CommitClock());
    dispatcher.watch(database);
    return { database, clock };
  }

  async function deliveries(count: number): Promise<string[]> {
    while (received.length < count) await new Promise<void>((resolve) => (arrived = resolve));
    return received.map(({ document }) => document);
  }

  function writeFive(database: Database): void {
    for (const id of [1, 2, 3, 4, 5]) write(database, `c/${id}`, new Map());
  }

  /** Lets pauses pass until so many have come, each of which answers before the next pause begins. */
  async function passUntil(clock: VirtualClock, count: number): Promise<string[]> {
    while (received.length < count) {
      if (clock.waiting > 0) clock.next();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return deliveries(count);
  }

  it('are none by default: each event is delivered once and at once', async () => {
    const { database, clock } = deliveringWith({});
    write(database, 'c/1', new Map());
    assert.deepEqual(await deliveries(1), ['c/1']);
    assert.equal(clock.waiting, 0);
  });

  it('deliver an event twice, with one id', async () => {
    const { database } = deliveringWith({ duplicate: 1 });
    write(database, 'c/1', new Map());
    await deliveries(2);
    assert.equal(received[0]?.id, received[1]?.id);
  });

  it('deliver late and so out of order, in the same order for the same seed', async () => {
    const orderFor = async (seed: number): Promise<string[]> => {
      received = [];
      const { database, clock } = deliveringWith({ seed, delayMs: 60_000 });
      writeFive(database);
      assert.equal(clock.waiting, 5);
      for (let n = 1; n <= 5; n++) await passUntil(clock, n);
      return deliveries(5);
    };
    const first = await orderFor(7);
    assert.notDeepEqual(first, ['c/1', 'c/2', 'c/3', 'c/4', 'c/5']);
    assert.deepEqual([...first].sort(), ['c/1', 'c/2', 'c/3', 'c/4', 'c/5']);
    assert.deepEqual(await orderFor(7), first);
  });

  it('retry a function that fails, after 10 s and then twice as long, until it succeeds', async () => {
    const { database, clock } = deliveringWith({ retry: true });
    status = 500;
    write(database, 'c/1', new Map());
    await passUntil(clock, 3);
    assert.equal(clock.now(), 30_000);
    status = 200;
    await passUntil(clock, 4);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([clock.now(), clock.waiting], [70_000, 0]);
  });

  it('give up a failing function after a day', async () => {
    const { database, clock } = deliveringWith({ retry: true });
    status = 500;
    write(database, 'c/1', new Map());
    await passUntil(clock, 140);
    while (clock.waiting > 0 || clock.now() < 85_000_000) {
      clock.next();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.ok(clock.now() <= 24 * 3_600_000);
  });

  it('drop the event of a failing function when no retry is configured', async () => {
    const { database, clock } = deliveringWith({});
    status = 500;
    write(database, 'c/1', new Map());
    await deliveries(1);
    assert.equal(clock.waiting, 0);
  });

  it('retry a failing function when its own option is set, and drop the event of another', async () => {
    const { database, clock } = deliveringWith({}, { retried: 'one' });
    status = 500;
    write(database, 'c/1', new Map());
    await passUntil(clock, 2);
    assert.equal(clock.now(), 10_000);
    assert.equal(received[0]?.id, received[1]?.id);
    const other = deliveringWith({}, { retried: 'two' });
    received = [];
    write(other.database, 'c/1', new Map());
    await deliveries(1);
    assert.equal(other.clock.waiting, 0);
  });

  it('deliver again to a function that could not be reached, with any option', async () => {
    const { database, clock } = deliveringWith({}, { to: '127.0.0.1:1' });
    write(database, 'c/1', new Map());
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.next();
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([clock.now(), received.length], [10_000, 0]);
  });

  it('follow a clock that is advanced and stopped on demand', async () => {
    const server = await startServer();
    const clock = '/emulator/v1/projects/p:deliveryClock';
    const put = async (body: string): Promise<number> => (await rest(server.port, 'PUT', clock, { body })).status;
    assert.deepEqual([await put('{"speed":0}'), await put('{"advanceMs":-1}')], [200, 400]);
    const before = timeOf((await rest(server.port, 'GET', clock)).json);
    assert.equal(await put('{"advanceMs":86400000}'), 200);
    assert.equal(timeOf((await rest(server.port, 'GET', clock)).json) - before, 86_400_000);
    await server.close();
  });

  const timeOf = (answer: Json | undefined): number => Number(isJsonObject(answer) ? answer['nowMs'] : NaN);

  it('are set per project, and refused when they are invalid', async () => {
    const server = await startServer();
    const put = async (body: string): Promise<number> =>
      (await rest(server.port, 'PUT', '/emulator/v1/projects/p:deliveryFaults', { body })).status;
    assert.deepEqual(
      [await put('{"seed":1,"duplicate":0.5,"delayMs":10,"shuffle":true}'), await put('{"duplicate":2}')],
      [200, 400],
    );
    await server.close();
  });
});
