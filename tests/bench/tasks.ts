import { type DocumentData, FieldValue, type Firestore, type QuerySnapshot } from 'firebase-admin/firestore';
import { type Rival } from './rivals.js';

/** One piece of work; the figure is the milliseconds that a unit of it took. */
export interface Task {
  readonly name: string;
  readonly unit: string;
  readonly of: readonly Rival['name'][];
  run(db: Firestore, size: Sizes): Promise<number>;
}

export interface Sizes {
  readonly sets: number;
  readonly batches: number;
  readonly documents: number;
  readonly batched: number;
}
export const FULL: Sizes = { sets: 500, batches: 10, documents: 10_000, batched: 100_000 };
export const QUICK: Sizes = { sets: 100, batches: 3, documents: 2000, batched: 5000 };

const BATCH = 500;
const ALL = ['emulator', 'floor', 'peer'] as const;
const STORES = ['emulator', 'peer'] as const;
/** About 300 bytes. */
const DOCUMENT = { name: 'x'.repeat(200), kind: 'k', n: 1, tags: ['a', 'b'], nested: { a: 1, b: true } };

const add = (db: Firestore, path: string): Promise<unknown> => db.doc(path).set(DOCUMENT);

async function timed(units: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / units;
}

let collections = 0;
const fresh = (): string => `bench${collections++}`;

async function seed(db: Firestore, collection: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const batch = db.batch();
    for (let i = from; i < Math.min(count, from + BATCH); i++)
      batch.set(db.doc(`${collection}/${i}`), { ...DOCUMENT, kind: `k${i % 10}`, n: (i * 7919) % count });
    await batch.commit();
  }
}

async function contended(db: Firestore): Promise<number> {
  const counter = db.doc(`${fresh()}/counter`);
  await counter.set({ n: 0 });
  const increment = (): Promise<void> =>
    db.runTransaction(async (tx) => {
      const n: unknown = (await tx.get(counter)).get('n');
      tx.update(counter, { n: Number(n) + 1 });
    });
  const ms = await timed(1, () => Promise.allSettled(Array.from({ length: 20 }, increment)));
  const left: unknown = (await counter.get()).get('n');
  return left === 20 ? ms : NaN;
}

/** From the write's start until a listener has the snapshot. */
async function latency(db: Firestore, sets: number): Promise<number> {
  const reference = db.doc(`${fresh()}/watched`);
  let arrived: (n: unknown) => void = () => undefined;
  const stop = reference.onSnapshot((snapshot) => arrived(snapshot.get('n')));
  const figures: number[] = [];
  for (let n = 0; n < sets; n++) {
    const seen = new Promise<void>((resolve) => (arrived = (got) => got === n && resolve()));
    figures.push(await timed(1, () => Promise.all([reference.set({ n }), seen])));
  }
  stop();
  return median(figures);
}

async function batched(db: Firestore, count: number, listens: boolean): Promise<number> {
  const collection = fresh();
  let complete = (): void => undefined;
  const all = new Promise<void>((resolve) => (complete = resolve));
  const onNext = (snapshot: QuerySnapshot<DocumentData>): void => void (snapshot.size >= count && complete());
  const stop = listens ? db.collection(collection).onSnapshot(onNext) : undefined;
  const ms = await timed(count / BATCH, () => seed(db, collection, count));
  if (listens) await all;
  stop?.();
  return ms;
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export const TASKS: readonly Task[] = [
  {
    name: 'sequential sets',
    unit: 'set',
    of: ALL,
    run: (db, { sets }) =>
      timed(sets, async () => {
        for (let i = 0; i < sets; i++) await add(db, `s/${i}`);
      }),
  },
  {
    name: 'parallel sets',
    unit: 'set',
    of: ALL,
    run: (db, { sets }) => timed(sets, () => Promise.all(Array.from({ length: sets }, (_, i) => add(db, `p/${i}`)))),
  },
  {
    name: 'batches of 500',
    unit: 'batch',
    of: ALL,
    run: (db, { batches }) => timed(batches, () => seed(db, fresh(), batches * BATCH)),
  },
  {
    name: 'gets',
    unit: 'get',
    of: STORES,
    run: async (db, { sets }) => {
      await add(db, 'g/a');
      return timed(sets, async () => {
        for (let i = 0; i < sets; i++) await db.doc('g/a').get();
      });
    },
  },
  {
    name: 'equality, order, limit 20',
    unit: 'query',
    of: ['emulator'],
    run: async (db, { documents }) => {
      const collection = fresh();
      await seed(db, collection, documents);
      const query = db.collection(collection).where('kind', '==', 'k3').orderBy('n').limit(20);
      const figures: number[] = [];
      for (let i = 0; i < 20; i++) figures.push(await timed(1, () => query.get()));
      return median(figures);
    },
  },
  {
    name: 'seeding',
    unit: 'seeding',
    of: ['emulator'],
    run: (db, { documents }) => timed(1, () => seed(db, fresh(), documents)),
  },
  { name: 'write to snapshot', unit: 'write', of: STORES, run: (db, { sets }) => latency(db, Math.min(sets, 100)) },
  { name: 'batched writes', unit: 'batch', of: ['emulator'], run: (db, { batched: n }) => batched(db, n, false) },
  {
    name: 'batched writes, listened to',
    unit: 'batch',
    of: ['emulator'],
    run: (db, { batched: n }) => batched(db, n, true),
  },
  { name: '20 contended increments', unit: 'all', of: STORES, run: contended },
  {
    name: 'server-side increments',
    unit: 'increment',
    of: STORES,
    run: (db, { sets }) =>
      timed(sets, () =>
        Promise.all(
          Array.from({ length: sets }, () => db.doc('i/a').set({ n: FieldValue.increment(1) }, { merge: true })),
        ),
      ),
  },
];
