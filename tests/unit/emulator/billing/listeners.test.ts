import assert from 'node:assert/strict';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { type Json } from '#emulator/protocol/schema.js';
import { ListenRequest, Target } from '#emulator/protocol/streams.js';
import { compileRules } from '#emulator/rules/index.js';
import { Context, Credentials } from '#emulator/service/context.js';
import { ListenSession } from '#emulator/service/listen-session.js';
import { type Fields, integerValue } from '#emulator/values/value.js';
import { write } from '../any-query.js';
import { DATABASE } from '../arbitraries.js';

const RULES = `rules_version = '2'; service cloud.firestore { match /databases/{db}/documents {
  match /{c}/{id} { allow read: if exists(/databases/$(db)/documents/users/$(request.auth.uid)); } } }`;

const bare = { field: { fieldPath: 'n' } };
const atLeast = (fieldPath: string): Json => ({
  fieldFilter: { field: { fieldPath }, op: 'GREATER_THAN_OR_EQUAL', value: { integerValue: '1' } },
});

describe('what a listener costs', () => {
  let context: Context;
  beforeEach(() => {
    context = new Context();
    const { ruleset } = compileRules(RULES, 'firestore.rules');
    assert.ok(ruleset);
    context.putRules(DATABASE.project, ruleset);
    put('users/ada', 0n);
  });

  function put(path: string, n?: bigint): void {
    const fields: Fields | undefined = n === undefined ? undefined : new Map([['n', integerValue(n)]]);
    write(context.store.database(DATABASE), path, fields);
  }

  function listen(query: Json): void {
    const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
    const session = new ListenSession(context, new Credentials(`Bearer ${part({})}.${part({ sub: 'ada' })}.`), {
      send: () => undefined,
      end: () => undefined,
      fail: (error) => assert.fail(error),
    });
    const target = { parent: `${DATABASE.name}/documents`, structuredQuery: StructuredQuery.fromJson(query) };
    session.receive(
      ListenRequest.make({ database: DATABASE.name, addTarget: Target.make({ targetId: 1, query: target }) }),
    );
  }

  /** Reads since last asked: of the listener itself, of index entries, and by rules. */
  function billed(): [listener: number, entries: number, rules: number] {
    const { meter } = context.project(DATABASE.project);
    const { total } = meter.toJson();
    meter.reset();
    return [total.listenerReads, total.indexReads, total.ruleReads];
  }

  const ONES: Json = { from: [{ collectionId: 'c' }], where: atLeast('n') };

  it('is a read for each document of the first result, one at least, and the reads of the rules', () => {
    listen(ONES);
    assert.deepEqual(billed(), [1, 0, 1]);
    put('c/a', 1n);
    put('c/b', 1n);
    billed();
    listen(ONES);
    assert.deepEqual(billed(), [2, 0, 1]);
  });

  it('is a read for a document that enters, changes or leaves by a change, and the reads of the rules, each time', () => {
    listen(ONES);
    billed();
    for (const n of [1n, 2n, 0n]) {
      put('c/a', n);
      assert.deepEqual(billed(), [1, 0, 1], `n = ${n}`);
    }
  });

  it('is no read for a deleted document, nor for one that the query does not find', () => {
    put('c/a', 1n);
    listen(ONES);
    billed();
    put('c/a');
    assert.deepEqual(billed(), [0, 0, 1]);
    put('c/b', 0n);
    assert.deepEqual(billed(), [0, 0, 0]);
  });

  it('is a read for the document that enters the limit, not for the one that leaves it', () => {
    put('c/a', 2n);
    listen({ from: [{ collectionId: 'c' }], orderBy: [bare], limit: 1 });
    billed();
    put('c/b', 1n);
    assert.deepEqual(billed(), [1, 0, 1]);
  });

  it('is the index entries of a query on two ranges, when it begins', () => {
    put('c/a', 1n);
    const filters = [atLeast('n'), atLeast('m')];
    listen({ from: [{ collectionId: 'c' }], where: { compositeFilter: { op: 'AND', filters } } });
    assert.deepEqual(billed(), [1, 0, 1]);
    const both: Fields = new Map(['m', 'n'].map((name) => [name, integerValue(1n)]));
    write(context.store.database(DATABASE), 'c/b', both);
    billed();
    listen({ from: [{ collectionId: 'c' }], where: { compositeFilter: { op: 'AND', filters } } });
    assert.deepEqual(billed(), [1, 1, 1]);
  });
});
