import { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';

/**
 * The streams that a client may reset before the server retires the session. nghttp2 takes a burst of 1,000 resets, or
 * a constant rate of 33 per second, for an attack and ends the session and all its streams with code 2. Node 20 has no
 * option for that limit.
 */
const RESETS_PER_SESSION = 800;
/**
 * Versions of grpc-js that reset each stream, even one that both sides have ended: version 1.9 of the web SDK does so;
 * version 1.14 of the Admin SDK does not.
 */
const RESETTING_CLIENT = /^grpc-node-js\/1\.(?:\d|1[0-3])\./;

const resets = new WeakMap<Http2Session, number>();

/**
 * Counts a stream of a client that resets its streams. The server may not see the reset itself: Node does not report
 * frames that arrive after the end of a stream. When a session reaches its limit, the server retires it: the client
 * opens another session for new streams, and the existing streams continue.
 */
export function countReset(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const { session } = stream;
  let isStillSending = true;
  stream.on('end', () => (isStillSending = stream.writableFinished));
  stream.on('close', () => {
    const isReset = isStillSending || stream.rstCode !== constants.NGHTTP2_NO_ERROR;
    if (isReset || RESETTING_CLIENT.test(headers['user-agent'] ?? '')) recordReset(session);
  });
}

function recordReset(session: Http2Session | undefined): void {
  if (!session || session.destroyed) return;
  const count = (resets.get(session) ?? 0) + 1;
  resets.set(session, count);
  if (count === RESETS_PER_SESSION) session.goaway(constants.NGHTTP2_NO_ERROR);
}
