import assert from 'node:assert/strict';
import {
  initializeTestEnvironment,
  type RulesTestContext,
  type RulesTestEnvironment,
} from '@firebase/rules-unit-testing';
import { collection, doc, getDoc, getDocs, onSnapshot, setDoc } from 'firebase/firestore';
import { describeRecording, itAnswers } from './recordings.js';
import { type Clients, startClients } from './sdk/clients.js';

const FILE = 'sdk-auth-official-v1.22.0.json';

type Db = ReturnType<RulesTestContext['firestore']>;

describeRecording<{ step: string; result: unknown }[]>(FILE, (recorded) => {
  let clients: Clients;
  let environment: RulesTestEnvironment;
  before(async () => {
    clients = await startClients('demo-sdk-auth');
    const { host, port, projectId } = clients;
    environment = await initializeTestEnvironment({ projectId, firestore: { host, port } });
  });
  after(async () => {
    await environment.cleanup();
    await clients.close();
  });

  // A new context for each use, as for two page loads.
  const alice = (): Db => environment.authenticatedContext('alice').firestore();
  const signedOut = (): Db => environment.unauthenticatedContext().firestore();
  const ids = async (db: Db): Promise<string[]> => (await getDocs(collection(db, 'c'))).docs.map(({ id }) => id);
  const dataAt = async (db: Db): Promise<unknown> => (await getDoc(doc(db, 'c/a'))).data();

  async function withoutRules<T>(run: (db: Db) => Promise<T>): Promise<T | undefined> {
    let result: T | undefined;
    await environment.withSecurityRulesDisabled(async (context) => {
      result = await run(context.firestore());
    });
    return result;
  }

  const steps: Record<string, () => Promise<unknown>> = {
    'user writes c/a': () => setDoc(doc(alice(), 'c/a'), { by: 'alice' }).then(() => 'ok'),
    'user reads c/a': () => dataAt(alice()),
    'user listens to c': () =>
      new Promise((resolve, reject) =>
        onSnapshot(collection(alice(), 'c'), ({ docs }) => resolve(docs.map(({ id }) => id)), reject),
      ),
    'signed-out user reads c/a': () => dataAt(signedOut()),
    'signed-out user queries c': () => ids(signedOut()),
    'rules disabled writes c/b': () => withoutRules((db) => setDoc(doc(db, 'c/b'), { by: 'owner' }).then(() => 'ok')),
    'rules disabled lists c': () => withoutRules(ids),
    'Admin SDK lists collections': async () => (await clients.admin.listCollections()).map(({ id }) => id),
    'Admin SDK reads c': async () =>
      (await clients.admin.collection('c').get()).docs.map((found) => [found.id, found.data()]),
  };

  for (const { step, result } of recorded) {
    itAnswers(FILE, step, async () => assert.deepEqual(await steps[step]?.(), result));
  }
});
