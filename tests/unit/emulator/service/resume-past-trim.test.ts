import assert from 'node:assert/strict';
import { Write } from '#emulator/protocol/documents.js';
import { CommitRequest } from '#emulator/protocol/requests.js';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { ListenRequest, Target, type ListenResponse } from '#emulator/protocol/streams.js';
import { Context, Credentials } from '#emulator/service/context.js';
import { ListenSession } from '#emulator/service/listen-session.js';
import { commit } from '#emulator/service/writes.js';
import { integerValue } from '#emulator/values/value.js';
import { DATABASE } from '../arbitraries.js';

const OWNER = new Credentials('Bearer owner');
const ROOT = `${DATABASE.name}/documents`;
/** The history drops the oldest changes beyond 20,000, until 10,000 are left: 21 of 41 commits with 500 changes. */
const COMMITS = 41;
const CHANGES = 500;
const TRIMMED = 21;

/** A commit sets one document of the collection `c`, deletes the one of five commits before, and changes others. */
async function write(context: Context, number: number): Promise<void> {
  const set = (path: string) =>
    Write.make({
      update: {
        name: `${ROOT}/${path}`,
        fields: new Map([['n', integerValue(number)]]),
        createTime: undefined,
        updateTime: undefined,
      },
    });
  const others = Array.from({ length: CHANGES - (number < 5 ? 1 : 2) }, (_, index) => set(`others/${index}`));
  const gone = number < 5 ? [] : [Write.make({ delete: `${ROOT}/c/${number - 5}` })];
  const writes = [set(`c/${number}`), ...gone, ...others];
  await commit(context, OWNER, CommitRequest.make({ database: DATABASE.name, writes }));
}

/** What a client knows of one target: its documents, and the token of the last snapshot. */
class Client {
  token: Uint8Array = new Uint8Array();
  readonly known = new Set<string>();
  resets = 0;
  /** Documents in the order in which they arrived since the last token. */
  arrived: string[] = [];

  receive(messages: readonly ListenResponse[]): void {
    for (const message of messages) this.#receive(message);
  }

  #receive({ targetChange, documentChange, documentDelete }: ListenResponse): void {
    if (targetChange?.targetChangeType === 'RESET') {
      this.resets += 1;
      this.known.clear();
    }
    if (targetChange?.resumeToken?.length) this.token = targetChange.resumeToken;
    const name = documentChange?.document?.name ?? documentDelete?.document;
    if (name === undefined) return;
    this.arrived.push(name);
    if (documentChange && documentChange.targetIds.length > 0) this.known.add(name);
    else this.known.delete(name);
  }
}

function listen(context: Context, target: Partial<Target>, client: Client): ListenSession {
  const fail = (error: Error) => assert.fail(error);
  const send = (messages: readonly ListenResponse[]) => client.receive(messages);
  const session = new ListenSession(context, OWNER, { send, end: () => undefined, fail });
  const addTarget = Target.make({ targetId: 1, ...target });
  session.receive(ListenRequest.make({ database: DATABASE.name, addTarget }));
  return session;
}

const query = (given: Partial<StructuredQuery> = {}): Partial<Target> => ({
  query: {
    parent: ROOT,
    structuredQuery: StructuredQuery.make({ from: [{ collectionId: 'c', allDescendants: false }], ...given }),
  },
});
const nameOf = (number: number) => `${ROOT}/c/${number}`;
const last = (count: number) => Array.from({ length: count }, (_, index) => nameOf(COMMITS - 5 + index));

/** Each kind of target, with its result after all commits. */
const TARGETS: Readonly<Record<string, { target: Partial<Target>; result: string[] }>> = {
  'a query': { target: query(), result: last(5) },
  'a query with a limit': { target: query({ limit: 2 }), result: last(2) },
  'documents by name': {
    target: { documents: { documents: [nameOf(COMMITS - 1), nameOf(0), nameOf(COMMITS - 6)] } },
    result: [nameOf(COMMITS - 1)],
  },
};

describe('a listener that resumes when the history was trimmed', () => {
  for (const [name, { target, result }] of Object.entries(TARGETS)) {
    /** Clients that went away after one commit each. */
    const clients = new Map<number, Client>();
    let context: Context;
    before(async () => {
      context = new Context();
      for (let number = 0; number < COMMITS; number += 1) {
        await write(context, number);
        const client = new Client();
        listen(context, target, client).close();
        clients.set(number + 1, client);
      }
    });

    for (const commits of [1, TRIMMED - 1, TRIMMED, TRIMMED + 1, COMMITS - 1, COMMITS]) {
      it(`has no lost and no doubled document: ${name}, after commit ${commits} of ${COMMITS}`, () => {
        const client = clients.get(commits);
        assert.ok(client);
        client.arrived = [];
        client.resets = 0;
        listen(context, { ...target, resumeToken: client.token }, client).close();
        assert.deepEqual([...client.known].toSorted(), result.toSorted());
        assert.equal(new Set(client.arrived).size, client.arrived.length);
        const isKnown = commits >= TRIMMED && (name !== 'a query with a limit' || commits === COMMITS);
        assert.equal(client.resets, isKnown ? 0 : 1);
      });
    }
  }
});
