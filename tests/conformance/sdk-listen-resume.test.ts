import assert from 'node:assert/strict';
import { collection, disableNetwork, doc, enableNetwork, onSnapshot, orderBy, query, where } from 'firebase/firestore';
import { describeRecording, itAnswers } from './recordings.js';
import { type Clients, startClients } from './sdk/clients.js';
import { type Listeners, Observers } from './sdk/observers.js';
import { endOf } from './sdk/settled.js';
import { toldDocument, toldQuery } from './sdk/snapshots.js';

const FILE = 'sdk-listen-resume-official-v1.22.0.json';

interface RecordedStep {
  readonly step: string;
  readonly listeners: Listeners;
}

describeRecording<RecordedStep[]>(FILE, (recorded) => {
  let clients: Clients;
  let observers: Observers;
  before(async () => {
    clients = await startClients('demo-sdk-resume');
    observers = new Observers(clients);
  });
  after(async () => {
    observers.stop();
    await clients.close();
  });

  const set = (id: string, n: number): Promise<unknown> => clients.admin.doc(`c/${id}`).set({ n });

  function listen(): void {
    const all = collection(clients.web, 'c');
    observers.add('n < 10', (tell) =>
      onSnapshot(query(all, where('n', '<', 10), orderBy('n')), (snapshot) => tell(toldQuery(snapshot))),
    );
    observers.add('doc b', (tell) => onSnapshot(doc(all, 'b'), (snapshot) => tell(toldDocument(snapshot))));
  }

  const steps: Record<string, () => Promise<unknown> | void> = {
    seed: () => Promise.all([set('a', 1), set('b', 2), set('e', 3), set('same', 4)]),
    listen,
    'go offline': () => disableNetwork(clients.web),
    'write while offline': async () => {
      await set('a', 5);
      await set('d', 6);
      await set('e', 30);
      await clients.admin.doc('c/b').delete();
    },
    'back online': () => enableNetwork(clients.web),
    'write while online': () => set('b', 7),
    'offline again, nothing changes, online again': async () => {
      await disableNetwork(clients.web);
      await enableNetwork(clients.web);
    },
  };
  const isOffline = (step: string): boolean => step === 'go offline' || step === 'write while offline';

  for (const { step, listeners } of recorded) {
    itAnswers(FILE, step, async () => {
      const run = steps[step];
      assert.ok(run, `no step is written for ${step}`);
      await run();
      if (isOffline(step)) return;
      const told = await observers.take(Object.fromEntries(Object.keys(listeners).map((name) => [name, 1])));
      assert.deepEqual(endOf(told), endOf(listeners));
    });
  }
});
