import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import { compareClaims } from '#functions/accounts/compare-claims.js';
import { endSessions } from '#functions/accounts/sessions.js';
import { runNightlyJobs } from '#functions/app/tidy-up.js';
import { refreshStaffKeys } from '#functions/authority/staff-keys.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { matchWindow } from '#functions/dispatch/match-window.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { rollUpBoards } from '#functions/operations/boards.js';
import { paths } from '#functions/platform/firestore.js';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import { erase } from '#functions/privacy/erase.js';
import { checkCash } from '#functions/reconciliation/owner-accounts.js';
import { countReviews } from '#functions/reviews/count-reviews.js';
import type { Backend } from '#fixtures/backend.js';
import { aCourier, aZone, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { anOrder, aQuote } from '#fixtures/orders.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

type Row = readonly [path: string, data: object];

/** A job that pages or batches: what it finds, and how much of that it handled. */
interface Volume {
  job: string;
  /** The numbers that `npm test` tries; the others take longer than a few seconds. */
  usual: readonly number[];
  /** The document with this number; several where one alone is not handled. */
  rows?: (number: number) => readonly Row[];
  prepare?: (backend: Backend, count: number) => Promise<void> | void;
  /** Returns how many were handled. */
  run: (backend: Backend, count: number) => Promise<number>;
  /** What a stated limit of the job leaves; without one all are handled. */
  most?: number;
}

/** More than one page of any job, more than one batch of writes, and what a large city has. */
const COUNTS = [201, 450, 5_000] as const;
const BOTH = [201, 450] as const;
const ALL = COUNTS;

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const yesterdayMs = START_MS - DAY;
const SECOND_PASS_MS = 2 * HOUR;

const count = async ({ db }: Backend, collection: string): Promise<number> =>
  (await db.collection(collection).count().get()).data().count;
const range = (length: number): number[] => Array.from({ length }, (_, number) => number);

const authority = (role: 'courier' | 'customer') => ({
  role,
  merchant: {},
  blocked: false,
  version: 1,
  appliedVersion: 1,
  endSessions: false,
});
const payout = (number: number) => ({
  orderId: `sold-${number}`,
  kind: 'payout',
  currency: 'EUR',
  atMs: yesterdayMs + number,
  entries: [
    { account: 'merchant:rosa', amountMinor: 100 },
    { account: 'stripe', amountMinor: -100 },
  ],
  accounts: ['merchant:rosa', 'stripe'],
});
const review = (number: number) => ({
  authorName: 'Carla',
  stars: 5,
  text: 'Good',
  state: 'shown',
  createdAtMs: START_MS + number,
  countedStars: 0,
  isDue: true,
});

const INBOX_ITEM = {
  key: 'order_accepted',
  topic: 'orders',
  title: 'Accepted',
  body: 'Da Rosa prepares your order.',
  createdAtMs: START_MS,
  readAt: null,
  expireAt: Timestamp.fromMillis(START_MS + DAY),
};

/** Uploads in folders of their own, long ago. */
function upload({ files }: Backend, names: readonly string[]): void {
  for (const path of names) files.upload(path, Buffer.from('not an image'));
}
const countFiles = async ({ files }: Backend): Promise<number> => (await files.list('', Infinity)).length;

const JOBS: readonly Volume[] = [
  {
    job: 'the comparison of claims, users',
    usual: [201],
    rows: (number) => [[`authorities/user-${number}`, authority('courier')]],
    // Every third user's claims differ from the document: one on each page of the list.
    prepare: ({ identity }, users) =>
      range(users).forEach((number) =>
        identity.add(`user-${number}`, { role: number % 3 === 0 ? 'customer' : 'courier' }),
      ),
    run: async ({ ctx, identity }, users) => {
      await compareClaims(ctx);
      const claims = await Promise.all(range(users).map((number) => identity.claimsOf(`user-${number}`)));
      return claims.filter((one) => one?.role === 'courier').length;
    },
  },
  {
    job: 'the boards',
    usual: [201],
    rows: (number) => [[`zones/area-${number}`, aZone()]],
    run: async (backend) => {
      await rollUpBoards(backend.ctx);
      // The city's own zone has one, too.
      return (await count(backend, 'boards')) - 1;
    },
  },
  {
    job: 'a run of payouts to couriers',
    usual: [201],
    rows: (number) => [
      [`couriers/rider-${number}`, aCourier()],
      [
        `courierAccounts/rider-${number}`,
        { stripeAccountId: `acct_rider-${number}`, payoutsEnabled: true, bank: null, payouts: 0 },
      ],
      [
        `ledger/earned-${number}`,
        {
          ...payout(number),
          orderId: null,
          entries: [
            { account: 'stripe', amountMinor: 650 },
            { account: ACCOUNTS.courier(`rider-${number}`), amountMinor: -650 },
          ],
          accounts: ['stripe', ACCOUNTS.courier(`rider-${number}`)],
        },
      ],
    ],
    prepare: ({ fake }, riders) => {
      for (const number of range(riders))
        fake.accounts.set(`acct_rider-${number}`, {
          owner: { type: 'courier', uid: `rider-${number}` },
          payoutsEnabled: true,
        });
    },
    run: async ({ ctx, fake }) => {
      await payCouriers(ctx);
      return fake.bankPayouts.size;
    },
  },
  {
    job: 'a window of matching',
    usual: [201],
    rows: (number) => [
      [
        `orders/waiting-${number}`,
        anOrder({ status: 'ready', courierId: null, searchFromMs: START_MS - number, readyAtMs: START_MS }),
      ],
      [`quotes/waiting-${number}`, aQuote()],
    ],
    run: async ({ ctx, db }) => {
      await matchWindow(ctx, 'centre', START_MS);
      const parts = await db.collection('zones/centre/matches').get();
      return parts.docs.reduce(
        (sum, part) => sum + part.get('result.matches').length + part.get('result.unmatched').length,
        0,
      );
    },
  },
  {
    job: 'the export of an account',
    usual: BOTH,
    rows: (number) => [[`users/carla/inbox/event-${number}`, { ...INBOX_ITEM }]],
    run: async (backend) => {
      const { path } = await backend.call('exportMyData', 'carla', {});
      const file = String(await backend.files.read(path, Infinity));
      return file.split('"users/carla/inbox/').length - 1;
    },
    // As export-my-data.ts states.
    most: 2_000,
  },
  {
    job: 'the erasure of an account',
    usual: BOTH,
    rows: (number) => [[`users/nina/inbox/event-${number}`, { ...INBOX_ITEM }]],
    prepare: async ({ db }) => {
      await paths.erasure(db, 'nina').set({ namelessId: 'erased-nina', askedAtMs: START_MS, counts: {} });
    },
    run: async (backend, documents) => {
      await erase(backend.ctx, 'nina');
      return documents - (await count(backend, 'users/nina/inbox'));
    },
  },
  {
    job: 'the erasure of an account, orders',
    usual: [],
    rows: (number) => [[`orders/past-${number}`, anOrder({ status: 'completed', customerId: 'nina', due: null })]],
    prepare: async ({ db }) => {
      await paths.erasure(db, 'nina').set({ namelessId: 'erased-nina', askedAtMs: START_MS, counts: {} });
    },
    run: async ({ ctx, db }, orders) => {
      await erase(ctx, 'nina');
      const left = await db.collection('orders').where('customerId', '==', 'nina').count().get();
      return orders - left.data().count;
    },
  },
  {
    job: 'the removal of devices when sessions end',
    usual: BOTH,
    rows: (number) => [[`users/carla/devices/phone-${number}`, { token: `token-${number}`, platform: 'ios' }]],
    run: async (backend, devices) => {
      await endSessions(backend.ctx, 'carla');
      return devices - (await count(backend, 'users/carla/devices'));
    },
  },
  {
    job: "the staff's keys of open orders",
    usual: BOTH,
    rows: (number) => [
      [`orders/open-${number}`, { ...anOrder({ status: 'preparing', createdAtMs: START_MS + number }), due: null }],
    ],
    run: async ({ ctx, db }) => {
      await refreshStaffKeys(ctx, 'rosa');
      const { docs } = await db.collection('orders').select('staffKeys').get();
      return docs.filter((order) => String(order.get('staffKeys')) === toStaffKey('mario')).length;
    },
  },
  {
    job: 'the counting of reviews, of one restaurant',
    usual: BOTH,
    rows: (number) => [[`restaurants/rosa/reviews/order-${number}`, review(number)]],
    run: async ({ ctx, db }) => {
      await countReviews(ctx);
      return Number((await db.doc('restaurants/rosa').get()).get('rating.count'));
    },
  },
  {
    job: 'the roll-up of days',
    usual: BOTH,
    rows: (number) => [[`ledger/journal-${number}`, payout(number)]],
    run: async ({ ctx, db }) => {
      await rollUpDays(ctx);
      return Number((await db.doc('restaurants/rosa/days/2026-03-01').get()).get('journals'));
    },
  },
  {
    job: 'the report of payouts',
    usual: BOTH,
    rows: (number) => [[`ledger/journal-${number}`, payout(number)]],
    run: async (backend) => {
      const days = { restaurantId: 'rosa', fromDay: '2026-03-01', toDay: '2026-03-01' };
      return (await backend.call('payoutsReport', 'mario', days)).payouts.length;
    },
  },
  {
    job: "the reconciliation of couriers' cash",
    usual: BOTH,
    rows: (number) => [[`couriers/rider-${number}`, aCourier({ cashMinor: 100 + (number % 7) })]],
    run: async ({ ctx }) => (await checkCash(ctx, new Set())).length,
  },
  {
    job: 'the nightly deletion of exports',
    usual: ALL,
    prepare: (backend, files) =>
      upload(
        backend,
        range(files).map((number) => `exports/user-${number}/${START_MS - 30 * DAY}.json`),
      ),
    run: async (backend, files) => {
      await runNightlyJobs(backend.ctx);
      return files - (await countFiles(backend));
    },
  },
  {
    job: 'the nightly deletion of documents of applications',
    usual: BOTH,
    prepare: (backend, files) =>
      upload(
        backend,
        range(files).map((number) => `courier-documents/user-${number}/identity-1.pdf`),
      ),
    run: async (backend, files) => {
      // Each night checks one sixteenth of the folders.
      backend.nowMs += 31 * DAY;
      for (let night = 0; night < 16; night += 1) {
        await runNightlyJobs(backend.ctx);
        backend.nowMs += DAY;
      }
      return files - (await countFiles(backend));
    },
  },
  {
    job: 'the nightly deletion of files of photos',
    usual: BOTH,
    prepare: (backend, files) => {
      // The digit that this night checks.
      const digit = (Math.floor(START_MS / DAY) % 16).toString(16);
      upload(
        backend,
        range(files).map((number) => `media/${digit}${String(number).padStart(63, '0')}/960.webp`),
      );
    },
    run: async (backend, files) => {
      await runNightlyJobs(backend.ctx);
      return files - (await countFiles(backend));
    },
  },
  {
    job: 'erasures that are taken up again',
    usual: [],
    rows: (number) => [
      [
        `erasures/leaver-${number}`,
        { namelessId: `erased-${number}`, askedAtMs: START_MS - SECOND_PASS_MS, counts: {} },
      ],
    ],
    run: async (backend) => {
      await runNightlyJobs(backend.ctx);
      return count(backend, 'privacyReports');
    },
  },
];

async function fill({ db }: Backend, rows: readonly Row[]): Promise<void> {
  const writer = db.bulkWriter();
  for (const [path, data] of rows) void writer.set(db.doc(path), data);
  await writer.close();
}

describe('a job with more than one page', function () {
  this.timeout(atMostMs(120_000));

  for (const { job, usual, rows, prepare, run, most = Infinity } of JOBS) {
    for (const documents of isProving ? COUNTS : usual) {
      it(`handles all: ${job}, ${documents}`, async () => {
        const backend = await aCity();
        backend.sweeps = false;
        try {
          if (rows) await fill(backend, range(documents).flatMap(rows));
          await prepare?.(backend, documents);
          assert.equal(await run(backend, documents), Math.min(documents, most));
        } finally {
          await backend.close();
        }
      });
    }
  }
});
