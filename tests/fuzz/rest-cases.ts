import { type Dice } from './dice.js';
import { frameMessage } from '#emulator/grpc/frames.js';
import { DOCUMENTS, PROJECT, SAMPLES } from './samples.js';
import { firstOf, type RestRequest, sendGrpc, sendRaw, sendRest } from './wires.js';

const ADMIN = `/emulator/v1/projects/${PROJECT}`;
const FIELDS = '{"fields":{"n":{"integerValue":"7"},"m":{"mapValue":{"fields":{"x":{"stringValue":"y"}}}}}}';
const QUERY = '{"structuredQuery":{"from":[{"collectionId":"c"}],"orderBy":[{"field":{"fieldPath":"n"}}]}}';

const REQUESTS: readonly [RestRequest, ...RestRequest[]] = [
  { method: 'GET', path: `/v1/${DOCUMENTS}/c/a?mask.fieldPaths=n` },
  { method: 'GET', path: `/v1/${DOCUMENTS}/c?pageSize=2&orderBy=n%20desc&showMissing=true` },
  { method: 'PATCH', path: `/v1/${DOCUMENTS}/c/a?updateMask.fieldPaths=n&currentDocument.exists=true`, body: FIELDS },
  { method: 'POST', path: `/v1/${DOCUMENTS}/c?documentId=new`, body: FIELDS },
  { method: 'DELETE', path: `/v1/${DOCUMENTS}/c/a` },
  { method: 'POST', path: `/v1/${DOCUMENTS}:runQuery`, body: QUERY },
  { method: 'POST', path: `/v1/${DOCUMENTS}:commit`, body: `{"writes":[{"delete":"${DOCUMENTS}/c/a"}]}` },
  { method: 'POST', path: `/v1/${DOCUMENTS}:batchGet`, body: `{"documents":["${DOCUMENTS}/c/a"]}` },
  { method: 'POST', path: `/v1/${DOCUMENTS}:listCollectionIds`, body: '{}' },
  { method: 'DELETE', path: `${ADMIN}/databases/(default)/documents/c` },
  { method: 'GET', path: `${ADMIN}:billing` },
  { method: 'PUT', path: `${ADMIN}/triggers/t`, body: '{"eventTrigger":{"resource":"r","eventType":"e"}}' },
  { method: 'OPTIONS', path: '/' },
];
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'] as const;

/** Another method, a mutated path or body, or all of them. */
export async function mutatedRest(dice: Dice, port: number): Promise<string> {
  const { method, path, body } = dice.pick(REQUESTS);
  const mutant = dice.chance(0.5) ? printable(dice.mutatedText(path)) : path;
  const status = await sendRest(port, {
    method: dice.chance(0.2) ? dice.pick(METHODS) : method,
    path: mutant.startsWith('/') ? mutant : `/${mutant}`,
    body: dice.chance(0.7) ? dice.mutatedText(body ?? '{}') : (body ?? ''),
    authorization: 'Bearer owner',
  });
  return String(status);
}

/** Characters that Node's client accepts in a path; {@link bareHttp} sends raw bytes. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '%ff');
}

export async function bareHttp(dice: Dice, port: number): Promise<string> {
  const { method, path, body = '' } = dice.pick(REQUESTS);
  const text = `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  await sendRaw(port, [dice.mutated(Buffer.from(text))]);
  return 'no answer due';
}

/** Nested JSON, as values or as unknown fields. */
export async function deepJson(dice: Dice, port: number): Promise<string> {
  const depth = 10 ** (1 + dice.below(5));
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"mapValue":{"fields":{"a":', '}}}'],
    ['{"arrayValue":{"values":[', ']}}'],
    ['{"compositeFilter":{"op":"AND","filters":[', ']}}'],
  ]);
  const deep = `${open.repeat(depth)}{"nullValue":null}${close.repeat(depth)}`;
  const [verb, body] = dice.pick([
    ['c', `{"fields":{"f":${deep}}}`],
    ['', deep],
    [':runQuery', `{"structuredQuery":{"where":${deep}}}`],
    [':commit', `{"writes":[{"update":{"name":"${DOCUMENTS}/c/a","fields":{"f":${deep}}}}]}`],
  ]);
  const path = `/v1/${DOCUMENTS}${verb === 'c' ? '/c' : verb}`;
  return String(await sendRest(port, { method: 'POST', path, body, authorization: 'Bearer owner' }));
}

/** Invalid or nearly valid tokens on each of the wires. */
export async function malformedToken(dice: Dice, port: number): Promise<string> {
  const part = (json: string): string => Buffer.from(json).toString('base64url');
  const payload = dice.pick([
    '{"sub":"u"}',
    '[]',
    'null',
    '{"sub":{}}',
    '{"sub":"u","a":1e999}',
    '{',
    deepClaims(dice),
  ]);
  const token = `${part('{"alg":"none"}')}.${part(payload)}.`;
  const header = `Bearer ${token}`;
  const authorization = dice.chance(0.5) ? dice.mutatedText(header).replace(/[^\x20-\x7e]/g, '?') : header;
  return dice.pick(WIRES)(dice, port, authorization);
}

const WIRES: readonly [Wire, ...Wire[]] = [
  async (_, port, authorization) =>
    `REST ${await sendRest(port, { method: 'GET', path: `/v1/${DOCUMENTS}/c/a`, authorization })}`,
  async (dice, port, authorization) => {
    const { rpc, body } = dice.pick(SAMPLES);
    return `gRPC ${await sendGrpc(port, rpc, frameMessage(body), authorization)}`;
  },
  async (_, port, authorization) => {
    const body = new URLSearchParams({ headers: `Authorization:${authorization}\r\n`, count: '0', ofs: '0' });
    const path = '/google.firestore.v1.Firestore/Listen/channel?VER=8&RID=1&CVER=22';
    return `WebChannel ${(await firstOf(port, { method: 'POST', path, body: body.toString() })).status}`;
  },
];
type Wire = (dice: Dice, port: number, authorization: string) => Promise<string>;

/** As deep as a header of 16 KB, Node's limit, can hold. */
function deepClaims(dice: Dice): string {
  const depth = 1 + dice.below(5000);
  return `{"sub":"u","a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}
