import {
  constants,
  createServer,
  type Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type HttpListener } from '../http-listener.js';
import { type MessageCodec } from '../protocol/schema.js';
import { ListenRequest, ListenResponse, WriteRequest, WriteResponse } from '../protocol/streams.js';
import { FUNCTION_HEADER } from '../service/caller.js';
import { ListenSession } from '../service/listen-session.js';
import { type Context, Credentials } from '../service/context.js';
import { type Method, METHODS } from '../service/methods.js';
import { type StreamSession, type StreamSink } from '../service/stream.js';
import { WriteSession } from '../service/write-session.js';
import { asStatusError, StatusError, STATUSES } from '../values/status.js';
import { frameMessage, frameMessages, FrameReader } from './frames.js';
import { countReset } from './session-resets.js';

const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
/** The bytes that a client may send ahead, so that a large batch does not wait for window updates. */
const WINDOW_BYTES = 16 * 1024 * 1024;
/** The memory limit of a session. Node's default of 10 MB would refuse streams while a large result is being sent. */
const SESSION_MEGABYTES = 1024;
/** The RPCs of v1 and v1beta1, whose messages are the same as far as clients use them. */
const PATH = /^\/google\.firestore\.v1(?:beta1)?\.Firestore\/(\w+)$/;
const METHODS_BY_NAME = new Map<string, Method>(Object.entries(METHODS));
/** Up to this number of messages are encoded before the answer is sent: that takes no noticeable time. */
const FEW_MESSAGES = 20;
const RESPONSE_HEADERS = { ':status': 200, 'content-type': 'application/grpc+proto' };

/**
 * Creates a gRPC server directly on node:http2, which passes plain HTTP requests on. A general gRPC library brings
 * interceptors, reflection and pooling, which the emulator does not need and which would slow down each start.
 */
export function createGrpcServer(context: Context, http: HttpListener): Http2Server {
  const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES }, maxSessionMemory: SESSION_MEGABYTES });
  server.on('session', (session) => session.setLocalWindowSize(WINDOW_BYTES));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined); // The client disconnected; 'close' follows.
    if (headers['content-type']?.startsWith('application/grpc')) return serve(context, stream, headers);
    http(new Http2ServerRequest(stream, headers, {}, []), new Http2ServerResponse(stream));
  });
  return server;
}

function serve(context: Context, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  countReset(stream, headers);
  const name = PATH.exec(String(headers[':path']))?.[1];
  const credentials = new Credentials(headers['authorization'], headers[FUNCTION_HEADER]);
  if (name === 'Listen') {
    return serveStream(stream, ListenRequest, ListenResponse, (sink) => new ListenSession(context, credentials, sink));
  }
  if (name === 'Write') {
    return serveStream(stream, WriteRequest, WriteResponse, (sink) => new WriteSession(context, credentials, sink));
  }
  const method = METHODS_BY_NAME.get(name ?? '');
  if (method) serveCall(context, credentials, stream, method);
  else fail(stream, new StatusError('UNIMPLEMENTED', `Method not found: ${String(headers[':path'])}`));
}

/** Answers an RPC after the client has half-closed, so that the server does not have to reset the stream. */
function serveCall(context: Context, credentials: Credentials, stream: ServerHttp2Stream, method: Method): void {
  const messages: Buffer[] = [];
  readFrames(stream, (message) => messages.push(message));
  stream.on('end', () => {
    const [request, second] = messages;
    if (!request) return fail(stream, new StatusError('INTERNAL', 'Half-closed without a request'));
    if (second) return fail(stream, new StatusError('INTERNAL', 'Too many requests'));
    method.callProto(context, credentials, request).then(
      (answers) => succeed(stream, answers),
      (thrown: unknown) => {
        // The Admin SDK retries twice, seconds apart, when a stream fails before it receives headers.
        if (method.streams) sendHeaders(stream);
        fail(stream, asStatusError(thrown));
      },
    );
  });
}

function succeed(stream: ServerHttp2Stream, answers: readonly Buffer[]): void {
  if (stream.destroyed || stream.writableEnded) return;
  sendHeaders(stream);
  const [first] = answers;
  stream.end(first && answers.length === 1 ? frameMessage(first) : Buffer.concat(answers.map(frameMessage)));
}

function serveStream<Q, A>(
  stream: ServerHttp2Stream,
  request: MessageCodec<Q>,
  answer: MessageCodec<A>,
  start: (sink: StreamSink<A>) => StreamSession<Q>,
): void {
  const sink = createSink(stream, answer);
  try {
    const session = start(sink);
    readFrames(stream, (bytes) => {
      try {
        session.receive(request.decode(bytes));
      } catch (thrown) {
        session.close();
        sink.fail(asStatusError(thrown));
      }
    });
    stream.on('end', () => session.halfClose());
    stream.on('close', () => session.close());
  } catch (thrown) {
    fail(stream, asStatusError(thrown));
  }
}

/**
 * Creates a sink that collects messages and writes them after the current request is handled. A few messages are
 * written in the same packet as the answer, behind it; messages of several commits that arrived in one packet are
 * written together. Many messages would delay the answer, so they are written after it.
 */
function createSink<A>(stream: ServerHttp2Stream, answer: MessageCodec<A>): StreamSink<A> {
  let waiting: A[] = [];
  const flush = (): void => {
    if (waiting.length > 0 && !stream.destroyed) stream.write(frameMessages(answer, waiting));
    waiting = [];
  };
  return {
    send(messages) {
      sendHeaders(stream);
      if (waiting.length === 0) (messages.length > FEW_MESSAGES ? setImmediate : process.nextTick)(flush);
      for (const message of messages) waiting.push(message);
    },
    end() {
      sendHeaders(stream);
      flush();
      if (!stream.destroyed) stream.end();
    },
    fail(error) {
      flush();
      fail(stream, error);
    },
  };
}

function readFrames(stream: ServerHttp2Stream, onMessage: (message: Buffer) => void): void {
  const reader = new FrameReader(MAX_MESSAGE_BYTES, onMessage, (why, length) => {
    if (why === 'compressed') fail(stream, new StatusError('UNIMPLEMENTED', 'Compressed messages are not supported.'));
    else
      fail(
        stream,
        new StatusError('RESOURCE_EXHAUSTED', `Received message larger than max (${length} vs. ${MAX_MESSAGE_BYTES})`),
      );
  });
  stream.on('data', (chunk: Buffer) => reader.push(chunk));
}

/** Sends the headers unless they are sent already; the trailers will follow with OK by default. */
function sendHeaders(stream: ServerHttp2Stream): void {
  if (stream.headersSent || stream.destroyed) return;
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers(trailersByStream.get(stream) ?? { 'grpc-status': '0' });
    stopClient(stream);
  });
}

/**
 * Resets the stream of a client that is still sending, after the answer is sent. A client that has half-closed must not
 * receive a reset: sometimes the reset overtakes the status, and the SDK then retries a commit that was applied.
 */
function stopClient(stream: ServerHttp2Stream): void {
  if (stream.readableEnded) return;
  setImmediate(() => {
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}

/** The status of each stream that failed after its headers were sent. */
const trailersByStream = new WeakMap<ServerHttp2Stream, Record<string, string>>();

function fail(stream: ServerHttp2Stream, error: StatusError): void {
  if (stream.destroyed || stream.writableEnded) return;
  const status = { 'grpc-status': String(STATUSES[error.status].code), 'grpc-message': percentEncoded(error.message) };
  if (stream.headersSent) {
    trailersByStream.set(stream, status);
    stream.end();
  } else {
    stream.respond({ ...RESPONSE_HEADERS, ...status }, { endStream: true });
    stopClient(stream);
  }
}

/** Encodes a message for the `grpc-message` header. Source: gRPC over HTTP/2, "Percent-Encoded". */
function percentEncoded(message: string): string {
  return message.replace(/[^\x20-\x24\x26-\x7e]+/gs, (text) => encodeURIComponent(text));
}
