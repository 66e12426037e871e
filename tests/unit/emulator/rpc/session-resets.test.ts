import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { ListenRequest, ListenResponse, WriteRequest } from '#emulator/protocol/streams.js';
import { frameMessage, FrameReader } from '#emulator/grpc/frames.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../../conformance/emulator-client.js';

const DATABASE = 'projects/demo-resets/databases/(default)';

/**
 * Opens a stream that is refused while the client could still send, and resets it as the SDKs do. One that
 * crosses the GOAWAY is refused unread, after which SDKs ask again on a new session.
 */
function refusedWrite(session: ClientHttp2Session): Promise<void> {
  const stream = open(session, 'Write');
  stream.on('response', () => stream.close(constants.NGHTTP2_CANCEL));
  stream.write(frameMessage(WriteRequest.encode(WriteRequest.make({ database: 'no name' }))));
  stream.resume();
  return new Promise((resolve, reject) => {
    stream.on('error', () => (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM ? resolve() : reject()));
    stream.on('close', resolve);
  });
}

function open(session: ClientHttp2Session, rpc: string): ReturnType<ClientHttp2Session['request']> {
  const path = `/google.firestore.v1.Firestore/${rpc}`;
  return session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
}

/** Listens to one document; each further call waits for its next version. */
function listen(session: ClientHttp2Session): () => Promise<void> {
  const target = { query: undefined, documents: { documents: [`${DATABASE}/documents/c/a`] }, targetId: 1 };
  const stream = open(session, 'Listen');
  let versions = 0;
  let arrived = (): void => undefined;
  const reader = new FrameReader(
    1e6,
    (bytes) => {
      if (ListenResponse.decode(bytes).documentChange) versions++;
      arrived();
    },
    assert.fail,
  );
  stream.on('data', (chunk: Buffer) => reader.push(chunk));
  const addTarget = { resumeToken: undefined, readTime: undefined, once: false, expectedCount: undefined, ...target };
  stream.write(frameMessage(ListenRequest.encode(ListenRequest.make({ database: DATABASE, addTarget }))));
  return async () => {
    while (versions === 0) await new Promise<void>((resolve) => (arrived = resolve));
    versions--;
  };
}

describe('a session on which many streams are refused', () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it('is retired in time, and its listener continues', async () => {
    const put = (n: number): Promise<unknown> =>
      rest(server.port, 'PATCH', `/v1/${DATABASE}/documents/c/a`, {
        body: JSON.stringify({ fields: { n: { integerValue: String(n) } } }),
      });
    const session = connect(`http://127.0.0.1:${server.port}`);
    let retired: number | undefined;
    session.on('goaway', (code: number) => (retired = code));
    await put(0);
    const nextVersion = listen(session);
    await nextVersion();
    for (let i = 0; i < 1200 && retired === undefined; i++) await refusedWrite(session);
    assert.equal(retired, constants.NGHTTP2_NO_ERROR);
    await put(1);
    await nextVersion();
    session.destroy();
  });
});
