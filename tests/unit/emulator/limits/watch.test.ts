import assert from 'node:assert/strict';
import { NO_DEFINITIONS, parseIndexFile } from '#emulator/indexes/definitions.js';
import { Warnings } from '#emulator/limit-warnings/warnings.js';
import { watchLimits } from '#emulator/limit-warnings/watch.js';
import { startServer } from '#emulator/server.js';
import { Database } from '#emulator/store/database.js';
import { documentLock } from '#emulator/store/locks.js';
import { CommitClock } from '#emulator/values/time.js';
import { integerValue } from '#emulator/values/value.js';
import { rest } from '../../../conformance/emulator-client.js';
import { write } from '../any-query.js';
import { DATABASE } from '../arbitraries.js';

describe('the watch over limits', () => {
  const told: string[] = [];
  beforeEach(() => void (told.length = 0));

  function watched(definitions = NO_DEFINITIONS): { database: Database; places: () => string[] } {
    const database = new Database(DATABASE, new CommitClock());
    const warnings = new Warnings((text) => told.push(text));
    let nowMs = 0;
    watchLimits(
      database,
      warnings,
      () => definitions,
      () => (nowMs += 1),
    );
    return { database, places: () => warnings.toJson().warnings.map(({ kind, place }) => `${kind} ${place}`) };
  }

  function writeInSequence(database: Database): void {
    for (let n = 0; n < 100; n++) write(database, `logs/${(n * 37) % 101}`, new Map([['at', integerValue(BigInt(n))]]));
  }

  it('sees the commits of a database', () => {
    const { database, places } = watched();
    for (let n = 0; n < 12; n++) write(database, 'c/a', new Map([['n', integerValue(BigInt(n))]]));
    assert.deepEqual(places(), ['writeRate c/a']);
    assert.equal(told.length, 1);
  });

  it('finds a hot spot in a field, but not in one that is exempt from indexes', () => {
    const { database, places } = watched();
    writeInSequence(database);
    assert.deepEqual(places(), ['hotSpot logs at']);
    const fieldOverrides = [{ collectionGroup: 'logs', fieldPath: 'at', indexes: [] }];
    const exempt = watched(parseIndexFile(JSON.stringify({ fieldOverrides })));
    writeInSequence(exempt.database);
    assert.deepEqual(exempt.places(), []);
  });

  it('finds a hot spot in an exempt field that an index of several fields holds', () => {
    const fieldOverrides = [{ collectionGroup: 'logs', fieldPath: 'at', indexes: [] }];
    const fields = ['kind', 'at'].map((fieldPath) => ({ fieldPath, order: 'ASCENDING' }));
    const indexes = [{ collectionGroup: 'logs', queryScope: 'COLLECTION', fields }];
    const { database, places } = watched(parseIndexFile(JSON.stringify({ indexes, fieldOverrides })));
    writeInSequence(database);
    assert.deepEqual(places(), ['hotSpot logs at']);
  });

  it('sees which transactions wait for a held document, and names that document only', async () => {
    const { database, places } = watched();
    const names = ['c/a', 'c/b'].map((path) => documentLock(`${DATABASE.name}/documents/${path}`));
    const holder = database.transactions.begin();
    await database.locks.share(holder, names.slice(0, 1));
    const waiting = Array.from({ length: 10 }, () => database.locks.awaitWrite(undefined, names));
    assert.deepEqual(places(), ['contention c/a']);
    database.transactions.end(holder);
    for (const released of waiting) await released;
  });
});

describe('limits over the wire', () => {
  it('are read beside the bill and reset with it', async () => {
    const told: string[] = [];
    const server = await startServer({ onLimit: (text) => told.push(text) });
    const admin = '/emulator/v1/projects/demo-limits';
    try {
      const body = JSON.stringify({ fields: { t: { stringValue: 'x'.repeat(900_000) } } });
      await rest(server.port, 'PATCH', '/v1/projects/demo-limits/databases/(default)/documents/c/a', { body });
      const text = "c/a uses 86 % of a document's limit of 1 MiB.";
      assert.deepEqual((await rest(server.port, 'GET', `${admin}:limits`)).json, {
        warnings: [{ kind: 'documentSize', place: 'c/a', figure: 900_055, text }],
      });
      assert.deepEqual(told, [text]);
      await rest(server.port, 'DELETE', `${admin}:billing`);
      assert.deepEqual((await rest(server.port, 'GET', `${admin}:limits`)).json, { warnings: [] });
    } finally {
      await server.close();
    }
  });
});
