import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListenHub } from '#emulator/listen/hub.js';
import { type Delta, createQueryTarget } from '#emulator/listen/target.js';
import { findDocuments } from '#emulator/query/run.js';
import { Database } from '#emulator/store/database.js';
import { type StoredDocument } from '#emulator/store/document.js';
import { CommitClock } from '#emulator/values/time.js';
import { DATABASE, smallFields } from '../arbitraries.js';
import { anyQuery, write } from '../any-query.js';

const steps = fc.array(
  fc.tuple(fc.constantFrom('c/1', 'c/2', 'c/3', 'c/4', 'x/y/c/5'), fc.option(smallFields, { nil: undefined })),
  { maxLength: 25 },
);

/** The state of a client that only applies the changes that it receives. */
class Client {
  readonly held = new Map<string, StoredDocument>();

  apply(deltas: readonly Delta[]): void {
    for (const { name, document, leaves } of deltas) {
      if (leaves || !document) this.held.delete(name);
      else this.held.set(name, document);
    }
  }
}

function sameDocuments(client: Client, database: Database, query: Parameters<typeof findDocuments>[1]): void {
  const expected = findDocuments(database, query);
  assert.deepEqual([...client.held.keys()].sort(), expected.map((d) => d.name).sort());
  for (const document of expected) assert.equal(client.held.get(document.name), document);
}

describe('listening to a query', () => {
  it('leaves the client with the result after every commit, for any change', () => {
    fc.assert(
      fc.property(steps, steps, anyQuery, (before, after, query) => {
        const database = new Database(DATABASE, new CommitClock());
        for (const [place, fields] of before) write(database, place, fields);
        const client = new Client();
        const target = createQueryTarget(database, query);
        const hub = new ListenHub(database);
        client.apply(target.initial());
        hub.add(target, {
          onCommit: (_, touched) => client.apply(target.update(touched.get(target) ?? [])),
          onReset: () => undefined,
          onRules: () => undefined,
        });
        for (const [place, fields] of after) {
          write(database, place, fields);
          sameDocuments(client, database, query);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('resumes with the difference, or reports that it cannot', () => {
    fc.assert(
      fc.property(steps, steps, anyQuery, (before, missed, query) => {
        const database = new Database(DATABASE, new CommitClock());
        for (const [place, fields] of before) write(database, place, fields);
        const client = new Client();
        client.apply(createQueryTarget(database, query).initial());
        const then = database.clock.current();
        for (const [place, fields] of missed) write(database, place, fields);
        const target = createQueryTarget(database, query);
        const difference = target.since(database.history.since(then));
        if (!difference) client.held.clear();
        client.apply(difference ?? target.initial());
        sameDocuments(client, database, query);
      }),
      { numRuns: 500 },
    );
  });
});
