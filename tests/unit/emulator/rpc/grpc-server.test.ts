import assert from 'node:assert/strict';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { text } from 'node:stream/consumers';
import { GetDocumentRequest } from '#emulator/protocol/requests.js';
import { frameMessage } from '#emulator/grpc/frames.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { GrpcClient, outcomeOf, rest, statusNamed } from '../../../conformance/emulator-client.js';

const DOCUMENTS = 'projects/demo-rpc/databases/(default)/documents';

describe('gRPC: a unary call', () => {
  let server: RunningServer;
  let client: GrpcClient;
  before(async () => {
    server = await startServer();
    client = new GrpcClient(server.port);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  async function statusOf(rpc: string, bytes: Buffer): Promise<string> {
    const stream = client.open(rpc, 'Bearer owner');
    const outcome = outcomeOf(stream, () => undefined);
    stream.end(bytes);
    return (await outcome).status;
  }

  const request = frameMessage(GetDocumentRequest.encode(GetDocumentRequest.make({ name: `${DOCUMENTS}/c/none` })));

  it('is answered when its only message has arrived', async () => {
    assert.equal(await statusOf('GetDocument', request), 'NOT_FOUND');
  });
  it('is refused, not left open, when its client ends without a message', async () => {
    assert.equal(await statusOf('GetDocument', Buffer.alloc(0)), 'INTERNAL');
  });
  it('is refused when its client ends within a message', async () => {
    assert.equal(await statusOf('GetDocument', request.subarray(0, -1)), 'INTERNAL');
  });
  it('is refused when a second message comes with the first', async () => {
    assert.equal(await statusOf('GetDocument', Buffer.concat([request, request])), 'INTERNAL');
  });
});

describe('REST: a body', () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  async function answerTo(depth: number): Promise<number> {
    const body = `{"fields":{"f":${'{"mapValue":{"fields":{"a":'.repeat(depth)}{"nullValue":null}${'}}}'.repeat(depth)}}}`;
    return (await rest(server.port, 'PATCH', `/v1/${DOCUMENTS}/c/deep`, { body })).status;
  }

  it('may nest as deep as a document may', async () => assert.equal(await answerTo(19), 200));
  it('is refused, not an internal error, when it nests beyond the stack', async () =>
    assert.equal(await answerTo(10_000), 400));
});

function headersOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & Record<string, unknown>> {
  return new Promise((resolve, reject) => stream.on('response', resolve).on('error', reject));
}

describe('HTTP/2 with prior knowledge', () => {
  let server: RunningServer;
  let session: ClientHttp2Session;
  before(async () => {
    server = await startServer();
    session = connect(`http://127.0.0.1:${server.port}`);
  });
  after(async () => {
    session.destroy();
    await server.close();
  });

  async function ask(method: string, path: string, body = ''): Promise<[status: number, text: string]> {
    const headers = { ':method': method, ':path': path, origin: 'http://localhost:3000' };
    const stream = session.request(headers, { endStream: body === '' });
    if (body !== '') stream.end(body);
    const answer = await headersOf(stream);
    assert.equal(answer['access-control-allow-origin'], 'http://localhost:3000');
    return [Number(answer[':status']), await text(stream)];
  }

  it('carries REST and the emulator’s own endpoints as HTTP/1.1 does', async () => {
    assert.deepEqual(await ask('GET', '/'), [200, 'Ok\n']);
    assert.equal((await ask('PATCH', `/v1/${DOCUMENTS}/c/a`, '{"fields":{"n":{"integerValue":"7"}}}'))[0], 200);
    assert.match((await ask('GET', `/v1/${DOCUMENTS}/c/a`))[1], /"integerValue": "7"/);
    const none = await ask('GET', `/v1/${DOCUMENTS}/c/none`);
    assert.deepEqual([none[0], JSON.parse(none[1]).error.status], [404, 'NOT_FOUND']);
    assert.deepEqual(await ask('GET', '/none'), [404, 'Not Found\n']);
  });

  it('answers any number of keepalive pings without ending the connection', async () => {
    const goaways: number[] = [];
    session.on('goaway', (code) => goaways.push(code));
    for (let i = 0; i < 200; i++) await new Promise<void>((resolve) => session.ping(() => resolve()));
    assert.deepEqual(await ask('GET', '/'), [200, 'Ok\n']);
    assert.deepEqual(goaways, []);
  });
});

describe('gRPC: the largest message', function () {
  this.timeout(30_000);
  const MAX_BYTES = 100 * 1024 * 1024;
  let server: RunningServer;
  let client: GrpcClient;
  before(async () => {
    server = await startServer();
    client = new GrpcClient(server.port);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  /** A request for one document in a message of so many bytes. The status comes while the client is still sending. */
  async function get(bytes: number): Promise<unknown[]> {
    const bare = GetDocumentRequest.encode(GetDocumentRequest.make({ name: `${DOCUMENTS}/c/none` }));
    // An unknown field, number 99, whose tag takes two bytes and whose length takes four.
    const padding = Buffer.alloc(bytes - bare.length, 0);
    const length = padding.length - 6;
    padding.set([
      0x9a,
      0x06,
      (length & 0x7f) | 0x80,
      ((length >> 7) & 0x7f) | 0x80,
      ((length >> 14) & 0x7f) | 0x80,
      length >> 21,
    ]);
    const stream = client.open('GetDocument', 'Bearer owner');
    stream.end(frameMessage(Buffer.concat([bare, padding])));
    const { 'grpc-status': code, 'grpc-message': message } = await headersOf(stream);
    stream.destroy();
    return [statusNamed(Number(code)), decodeURIComponent(String(message))];
  }

  it('has 100 MiB', async () => assert.equal((await get(MAX_BYTES))[0], 'NOT_FOUND'));

  it('is not a byte longer', async () => {
    assert.deepEqual(await get(MAX_BYTES + 1), [
      'RESOURCE_EXHAUSTED',
      'Received message larger than max (104857601 vs. 104857600)',
    ]);
  });
});

describe('REST: the largest body', () => {
  const MAX_BYTES = 16 * 1024 * 1024;
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const post = async (bytes: number): Promise<number> =>
    (await rest(server.port, 'POST', `/v1/${DOCUMENTS}:batchGet`, { body: `{}${' '.repeat(bytes - 2)}` })).status;

  it('has 16 MiB', async () => assert.equal(await post(MAX_BYTES), 200));
  it('is not a byte longer', async () => assert.equal(await post(MAX_BYTES + 1), 413));
});
