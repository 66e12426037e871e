import { type IncomingMessage, type ServerResponse } from 'node:http';
import { badPayload, isJsonObject, type Json } from '../protocol/schema.js';
import { asStatusError, StatusError, STATUSES } from '../values/status.js';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Far beyond what documents (20 levels) and filters need; deeper JSON would exhaust the stack of those who read it. */
const MAX_JSON_DEPTH = 500;

/** A body that is too large; it is not read to its end. */
export class BodyTooLarge extends Error {}

export async function readBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new BodyTooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An empty body is an empty object; its content type is not looked at. */
export function parseBody(body: string): Json {
  if (body.trim() === '') return {};
  try {
    const json: Json = JSON.parse(body);
    if (!isDeeper(json, MAX_JSON_DEPTH)) return json;
  } catch {
    // Not JSON: refused like JSON that is too deep.
  }
  throw badPayload();
}

function isDeeper(json: Json, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(json)) return json.some((item: Json) => isDeeper(item, levels - 1));
  return isJsonObject(json) && Object.values(json).some((item) => isDeeper(item, levels - 1));
}

/** Pretty-printed as the official emulator does: an empty object takes two lines. */
export function sendJson(response: ServerResponse, json: Json): void {
  const text = JSON.stringify(json, undefined, 2);
  send(response, 200, text === '{}' ? '{\n}\n' : `${text}\n`, 'application/json; charset=utf-8');
}

/** One line; slashes are escaped and an empty message is left out, as the official emulator does. */
export function sendError(response: ServerResponse, thrown: unknown): void {
  if (thrown instanceof BodyTooLarge) return send(response, 413, 'Payload Too Large\n');
  const { status, message }: StatusError = asStatusError(thrown);
  const code = STATUSES[status].http;
  const error = message === '' ? { code, status } : { code, message, status };
  send(response, code, JSON.stringify({ error }).replaceAll('/', '\\/'), 'application/json; charset=utf-8');
}

export function sendNotFound(response: ServerResponse): void {
  send(response, 404, 'Not Found\n');
}

export function send(response: ServerResponse, status: number, body: string, contentType?: string): void {
  if (response.headersSent) return;
  response.writeHead(status, contentType === undefined ? {} : { 'Content-Type': contentType });
  response.end(body);
}

/** Answers every origin, also `null`, by name: browsers send credentials, so `*` would not do. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Allow-Methods', 'DELETE,GET,HEAD,PATCH,POST,PUT');
}

export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.origin === undefined) return send(response, 200, '');
  const asked = request.headers['access-control-request-headers'];
  if (asked !== undefined) response.setHeader('Access-Control-Allow-Headers', asked);
  if (request.headers['access-control-request-private-network'] !== undefined) {
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
  }
  send(response, 200, '');
}
