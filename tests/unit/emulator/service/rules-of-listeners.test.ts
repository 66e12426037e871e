import assert from 'node:assert/strict';
import { Write } from '#emulator/protocol/documents.js';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { CommitRequest } from '#emulator/protocol/requests.js';
import { ListenRequest, type ListenResponse, Target } from '#emulator/protocol/streams.js';
import { compileRules } from '#emulator/rules/index.js';
import { type Ruleset } from '#emulator/rules/types.js';
import { Context, Credentials } from '#emulator/service/context.js';
import { ListenSession } from '#emulator/service/listen-session.js';
import { commit } from '#emulator/service/writes.js';
import { stringValue } from '#emulator/values/value.js';
import { DATABASE } from '../arbitraries.js';

const ROOT = `${DATABASE.name}/documents`;
const ADMIN = new Credentials('Bearer owner');

function rules(body: string): Ruleset {
  const source = `rules_version = '2'; service cloud.firestore { match /databases/{db}/documents { ${body} } }`;
  const { ruleset, issues } = compileRules(source, 'firestore.rules');
  assert.ok(ruleset, JSON.stringify(issues));
  return ruleset;
}

const MEMBERS = rules(`
  match /rooms/{id} { allow read: if exists(/databases/$(db)/documents/members/$(request.auth.uid)); }
  match /notes/{id} { allow get: if resource.data.owner == request.auth.uid; }`);

function tokenOf(sub: string): Credentials {
  const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  return new Credentials(`Bearer ${encoded({ alg: 'none' })}.${encoded({ sub })}.`);
}

function told({ targetChange, documentChange, documentDelete }: ListenResponse): string {
  if (targetChange?.cause) return `REMOVE ${targetChange.targetIds.join()} ${targetChange.cause.code}`;
  if (targetChange) return `${targetChange.targetChangeType} ${targetChange.targetIds.join()}`.trim();
  return (documentChange?.document?.name ?? documentDelete?.document ?? '').slice(ROOT.length + 1);
}

/** Commits writes as the administrator: 'notes/a ada' sets the owner, '-notes/a' deletes. */
async function write(context: Context, ...writes: string[]): Promise<void> {
  const made = writes.map((text) => {
    const [path = '', owner = ''] = text.split(' ');
    if (path.startsWith('-')) return Write.make({ delete: `${ROOT}/${path.slice(1)}` });
    const fields = new Map([['owner', stringValue(owner)]]);
    return Write.make({ update: { name: `${ROOT}/${path}`, fields, createTime: undefined, updateTime: undefined } });
  });
  await commit(context, ADMIN, CommitRequest.make({ database: DATABASE.name, writes: made }));
}

const ROOMS: Partial<Target> = {
  query: {
    parent: ROOT,
    structuredQuery: StructuredQuery.make({ from: [{ collectionId: 'rooms', allDescendants: false }] }),
  },
};
const NOTE: Partial<Target> = { documents: { documents: [`${ROOT}/notes/a`] } };

describe('the rules of an open listener', () => {
  let context: Context;
  beforeEach(() => {
    context = new Context();
    context.putRules(DATABASE.project, MEMBERS);
  });

  /** A stream of Ada's with one target; returns the responses since the last call. */
  function listening(target: Partial<Target>, credentials = tokenOf('ada')): () => string[] {
    const sent: string[] = [];
    const session = new ListenSession(context, credentials, {
      send: (messages) => void sent.push(...messages.map(told)),
      end: () => void sent.push('end'),
      fail: (error) => void sent.push(error.status),
    });
    session.receive(
      ListenRequest.make({ database: DATABASE.name, addTarget: Target.make({ targetId: 1, ...target }) }),
    );
    return () => sent.splice(0);
  }

  it('are evaluated again when a document that they read changes', async () => {
    await write(context, 'members/ada', 'rooms/r');
    const take = listening(ROOMS);
    assert.deepEqual(take(), ['ADD 1', 'rooms/r', 'CURRENT 1', 'NO_CHANGE']);
    await write(context, 'members/bob');
    await write(context, 'members/ada changed');
    assert.deepEqual(take(), []);
    await write(context, '-members/ada');
    assert.deepEqual(take(), ['REMOVE 1 7']);
    await write(context, 'rooms/s');
    assert.deepEqual(take(), []);
  });

  it('are evaluated before a commit that revokes the permission is sent', async () => {
    await write(context, 'members/ada');
    const take = listening(ROOMS);
    take();
    await write(context, '-members/ada', 'rooms/secret');
    assert.deepEqual(take(), ['REMOVE 1 7']);
  });

  it('are evaluated for a named document in its new state', async () => {
    await write(context, 'notes/a ada');
    const take = listening(NOTE);
    take();
    await write(context, 'notes/a bob');
    assert.deepEqual(take(), ['REMOVE 1 7']);
  });

  it('are evaluated again when they are replaced, except for the administrator', async () => {
    await write(context, 'members/ada', 'rooms/r');
    const ada = listening(ROOMS);
    const admin = listening(ROOMS, ADMIN);
    ada();
    admin();
    context.putRules(DATABASE.project, rules(`match /rooms/{id} { allow read: if request.auth != null; }`));
    assert.deepEqual(ada(), []);
    context.putRules('another-project', rules(''));
    assert.deepEqual(ada(), []);
    context.putRules(DATABASE.project, rules(''));
    assert.deepEqual(ada(), ['REMOVE 1 7']);
    await write(context, 'rooms/s');
    assert.deepEqual([ada(), admin()], [[], ['rooms/s', 'NO_CHANGE']]);
  });

  it('read other documents after they are replaced', async () => {
    await write(context, 'members/ada', 'guests/ada');
    const take = listening(ROOMS);
    take();
    context.putRules(
      DATABASE.project,
      rules('match /rooms/{id} { allow read: if exists(/databases/$(db)/documents/guests/$(request.auth.uid)); }'),
    );
    await write(context, '-members/ada');
    assert.deepEqual(take(), []);
    await write(context, '-guests/ada');
    assert.deepEqual(take(), ['REMOVE 1 7']);
  });

  it('are evaluated again after a reset', async () => {
    await write(context, 'members/ada', 'rooms/r');
    const take = listening(ROOMS);
    take();
    context.store.database(DATABASE).reset();
    assert.deepEqual(take(), ['REMOVE 1 7', 'NO_CHANGE']);
  });

  it('are billed once for an update after which they are evaluated again', async () => {
    await write(context, 'members/ada');
    listening(ROOMS);
    const ruleReads = (): number => context.project(DATABASE.project).meter.toJson().total.ruleReads;
    assert.equal(ruleReads(), 1);
    await write(context, 'members/ada changed', 'rooms/r');
    assert.equal(ruleReads(), 2);
    await write(context, 'rooms/r changed');
    assert.equal(ruleReads(), 3);
  });
});
