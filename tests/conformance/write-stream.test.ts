import assert from 'node:assert/strict';
import {
  BatchGetDocumentsRequest,
  BatchGetDocumentsResponse,
  GetDocumentRequest,
} from '#emulator/protocol/requests.js';
import { Document, TransactionOptions } from '#emulator/protocol/documents.js';
import { WriteRequest, WriteResponse } from '#emulator/protocol/streams.js';
import { frameMessage } from '#emulator/grpc/frames.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { type Json } from '#emulator/protocol/schema.js';
import { GrpcClient, outcomeOf } from './emulator-client.js';
import { elapsedSince, type RecordedWrite, toWrite } from './recorded-writes.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Step {
  op: 'send' | 'recv' | 'close' | 'get' | 'lock';
  label?: string;
  database?: boolean | string;
  streamId?: string;
  token?: string;
  writes?: RecordedWrite[];
  labels?: Record<string, string>;
  document?: string;
  compare?: 'status';
  outcome?: {
    response?: Json;
    error?: { status: string; message: string };
    end?: boolean;
    document?: Json;
    elapsed?: number;
  };
}
interface Recorded {
  scenarios: { name: string; steps: Step[] }[];
}

const FILE = 'write_stream.json';

type Event = { response: WriteResponse } | { error: { status: string; message: string } } | { end: true };

describeRecording<Recorded>(FILE, ({ scenarios }) => {
  let server: RunningServer;
  let client: GrpcClient;
  before(async () => {
    server = await startServer();
    client = new GrpcClient(server.port);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  for (const [i, { name, steps }] of scenarios.entries()) {
    itAnswers(FILE, name, () => runScenario(client, `projects/write-stream-${i}/databases/(default)`, steps));
  }
});

async function runScenario(client: GrpcClient, database: string, steps: readonly Step[]): Promise<void> {
  const stream = client.open('Write', 'Bearer owner');
  const events: Event[] = [];
  let arrived = (): void => undefined;
  let lastToken: Uint8Array | undefined;
  const add = (event: Event): void => {
    events.push(event);
    arrived();
  };
  void outcomeOf(stream, (bytes) => add({ response: WriteResponse.decode(bytes) })).then(({ status, message }) => {
    if (status !== 'OK') add({ error: { status, message } });
    add({ end: true });
  });
  const next = async (): Promise<Event> => {
    while (events.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    const event = events.shift();
    if (!event) throw new Error('an event was there a moment ago');
    if ('response' in event) lastToken = event.response.streamToken;
    return event;
  };
  for (const step of steps) {
    if (step.op === 'send') stream.write(frameMessage(WriteRequest.encode(requestOf(database, step, lastToken))));
    else if (step.op === 'close') stream.end();
    else if (step.op === 'recv') await expectEvent(database, step, next);
    else if (step.op === 'lock') await lock(client, database, step.document ?? '');
    else await expectDocument(client, database, step);
  }
  stream.destroy();
}

function requestOf(database: string, step: Step, lastToken: Uint8Array | undefined): WriteRequest {
  const token = step.token === 'last' ? lastToken : step.token === undefined ? undefined : Buffer.from(step.token);
  return WriteRequest.make({
    database: typeof step.database === 'string' ? step.database : step.database ? database : '',
    streamId: step.streamId ?? '',
    streamToken: token,
    writes: (step.writes ?? []).map((write) => toWrite(database, write)),
    labels: new Map(Object.entries(step.labels ?? {})),
  });
}

async function expectEvent(database: string, step: Step, next: () => Promise<Event>): Promise<void> {
  const start = performance.now();
  const event = await next();
  const expected = step.outcome;
  const elapsed = elapsedSince(start);
  assert.ok(Math.abs(elapsed - (expected?.elapsed ?? 0)) <= 0.5, `${step.label}: took ${elapsed} s`);
  if (expected?.error) {
    if (!('error' in event)) throw new Error(`${step.label}: ${JSON.stringify(event)}`);
    assert.equal(event.error.status, expected.error.status);
    const message = expected.error.message.replaceAll('{project}', database.split('/')[1] ?? '');
    if (step.compare !== 'status') assert.equal(event.error.message, message);
  } else if (expected?.response) {
    if (!('response' in event)) throw new Error(`${step.label}: ${JSON.stringify(event)}`);
    assert.deepEqual(shapeOf(event.response), expected.response);
  } else assert.deepEqual(event, { end: true });
}

/** A response in the form of the recordings: which fields are present. */
function shapeOf(response: WriteResponse): Json {
  return {
    streamId: response.streamId !== '',
    streamToken: Buffer.from(response.streamToken ?? []).toString(),
    writeResults: response.writeResults.map((r) => ({
      updateTime: r.updateTime !== undefined,
      transformResults: r.transformResults.length,
    })),
    commitTime: response.commitTime !== undefined,
  };
}

/** Reads a document in a transaction that stays open. */
async function lock(client: GrpcClient, database: string, path: string): Promise<void> {
  const request = BatchGetDocumentsRequest.make({
    database,
    documents: [`${database}/documents/${path}`],
    newTransaction: TransactionOptions.make(),
  });
  await client.call('BatchGetDocuments', BatchGetDocumentsRequest, request, BatchGetDocumentsResponse);
}

async function expectDocument(client: GrpcClient, database: string, step: Step): Promise<void> {
  const name = `${database}/documents/${step.document ?? ''}`;
  const { answers } = await client.call('GetDocument', GetDocumentRequest, GetDocumentRequest.make({ name }), Document);
  const n = answers[0]?.fields.get('n');
  assert.deepEqual(n?.kind === 'integer' ? { n: Number(n.value) } : null, step.outcome?.document ?? null);
}
