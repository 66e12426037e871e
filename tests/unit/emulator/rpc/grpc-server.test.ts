import assert from 'node:assert/strict';
import { GetDocumentRequest } from '../../../../emulator/src/protocol/requests.js';
import { frame } from '../../../../emulator/src/rpc/frames.js';
import { type RunningServer, startServer } from '../../../../emulator/src/server.js';
import { GrpcClient, outcomeOf, rest } from '../../../conformance/emulator-client.js';

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

  const request = frame(GetDocumentRequest.encode(GetDocumentRequest.make({ name: `${DOCUMENTS}/c/none` })));

  it('is answered when its one message has come', async () => {
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
