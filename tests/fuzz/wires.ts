import { request as httpRequest } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

/** A request without a response after this time counts as a hang. */
const ANSWER_MS = 2000;
/** Garbage may have no response; later cases detect its effects. */
const GARBAGE_MS = 20;

/** Refuses a promise that is not settled in time. */
async function answered<T>(what: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms to ${what}`)), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes bytes to the port unchanged, and closes the connection. */
export function sendRaw(port: number, chunks: readonly Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const chunk of chunks) socket.write(chunk);
      setTimeout(() => socket.destroy(), GARBAGE_MS);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly authorization?: string;
}

/**
 * Returns the status of the response. A complete request must have one, so a connection that is closed instead is an
 * error.
 */
export function sendRest(port: number, { method, path, body, authorization }: RestRequest): Promise<number> {
  const answer = new Promise<number>((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    const call = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode ?? 0));
    });
    call.on('error', reject);
    call.end(body);
  });
  return answered(`${method} ${path.slice(0, 100)}`, answer);
}

/**
 * Returns the status and the first bytes of a response, then closes the connection, because a hanging GET sends its
 * headers first and need not end. The status is 0 where the server closed the connection instead.
 */
export function firstOf(
  port: number,
  { method, path, body }: RestRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = new Promise<{ status: number; text: string }>((resolve) => {
    const call = httpRequest({ port, host: '127.0.0.1', method, path, agent: false }, (response) => {
      const told = (bytes?: Buffer): void => {
        call.destroy();
        resolve({ status: response.statusCode ?? 0, text: bytes?.toString() ?? '' });
      };
      response.on('error', () => undefined); // Closed by this client.
      if (method === 'GET') return told();
      response.once('data', told);
      response.once('close', told);
    });
    call.on('error', () => resolve({ status: 0, text: '' }));
    call.end(method === 'GET' ? undefined : body);
  });
  return answered(`${method} ${path.slice(0, 100)}`, answer);
}

/** Sends one gRPC request on a connection of its own and ends the stream; returns the status, or "reset". */
export async function sendGrpc(port: number, rpc: string, body: Buffer, authorization: string): Promise<string> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  try {
    session.on('error', () => undefined);
    return await answered(rpc, statusOf(session, rpc, body, authorization));
  } finally {
    session.destroy();
  }
}

function statusOf(session: ClientHttp2Session, rpc: string, body: Buffer, authorization: string): Promise<string> {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/google.firestore.v1.Firestore/${rpc}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization,
  });
  return new Promise((resolve) => {
    let status = 'reset';
    const note = (headers: Readonly<Record<string, unknown>>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('error', () => undefined);
    stream.on('close', () => resolve(status));
    stream.resume();
    stream.end(body);
  });
}
