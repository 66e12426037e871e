import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Document } from '#emulator/protocol/documents.js';
import {
  BatchGetDocumentsRequest,
  BatchGetDocumentsResponse,
  BatchWriteRequest,
  BatchWriteResponse,
  BeginTransactionRequest,
  BeginTransactionResponse,
  CommitRequest,
  CommitResponse,
  Empty,
  GetDocumentRequest,
  ListDocumentsRequest,
  ListDocumentsResponse,
  RollbackRequest,
  RunQueryRequest,
  RunQueryResponse,
} from '#emulator/protocol/requests.js';
import { Document as DocumentCodec, TransactionOptions } from '#emulator/protocol/documents.js';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { GrpcClient, type Outcome, rest, statusNamed } from './emulator-client.js';
import { elapsedSince, type RecordedWrite, toWrite } from './recorded-writes.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Step {
  op: string;
  label: string;
  as?: string;
  txn?: string;
  raw?: string;
  new?: Json;
  options?: Json;
  documents?: string[];
  document?: string;
  collection?: string;
  group?: boolean;
  pageSize?: number;
  writes?: RecordedWrite[];
  background?: boolean;
  seconds?: number;
  for?: string[];
  compare?: 'status' | 'codes' | 'none';
  outcome?: { status: string; message: string; elapsed: number; result?: Json };
}
interface Recorded {
  scenarios: { name: string; slow?: boolean; steps: Step[] }[];
}

const FILE = 'transactions.json';
/** A transaction expires after a minute. */
const SLOW_MS = 90_000;
/** Responses must arrive within one step of the recorded half seconds. */
const ELAPSED_TOLERANCE_S = 0.5;

/** The result of a step, in the recording's short form. */
interface Came {
  readonly status: string;
  readonly message: string;
  readonly result: Json | undefined;
}

/** Runs one scenario on an emulator of its own, so that ids and locks do not depend on other scenarios. */
class Scenario {
  private readonly transactions = new Map<string, Uint8Array>();
  private readonly background = new Map<string, Promise<void>>();

  constructor(
    private readonly server: RunningServer,
    private readonly client: GrpcClient,
    private readonly database: string,
  ) {}

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.op === 'sleep') await sleep((step.seconds ?? 0) * 1000);
      else if (step.op === 'wait') await Promise.all((step.for ?? []).map(async (label) => this.background.get(label)));
      else if (step.background) this.background.set(step.label, this.check(step));
      else await this.check(step);
    }
    await Promise.all(this.background.values());
  }

  private async check(step: Step): Promise<void> {
    const start = performance.now();
    const answer = await this.perform(step);
    const expected = step.outcome;
    if (!expected || step.compare === 'none') return;
    assert.equal(answer.status, expected.status, `${step.label}: ${answer.message}`);
    if (step.compare === undefined) assert.equal(answer.message, this.filled(expected.message), step.label);
    const elapsed = elapsedSince(start);
    assert.ok(
      Math.abs(elapsed - expected.elapsed) <= ELAPSED_TOLERANCE_S,
      `${step.label}: took ${elapsed} s, not ${expected.elapsed} s`,
    );
    if (step.compare === undefined && expected.result !== undefined && step.op !== 'begin')
      assert.deepEqual(withoutIds(answer.result), withoutIds(expected.result), step.label);
  }

  private filled(text: string): string {
    return text.replaceAll('{project}', this.database.split('/')[1] ?? '');
  }

  private transaction(step: Step): Uint8Array | undefined {
    if (step.raw !== undefined) return Buffer.from(step.raw, 'base64');
    return step.txn === undefined ? undefined : this.transactions.get(step.txn);
  }

  private options(json: Json | undefined): TransactionOptions | undefined {
    if (json === undefined) return undefined;
    const first = this.transactions.get('T');
    const text = JSON.stringify(json).replace('{T}', first ? Buffer.from(first).toString('base64') : '');
    const options: Json = JSON.parse(text);
    return TransactionOptions.fromJson(options);
  }

  private name(path: string | undefined): string {
    return `${this.database}/documents/${path ?? ''}`;
  }

  private short(document: Document): Json {
    const n = document.fields.get('n');
    const name = document.name.slice(this.database.length + '/documents/'.length);
    return n?.kind === 'integer' ? { name, n: Number(n.value) } : { name };
  }

  private perform(step: Step): Promise<Came> {
    const operations: Record<string, () => Promise<Came>> = {
      begin: () => this.begin(step),
      read: () => this.read(step),
      get: () => this.get(step),
      list: () => this.list(step),
      query: () => this.query(step),
      commit: () => this.commit(step),
      batchWrite: () => this.batchWrite(step),
      rollback: () => this.rollback(step),
      reset: () => this.reset(),
    };
    const operation = operations[step.op];
    if (!operation) throw new Error(`unknown step ${step.op}`);
    return operation();
  }

  private remember(step: Step, id: Uint8Array | undefined): void {
    if (step.as !== undefined && id) this.transactions.set(step.as, id);
  }

  private async begin(step: Step): Promise<Came> {
    const request = { database: this.database, options: this.options(step.options) };
    const end = await this.client.call('BeginTransaction', BeginTransactionRequest, request, BeginTransactionResponse);
    this.remember(step, end.answers[0]?.transaction);
    return came(end, undefined);
  }

  private async read(step: Step): Promise<Came> {
    const request = BatchGetDocumentsRequest.make({
      database: this.database,
      documents: (step.documents ?? []).map((path) => this.name(path)),
      transaction: this.transaction(step),
      newTransaction: this.options(step.new),
    });
    const end = await this.client.call(
      'BatchGetDocuments',
      BatchGetDocumentsRequest,
      request,
      BatchGetDocumentsResponse,
    );
    for (const { transaction } of end.answers) this.remember(step, transaction);
    return came(
      end,
      end.answers.map(({ found, missing, transaction }): Json => {
        if (found) return { found: this.short(found) };
        return missing === undefined
          ? { transaction: String(transaction) }
          : { missing: missing.slice(this.name('').length) };
      }),
    );
  }

  private async get(step: Step): Promise<Came> {
    const request = GetDocumentRequest.make({ name: this.name(step.document), transaction: this.transaction(step) });
    const end = await this.client.call('GetDocument', GetDocumentRequest, request, DocumentCodec);
    return came(end, end.answers[0] && this.short(end.answers[0]));
  }

  private async list(step: Step): Promise<Came> {
    const request = ListDocumentsRequest.make({
      parent: `${this.database}/documents`,
      collectionId: step.collection ?? '',
      pageSize: step.pageSize ?? 0,
      transaction: this.transaction(step),
    });
    const end = await this.client.call('ListDocuments', ListDocumentsRequest, request, ListDocumentsResponse);
    return came(
      end,
      end.answers[0]?.documents.map((d) => this.short(d)),
    );
  }

  private async query(step: Step): Promise<Came> {
    const from = [{ collectionId: step.collection ?? '', allDescendants: step.group ?? false }];
    const request = RunQueryRequest.make({
      parent: `${this.database}/documents`,
      structuredQuery: StructuredQuery.make({ from }),
      transaction: this.transaction(step),
      newTransaction: this.options(step.new),
    });
    const end = await this.client.call('RunQuery', RunQueryRequest, request, RunQueryResponse);
    for (const { transaction } of end.answers) this.remember(step, transaction);
    return came(
      end,
      end.answers.flatMap(({ document, transaction }): Json[] => {
        if (document) return [{ document: this.short(document) }];
        return transaction ? [{ transaction: String(transaction) }] : [];
      }),
    );
  }

  private async commit(step: Step): Promise<Came> {
    const writes = (step.writes ?? []).map((write) => toWrite(this.database, write));
    const request = CommitRequest.make({ database: this.database, writes, transaction: this.transaction(step) });
    return came(await this.client.call('Commit', CommitRequest, request, CommitResponse), undefined);
  }

  private async batchWrite(step: Step): Promise<Came> {
    const writes = (step.writes ?? []).map((write) => toWrite(this.database, write));
    const end = await this.client.call(
      'BatchWrite',
      BatchWriteRequest,
      BatchWriteRequest.make({ database: this.database, writes }),
      BatchWriteResponse,
    );
    return came(
      end,
      end.answers[0]?.status.map(({ code, message }) => ({ status: statusNamed(code), message })),
    );
  }

  private async rollback(step: Step): Promise<Came> {
    const request = { database: this.database, transaction: this.transaction(step) };
    return came(await this.client.call('Rollback', RollbackRequest, request, Empty), undefined);
  }

  private async reset(): Promise<Came> {
    await rest(this.server.port, 'POST', '/reset');
    return { status: 'OK', message: '', result: undefined };
  }
}

function came(end: Outcome<unknown>, result: Json | undefined): Came {
  return { status: end.status, message: end.message, result: end.status === 'OK' ? result : undefined };
}

/** Transaction ids count earlier transactions, whose number differs. */
function withoutIds(result: Json | undefined): Json | undefined {
  return Array.isArray(result)
    ? result.map((item: Json) => (typeof item === 'object' && item !== null && 'transaction' in item ? 'id' : item))
    : result;
}

describeRecording<Recorded>(FILE, ({ scenarios }) => {
  const runs = scenarios.filter(({ slow }) => !slow || process.env['SLOW'] === '1');
  const results = new Map<string, Promise<void>>();

  /** Most of a scenario is waiting for locks, so all run in parallel; each test then awaits its own. */
  before(() => {
    for (const [i, { name, steps }] of runs.entries()) {
      const result = onOwnServer(`projects/transactions-${i}/databases/(default)`, steps);
      result.catch(() => undefined);
      results.set(name, result);
    }
  });

  for (const { name, slow } of scenarios) {
    if (slow && process.env['SLOW'] !== '1') it(`${name} (over a minute: SLOW=1 runs it)`);
    else {
      describe(slow ? 'over a minute' : 'in seconds', function () {
        if (slow) this.timeout(SLOW_MS);
        itAnswers(FILE, name, async () => {
          await results.get(name);
        });
      });
    }
  }
});

async function onOwnServer(database: string, steps: readonly Step[]): Promise<void> {
  const server = await startServer();
  const client = new GrpcClient(server.port);
  try {
    await new Scenario(server, client, database).run(steps);
  } finally {
    client.close();
    await server.close();
  }
}
