import assert from 'node:assert/strict';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';

export const DATABASE = 'projects/demo-web/databases/(default)';
export const ROOT = `${DATABASE}/documents`;
const OWNER = 'Authorization:Bearer owner\r\n';

/** An answer as it arrives: frames as soon as they are whole. */
export interface Answer {
  readonly response: IncomingMessage;
  /** The JSON of the next frame, or undefined when the answer has ended. */
  next(): Promise<Json | undefined>;
  destroy(): void;
}

/** Speaks WebChannel with bare HTTP requests, as a browser does. */
export class RawClient {
  sid = '';
  private rid = 100;

  constructor(
    private readonly port: number,
    private readonly rpc: 'Listen' | 'Write',
  ) {}

  /** Opens a session whose first messages are the ones given. */
  async shakeHands(messages: readonly Json[], headers = OWNER): Promise<Json | undefined> {
    const body = `${new URLSearchParams({ headers })}&${form(0, messages)}`;
    const answer = await this.post({ 'X-HTTP-Session-Id': 'gsessionid', CVER: '22' }, body);
    const welcome = await answer.next();
    this.sid = Array.isArray(welcome) ? String(welcome[0][1][1]) : '';
    return welcome;
  }

  async forward(offset: number, messages: readonly Json[], acknowledged = 0): Promise<Json | undefined> {
    return (await this.post({ SID: this.sid, AID: String(acknowledged) }, form(offset, messages))).next();
  }

  async terminate(): Promise<number | undefined> {
    return (await this.post({ SID: this.sid, TYPE: 'terminate' }, '')).response.statusCode;
  }

  back(acknowledged: number, style: 'streaming' | 'long polling', sid = this.sid): Promise<Answer> {
    const CI = style === 'streaming' ? '0' : '1';
    return this.request('GET', { RID: 'rpc', SID: sid, AID: String(acknowledged), CI, TYPE: 'xmlhttp' }, '');
  }

  private post(parameters: Record<string, string>, body: string): Promise<Answer> {
    return this.request('POST', { RID: String(this.rid++), ...parameters }, body);
  }

  private request(method: string, parameters: Record<string, string>, body: string): Promise<Answer> {
    const query = new URLSearchParams({ VER: '8', database: DATABASE, ...parameters, zx: 'x', t: '1' });
    const path = `/google.firestore.v1.Firestore/${this.rpc}/channel?${query}`;
    const headers = { origin: 'http://localhost:5173' };
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port: this.port, method, path, headers }, (response) => {
        const { next } = frames(response);
        resolve({ response, next, destroy: () => void sent.destroy() });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function form(offset: number, messages: readonly Json[]): string {
  const body = new URLSearchParams({ count: String(messages.length), ofs: String(offset) });
  for (const [i, message] of messages.entries()) body.append(`req${i}___data__`, JSON.stringify(message));
  return body.toString();
}

function frames(response: IncomingMessage): { next: () => Promise<Json | undefined> } {
  response.setEncoding('utf8');
  response.on('error', () => undefined); // Destroyed by the test.
  let text = '';
  let isEnded = false;
  let wake = (): void => undefined;
  response.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  response.on('close', () => {
    isEnded = true;
    wake();
  });
  const whole = (): Json | undefined => {
    const lineFeed = text.indexOf('\n');
    const end = lineFeed + 1 + Number(text.slice(0, Math.max(0, lineFeed)));
    if (lineFeed < 0 || text.length < end) return undefined;
    const json: Json = JSON.parse(text.slice(lineFeed + 1, end));
    text = text.slice(end);
    return json;
  };
  const next = async (): Promise<Json | undefined> => {
    for (;;) {
      const json = whole();
      if (json !== undefined || isEnded) return json;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { next };
}

/** Messages of the answer until one that is awaited, in words, each with its number. */
export async function until(answer: Answer, awaited: string): Promise<string[]> {
  const told: string[] = [];
  while (!told.some((line) => line.endsWith(awaited))) {
    const json = await answer.next();
    assert.ok(Array.isArray(json), `the answer ended before ${awaited}; it told ${told.join('; ')}`);
    for (const [id, payload] of json) told.push(`${id} ${inWords(payload)}`);
  }
  return told;
}

function inWords(payload: Json): string {
  const message: Json | undefined = Array.isArray(payload) ? payload[0] : undefined;
  if (!isJsonObject(message)) return String(message);
  const { targetChange, documentChange, error } = message;
  if (isJsonObject(targetChange)) {
    const ids = Array.isArray(targetChange['targetIds']) ? ` ${targetChange['targetIds'].join()}` : '';
    return `${String(targetChange['targetChangeType'] ?? 'SNAPSHOT')}${ids}`;
  }
  if (isJsonObject(documentChange) && isJsonObject(documentChange['document'])) {
    return String(documentChange['document']['name']).slice(ROOT.length + 1);
  }
  if (isJsonObject(error)) return `${String(error['code'])} ${String(error['message'])}`;
  return Object.keys(message).join();
}
