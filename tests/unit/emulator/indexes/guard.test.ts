import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Firestore } from '@google-cloud/firestore';
import { IndexFile, locateIndexFiles } from '#emulator/indexes/index-file.js';
import { startServer } from '#emulator/server.js';

const INDEX = {
  collectionGroup: 'c',
  queryScope: 'COLLECTION',
  fields: [
    { fieldPath: 'a', order: 'ASCENDING' },
    { fieldPath: 'b', order: 'DESCENDING' },
  ],
};

describe('enforced indexes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'indexes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes a file at a time of its own: two writes may fall into one tick of the file system's clock. */
  let written = 0;
  function write(name: string, json: object | string): string {
    const path = join(folder, name);
    writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
    utimesSync(path, ++written, written);
    return path;
  }

  it('refuse a query, and a listener, with the JSON to paste, until the file has it', async () => {
    const path = write('indexes.json', { indexes: [] });
    const server = await startServer({ indexFiles: new Map([['*', path]]) });
    const firestore = new Firestore({
      projectId: 'demo-any',
      host: `127.0.0.1:${server.port}`,
      ssl: false,
      customHeaders: { Authorization: 'Bearer owner' },
    });
    const query = firestore.collection('c').where('a', '==', 1).orderBy('b', 'desc');
    const refusal = {
      code: 9,
      details: `The query requires an index. Add to "indexes" in firestore.indexes.json:\n${JSON.stringify(INDEX)}\n`,
    };
    try {
      await assert.rejects(query.get(), refusal);
      await assert.rejects(query.count().get(), refusal);
      assert.equal(await timesRun(server.port), 2, 'a refusal must not be asked for again');
      await assert.rejects(new Promise((resolve, reject) => query.onSnapshot(resolve, reject)), /requires an index/);
      write('indexes.json', { indexes: [INDEX] });
      assert.equal((await query.get()).size, 0);
    } finally {
      await firestore.terminate();
      await server.close();
    }
  });

  async function timesRun(port: number): Promise<number | undefined> {
    const response = await fetch(`http://127.0.0.1:${port}/emulator/v1/projects/demo-any:queries`);
    const { queries }: { queries: { count: number }[] } = JSON.parse(await response.text());
    return queries[0]?.count;
  }

  it('keep the former file while a change to it is broken, and report that once', () => {
    const told: string[] = [];
    const file = new IndexFile(write('indexes.json', { indexes: [INDEX] }), (problem) => told.push(problem));
    write('indexes.json', '{ "indexes": [');
    assert.equal(file.current().indexes.length, 1);
    assert.equal(file.current().indexes.length, 1);
    assert.equal(told.length, 1);
    write('indexes.json', { indexes: [] });
    assert.equal(file.current().indexes.length, 0);
  });

  it('accept comments, and name a broken file by its path', () => {
    const path = write('indexes.json', '{ // an example: "indexes": [{}]\n "indexes": [] /* none */ }');
    assert.deepEqual(new IndexFile(path, () => undefined).current().indexes, []);
    write('indexes.json', '{ "indexes": [');
    assert.throws(() => new IndexFile(path, () => undefined), new RegExp(`${path}: `));
  });

  describe('are looked for', () => {
    it('in firebase.json of the folder, for each database that it names', () => {
      const path = write('default.json', {});
      const other = write('other.json', {});
      write('firebase.json', { firestore: { rules: 'r', indexes: 'default.json' } });
      assert.deepEqual([...locateIndexFiles(undefined, {}, folder)], [['(default)', path]]);
      write('firebase.json', { firestore: [{ database: 'two', indexes: 'other.json' }, { database: 'three' }] });
      assert.deepEqual([...locateIndexFiles(undefined, {}, folder)], [['two', other]]);
    });

    it('where the flag or the environment names a file, for every database', () => {
      const path = write('mine.json', {});
      const environment = { FIRESTORE_EMULATOR_INDEXES: 'mine.json' };
      assert.deepEqual([...locateIndexFiles(undefined, environment, folder)], [['*', path]]);
      assert.deepEqual([...locateIndexFiles('mine.json', {}, folder)], [['*', path]]);
    });

    it('nowhere when they are switched off, or when there is no firebase.json', () => {
      assert.equal(locateIndexFiles(undefined, {}, folder).size, 0);
      write('indexes.json', {});
      write('firebase.json', { firestore: { indexes: 'indexes.json' } });
      assert.equal(locateIndexFiles(undefined, { FIRESTORE_EMULATOR_ENFORCE_INDEXES: '0' }, folder).size, 0);
    });
  });
});
