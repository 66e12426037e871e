import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { type Json, type MessageCodec } from '#emulator/protocol/schema.js';
import { frameMessage, FrameReader } from '#emulator/grpc/frames.js';
import { type StatusName, STATUSES } from '#emulator/values/status.js';

/** The final status of an RPC. */
export interface Outcome<A> {
  readonly status: StatusName;
  readonly message: string;
  readonly answers: A[];
}

const OWNER = 'Bearer owner';
const MAX_BYTES = 100 * 1024 * 1024;

/** A bare gRPC client: the SDKs hide statuses and messages that recordings hold. */
export class GrpcClient {
  private readonly session: ClientHttp2Session;

  constructor(port: number) {
    // As grpc-js does. By default Node discards a response that arrives while megabytes are still being sent.
    this.session = connect(`http://127.0.0.1:${port}`, { maxSessionMemory: Number.MAX_SAFE_INTEGER });
  }

  close(): void {
    this.session.destroy();
  }

  /** Without authorization the call is anonymous. */
  open(rpc: string, authorization: string | null): ClientHttp2Stream {
    return this.session.request({
      ':method': 'POST',
      ':path': `/google.firestore.v1.Firestore/${rpc}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(authorization === null ? {} : { authorization }),
    });
  }

  call<Q, A>(
    rpc: string,
    request: MessageCodec<Q>,
    message: Q,
    answer: MessageCodec<A>,
    authorization: string | null = OWNER,
  ): Promise<Outcome<A>> {
    const stream = this.open(rpc, authorization);
    const answers: A[] = [];
    const done = outcomeOf(stream, (bytes) => answers.push(answer.decode(bytes)));
    stream.end(frameMessage(request.encode(message)));
    return done.then((end) => ({ ...end, answers }));
  }
}

/** Reads a stream to its end and returns its status. */
export function outcomeOf(
  stream: ClientHttp2Stream,
  onMessage: (bytes: Buffer) => void,
): Promise<{ status: StatusName; message: string }> {
  const reader = new FrameReader(MAX_BYTES, onMessage, (why) => stream.destroy(new Error(why)));
  return new Promise((resolve, reject) => {
    let end: { status: StatusName; message: string } | undefined;
    const note = (headers: Readonly<Record<string, unknown>>): void => {
      const code = headers['grpc-status'];
      if (code === undefined) return;
      const message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
      end = { status: statusNamed(Number(code)), message };
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => reader.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => (end ? resolve(end) : reject(new Error('the stream ended without a status'))));
  });
}

export function statusNamed(code: number): StatusName {
  for (const name in STATUSES) if (isStatus(name) && STATUSES[name].code === code) return name;
  throw new Error(`no status has the code ${code}`);
}

function isStatus(name: string): name is StatusName {
  return name in STATUSES;
}

/** A request over HTTP/1.1; the body as JSON where it is JSON. */
export async function rest(
  port: number,
  method: string,
  path: string,
  options: { body?: string | null; authorization?: string | null } = {},
): Promise<{ status: number; text: string; json: Json | undefined }> {
  const { body, authorization } = options;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body === undefined || body === null ? {} : { body }),
    headers: authorization ? { authorization } : {},
  });
  const text = await response.text();
  return { status: response.status, text, json: parsed(text) };
}

function parsed(text: string): Json | undefined {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
