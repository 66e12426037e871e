import assert from 'node:assert/strict';
import { type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { FieldValue, type Firestore, getFirestore, Timestamp } from 'firebase-admin/firestore';
import { type RunningServer, startServer } from '#emulator/server.js';

describe('the emulator under firebase-admin', () => {
  let server: RunningServer;
  let app: App;
  let db: Firestore;
  let suiteHost: string | undefined;

  before(async () => {
    process.env['METADATA_SERVER_DETECTION'] = 'none'; // Else the SDK looks for Google's metadata server first.
    // In the environment of the suite the SDK would prefer the suite's emulator to this one.
    suiteHost = process.env['FIRESTORE_EMULATOR_HOST'];
    delete process.env['FIRESTORE_EMULATOR_HOST'];
    server = await startServer();
    app = initializeApp({ projectId: 'demo-admin' }, 'emulator-admin');
    db = getFirestore(app);
    db.settings({
      host: `127.0.0.1:${server.port}`,
      ssl: false,
      customHeaders: { authorization: 'Bearer owner' },
      projectId: 'demo-admin',
    });
  });
  after(async () => {
    await db.terminate();
    await deleteApp(app);
    await server.close();
    if (suiteHost !== undefined) process.env['FIRESTORE_EMULATOR_HOST'] = suiteHost;
  });

  it('returns every kind of value unchanged', async () => {
    const data = {
      text: 'é😀',
      whole: 9007199254740991,
      real: 1.5,
      yes: true,
      nothing: null,
      at: Timestamp.fromMillis(1_700_000_000_123),
      bytes: Buffer.from([0, 255]),
      list: [1, { deep: ['x'] }],
      map: { a: { b: -1 } },
      vector: FieldValue.vector([1, 2.5]),
    };
    await db.doc('kinds/all').set(data);
    assert.deepEqual((await db.doc('kinds/all').get()).data(), data);
  });

  it('updates nested fields, deletes others and applies transforms', async () => {
    const doc = db.doc('writes/one');
    await doc.set({ n: 1, m: { a: 1, b: 2 }, list: ['a'], gone: true });
    await doc.update({
      n: FieldValue.increment(2),
      'm.a': 9,
      list: FieldValue.arrayUnion('b'),
      gone: FieldValue.delete(),
    });
    assert.deepEqual((await doc.get()).data(), { n: 3, m: { a: 9, b: 2 }, list: ['a', 'b'] });
  });

  it('refuses to create what exists and to update what does not', async () => {
    await db.doc('writes/two').set({});
    await assert.rejects(db.doc('writes/two').create({}), { code: 6 });
    await assert.rejects(db.doc('writes/none').update({ a: 1 }), { code: 5 });
  });

  it('writes a batch as one', async () => {
    const batch = db.batch();
    batch.set(db.doc('batch/a'), { n: 1 });
    batch.update(db.doc('batch/missing'), { n: 1 });
    await assert.rejects(batch.commit(), { code: 5 });
    assert.equal((await db.doc('batch/a').get()).exists, false);
  });

  it('counts every one of 20 contended increments within a second', async () => {
    const doc = db.doc('contended/counter');
    await doc.set({ n: 0 });
    const start = performance.now();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db.runTransaction(async (tx) => {
          const n: unknown = (await tx.get(doc)).get('n');
          tx.update(doc, { n: Number(n) + 1 });
        }),
      ),
    );
    assert.equal((await doc.get()).get('n'), 20);
    assert.ok(performance.now() - start < 1000);
  });

  it('runs filters, orders, cursors, limits from the end and aggregations', async () => {
    const cities = db.collection('cities');
    const batch = db.batch();
    for (const [id, pop, state] of [
      ['la', 3900, 'CA'],
      ['sf', 860, 'CA'],
      ['ny', 8300, 'NY'],
      ['tok', 9000, null],
    ] as const)
      batch.set(cities.doc(id), { pop, state });
    await batch.commit();
    const ids = async (query: FirebaseFirestore.Query): Promise<string[]> => (await query.get()).docs.map((d) => d.id);
    assert.deepEqual(await ids(cities.where('state', '==', 'CA').orderBy('pop')), ['sf', 'la']);
    assert.deepEqual(await ids(cities.orderBy('pop').startAfter(860).endBefore(9000)), ['la', 'ny']);
    assert.deepEqual(await ids(cities.orderBy('pop').limitToLast(2)), ['ny', 'tok']);
    assert.deepEqual(await ids(cities.where('state', 'in', ['NY', 'CA']).orderBy('pop', 'desc').limit(2)), [
      'ny',
      'la',
    ]);
    assert.deepEqual(await ids(cities.where('state', '==', null)), ['tok']);
    assert.equal((await cities.where('pop', '>', 1000).count().get()).data().count, 3);
  });

  it('sends a listener what changed, one snapshot per commit', async () => {
    const query = db.collection('heard').orderBy('n').limit(2);
    const snapshots: string[][] = [];
    let arrived = (): void => undefined;
    const stop = query.onSnapshot((snapshot) => {
      snapshots.push(snapshot.docs.map((d) => d.id));
      arrived();
    });
    const next = async (count: number): Promise<void> => {
      while (snapshots.length < count) await new Promise<void>((resolve) => (arrived = resolve));
    };
    await next(1);
    const batch = db.batch();
    for (const n of [1, 2, 3]) batch.set(db.doc(`heard/d${n}`), { n });
    await batch.commit();
    await next(2);
    await db.doc('heard/d1').delete();
    await next(3);
    stop();
    assert.deepEqual(snapshots, [[], ['d1', 'd2'], ['d2', 'd3']]);
  });

  it('empties listeners on a reset', async () => {
    await db.doc('reset/a').set({ n: 1 });
    const sizes: number[] = [];
    let arrived = (): void => undefined;
    const stop = db.collection('reset').onSnapshot((snapshot) => {
      sizes.push(snapshot.size);
      arrived();
    });
    while (sizes.at(-1) !== 1) await new Promise<void>((resolve) => (arrived = resolve));
    await fetch(`http://127.0.0.1:${server.port}/reset`, { method: 'POST' });
    while (sizes.at(-1) !== 0) await new Promise<void>((resolve) => (arrived = resolve));
    stop();
    assert.equal((await db.doc('reset/a').get()).exists, false);
  });

  it('reads a snapshot in a read-only transaction while others write', async () => {
    const doc = db.doc('readonly/a');
    await doc.set({ n: 1 });
    const seen = await db.runTransaction(
      async (tx) => {
        const first: unknown = (await tx.get(doc)).get('n');
        await doc.set({ n: 2 });
        const again: unknown = (await tx.get(db.collection('readonly'))).docs[0]?.get('n');
        return [first, again];
      },
      { readOnly: true },
    );
    assert.deepEqual(seen, [1, 1]);
  });

  it('lists collections and missing documents and deletes recursively', async () => {
    await db.doc('tree/ghost/leaves/x').set({ n: 1 });
    assert.deepEqual(
      (await db.collection('tree').listDocuments()).map((d) => d.id),
      ['ghost'],
    );
    assert.deepEqual(
      (await db.doc('tree/ghost').listCollections()).map((c) => c.id),
      ['leaves'],
    );
    await db.recursiveDelete(db.collection('tree'));
    assert.equal((await db.collectionGroup('leaves').get()).size, 0);
  });
});
