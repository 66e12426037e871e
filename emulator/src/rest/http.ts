import { type IncomingHttpHeaders } from 'node:http';
import { badPayload, isJsonObject, type Json } from '../protocol/schema.js';
import { asStatusError, StatusError, STATUSES } from '../values/status.js';

/** The parts of a request that the emulator uses, by HTTP/1.1 or HTTP/2. */
export interface HttpRequest extends AsyncIterable<Buffer> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The parts of a response that the emulator uses, by HTTP/1.1 or HTTP/2. */
export interface HttpResponse {
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  /** Absent for HTTP/2, which has sent the headers by then. */
  flushHeaders?(): void;
  write(text: string): boolean;
  end(): unknown;
  end(text: string): unknown;
  on(event: 'finish' | 'close', listener: () => void): unknown;
}

/** The limit on nested JSON. Documents (20 levels) and filters need far less; deeper JSON would exhaust the stack. */
const MAX_JSON_DEPTH = 500;

/** Thrown for a body that is too large; the rest of it is not read. */
class BodyTooLarge extends Error {}

/** Reads the body of a request as UTF-8. Throws when it is larger than `maxBytes`. */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses a body; an empty one is an empty object. The content type is ignored. */
export function parseBody(body: string): Json {
  if (body.trim() === '') return {};
  try {
    const json: Json = JSON.parse(body);
    if (!isDeeper(json, MAX_JSON_DEPTH)) return json;
  } catch {
    // Text that is not JSON is refused like JSON that is too deep.
  }
  throw badPayload();
}

function isDeeper(json: Json, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(json)) return json.some((item: Json) => isDeeper(item, levels - 1));
  return isJsonObject(json) && Object.values(json).some((item) => isDeeper(item, levels - 1));
}

/** Sends JSON, pretty-printed as the official emulator does: an empty object takes two lines. */
export function sendJson(response: HttpResponse, json: Json): void {
  const text = JSON.stringify(json, undefined, 2);
  send(response, 200, text === '{}' ? '{\n}\n' : `${text}\n`, 'application/json; charset=utf-8');
}

/** Sends an error on one line; slashes are escaped and an empty message is left out, as in the official emulator. */
export function sendError(response: HttpResponse, thrown: unknown): void {
  if (thrown instanceof BodyTooLarge) return send(response, 413, 'Payload Too Large\n');
  const { status, message }: StatusError = asStatusError(thrown);
  const code = STATUSES[status].http;
  const error = message === '' ? { code, status } : { code, message, status };
  send(response, code, JSON.stringify({ error }).replaceAll('/', '\\/'), 'application/json; charset=utf-8');
}

/** Answers 404 as the official emulator does. */
export function sendNotFound(response: HttpResponse): void {
  send(response, 404, 'Not Found\n');
}

/** Sends a response; does nothing if its headers are already sent. */
export function send(response: HttpResponse, status: number, body: string, contentType?: string): void {
  if (response.headersSent) return;
  response.writeHead(status, contentType === undefined ? {} : { 'Content-Type': contentType });
  response.end(body);
}

/** Allows the request's origin by name, also `null`: browsers send credentials and then refuse `*`. */
export function allowOrigin(request: HttpRequest, response: HttpResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Allow-Methods', 'DELETE,GET,HEAD,PATCH,POST,PUT');
}

/** Answers a CORS preflight for the origin of the request. */
export function answerPreflight(request: HttpRequest, response: HttpResponse): void {
  if (request.headers.origin === undefined) return send(response, 200, '');
  const requested = request.headers['access-control-request-headers'];
  if (requested !== undefined) response.setHeader('Access-Control-Allow-Headers', requested);
  if (request.headers['access-control-request-private-network'] !== undefined) {
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
  }
  send(response, 200, '');
}
