import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Firestore } from '@google-cloud/firestore';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../../conformance/emulator-client.js';

const ADMIN = '/emulator/v1/projects';

describe('several projects and databases under the Admin SDK', () => {
  let server: RunningServer;
  let opened: Firestore[];
  beforeEach(async () => {
    server = await startServer();
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((db) => db.terminate()));
    await server.close();
  });

  function open(projectId: string, databaseId = '(default)'): Firestore {
    const customHeaders = { Authorization: 'Bearer owner' };
    const db = new Firestore({ projectId, databaseId, host: `127.0.0.1:${server.port}`, ssl: false, customHeaders });
    opened.push(db);
    return db;
  }

  async function threeWithOneDocument(): Promise<[Firestore, Firestore, Firestore]> {
    const three: [Firestore, Firestore, Firestore] = [open('demo-a'), open('demo-a', 'two'), open('demo-b')];
    for (const [i, db] of three.entries()) await db.doc('c/same').set({ n: i });
    return three;
  }

  const values = (databases: readonly Firestore[]): Promise<unknown[]> =>
    Promise.all(databases.map(async (db) => (await db.doc('c/same').get()).get('n')));

  it('keep documents of the same name apart, in reads, queries and collection groups', async () => {
    const three = await threeWithOneDocument();
    assert.deepEqual(await values(three), [0, 1, 2]);
    for (const [i, db] of three.entries()) {
      const found = await Promise.all([db.collection('c').get(), db.collectionGroup('c').get()]);
      assert.deepEqual(
        found.map(({ docs }) => docs.map((document) => document.get('n'))),
        [[i], [i]],
      );
    }
  });

  it('keep transactions apart: a document held in one may be written in another', async () => {
    const [first, second] = await threeWithOneDocument();
    await first.runTransaction(async (tx) => {
      await tx.get(first.doc('c/same'));
      await second.doc('c/same').set({ n: 10 });
      tx.update(first.doc('c/same'), { n: 5 });
    });
    assert.deepEqual(await values([first, second]), [5, 10]);
  });

  it('send changes to listeners of their own database only', async () => {
    const [first, second] = await threeWithOneDocument();
    const heard: unknown[] = [];
    let arrived = (): void => undefined;
    const stop = first.doc('c/same').onSnapshot((snapshot) => {
      heard.push(snapshot.get('n'));
      arrived();
    });
    while (heard.length < 1) await new Promise<void>((resolve) => (arrived = resolve));
    await second.doc('c/same').set({ n: 10 });
    await first.doc('c/same').set({ n: 5 });
    while (heard.length < 2) await new Promise<void>((resolve) => (arrived = resolve));
    stop();
    assert.deepEqual(heard, [0, 5]);
  });

  it('share the rules of their project, and no other', async () => {
    await threeWithOneDocument();
    const content = `rules_version = '2'; service cloud.firestore { match /databases/{d}/documents/c/{id} {
      allow get: if d == 'two'; } }`;
    const body = JSON.stringify({ rules: { files: [{ content }] } });
    await rest(server.port, 'PUT', `${ADMIN}/demo-a:securityRules`, { body });
    const statuses = ['demo-a/databases/(default)', 'demo-a/databases/two', 'demo-b/databases/(default)'].map(
      async (database) => (await rest(server.port, 'GET', `/v1/projects/${database}/documents/c/same`)).status,
    );
    assert.deepEqual(await Promise.all(statuses), [403, 200, 200]);
  });

  it('are cleared one by one, and reset all at once', async () => {
    const three = await threeWithOneDocument();
    await rest(server.port, 'DELETE', `${ADMIN}/demo-a/databases/two/documents`);
    assert.deepEqual(await values(three), [0, undefined, 2]);
    await rest(server.port, 'POST', '/reset');
    assert.deepEqual(await values(three), [undefined, undefined, undefined]);
  });

  it('are exported and imported one by one, with any other documents', async () => {
    const three = await threeWithOneDocument();
    const folder = mkdtempSync(join(tmpdir(), 'databases-'));
    const database = 'projects/demo-a/databases/two';
    const call = async (verb: string, options: object): Promise<void> => {
      const body = JSON.stringify({ database, ...options });
      assert.equal((await rest(server.port, 'POST', `${ADMIN}/demo-a:${verb}`, { body })).status, 200);
    };
    try {
      await call('export', { export_directory: folder, export_name: 'x' });
      await three[1].doc('c/same').delete();
      await three[1].doc('c/other').set({});
      await call('import', { export_directory: join(folder, 'x', 'x.overall_export_metadata') });
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(await values(three), [0, 1, 2]);
    assert.equal((await three[1].doc('c/other').get()).exists, true);
  });
});

describe('a recursive delete under the Admin SDK', () => {
  it('deletes everything below, as the SDK and as the UI do it, and notifies listeners', async () => {
    const server = await startServer();
    const db = new Firestore({
      projectId: 'demo-tree',
      host: `127.0.0.1:${server.port}`,
      ssl: false,
      customHeaders: { Authorization: 'Bearer owner' },
    });
    for (const path of ['t/a', 't/a/s/x', 't/a/s/x/u/y', 't/b/s/x', 'other/a/s/x']) await db.doc(path).set({});
    const sizes: number[] = [];
    let arrived = (): void => undefined;
    const stop = db.collectionGroup('s').onSnapshot(({ size }) => {
      sizes.push(size);
      arrived();
    });
    const until = async (size: number): Promise<void> => {
      while (sizes.at(-1) !== size) await new Promise<void>((resolve) => (arrived = resolve));
    };
    await until(3);
    await db.recursiveDelete(db.doc('t/a'));
    await until(2);
    await rest(server.port, 'DELETE', `${ADMIN}/demo-tree/databases/(default)/documents/t`);
    await until(1);
    stop();
    const left = await Promise.all(['s', 'u', 't'].map(async (id) => (await db.collectionGroup(id).get()).size));
    assert.deepEqual(left, [1, 0, 0]);
    await db.terminate();
    await server.close();
  });
});
