import { type DocumentReference, FieldValue, Timestamp, type WriteResult } from '@google-cloud/firestore';
import { describeRecording } from './recordings.js';
import { type Clients, plain, startClients } from './sdk/clients.js';
import { itAnswersCalls, type RecordedCall } from './sdk/steps.js';

const FILE = 'sdk-documents-official-v1.22.0.json';

describeRecording<RecordedCall[]>(FILE, (recorded) => {
  let clients: Clients;
  let firstWrite: WriteResult;
  before(async () => {
    clients = await startClients('demo-sdk-documents');
  });
  after(() => clients.close());

  const at = (path: string): DocumentReference => clients.admin.doc(path);
  const dataAt = async (path: string): Promise<unknown> => plain((await at(path).get()).data());
  const idsOf = async (collection: string): Promise<string[]> =>
    (await clients.admin.collection(collection).listDocuments()).map(({ id }) => id).sort();

  async function identicalSet(): Promise<unknown> {
    const before = await at('users/alice').get();
    const written = await at('users/alice').set(before.data() ?? {});
    const after = await at('users/alice').get();
    return {
      writeTimeIsOldUpdateTime: before.updateTime?.isEqual(written.writeTime),
      updateTimeUnchanged: before.updateTime !== undefined && after.updateTime?.isEqual(before.updateTime),
    };
  }

  async function bulkWrite(): Promise<string[]> {
    const writer = clients.admin.bulkWriter();
    writer.onWriteError(() => false);
    const told = (done: Promise<unknown>): Promise<string> =>
      done.then(
        () => 'ok',
        (error: unknown) => `error ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`,
      );
    const outcomes = [
      writer.create(at('users/dave'), { n: 1 }),
      writer.create(at('users/bob'), { n: 1 }),
      writer.update(at('users/nobody'), { n: 1 }),
      writer.delete(at('users/carol')),
    ].map(told);
    await writer.close();
    return Promise.all(outcomes);
  }

  async function datedByServer(): Promise<unknown> {
    const { writeTime } = await at('t/dated').set({
      at: FieldValue.serverTimestamp(),
      nested: { at: FieldValue.serverTimestamp() },
    });
    const snapshot = await at('t/dated').get();
    const dated: unknown = snapshot.get('at');
    if (!(dated instanceof Timestamp)) return { isTimestamp: false };
    return {
      isTimestamp: true,
      millisecondPrecision: dated.nanoseconds % 1_000_000 === 0,
      notAfterWrite: dated.valueOf() <= writeTime.valueOf(),
      sameInNested: dated.isEqual(snapshot.get('nested.at')),
    };
  }

  itAnswersCalls(FILE, recorded, {
    'set alice': async () => {
      firstWrite = await at('users/alice').set({ name: 'Alice', age: 30, tags: ['a', 'b'], nested: { x: 1 } });
      return 'ok';
    },
    'get alice': async () => {
      const snapshot = await at('users/alice').get();
      return {
        exists: snapshot.exists,
        data: snapshot.data(),
        createEqualsUpdate: snapshot.updateTime !== undefined && snapshot.createTime?.isEqual(snapshot.updateTime),
        updateEqualsWrite: snapshot.updateTime?.isEqual(firstWrite.writeTime),
      };
    },
    'update dotted': async () => {
      await at('users/alice').update({ 'nested.y': 2, age: 31 });
      return dataAt('users/alice');
    },
    'set merge': async () => {
      await at('users/alice').set({ city: 'Tokyo', nested: { z: 3 } }, { merge: true });
      return dataAt('users/alice');
    },
    'create existing': () => at('users/alice').create({}),
    'update missing': () => at('users/nobody').update({ n: 1 }),
    'delete with stale lastUpdateTime': () => at('users/alice').delete({ lastUpdateTime: firstWrite.writeTime }),
    'identical set keeps updateTime': identicalSet,
    getAll: async () =>
      (await clients.admin.getAll(at('users/nobody'), at('users/alice'))).map(({ id, exists }) => ({ id, exists })),
    batch: async () => {
      const batch = clients.admin.batch();
      batch.delete(at('users/alice')).set(at('users/bob'), { n: 1 }).set(at('users/carol'), { n: 1 });
      batch.set(at('users/bob/posts/p'), { n: 1 }).set(at('ghosts/g/sub/x'), { n: 1 });
      return (await batch.commit()).length;
    },
    'listDocuments users': () => idsOf('users'),
    'listDocuments ghosts (missing parent)': () => idsOf('ghosts'),
    'listCollections root': async () => (await clients.admin.listCollections()).map(({ id }) => id),
    'listCollections bob': async () => (await at('users/bob').listCollections()).map(({ id }) => id),
    bulkWriter: bulkWrite,
    'after bulkWriter': () => idsOf('users'),
    serverTimestamp: datedByServer,
    increment: async () => {
      await at('t/n').set({ n: 1, f: 1 });
      const added = { n: FieldValue.increment(2), f: FieldValue.increment(1.5), fresh: FieldValue.increment(5) };
      await at('t/n').update(added);
      return dataAt('t/n');
    },
    'arrayUnion and arrayRemove': async () => {
      await at('t/list').set({ list: ['a', 1] });
      await at('t/list').update({ list: FieldValue.arrayUnion('a', 1, 'b') });
      const afterUnion = (await at('t/list').get()).get('list');
      await at('t/list').update({ list: FieldValue.arrayRemove('a', 1) });
      return { afterUnion, afterRemove: (await at('t/list').get()).get('list') };
    },
    'FieldValue.delete': async () => {
      await at('t/del').set({ keep: 1, gone: 2, m: { x: 1, y: 2 } });
      await at('t/del').update({ gone: FieldValue.delete(), 'm.x': FieldValue.delete() });
      return dataAt('t/del');
    },
    'merge with transforms': async () => {
      await at('t/merge').set({ a: 1, b: 1, list: ['x'] });
      await at('t/merge').set({ b: FieldValue.increment(2), list: FieldValue.arrayUnion('y') }, { merge: true });
      return dataAt('t/merge');
    },
  });
});
