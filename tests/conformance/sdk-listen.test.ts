import assert from 'node:assert/strict';
import { FieldValue, type Query as AdminQuery } from '@google-cloud/firestore';
import {
  collection,
  doc,
  getDoc,
  getDocs,
  limit,
  onSnapshot,
  orderBy,
  query,
  type Query as WebQuery,
  where,
} from 'firebase/firestore';
import { describeRecording, itAnswers } from './recordings.js';
import { type Clients, startClients } from './sdk/clients.js';
import { type Listeners, Observers } from './sdk/observers.js';
import { toldDocument, toldQuery } from './sdk/snapshots.js';

const FILE = 'sdk-listen-official-v1.22.0.json';
/** The official emulator moves its window in two steps, which is a fault. Only the final window is compared. */
const WINDOW = 'web: top 2 by pop';

interface RecordedStep {
  readonly step: string;
  readonly listeners: Listeners;
}

describeRecording<RecordedStep[]>(FILE, (recorded) => {
  let clients: Clients;
  let observers: Observers;
  before(async () => {
    clients = await startClients('demo-sdk-listen');
    observers = new Observers(clients);
  });
  after(async () => {
    observers.stop();
    await clients.close();
  });

  function attach(): void {
    const { admin, web } = clients;
    const cities = admin.collection('cities');
    const adminQuery = (name: string, of: AdminQuery): void =>
      observers.add(`admin: ${name}`, (tell) => of.onSnapshot((snapshot) => tell(toldQuery(snapshot))));
    const webQuery = (name: string, of: WebQuery): void =>
      observers.add(`web: ${name}`, (tell) => onSnapshot(of, (snapshot) => tell(toldQuery(snapshot))));
    adminQuery('all', cities);
    adminQuery('group landmarks', admin.collectionGroup('landmarks'));
    adminQuery('pop > 1000', cities.where('pop', '>', 1000));
    adminQuery('top 2 by pop', cities.orderBy('pop', 'desc').limit(2));
    for (const id of ['NY', 'SF']) {
      observers.add(`admin: doc ${id}`, (tell) => cities.doc(id).onSnapshot((found) => tell(toldDocument(found))));
    }
    const webCities = collection(web, 'cities');
    webQuery('CA by pop', query(webCities, where('state', '==', 'CA'), orderBy('pop')));
    webQuery('top 2 by pop', query(webCities, orderBy('pop', 'desc'), limit(2)));
    observers.add('web: doc NY', (tell) => onSnapshot(doc(webCities, 'NY'), (found) => tell(toldDocument(found))));
  }

  const set = (path: string, data: object): Promise<unknown> => clients.admin.doc(path).set(data);
  const update = (id: string, data: object): Promise<unknown> => clients.admin.doc(`cities/${id}`).update(data);

  const steps: Record<string, () => Promise<unknown> | void> = {
    seed: async () => {
      await set('cities/SF', { pop: 860, state: 'CA' });
      await set('cities/LA', { pop: 3900, state: 'CA' });
      await set('cities/TOK', { pop: 9000, state: null });
    },
    'attach listeners': attach,
    'add NY (enters several queries)': () => set('cities/NY', { pop: 8300, state: 'NY' }),
    'update SF (stays in all)': () => update('SF', { pop: 870 }),
    'update LA below 1000 (leaves pop > 1000, moves in order)': () => update('LA', { pop: 999 }),
    'update TOK above all (changes the top 2)': () => update('TOK', { pop: 9500 }),
    'no-op write': () => update('SF', { pop: 870 }),
    'write to another collection': () => set('others/x', { n: 1 }),
    'batch: delete TOK, add BJ, change NY state': () => {
      const batch = clients.admin.batch();
      const city = (id: string): ReturnType<typeof clients.admin.doc> => clients.admin.doc(`cities/${id}`);
      return batch
        .delete(city('TOK'))
        .set(city('BJ'), { pop: 21500, state: null })
        .update(city('NY'), { state: 'CA' })
        .commit();
    },
    'add a landmark': () => set('cities/SF/landmarks/gg', { name: 'Golden Gate' }),
    'server timestamp': () => update('SF', { at: FieldValue.serverTimestamp() }),
    'delete NY': () => clients.admin.doc('cities/NY').delete(),
    'web getDoc and getDocs': () => {
      observers.add('web: get', (tell) => {
        void readOnce().then(tell);
        return () => undefined;
      });
    },
    detach: () => observers.stop(),
  };

  async function readOnce(): Promise<unknown> {
    const cities = collection(clients.web, 'cities');
    const one = (await getDoc(doc(cities, 'SF'))).exists();
    const all = (await getDocs(query(cities, orderBy('pop')))).docs.map(({ id }) => id);
    return { one, all };
  }

  for (const { step, listeners } of recorded) {
    itAnswers(FILE, step, async () => {
      const run = steps[step];
      assert.ok(run, `no step is written for ${step}`);
      await run();
      if (step === 'detach') return;
      const told = await observers.take(Object.fromEntries(Object.keys(listeners).map((name) => [name, 1])));
      assert.deepEqual(settled(told), settled(listeners));
    });
  }
});

/** All recorded changes, but of the window only the final one. */
function settled(listeners: Listeners): Listeners {
  const { [WINDOW]: window, ...others } = listeners;
  const last: unknown = window?.at(-1);
  const docs = typeof last === 'object' && last !== null && 'docs' in last ? last.docs : undefined;
  return { ...others, ...(docs === undefined ? {} : { [WINDOW]: [docs] }) };
}
