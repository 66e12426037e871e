import { FieldValue } from 'firebase-admin/firestore';
import { type Clients } from './entrants.js';
import { type Rival } from './rivals.js';
import {
  add,
  contended,
  deviceSets,
  fresh,
  growth,
  latency,
  listened,
  listenedBySdk,
  mean,
  queries,
  rewrites,
  ruledDeviceSets,
  seed,
  timed,
} from './work.js';

/** One task. Its figure is milliseconds per unit of work. */
export interface Task {
  readonly name: string;
  readonly unit: string;
  readonly of: readonly Rival['name'][];
  /** Run several times in turn. */
  readonly isShort?: true;
  /** Too long to run in each round. */
  readonly onceFor?: Rival['name'];
  /** `aside` collects secondary observations. */
  run(clients: Clients, size: Sizes, aside: (name: string, figure: number) => unknown): Promise<number>;
}

export interface Sizes {
  readonly warmUps: number;
  readonly turns: number;
  readonly sets: number;
  readonly batches: number;
  readonly documents: number;
  readonly batched: number;
}
export const FULL: Sizes = { warmUps: 30, turns: 12, sets: 200, batches: 5, documents: 10_000, batched: 100_000 };
export const QUICK: Sizes = { warmUps: 3, turns: 2, sets: 100, batches: 5, documents: 2000, batched: 5000 };

const BATCH = 500;
const ALL = ['emulator', 'floor', 'peer'] as const;
const STORES = ['emulator', 'peer'] as const;

/** Long tasks come last: during one the other programs are idle, and cold afterwards. */
export const TASKS: readonly Task[] = [
  {
    name: 'sequential sets',
    unit: 'set',
    of: ALL,
    isShort: true,
    run: ({ db }, { sets }) => {
      const collection = fresh();
      return timed(sets, async () => {
        for (let i = 0; i < sets; i++) await add(db, `${collection}/${i}`);
      });
    },
  },
  {
    name: 'parallel sets',
    unit: 'set',
    of: ALL,
    isShort: true,
    run: ({ db }, { sets }) => {
      const collection = fresh();
      return timed(sets, () => Promise.all(Array.from({ length: sets }, (_, i) => add(db, `${collection}/${i}`))));
    },
  },
  {
    name: 'batches of 500',
    unit: 'batch',
    of: ALL,
    isShort: true,
    run: ({ db }, { batches }) => timed(batches, () => seed(db, fresh(), batches * BATCH)),
  },
  {
    name: 'gets',
    unit: 'get',
    of: STORES,
    isShort: true,
    run: async ({ db }, { sets }) => {
      await add(db, 'g/a');
      return timed(sets, async () => {
        for (let i = 0; i < sets; i++) await db.doc('g/a').get();
      });
    },
  },
  {
    name: 'parallel sets, rules on',
    unit: 'set',
    of: ['emulator'],
    isShort: true,
    run: async ({ unruled, ruled }, { sets }, aside) => {
      aside('parallel sets, rules off', await deviceSets(unruled, sets));
      return ruledDeviceSets(ruled, sets);
    },
  },
  {
    name: 'write to snapshot',
    unit: 'write',
    of: STORES,
    isShort: true,
    run: async ({ db }, { sets }, aside) => {
      aside('  the same unlistened to', await rewrites(db, sets));
      return latency(db, sets);
    },
  },
  { name: '20 contended increments', unit: 'all', of: STORES, isShort: true, run: ({ db }) => contended(db) },
  {
    name: 'server-side increments',
    unit: 'increment',
    of: STORES,
    isShort: true,
    run: ({ db }, { sets }) =>
      timed(sets, () =>
        Promise.all(
          Array.from({ length: sets }, () => db.doc('i/a').set({ n: FieldValue.increment(1) }, { merge: true })),
        ),
      ),
  },
  {
    name: 'equality, order, limit 20',
    unit: 'query',
    of: STORES,
    onceFor: 'peer',
    run: async ({ db }, { documents }, aside) => {
      const collection = fresh();
      aside('seeding', await timed(1, () => seed(db, collection, documents)));
      return queries(db, collection);
    },
  },
  {
    name: 'batched writes',
    unit: 'batch',
    of: ['emulator'],
    run: async ({ db }, { batched }) => mean(await seed(db, fresh(), batched)),
  },
  {
    name: 'batched writes, listened to',
    unit: 'batch',
    of: ['emulator'],
    run: async (clients, { batched }, aside) => {
      const figures = await listened(clients, batched);
      aside('  their last tenth, of the first', growth(figures));
      return mean(figures);
    },
  },
  {
    name: 'batched writes, the SDK listening',
    unit: 'batch',
    of: ['emulator'],
    run: async ({ db }, { batched }) => mean(await listenedBySdk(db, batched)),
  },
];
