import assert from 'node:assert/strict';
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestEnvironment,
} from '@firebase/rules-unit-testing';
import {
  collection,
  type DocumentData,
  doc,
  getDoc,
  getDocs,
  onSnapshot,
  query,
  type QuerySnapshot,
  runTransaction,
  serverTimestamp,
  setDoc,
  setLogLevel,
  where,
  writeBatch,
  disableNetwork,
  enableNetwork,
} from 'firebase/firestore';
import { type RunningServer, startServer } from '#emulator/server.js';

const RULES = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /notes/{id} {
      allow get: if resource == null || resource.data.owner == request.auth.uid;
      allow list: if resource.data.owner == request.auth.uid;
      allow create: if request.resource.data.owner == request.auth.uid && request.resource.data.at == request.time;
      allow update: if exists(/databases/$(database)/documents/editors/$(request.auth.uid));
    }
    match /open/{id} { allow read, write; }
  }
}`;

describe('the emulator under the web SDK and rules-unit-testing', function () {
  this.timeout(20_000);
  let server: RunningServer;
  let environment: RulesTestEnvironment;

  before(async () => {
    setLogLevel('silent');
    server = await startServer();
    environment = await initializeTestEnvironment({
      projectId: 'demo-web',
      firestore: { host: '127.0.0.1', port: server.port, rules: RULES },
    });
  });
  beforeEach(() => environment.clearFirestore());
  after(async () => {
    await environment.cleanup();
    await server.close();
  });

  it('lets a user create her own note, dated by the server, and read it back', async () => {
    const db = environment.authenticatedContext('ada').firestore();
    await assertSucceeds(setDoc(doc(db, 'notes/a'), { owner: 'ada', at: serverTimestamp() }));
    assert.equal((await getDoc(doc(db, 'notes/a'))).get('owner'), 'ada');
  });

  it("refuses a note in another user's name, and reading it", async () => {
    const bob = environment.authenticatedContext('bob').firestore();
    await assertFails(setDoc(doc(bob, 'notes/b'), { owner: 'ada', at: serverTimestamp() }));
    await environment.withSecurityRulesDisabled((context) =>
      setDoc(doc(context.firestore(), 'notes/b'), { owner: 'ada' }),
    );
    await assertFails(getDoc(doc(bob, 'notes/b')));
  });

  it('allows only a query that is limited to what the rules grant', async () => {
    const db = environment.authenticatedContext('ada').firestore();
    await assertSucceeds(getDocs(query(collection(db, 'notes'), where('owner', '==', 'ada'))));
    await assertFails(getDocs(collection(db, 'notes')));
  });

  it('looks documents up for the rules', async () => {
    await environment.withSecurityRulesDisabled(async (context) => {
      await setDoc(doc(context.firestore(), 'notes/c'), { owner: 'ada' });
      await setDoc(doc(context.firestore(), 'editors/eve'), {});
    });
    await assertSucceeds(
      setDoc(doc(environment.authenticatedContext('eve').firestore(), 'notes/c'), { owner: 'ada', by: 'eve' }),
    );
    await assertFails(
      setDoc(doc(environment.authenticatedContext('bob').firestore(), 'notes/c'), { owner: 'ada', by: 'bob' }),
    );
  });

  it('retries an optimistic transaction until it succeeds', async () => {
    const db = environment.unauthenticatedContext().firestore();
    const counter = doc(db, 'open/counter');
    await setDoc(counter, { n: 0 });
    const add = (): Promise<void> =>
      runTransaction(db, async (tx) => {
        const n: unknown = (await tx.get(counter)).get('n');
        tx.set(counter, { n: Number(n) + 1 });
      });
    await Promise.all([add(), add(), add()]);
    assert.equal((await getDoc(counter)).get('n'), 3);
  });

  it('resumes a listener with the changes that it missed while offline', async () => {
    const db = environment.unauthenticatedContext().firestore();
    const other = environment.authenticatedContext('other').firestore();
    const batch = writeBatch(other);
    for (const n of [1, 2, 3]) batch.set(doc(other, `open/d${n}`), { n });
    await batch.commit();
    const seen: QuerySnapshot<DocumentData>[] = [];
    let arrived = (): void => undefined;
    const stop = onSnapshot(query(collection(db, 'open'), where('n', '<', 10)), (snapshot) => {
      seen.push(snapshot);
      arrived();
    });
    const until = async (test: (snapshot: QuerySnapshot<DocumentData>) => boolean): Promise<void> => {
      for (let last = seen.at(-1); !last || !test(last); last = seen.at(-1))
        await new Promise<void>((resolve) => (arrived = resolve));
    };
    await until((s) => s.size === 3);
    await disableNetwork(db);
    await setDoc(doc(other, 'open/d1'), { n: 100 });
    await setDoc(doc(other, 'open/d4'), { n: 4 });
    const before = seen.length;
    await enableNetwork(db);
    await until((s) => !s.metadata.fromCache && s.size === 3 && s.docs.some((d) => d.id === 'd4'));
    stop();
    const changes = seen.slice(before).flatMap((s) => s.docChanges().map((c) => `${c.type} ${c.doc.id}`));
    assert.deepEqual(changes.sort(), ['added d4', 'removed d1']);
  });
});
