import { createServer } from 'node:http2';
import { CommitResponse } from '#emulator/protocol/requests.js';
import { frameMessage } from '#emulator/grpc/frames.js';

/** The fastest possible server on node:http2: it reads nothing and gives every Commit the same response. */
const time = { seconds: 1, nanos: 0 };
const results = Array.from({ length: 500 }, () => ({ updateTime: time, transformResults: [] }));
const one = frameMessage(CommitResponse.encode({ writeResults: results.slice(0, 1), commitTime: time }));
const batch = frameMessage(CommitResponse.encode({ writeResults: results, commitTime: time }));
/** A batch is recognised by its length: the number of its writes cannot be known without parsing it. */
const BATCH_BYTES = 20_000;

const server = createServer({ settings: { initialWindowSize: 16 * 1024 * 1024 } });
server.on('session', (session) => session.setLocalWindowSize(16 * 1024 * 1024));
server.on('stream', (stream) => {
  let size = 0;
  stream.on('data', (chunk: Buffer) => (size += chunk.length));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(size > BATCH_BYTES ? batch : one);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
