import assert from 'node:assert/strict';
import { type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { DATABASE, RawClient, ROOT, until } from './raw-client.js';

const LISTEN: Json = {
  database: DATABASE,
  addTarget: { targetId: 2, query: { parent: ROOT, structuredQuery: { from: [{ collectionId: 'c' }] } } },
};
const FIRST_RESULT = ['1 ADD 2', '2 CURRENT 2', '3 SNAPSHOT'];
/** Long enough never to matter, unless a test shortens one of them. */
const TIMES = { keepAliveMs: 30_000, streamMs: 60_000, expiryMs: 60_000 };

function set(path: string, value: Json = { integerValue: '1' }): Json {
  return { update: { name: `${ROOT}/${path}`, fields: { n: value } } };
}

describe('WebChannel', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  async function restart(times: Partial<typeof TIMES>): Promise<void> {
    await server.close();
    server = await startServer({ channelTimes: { ...TIMES, ...times } });
  }

  async function commit(...paths: string[]): Promise<void> {
    const body = JSON.stringify({ writes: paths.map((path) => set(path)) });
    const url = `http://127.0.0.1:${server.port}/v1/${DATABASE}/documents:commit`;
    assert.equal((await fetch(url, { method: 'POST', body })).status, 200);
  }

  async function listening(): Promise<RawClient> {
    const client = new RawClient(server.port, 'Listen');
    await client.shakeHands([LISTEN]);
    return client;
  }

  it('opens a session with its id, no host prefix, the versions and the keep-alive', async () => {
    const client = new RawClient(server.port, 'Listen');
    const welcome = await client.shakeHands([LISTEN]);
    assert.match(client.sid, /^[\w-]{22}$/);
    assert.deepEqual(welcome, [[0, ['c', client.sid, '', 8, 12, 30000]]]);
  });

  it('streams queued messages, a no-operation at once, and then each commit', async () => {
    const client = await listening();
    const back = await client.back(0, 'streaming');
    assert.deepEqual(await until(back, 'noop'), [...FIRST_RESULT, '4 noop']);
    await commit('c/a');
    assert.deepEqual(await until(back, 'SNAPSHOT'), ['5 c/a', '6 SNAPSHOT']);
  });

  it('ends a long poll with its first message', async () => {
    const client = await listening();
    const first = await client.back(0, 'long polling');
    assert.deepEqual(await until(first, 'SNAPSHOT'), FIRST_RESULT);
    assert.equal(await first.next(), undefined);
    const second = await client.back(3, 'long polling');
    await commit('c/a');
    assert.deepEqual(await until(second, 'SNAPSHOT'), ['4 c/a', '5 SNAPSHOT']);
    assert.equal(await second.next(), undefined);
  });

  it('sends unacknowledged messages again, and only those', async () => {
    const client = await listening();
    (await client.back(0, 'long polling')).destroy();
    assert.deepEqual(await until(await client.back(1, 'long polling'), 'SNAPSHOT'), FIRST_RESULT.slice(1));
  });

  it('tells a POST whether a back channel is open and what was sent, before it delivers', async () => {
    const client = await listening();
    assert.deepEqual(await client.forward(1, [], 0), [0, 3, 7]);
    const back = await client.back(0, 'streaming');
    await until(back, 'noop');
    assert.deepEqual(await client.forward(1, [{ database: DATABASE, removeTarget: 2 }], 4), [1, 4, 7]);
    assert.deepEqual(await until(back, 'REMOVE 2'), ['5 REMOVE 2']);
  });

  it('drops a repeated request, and holds one that came early', async () => {
    const client = new RawClient(server.port, 'Write');
    await client.shakeHands([{ database: DATABASE }]);
    const back = await client.back(0, 'streaming');
    await until(back, 'noop');
    const increment: Json = {
      transform: { document: `${ROOT}/c/n`, fieldTransforms: [{ fieldPath: 'n', increment: { integerValue: '1' } }] },
    };
    await client.forward(2, [{ streamToken: 'MA==', writes: [set('c/late')] }]);
    await client.forward(1, [{ streamToken: 'MA==', writes: [increment] }]);
    await client.forward(1, [{ streamToken: 'MA==', writes: [increment] }]);
    const told = [await back.next(), await back.next()].flat();
    assert.equal(told.length, 2);
    const read = await fetch(`http://127.0.0.1:${server.port}/v1/${ROOT}/c/n`);
    assert.match(await read.text(), /"integerValue": "1"/);
  });

  it('answers the Write handshake and batches with tokens in base64', async () => {
    const client = new RawClient(server.port, 'Write');
    await client.shakeHands([{ database: DATABASE }]);
    const back = await client.back(0, 'long polling');
    const handshake = onlyMessage(await back.next());
    assert.match(String(handshake['streamId']), /^\d+$/);
    assert.equal(handshake['streamToken'], 'MA==');
    await client.forward(1, [{ streamToken: 'MA==', writes: [set('c/a')] }], 1);
    const result = onlyMessage(await (await client.back(1, 'long polling')).next());
    assert.deepEqual(Object.keys(result).sort(), ['commitTime', 'streamToken', 'writeResults']);
    assert.equal(result['streamToken'], 'MQ==');
  });

  it('sends the failure of a stream with the HTTP code and the status before the message', async () => {
    const client = new RawClient(server.port, 'Write');
    await client.shakeHands([{ database: DATABASE }]);
    const tooLong = { stringValue: 's'.repeat(1_048_488) };
    await client.forward(1, [{ streamToken: 'MA==', writes: [set('c/a', tooLong)] }]);
    const message = 'INVALID_ARGUMENT: The value of property "n" is longer than 1048487 bytes.';
    assert.deepEqual((await until(await client.back(1, 'streaming'), message)).slice(0, 1), [`2 400 ${message}`]);
  });

  it('sends an invalid token as the failure of the stream', async () => {
    const client = new RawClient(server.port, 'Listen');
    await client.shakeHands([LISTEN], 'Authorization:Bearer x.y\r\n');
    assert.deepEqual(await until(await client.back(0, 'long polling'), 'invalid jwt'), [
      '1 400 INVALID_ARGUMENT: invalid jwt',
    ]);
  });

  it('fails a stream for a message that is not the JSON of a request', async () => {
    const client = await listening();
    await client.forward(1, [{ surprise: true }, LISTEN], 3);
    const [failure] = await until(await client.back(3, 'long polling'), "isn't valid for request.");
    assert.equal(failure, "4 400 INVALID_ARGUMENT: Payload isn't valid for request.");
  });

  it('reads the caller from the headers in the body', async () => {
    await restart({});
    const rules = `service cloud.firestore { match /{path=**} { allow read: if request.auth.uid == 'ada'; } }`;
    await fetch(`http://127.0.0.1:${server.port}/emulator/v1/projects/demo-web:securityRules`, {
      method: 'PUT',
      body: JSON.stringify({ rules: { files: [{ content: rules }] } }),
    });
    const token = (sub: string): string =>
      `Authorization: Bearer ${encoded({ alg: 'none' })}.${encoded({ sub })}.\r\nX-Goog-Api-Client: web\r\n`;
    const ada = new RawClient(server.port, 'Listen');
    await ada.shakeHands([LISTEN], token('ada'));
    assert.deepEqual(await until(await ada.back(0, 'long polling'), 'SNAPSHOT'), FIRST_RESULT);
    const bob = new RawClient(server.port, 'Listen');
    await bob.shakeHands([LISTEN], token('bob'));
    assert.deepEqual(await until(await bob.back(0, 'long polling'), 'REMOVE 2'), ['1 REMOVE 2']);
  });

  it('ends an earlier back channel when a later one comes', async () => {
    const client = await listening();
    const earlier = await client.back(0, 'streaming');
    await until(earlier, 'noop');
    const later = await client.back(4, 'streaming');
    assert.equal(await earlier.next(), undefined);
    await until(later, 'noop');
    await commit('c/a');
    assert.deepEqual(await until(later, 'SNAPSHOT'), ['6 c/a', '7 SNAPSHOT']);
  });

  it('answers "unknown" for a session that was terminated, and for one that never existed', async () => {
    const client = await listening();
    assert.equal(await client.terminate(), 200);
    assert.equal((await client.back(0, 'streaming')).response.statusCode, 400);
    assert.equal((await client.back(0, 'streaming', 'unheard-of')).response.statusCode, 400);
  });

  it('ends silence with a no-operation, which ends a long poll', async () => {
    await restart({ keepAliveMs: 40 });
    const client = await listening();
    const stream = await client.back(0, 'streaming');
    await until(stream, '5 noop');
    const poll = await client.back(5, 'long polling');
    await until(poll, '6 noop');
    assert.equal(await poll.next(), undefined);
  });

  it('ends a stream after its maximum time, so that the client opens another', async () => {
    await restart({ streamMs: 40 });
    const client = await listening();
    const stream = await client.back(0, 'streaming');
    await until(stream, 'noop');
    assert.equal(await stream.next(), undefined);
    await until(await client.back(4, 'streaming'), '5 noop');
  });

  it('drops a session whose client vanished', async () => {
    await restart({ expiryMs: 40 });
    const client = await listening();
    const stream = await client.back(0, 'streaming');
    await until(stream, 'noop');
    stream.destroy();
    while ((await client.forward(1, [])) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await client.back(4, 'streaming')).response.statusCode, 400);
  });

  it('lets a page of any origin read it with credentials', async () => {
    const client = await listening();
    const { headers } = (await client.back(0, 'streaming')).response;
    assert.equal(headers['access-control-allow-origin'], 'http://localhost:5173');
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(
      headers['access-control-expose-headers'],
      'x-client-wire-protocol, x-http-session-id, x-http-initial-response',
    );
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'private,max-age=0');
    assert.equal(headers.vary, 'Origin');
  });
});

function encoded(json: Json): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}

/** The message of a frame that holds one, as `[[number, [message]]]`. */
function onlyMessage(frame: Json | undefined): { readonly [key: string]: Json } {
  const [[, [message]]]: [[number, [{ readonly [key: string]: Json }]]] = JSON.parse(JSON.stringify(frame));
  return message;
}
