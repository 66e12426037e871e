import assert from 'node:assert/strict';
import {
  CommitRequest,
  CommitResponse,
  ListDocumentsRequest,
  ListDocumentsResponse,
} from '#emulator/protocol/requests.js';
import { Write } from '#emulator/protocol/documents.js';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { type Timestamp } from '#emulator/values/time.js';
import { integerValue } from '#emulator/values/value.js';
import { GrpcClient, rest } from './emulator-client.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Listed {
  name: string;
  fields: string[];
}
interface Recorded {
  seed: string[][];
  grpc: {
    name: string;
    request: { [key: string]: Json } & { pages?: boolean; at_first_commit?: boolean };
    parent: string;
    owner: boolean;
    outcome: { documents?: Listed[]; pages?: string[][]; code?: string; message?: string };
  }[];
  rest: {
    name: string;
    path: string;
    outcome: { status: number; documents?: string[]; next_page?: boolean; error?: Json; body?: string };
  }[];
}

const FILE = 'list_documents.json';
const DATABASE = 'projects/list/databases/(default)';
const ROOT = `${DATABASE}/documents`;

describeRecording<Recorded>(FILE, (recorded) => {
  let server: RunningServer;
  let client: GrpcClient;
  let firstCommit: Timestamp | undefined;

  before(async () => {
    server = await startServer();
    client = new GrpcClient(server.port);
    const [first = [], ...others] = recorded.seed;
    firstCommit = await seed(first);
    for (const names of others) await seed(names);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  async function seed(names: readonly string[]): Promise<Timestamp | undefined> {
    const fields = new Map([
      ['m', integerValue(1)],
      ['n', integerValue(2)],
    ]);
    const writes = names.map((name) =>
      Write.make({ update: { name: `${ROOT}/${name}`, fields, createTime: undefined, updateTime: undefined } }),
    );
    const { answers } = await client.call(
      'Commit',
      CommitRequest,
      CommitRequest.make({ database: DATABASE, writes }),
      CommitResponse,
    );
    return answers[0]?.commitTime;
  }

  for (const { name, request, parent, owner, outcome } of recorded.grpc) {
    itAnswers(FILE, name, async () => {
      const { pages, at_first_commit: atFirst, ...json } = request;
      const message = ListDocumentsRequest.fromJson(json);
      message.parent = parent === '' ? ROOT : `${ROOT}/${parent}`;
      if (atFirst) message.readTime = firstCommit;
      if (pages) return assert.deepEqual(await allPages(message), outcome.pages);
      const {
        status,
        message: text,
        answers,
      } = await client.call(
        'ListDocuments',
        ListDocumentsRequest,
        message,
        ListDocumentsResponse,
        owner ? undefined : null,
      );
      if (outcome.code !== undefined) assert.deepEqual({ code: status, message: text }, outcome);
      else
        assert.deepEqual(
          answers[0]?.documents.map((d) => ({
            name: d.name.slice(ROOT.length + 1),
            fields: [...d.fields.keys()].sort(),
          })),
          outcome.documents,
        );
    });
  }

  async function allPages(message: ListDocumentsRequest): Promise<string[][]> {
    const pages: string[][] = [];
    for (let token: string | undefined; token !== '';) {
      const { answers } = await client.call(
        'ListDocuments',
        ListDocumentsRequest,
        { ...message, pageToken: token ?? '' },
        ListDocumentsResponse,
      );
      pages.push((answers[0]?.documents ?? []).map((d) => d.name.slice(ROOT.length + 1)));
      token = answers[0]?.nextPageToken ?? '';
    }
    return pages;
  }

  for (const { name, path, outcome } of recorded.rest) {
    itAnswers(FILE, name, async () => {
      const answer = await rest(server.port, 'GET', `/v1/${ROOT}${path}`, { authorization: 'Bearer owner' });
      assert.equal(answer.status, outcome.status, answer.text);
      if (outcome.body !== undefined) return assert.equal(answer.text, outcome.body);
      if (!isJsonObject(answer.json)) throw new Error(answer.text);
      if (outcome.error !== undefined) return assert.deepEqual(answer.json['error'], outcome.error);
      const documents = answer.json['documents'];
      const names = Array.isArray(documents)
        ? documents.map((d: Json) => (isJsonObject(d) ? String(d['name']).slice(ROOT.length + 1) : ''))
        : [];
      assert.deepEqual(
        { names, next: 'nextPageToken' in answer.json },
        { names: outcome.documents, next: outcome.next_page },
      );
    });
  }
});
