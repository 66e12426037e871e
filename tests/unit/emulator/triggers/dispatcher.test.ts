import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { DocumentEventData } from '#emulator/triggers/events.js';
import { type RunningServer, startServer } from '#emulator/server.js';

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const ROOT = 'projects/demo-events/databases/(default)/documents';

describe('triggers', () => {
  let functions: Server;
  let emulator: RunningServer;
  const received: Received[] = [];
  let arrived = (): void => undefined;

  before(async () => {
    functions = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ url: request.url ?? '', headers: request.headers, body });
        response.end();
        arrived();
      });
    });
    await new Promise<void>((resolve) => functions.listen(0, '127.0.0.1', resolve));
    const address = functions.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    emulator = await startServer({ functionsEmulator: `127.0.0.1:${port}` });
    await register('PUT', 'triggers/one-first-0', {
      eventTrigger: {
        resource: `${ROOT}/users/{id}`,
        eventType: 'providers/cloud.firestore/eventTypes/document.write',
        service: 'firestore.googleapis.com',
      },
    });
    await register('POST', 'eventarcTrigger?eventarcTriggerId=one-second-0', {
      eventType: 'google.cloud.firestore.document.v1.updated.withAuthContext',
      database: '(default)',
      namespace: '(default)',
      document: { value: 'users/{id}', matchType: 'PATH_PATTERN' },
    });
  });
  beforeEach(() => void (received.length = 0));
  after(async () => {
    await emulator.close();
    functions.close();
    functions.closeAllConnections();
  });

  async function register(method: string, path: string, body: unknown): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${emulator.port}/emulator/v1/projects/demo-events/${path}`, {
      method,
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200);
  }

  async function commit(...writes: unknown[]): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${emulator.port}/v1/${ROOT}:commit`, {
      method: 'POST',
      body: JSON.stringify({ writes }),
    });
    assert.equal(response.status, 200);
  }

  async function events(count: number): Promise<Received[]> {
    while (received.length < count) await new Promise<void>((resolve) => (arrived = resolve));
    return received;
  }

  const set = (id: string, n: number): unknown => ({
    update: { name: `${ROOT}/users/${id}`, fields: { n: { integerValue: String(n) } } },
  });

  it('post a change to functions of both generations', async () => {
    await commit(set('a', 1));
    await commit(set('a', 2));
    const [created, updated, second] = await events(3);
    const first = JSON.parse(created?.body ?? '');
    assert.equal(created?.url, '/functions/projects/demo-events/triggers/one-first-0');
    assert.deepEqual([first.data.value.fields, first.data.oldValue], [{ n: { integerValue: '1' } }, {}]);
    assert.deepEqual(JSON.parse(updated?.body ?? '').data.updateMask, { fieldPaths: ['n'] });
    assert.equal(second?.headers['ce-type'], 'google.cloud.firestore.document.v1.updated.withAuthContext');
    assert.deepEqual([second?.headers['ce-document'], second?.headers['ce-authtype']], ['users/a', 'unauthenticated']);
    const data = DocumentEventData.decode(Buffer.from(second?.body ?? '', 'base64'));
    assert.deepEqual(data.value?.fields.get('n'), { kind: 'integer', value: 2n });
    assert.deepEqual(data.oldValue?.fields.get('n'), { kind: 'integer', value: 1n });
  });

  it('make one event of several writes to a document, and none of a write that changes nothing', async () => {
    await commit(set('b', 1), set('b', 2));
    await commit(set('b', 2));
    await commit({ delete: `${ROOT}/users/b` });
    const bodies = (await events(2)).map(({ body }) => JSON.parse(body).data);
    assert.deepEqual(
      bodies.map((d) => [d.value.fields?.n.integerValue, d.oldValue.fields?.n.integerValue]),
      [
        ['2', undefined],
        [undefined, '2'],
      ],
    );
  });

  it('do not fire for documents outside of their pattern', async () => {
    await commit({ update: { name: `${ROOT}/users/c/posts/p`, fields: {} } }, set('c', 1));
    assert.equal((await events(1)).length, 1);
  });
});
