import { AggregateField, type CollectionReference, type Query } from '@google-cloud/firestore';
import { describeRecording } from './recordings.js';
import { type Clients, startClients } from './sdk/clients.js';
import { itAnswersCalls, type RecordedCall } from './sdk/steps.js';

const FILE = 'sdk-aggregations-official-v1.22.0.json';
const { count, sum, average } = AggregateField;

describeRecording<RecordedCall[]>(FILE, (recorded) => {
  let clients: Clients;
  before(async () => {
    clients = await startClients('demo-sdk-aggregations');
  });
  after(() => clients.close());

  const items = (): CollectionReference => clients.admin.collection('items');
  const ofKindX = (): Query => items().where('kind', '==', 'x');
  const counted = async (query: Query): Promise<unknown> => (await query.count().get()).data();

  async function seed(): Promise<string> {
    const batch = clients.admin.batch();
    batch.set(items().doc('a'), { kind: 'x', price: 10.5, qty: 1 });
    batch.set(items().doc('b'), { kind: 'x', price: 4, qty: 2 });
    batch.set(items().doc('c'), { kind: 'y', price: 5, qty: 3 });
    batch.set(items().doc('d'), { kind: 'y', price: 'free', qty: 4 });
    batch.set(items().doc('e'), { kind: 'z', qty: 2 });
    batch.set(clients.admin.doc('items/a/parts/p'), { qty: 4 });
    batch.set(clients.admin.doc('boxes/b/parts/p'), { qty: 6 });
    for (const id of ['a', 'b']) batch.set(clients.admin.doc(`big/${id}`), { n: Number.MAX_SAFE_INTEGER });
    await batch.commit();
    return 'ok';
  }

  itAnswersCalls(FILE, recorded, {
    seed,
    count: () => counted(items()),
    'count with a filter': () => counted(ofKindX()),
    'count with a limit': () => counted(items().limit(2)),
    'sum and average': async () =>
      (
        await items()
          .aggregate({ total: sum('price'), mean: average('price') })
          .get()
      ).data(),
    'count next to sum': async () =>
      (
        await items()
          .aggregate({ n: count(), qty: sum('qty') })
          .get()
      ).data(),
    'count next to sum of a sparse field': async () =>
      (
        await items()
          .aggregate({ n: count(), total: sum('price') })
          .get()
      ).data(),
    'average of nothing': async () =>
      (
        await items()
          .where('kind', '==', 'none')
          .aggregate({ mean: average('qty'), total: sum('qty') })
          .get()
      ).data(),
    'sum beyond 2^53': async () =>
      (
        await clients.admin
          .collection('big')
          .aggregate({ n: sum('n') })
          .get()
      ).data(),
    'collection group count and sum': async () =>
      (
        await clients.admin
          .collectionGroup('parts')
          .aggregate({ n: count(), qty: sum('qty') })
          .get()
      ).data(),
    'in a transaction': () =>
      clients.admin.runTransaction(async (transaction) => {
        const found = (await transaction.get(ofKindX().count())).data();
        transaction.set(items().doc('f'), { kind: 'x' });
        return found;
      }),
    'after the transaction': () => counted(ofKindX()),
    'in a read-only transaction': () =>
      clients.admin.runTransaction(async (transaction) => (await transaction.get(items().count())).data(), {
        readOnly: true,
      }),
  });
});
