import { initializeApp } from 'firebase/app';
import {
  collection,
  connectFirestoreEmulator,
  deleteDoc,
  doc,
  type DocumentReference,
  type DocumentSnapshot,
  type Firestore,
  type FirestoreSettings,
  getCountFromServer,
  getDoc,
  getDocs,
  increment,
  initializeFirestore,
  onSnapshot,
  orderBy,
  query,
  type QuerySnapshot,
  runTransaction,
  setDoc,
  setLogLevel,
  terminate,
  updateDoc,
  writeBatch,
} from 'firebase/firestore';

/** How the SDK reaches the server. */
export type Mode = 'streaming' | 'forceLongPolling' | 'autoDetectLongPolling' | 'mockUserToken';

const SETTINGS: Record<Mode, FirestoreSettings> = {
  streaming: { experimentalAutoDetectLongPolling: false },
  forceLongPolling: { experimentalForceLongPolling: true },
  autoDetectLongPolling: { experimentalAutoDetectLongPolling: true },
  mockUserToken: {},
};

let apps = 0;

async function using<T>(port: number, mode: Mode, projectId: string, run: (db: Firestore) => Promise<T>): Promise<T> {
  setLogLevel('silent');
  const db = initializeFirestore(initializeApp({ projectId, apiKey: 'key' }, `app-${apps++}`), SETTINGS[mode]);
  connectFirestoreEmulator(db, '127.0.0.1', port, mode === 'mockUserToken' ? { mockUserToken: { sub: 'alice' } } : {});
  try {
    return await run(db);
  } finally {
    await terminate(db);
  }
}

/** The snapshots that a listener of one document receives while the document is written, changed, read and deleted. */
export function followDocument(port: number, mode: Mode, withQueries: boolean): Promise<unknown[]> {
  return using(port, mode, 'demo-browser', async (db) => {
    const reference = doc(db, `${mode}-${withQueries}`, 'more-7');
    const { told, stop, settled } = await follow(reference);
    await setDoc(reference, { n: 1 });
    await settled(1);
    await updateDoc(reference, { n: increment(1) });
    await settled(2);
    told.push({ get: (await getDoc(reference)).data() });
    if (withQueries) told.push(...(await aroundBatch(db, reference.parent.id)));
    await deleteDoc(reference);
    await settled(undefined);
    stop();
    return told;
  });
}

interface Following {
  readonly told: unknown[];
  stop(): void;
  /** Resolves when the server has sent the document with this n, or its absence. */
  settled(n: number | undefined): Promise<void>;
}

async function follow(reference: DocumentReference): Promise<Following> {
  const told: unknown[] = [];
  let latest: DocumentSnapshot | undefined;
  let wake = (): void => undefined;
  const stop = onSnapshot(reference, { includeMetadataChanges: true }, (snapshot) => {
    latest = snapshot;
    const { fromCache, hasPendingWrites } = snapshot.metadata;
    const data = snapshot.data() ?? null;
    told.push({ exists: snapshot.exists(), data, fromCache, pending: hasPendingWrites });
    wake();
  });
  const settled = async (n: number | undefined): Promise<void> => {
    while (!latest || latest.metadata.hasPendingWrites || latest.metadata.fromCache || latest.get('n') !== n) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  await settled(undefined);
  return { told, stop, settled };
}

/** A query's documents before and after a batch that adds one before the existing documents and two after them. */
async function aroundBatch(db: Firestore, name: string): Promise<unknown[]> {
  const ids = async (): Promise<unknown> => ({
    query: (await getDocs(query(collection(db, name), orderBy('n')))).docs.map(({ id }) => id),
  });
  const before = await ids();
  const batch = writeBatch(db);
  batch.set(doc(db, name, 'good'), { n: 1 });
  batch.set(doc(db, name, 'b1'), { n: 3 });
  batch.set(doc(db, name, 'b2'), { n: 4 });
  await batch.commit();
  return [before, await ids()];
}

/** A write that the server refuses permanently, and one after it. */
export function refusedWrite(port: number): Promise<string[]> {
  return using(port, 'streaming', 'demo-browser', async (db) => [
    await outcome(setDoc(doc(db, 'refused', 'bad'), { s: 's'.repeat(1_048_488) })),
    await outcome(setDoc(doc(db, 'refused', 'good'), { n: 1 })),
  ]);
}

/** Calls that the SDK makes over REST: a transaction and a count. */
export function transactionAndCount(port: number, mode: Mode): Promise<unknown> {
  return using(port, mode, 'demo-browser', async (db) => {
    const counter = doc(db, `counted-${mode}`, 'a');
    const add = (): Promise<number> =>
      runTransaction(db, async (transaction) => {
        const n = Number((await transaction.get(counter)).get('n') ?? 0) + 1;
        transaction.set(counter, { n });
        return n;
      });
    await Promise.all([add(), add()]);
    await setDoc(doc(db, `counted-${mode}`, 'empty'), {});
    const { count } = (await getCountFromServer(collection(db, `counted-${mode}`))).data();
    return {
      n: (await getDoc(counter)).get('n'),
      count,
      empty: (await getDoc(doc(db, `counted-${mode}`, 'empty'))).data(),
    };
  });
}

/** Writes fifty documents at once; returns how many the listener of their collection has when the last one arrives. */
export function fiftyWrites(port: number, mode: Mode): Promise<number> {
  return using(port, mode, 'demo-browser', async (db) => {
    const all = collection(db, `fifty-${mode}`);
    const seen = new Promise<number>((resolve, reject) => {
      const settle = ({ size, metadata }: QuerySnapshot): void => {
        if (size === 50 && !metadata.hasPendingWrites) resolve(size);
      };
      onSnapshot(all, { includeMetadataChanges: true }, settle, reject);
    });
    await Promise.all(Array.from({ length: 50 }, (_, i) => setDoc(doc(all, `d${i}`), { i })));
    return seen;
  });
}

/** The results of a listener, a read and a write where rules deny everything except `open`. */
export function underRules(port: number, mode: Mode): Promise<string[]> {
  return using(port, mode, 'demo-ruled', async (db) => {
    const listened = new Promise((resolve, reject) => onSnapshot(collection(db, 'closed'), resolve, reject));
    return [
      await outcome(listened),
      await outcome(getDoc(doc(db, 'closed/a'))),
      await outcome(setDoc(doc(db, 'closed/a'), {})),
      await outcome(setDoc(doc(db, 'open/a'), {})),
    ];
  });
}

async function outcome(done: Promise<unknown>): Promise<string> {
  try {
    await done;
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${error.code}: ${error.message}` : String(error);
  }
}
