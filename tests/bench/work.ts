import { type Firestore, type QuerySnapshot } from 'firebase-admin/firestore';
import { type Clients } from './entrants.js';
import { listenRaw } from './raw-listener.js';

const BATCH = 500;
/** About 300 bytes. */
export const DOCUMENT = { name: 'x'.repeat(200), kind: 'k', n: 1, tags: ['a', 'b'], nested: { a: 1, b: true } };

export const add = (db: Firestore, path: string): Promise<unknown> => db.doc(path).set(DOCUMENT);

export async function timed(units: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / units;
}

let names = 0;
/** A value not used before: a write that changes nothing is cheaper than one that does. */
export const fresh = (): string => `bench${names++}`;

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Fills a collection in batches of 500; returns the time of each. */
export async function seed(db: Firestore, collection: string, count: number): Promise<number[]> {
  const figures: number[] = [];
  for (let from = 0; from < count; from += BATCH) {
    figures.push(
      await timed(1, () => {
        const batch = db.batch();
        for (let i = from; i < Math.min(count, from + BATCH); i++)
          batch.set(db.doc(`${collection}/${i}`), { ...DOCUMENT, kind: `k${i % 10}`, n: (i * 7919) % count });
        return batch.commit();
      }),
    );
  }
  return figures;
}

/** The median of queries that find the first 20 of a tenth of the collection. */
export async function queries(db: Firestore, collection: string): Promise<number> {
  const query = db.collection(collection).where('kind', '==', 'k3').orderBy('n').limit(20);
  const figures: number[] = [];
  for (let i = 0; i < 20; i++) figures.push(await timed(1, () => query.get()));
  return median(figures);
}

/** NaN unless every increment is counted. */
export async function contended(db: Firestore): Promise<number> {
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

/** The median of sets of one document. */
export async function rewrites(db: Firestore, sets: number): Promise<number> {
  const reference = db.doc(`${fresh()}/unwatched`);
  const figures: number[] = [];
  for (let n = 0; n < sets; n++) figures.push(await timed(1, () => reference.set({ ...DOCUMENT, n })));
  return median(figures);
}

/** The median time from the start of a write until a listener has its snapshot. */
export async function latency(db: Firestore, sets: number): Promise<number> {
  const reference = db.doc(`${fresh()}/watched`);
  let arrived: (n: unknown) => void = () => undefined;
  let broken: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (broken = reject));
  const stop = reference.onSnapshot((snapshot) => arrived(snapshot.get('n')), broken);
  const figures: number[] = [];
  try {
    for (let n = 0; n < sets; n++) {
      const seen = new Promise<void>((resolve) => (arrived = (got) => got === n && resolve()));
      let written: Promise<unknown> = seen;
      figures.push(
        await timed(1, () => {
          written = reference.set({ ...DOCUMENT, n });
          return Promise.race([failed, seen]);
        }),
      );
      await written;
    }
    return median(figures);
  } finally {
    stop();
  }
}

/**
 * Writes while a listener follows the whole collection, until it has received everything; returns the time of each
 * batch.
 */
export async function listened({ db, port }: Clients, count: number): Promise<number[]> {
  const collection = fresh();
  const listener = await listenRaw(port, 'projects/demo-bench/databases/(default)', collection, count);
  const figures = await seed(db, collection, count);
  await listener.all;
  listener.stop();
  return figures;
}

/** The same with the SDK's listener in this process, which takes most of the time. */
export async function listenedBySdk(db: Firestore, count: number): Promise<number[]> {
  const collection = fresh();
  let complete = (): void => undefined;
  const all = new Promise<void>((resolve) => (complete = resolve));
  const onNext = ({ size }: QuerySnapshot): void => void (size >= count && complete());
  const stop = db.collection(collection).onSnapshot(onNext);
  const figures = await seed(db, collection, count);
  await all;
  stop();
  return figures;
}

export function mean(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

/** The ratio of the last tenth of the figures to the first. */
export function growth(figures: readonly number[]): number {
  const tenth = Math.ceil(figures.length / 10);
  return median(figures.slice(-tenth)) / median(figures.slice(0, tenth));
}

/** Parallel sets of devices of the user "u", as this project's rules allow. */
export async function deviceSets(db: Firestore, sets: number): Promise<number> {
  const prefix = fresh();
  const device = (i: number): Promise<unknown> =>
    db.doc(`users/u/devices/${prefix}-${i}`).set({ token: 'x'.repeat(200), platform: 'web' });
  return timed(sets, () => Promise.all(Array.from({ length: sets }, (_, i) => device(i))));
}

/** NaN where the rules allow a stranger, because they would then not be measured. */
export async function ruledDeviceSets(db: Firestore, sets: number): Promise<number> {
  const isRefused = await db
    .doc('users/other/devices/d')
    .set({ token: 'x', platform: 'web' })
    .then(
      () => false,
      () => true,
    );
  return isRefused ? deviceSets(db, sets) : NaN;
}
