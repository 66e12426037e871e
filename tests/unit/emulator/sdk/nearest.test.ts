import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FieldValue, Firestore } from 'firebase-admin/firestore';
import { type RunningServer, startServer } from '#emulator/server.js';

type Search = Partial<Omit<FirebaseFirestore.VectorQueryOptions, 'vectorField' | 'queryVector'>>;

describe('vector search by the Admin SDK', () => {
  let server: RunningServer;
  let db: Firestore;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearest-'));
    const indexes = join(folder, 'firestore.indexes.json');
    const vector = { fieldPath: 'at.v', vectorConfig: { dimension: 2, flat: {} } };
    await writeFile(
      indexes,
      JSON.stringify({ indexes: [{ collectionGroup: 'c', queryScope: 'COLLECTION', fields: [vector] }] }),
    );
    server = await startServer({ indexFiles: new Map([['*', indexes]]) });
    db = new Firestore({ projectId: 'demo-nearest', host: `127.0.0.1:${server.port}`, ssl: false });
    const vectors = { east: [1, 0], north: [0, 1], far: [3, 3], zero: [0, 0], west: [-1, 0] };
    for (const [id, elements] of Object.entries(vectors))
      await db.doc(`c/${id}`).set({ at: { v: FieldValue.vector(elements) }, k: 1 });
    await db.doc('c/array').set({ at: { v: [1, 0] }, k: 1 });
    await db.doc('c/three').set({ at: { v: FieldValue.vector([1, 0, 0]) }, k: 1 });
    await db.doc('c/none').set({ k: 1 });
  });
  after(async () => {
    await db.terminate();
    await server.close();
    await rm(folder, { recursive: true });
  });

  const near = async (options: Search = {}, queryVector = [1, 0]): Promise<unknown[]> => {
    const search = {
      vectorField: 'at.v',
      queryVector,
      limit: 10,
      distanceMeasure: 'EUCLIDEAN' as const,
      distanceResultField: 'd',
      ...options,
    };
    const found = await db.collection('c').findNearest(search).get();
    return found.docs.map((one) => [one.id, Number(Number(one.get('d')).toFixed(3))]);
  };

  it('sorts by distance, then by name, and leaves out values that are no vector of the same dimension', async () => {
    assert.deepEqual(await near(), [
      ['east', 0],
      ['zero', 1],
      ['north', 1.414],
      ['west', 2],
      ['far', 3.606],
    ]);
  });

  it('measures angles, which a vector of length 0 does not have', async () => {
    assert.deepEqual(await near({ distanceMeasure: 'COSINE' }), [
      ['east', 0],
      ['far', 0.293],
      ['north', 1],
      ['west', 2],
    ]);
  });

  it('applies the limit and the threshold, an upper bound for distances and a lower one for the dot product', async () => {
    assert.deepEqual(await near({ limit: 2 }), [
      ['east', 0],
      ['zero', 1],
    ]);
    assert.deepEqual(await near({ distanceThreshold: 1 }), [
      ['east', 0],
      ['zero', 1],
    ]);
    assert.deepEqual(await near({ distanceMeasure: 'DOT_PRODUCT', distanceThreshold: 1 }), [
      ['far', 3],
      ['east', 1],
    ]);
  });

  it('refuses a search without its vector index, and returns the index to paste', async () => {
    const filtered = db
      .collection('c')
      .where('k', '==', 1)
      .findNearest({ vectorField: 'at.v', queryVector: [1, 0], limit: 1, distanceMeasure: 'EUCLIDEAN' });
    await assert.rejects(filtered.get(), (error: Error) => {
      assert.match(error.message, /The query requires an index\. Add to "indexes" in firestore\.indexes\.json/);
      assert.ok(
        error.message.includes(
          '{"collectionGroup":"c","queryScope":"COLLECTION","fields":[{"fieldPath":"k","order":"ASCENDING"},{"fieldPath":"at.v","vectorConfig":{"dimension":2,"flat":{}}}]}',
        ),
      );
      return true;
    });
    await assert.rejects(near({}, [1, 0, 0]), /"dimension":3/);
  });

  it('does not use a vector index for other queries', async () => {
    await assert.rejects(db.collection('c').where('k', '==', 1).orderBy('at.v').get(), /requires an index/);
  });
});
