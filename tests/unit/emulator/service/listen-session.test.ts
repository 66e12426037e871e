import assert from 'node:assert/strict';
import { Write } from '#emulator/protocol/documents.js';
import { CommitRequest } from '#emulator/protocol/requests.js';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { ListenRequest, type ListenResponse, Target } from '#emulator/protocol/streams.js';
import { encodeResumeToken } from '#emulator/listen/resume-token.js';
import { Context, Credentials } from '#emulator/service/context.js';
import { ListenSession } from '#emulator/service/listen-session.js';
import { commit } from '#emulator/service/writes.js';
import { integerValue } from '#emulator/values/value.js';
import { DATABASE } from '../arbitraries.js';

const OWNER = new Credentials('Bearer owner');
const ROOT = `${DATABASE.name}/documents`;

/** What was sent, in words: the kind of each message and whom or what it is about. */
function told({ targetChange, documentChange, documentDelete }: ListenResponse): string {
  if (targetChange) return `${targetChange.targetChangeType} ${targetChange.targetIds.join()}`;
  if (documentChange) {
    const { document, targetIds, removedTargetIds } = documentChange;
    return `${document?.name.slice(ROOT.length + 1)} in ${[...targetIds].sort().join()} out ${removedTargetIds.join()}`;
  }
  return `${documentDelete?.document.slice(ROOT.length + 1)} deleted ${documentDelete?.removedTargetIds.join()}`;
}

function listen(context = new Context()): { context: Context; session: ListenSession; take: () => string[] } {
  const sent: string[] = [];
  const session = new ListenSession(context, OWNER, {
    send: (messages) => void sent.push(...messages.map(told)),
    end: () => void sent.push('end'),
    fail: (error) => void sent.push(error.status),
  });
  return { context, session, take: () => sent.splice(0) };
}

function add(session: ListenSession, given: Partial<Target>): void {
  session.receive(ListenRequest.make({ database: DATABASE.name, addTarget: Target.make(given) }));
}

const query = (given: Partial<StructuredQuery> = {}): Partial<Target> => ({
  query: {
    parent: ROOT,
    structuredQuery: StructuredQuery.make({ from: [{ collectionId: 'c', allDescendants: false }], ...given }),
  },
});

async function write(context: Context, ...paths: string[]): Promise<void> {
  const writes = paths.map((path) => {
    const name = `${ROOT}/${path}`;
    if (path.startsWith('-')) return Write.make({ delete: `${ROOT}/${path.slice(1)}` });
    return Write.make({
      update: { name, fields: new Map([['n', integerValue(1)]]), createTime: undefined, updateTime: undefined },
    });
  });
  await commit(context, OWNER, CommitRequest.make({ database: DATABASE.name, writes }));
}

describe('a Listen stream', () => {
  it('sends a target its result, then one snapshot per commit for all targets', async () => {
    const { context, session, take } = listen();
    await write(context, 'c/a');
    add(session, { targetId: 1, ...query() });
    assert.deepEqual(take(), ['ADD 1', 'c/a in 1 out ', 'CURRENT 1', 'NO_CHANGE ']);
    add(session, { targetId: 2, documents: { documents: [`${ROOT}/c/b`] } });
    assert.deepEqual(take(), ['ADD 2', 'c/b deleted 2', 'CURRENT 2', 'NO_CHANGE ']);
    await write(context, 'c/b', '-c/a');
    assert.deepEqual(take(), ['c/b in 1,2 out ', 'c/a deleted 1', 'NO_CHANGE ']);
  });

  it('sends nothing for writes that change nothing or concern no target', async () => {
    const { context, session, take } = listen();
    await write(context, 'c/a');
    add(session, { targetId: 1, ...query() });
    take();
    await write(context, 'c/a');
    await write(context, 'd/a');
    assert.deepEqual(take(), []);
  });

  it('starts again for a token of another process', async () => {
    const { context, session, take } = listen();
    await write(context, 'c/a');
    add(session, { targetId: 1, ...query(), resumeToken: encodeResumeToken((Date.now() - 60_000) * 1000) });
    assert.deepEqual(take(), ['ADD 1', 'RESET 1', 'c/a in 1 out ', 'CURRENT 1', 'NO_CHANGE ']);
  });

  it('removes a refused target with its cause and continues', async () => {
    const { context, session, take } = listen();
    add(session, { targetId: 1, ...query({ limit: -1 }) });
    add(session, { targetId: 2, ...query() });
    await write(context, 'c/a');
    assert.deepEqual(take(), ['REMOVE 1', 'ADD 2', 'CURRENT 2', 'NO_CHANGE ', 'c/a in 2 out ', 'NO_CHANGE ']);
  });

  it('fails for a target id in use', () => {
    const { session, take } = listen();
    add(session, { targetId: 1, ...query() });
    take();
    add(session, { targetId: 1, ...query() });
    assert.deepEqual(take(), ['INVALID_ARGUMENT']);
  });
});
