import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as sent, without `?`. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The reply to a request. `disconnect` drops the connection instead of sending a reply. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  /** A page, in place of `body`. */
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly disconnect?: boolean;
}

export type HttpHandler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** A refusal by a handler, which becomes a reply with this status and body. */
export class HttpFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`HTTP ${status}`);
  }
}

/**
 * Starts a server for one handler, by default only for this machine; port 0 picks a free one. Rejects when the port is
 * taken.
 */
export async function serve(handler: HttpHandler, port: number, host = '127.0.0.1'): Promise<RunningServer> {
  const server = createServer((request, response) => void answer(handler, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    port: actualPort,
    url: `http://127.0.0.1:${actualPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Matches a path with a pattern such as `/v1/refunds/:id`; returns the named segments, or undefined when it does not
 * match.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const named: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? '';
    if (segment.startsWith(':') && value !== '') named[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return named;
}

/** Parses the body as JSON; an empty one is `{}`. Throws a 400 for invalid JSON. */
export function jsonBody(request: HttpRequest): unknown {
  try {
    return request.body === '' ? {} : JSON.parse(request.body);
  } catch (error) {
    throw new HttpFailure(400, {
      error: { code: 400, status: 'INVALID_ARGUMENT', message: `Invalid JSON: ${String(error)}` },
    });
  }
}

async function answer(handler: HttpHandler, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await replyTo(handler, message);
  if (reply.disconnect) {
    response.destroy();
    return;
  }
  const type = reply.html === undefined ? 'application/json' : 'text/html; charset=utf-8';
  response.writeHead(reply.status, { ...CORS, 'content-type': type, ...reply.headers });
  response.end(reply.html ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)));
}

/** The console and browser simulators call these servers from another origin. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*, authorization',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
};

async function replyTo(handler: HttpHandler, message: IncomingMessage): Promise<HttpReply> {
  try {
    const request = await readRequest(message);
    return request.method === 'OPTIONS' ? { status: 204 } : await handler(request);
  } catch (error) {
    if (error instanceof HttpFailure) return { status: error.status, body: error.body };
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { error: { message: detail } } };
  }
}

const isMultipart = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('multipart/') ?? false;

async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  const url = new URL(message.url ?? '/', 'http://local');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    search: url.search.slice(1),
    headers: message.headers,
    // One character for each byte of a file.
    body: Buffer.concat(chunks).toString(isMultipart(message) ? 'latin1' : 'utf8'),
  };
}
