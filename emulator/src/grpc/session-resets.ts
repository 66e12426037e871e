import { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';

/**
 * Streams that a client may have reset before its session is retired. nghttp2 takes 1,000 at once, or 33 a
 * second for long, for an attack and ends the session, with all its streams, by code 2; Node 20 has no
 * option for that.
 */
const RESETS_PER_SESSION = 800;
/**
 * Versions of grpc-js that reset each stream, even one that both sides have ended: 1.9, which the web SDK
 * brings, does so; 1.14, which the Admin SDK brings, does not.
 */
const RESETTING_CLIENT = /^grpc-node-js\/1\.(?:\d|1[0-3])\./;

const resets = new WeakMap<Http2Session, number>();

/**
 * Counts a stream that its client resets, which the server need not get to see: what comes after the
 * stream's end is dropped below Node. A session that has had its share is retired: its client opens
 * another for new streams, and those on this one go on.
 */
export function countReset(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const { session } = stream;
  let isStillSending = true;
  stream.on('end', () => (isStillSending = stream.writableFinished));
  stream.on('close', () => {
    const isReset = isStillSending || stream.rstCode !== constants.NGHTTP2_NO_ERROR;
    if (isReset || RESETTING_CLIENT.test(headers['user-agent'] ?? '')) note(session);
  });
}

function note(session: Http2Session | undefined): void {
  if (!session || session.destroyed) return;
  const count = (resets.get(session) ?? 0) + 1;
  resets.set(session, count);
  if (count === RESETS_PER_SESSION) session.goaway(constants.NGHTTP2_NO_ERROR);
}
