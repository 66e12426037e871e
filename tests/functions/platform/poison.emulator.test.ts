import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import { DOCUMENTS, type DocumentPattern } from '#functions/contract/documents.js';
import type { Order } from '#functions/contract/orders.js';
import { compareClaims } from '#functions/accounts/compare-claims.js';
import { pauseUnansweringStore } from '#functions/catalog/missed-orders.js';
import { matchWindow } from '#functions/dispatch/match-window.js';
import { addDays } from '#functions/ledger/model/days.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { notifyRecipient } from '#functions/notifications/send.js';
import { raiseMerchantDebts } from '#functions/payments/raise-debts.js';
import { rollUpBoards } from '#functions/operations/boards.js';
import { toScheduledPayoutId } from '#functions/payouts/model/payout-ids.js';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import { sweep } from '#functions/sweep/sweep.js';
import { getPromotions } from '#functions/platform/caches.js';
import { runNightlyJobs } from '#functions/app/tidy-up.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { refreshStaffKeys } from '#functions/authority/staff-keys.js';
import { countReviews } from '#functions/reviews/count-reviews.js';
import { learnPrepTimes } from '#functions/catalog/learn-prep-times.js';
import { updateEtaTables } from '#functions/tracking/update-eta-table.js';
import { handleTask } from '#functions/app/dispatch-task.js';
import { onMessage } from '#functions/chat/on-message.js';
import { DocumentError } from '#functions/platform/document-error.js';
import { reportEvent } from '#functions/platform/isolate.js';
import type { Backend } from '#fixtures/backend.js';
import {
  aCourier,
  anOffer,
  aPresence,
  aPromotion,
  aRestaurant,
  aZone,
  KITCHEN_AT,
  MINUTE,
  START_MS,
} from '#fixtures/catalogue.js';
import { aCourierPayout } from '#fixtures/documents/couriers.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { anOrder, aQuote } from '#fixtures/orders.js';
import { onePoisonOfEachKind, listPoisons, type Poison } from '#fixtures/poison.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

type Data = Record<string, unknown>;

/** A batch, with what it finds: ten good documents, and bad ones that come before them in its order. */
interface Batch {
  name: string;
  /** Of which kind the bad documents are. */
  pattern: DocumentPattern;
  city?: CityFacts;
  /** The path and data of a document that the batch handles; number 0 comes first. */
  document: (number: number) => readonly [path: string, data: Data];
  /** Fields by which the batch's query finds the document. */
  keep: readonly string[];
  /** What else there must be for a document to be handled. */
  around?: (number: number) => readonly (readonly [path: string, data: Data])[];
  prepare?: (backend: Backend) => Promise<unknown> | void;
  run: (backend: Backend) => Promise<unknown>;
  /** How many of the good documents, by number, were handled. */
  handled: (backend: Backend, numbers: readonly number[]) => Promise<number>;
}

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const stamp = (atMs: number) => Timestamp.fromMillis(atMs);
const noPayment: Order['payment'] = {
  status: 'none',
  intentId: null,
  authorizedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
};
const YESTERDAY = '2026-03-01';
const yesterdayMs = START_MS - DAY;
const toPrepSamplesPath = (number: number) => `restaurants/kitchen-${number}/stats/prepSamples`;
const cookedYesterday = (number: number) =>
  anOrder({ status: 'completed', restaurantId: `kitchen-${number}`, createdAtMs: yesterdayMs + number });

const waiting = (number: number): Order =>
  anOrder({
    status: 'accepted',
    zoneId: 'centre',
    payment: noPayment,
    searchFromMs: START_MS - 100 + number,
    promisedAtMs: START_MS + HOUR,
    readyAtMs: START_MS,
  });
/** Orders that no customer placed hold no sealed pay: the quote has it. */
const quoteOf = (number: number): readonly [path: string, data: Data] => [`quotes/waiting-${number}`, { ...aQuote() }];
const heard = { ...aPresence(), at: stamp(START_MS + DAY) };
const journal = (number: number): Data => ({
  orderId: `sold-${number}`,
  kind: 'settlement',
  currency: 'EUR',
  atMs: yesterdayMs + number,
  entries: [
    { account: 'stripe', amountMinor: 100 },
    { account: `merchant:kitchen-${number}`, amountMinor: -100 },
  ],
  accounts: ['stripe', `merchant:kitchen-${number}`],
});
const review = (number: number): Data => ({
  authorName: 'Carla',
  stars: 5,
  text: 'Good',
  state: 'shown',
  createdAtMs: START_MS + number,
  countedStars: 0,
  isDue: true,
});
/** One look does not reach every courier: what stays unmatched is tried in the windows after. */
const matchWindows = async (ctx: Backend['ctx']): Promise<void> => {
  for (let window = 0; window < 8; window += 1) await matchWindow(ctx, 'centre', START_MS + window * 15_000);
};

const count = async (numbers: readonly number[], isHandled: (number: number) => Promise<boolean>): Promise<number> =>
  (await Promise.all(numbers.map(isHandled))).filter(Boolean).length;
const fieldOf = async ({ db }: Backend, path: string, field: string): Promise<unknown> =>
  (await db.doc(path).get()).get(field);
const exists = async ({ db }: Backend, path: string): Promise<boolean> => (await db.doc(path).get()).exists;

const earned = (number: number): readonly [path: string, data: Data] => {
  const account = ACCOUNTS.courier(`rider-${number}`);
  const entries = [
    { account: 'stripe', amountMinor: 650 },
    { account, amountMinor: -650 },
  ];
  const accounts = ['stripe', account];
  const atMs = yesterdayMs + number;
  return [`ledger/earned-${number}`, { orderId: null, kind: 'correction', currency: 'EUR', atMs, entries, accounts }];
};
const accountOf = (number: number): readonly [path: string, data: Data] => [
  `courierAccounts/rider-${number}`,
  { stripeAccountId: `acct_rider-${number}`, payoutsEnabled: true, bank: null, payouts: 0 },
];
const addConnected = ({ fake }: Backend): void => {
  for (let number = 0; number < 60; number += 1)
    fake.accounts.set(`acct_rider-${number}`, {
      owner: { type: 'courier', uid: `rider-${number}` },
      payoutsEnabled: true,
    });
};
const countPaid = (backend: Backend, numbers: readonly number[]): Promise<number> =>
  count(numbers, async (number) => {
    const payoutId = toScheduledPayoutId(`rider-${number}`, 'EUR', '2026-03-02');
    return (await fieldOf(backend, `courierPayouts/${payoutId}`, 'status')) === 'sent';
  });

/** Around the place at so many degrees north on the prime meridian. */
const areaAt = (lat: number) => [
  {
    corners: [
      { lat: lat - 0.4, lng: -1 },
      { lat: lat - 0.4, lng: 1 },
      { lat: lat + 0.4, lng: 0 },
    ],
    holes: [],
  },
];

const addPersons = ({ identity }: Backend): void => {
  for (let number = 0; number < 60; number += 1) identity.add(`person-${number}`, { role: 'customer' });
};

const BATCHES: readonly Batch[] = [
  {
    name: 'the sweep of due orders',
    pattern: 'orders/{orderId}',
    document: (number) => [
      `orders/due-${number}`,
      { ...anOrder({ status: 'placed', payment: noPayment }), due: { kind: 'reject', atMs: START_MS - 100 + number } },
    ],
    keep: ['due'],
    run: ({ ctx }) => sweep(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await fieldOf(backend, `orders/due-${number}`, 'status')) === 'rejected'),
  },
  {
    name: 'the sweep of expired offers',
    pattern: 'couriers/{uid}',
    document: (number) => [
      `couriers/asked-${number}`,
      {
        ...aCourier({
          presence: null,
          load: 1,
          offer: anOffer({
            orderId: `offered-${number}`,
            expiresAtMs: START_MS - HOUR + number,
            peers: [`asked-${number}`],
          }),
        }),
      },
    ],
    keep: ['offer'],
    run: ({ ctx }) => sweep(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await fieldOf(backend, `couriers/asked-${number}`, 'offer')) === null),
  },
  {
    name: 'the sweep of lost searches',
    pattern: 'orders/{orderId}',
    document: (number) => [
      `orders/lost-${number}`,
      { ...waiting(number), zoneId: `zone-${number}`, searchFromMs: START_MS - HOUR + number },
    ],
    keep: ['searchFromMs'],
    around: (number) => [[`zones/zone-${number}`, aZone()]],
    run: ({ ctx }) => sweep(ctx),
    handled: async ({ tasks }, numbers) =>
      numbers.filter((number) => tasks.waiting.some(({ name }) => name.startsWith(`match-zone-${number}-`))).length,
  },
  {
    name: 'the sweep of silent couriers',
    pattern: 'couriers/{uid}',
    document: (number) => [
      `couriers/silent-${number}`,
      { ...aCourier(), presence: { ...heard, at: stamp(START_MS - HOUR + number) } },
    ],
    keep: ['online', 'presence'],
    run: ({ ctx }) => sweep(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await fieldOf(backend, `couriers/silent-${number}`, 'online')) === false),
  },
  {
    name: 'a dispatch window, an order',
    pattern: 'orders/{orderId}',
    city: { couriers: 10 },
    document: (number) => [`orders/waiting-${number}`, { ...waiting(number) }],
    around: (number) => [quoteOf(number)],
    keep: ['zoneId', 'searchFromMs'],
    run: ({ ctx }) => matchWindows(ctx),
    handled: async ({ db }, numbers) => {
      const asked = await db
        .collection('couriers')
        .where(
          'offer.orderId',
          'in',
          numbers.map((number) => `waiting-${number}`),
        )
        .get();
      return asked.size;
    },
  },
  {
    name: 'a dispatch window, a courier',
    pattern: 'couriers/{uid}',
    city: { couriers: 0 },
    document: (number) => [`couriers/free-${number}`, { ...aCourier(), presence: heard }],
    keep: ['zoneId', 'online', 'load', 'presence'],
    around: (number) => [[`orders/waiting-${number}`, { ...waiting(number) }], quoteOf(number)],
    run: ({ ctx }) => matchWindows(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await fieldOf(backend, `couriers/free-${number}`, 'offer')) !== null),
  },
  {
    name: 'a dispatch window, a search',
    pattern: 'orders/{orderId}/private/search',
    city: { couriers: 20 },
    document: (number) => [
      `orders/waiting-${number}/private/search`,
      { wave: 2, asked: { gone: { end: 'declined', atMs: START_MS } } },
    ],
    keep: [],
    around: (number) => [
      [`orders/waiting-${number}`, { ...waiting(number), searchFromMs: START_MS - HOUR + number }],
      quoteOf(number),
    ],
    run: ({ ctx }) => matchWindows(ctx),
    handled: async ({ db }, numbers) => {
      const asked = await db
        .collection('couriers')
        .where(
          'offer.orderId',
          'in',
          numbers.map((number) => `waiting-${number}`),
        )
        .get();
      return asked.size;
    },
  },
  {
    name: 'the boards',
    pattern: 'zones/{zoneId}',
    document: (number) => [`zones/area-${number}`, aZone()],
    keep: [],
    run: ({ ctx }) => rollUpBoards(ctx),
    handled: (backend, numbers) => count(numbers, (number) => exists(backend, `boards/area-${number}`)),
  },
  {
    name: 'the learning of rides, a zone',
    pattern: 'zones/{zoneId}',
    document: (number) => [`zones/area-${number}`, aZone()],
    keep: [],
    around: (number) => [[`orders/done-${number}`, { ...anOrder({ status: 'completed', zoneId: `area-${number}` }) }]],
    run: ({ ctx }) => updateEtaTables(ctx),
    handled: (backend, numbers) => count(numbers, (number) => exists(backend, `zones/area-${number}/stats/eta`)),
  },
  {
    name: 'the learning of rides, an order',
    pattern: 'orders/{orderId}',
    document: (number) => [
      `orders/done-${number}`,
      { ...anOrder({ status: 'completed', createdAtMs: START_MS - number }) },
    ],
    keep: ['zoneId', 'status', 'createdAtMs'],
    run: ({ ctx }) => updateEtaTables(ctx),
    handled: async (backend) => Number(await fieldOf(backend, 'zones/centre/stats/eta', 'all.rides')),
  },
  {
    name: 'the learning of preparation times, a restaurant',
    pattern: 'restaurants/{restaurantId}',
    document: (number) => [`restaurants/kitchen-${number}`, aRestaurant()],
    keep: [],
    around: (number) => [[`orders/cooked-${number}`, { ...cookedYesterday(number) }]],
    run: ({ ctx }) => learnPrepTimes(ctx),
    handled: (backend, numbers) => count(numbers, (number) => exists(backend, toPrepSamplesPath(number))),
  },
  {
    name: 'the learning of preparation times, what was learned before',
    pattern: 'restaurants/{restaurantId}/stats/prepSamples',
    document: (number) => [
      toPrepSamplesPath(number),
      { samples: [], throughMs: yesterdayMs - DAY, expireAt: stamp(START_MS + DAY) },
    ],
    keep: [],
    around: (number) => [
      [`restaurants/kitchen-${number}`, aRestaurant()],
      [`orders/cooked-${number}`, { ...cookedYesterday(number) }],
    ],
    run: ({ ctx }) => learnPrepTimes(ctx),
    handled: (backend, numbers) =>
      count(
        numbers,
        async (number) => (await fieldOf(backend, toPrepSamplesPath(number), 'throughMs')) === START_MS - 6 * HOUR,
      ),
  },
  {
    name: 'the learning of preparation times, an order',
    pattern: 'orders/{orderId}',
    document: (number) => [`orders/cooked-${number}`, { ...cookedYesterday(number), restaurantId: 'rosa' }],
    keep: ['restaurantId', 'status', 'createdAtMs'],
    run: ({ ctx }) => learnPrepTimes(ctx),
    handled: async (backend) => {
      const samples = await fieldOf(backend, 'restaurants/rosa/stats/prepSamples', 'samples');
      return Array.isArray(samples) ? samples.length : 0;
    },
  },
  {
    name: "the nightly check of merchants' debts",
    pattern: 'restaurants/{restaurantId}/private/terms',
    document: (number) => [
      `restaurants/kitchen-${number}/private/terms`,
      { commissionPpm: 200_000, stripeAccountId: null, payoutsEnabled: false, debt: { owedMinor: 10 + number } },
    ],
    keep: ['debt'],
    around: (number) => [[`restaurants/kitchen-${number}`, aRestaurant()]],
    run: ({ ctx }) => raiseMerchantDebts(ctx),
    handled: (backend, numbers) =>
      count(
        numbers,
        async (number) =>
          (await fieldOf(backend, `restaurants/kitchen-${number}/private/terms`, 'debt.sinceMs')) === START_MS,
      ),
  },
  {
    name: 'the migration of the ledger, a journal',
    pattern: 'ledger/{journalId}',
    document: (number) => [
      `ledger/journal-${number}`,
      {
        orderId: null,
        kind: 'credit',
        currency: 'EUR',
        atMs: yesterdayMs + number,
        entries: [
          { account: 'platform', amountMinor: 100 },
          { account: 'credit:abc', amountMinor: -100 },
        ],
        accounts: ['platform', 'credit:abc'],
      },
    ],
    keep: ['accounts'],
    run: (backend) => backend.call('migrateLedger', 'olga', { after: null, reason: 'new chart' }),
    handled: (backend, numbers) => count(numbers, (number) => exists(backend, `ledger/chart-journal-${number}`)),
  },
  {
    name: 'the roll-up of days, a journal',
    pattern: 'ledger/{journalId}',
    document: (number) => [`ledger/journal-${number}`, journal(number)],
    keep: ['atMs'],
    run: ({ ctx }) => rollUpDays(ctx),
    handled: (backend, numbers) =>
      count(numbers, (number) => exists(backend, `restaurants/kitchen-${number}/days/${YESTERDAY}`)),
  },
  {
    name: "the roll-up of days, an owner's earlier day",
    pattern: 'restaurants/{restaurantId}/days/{day}',
    document: (number) => [
      `restaurants/kitchen-${number}/days/2026-02-28`,
      { day: '2026-02-28', journals: 1, currencies: {} },
    ],
    keep: ['day'],
    around: (number) => [[`ledger/journal-${number}`, journal(number)]],
    run: ({ ctx }) => rollUpDays(ctx),
    handled: (backend, numbers) =>
      count(numbers, (number) => exists(backend, `restaurants/kitchen-${number}/days/${YESTERDAY}`)),
  },
  {
    name: "the roll-up of days, the platform's earlier day",
    pattern: 'books/{book}/days/{day}',
    // The last ten days are good, the bad ones lie before them.
    document: (number) => {
      const day = addDays(YESTERDAY, number < 10 ? -20 - number : 8 - number);
      return [`books/platform/days/${day}`, { day, journals: 0, currencies: {} }];
    },
    keep: ['day', 'journals'],
    // One came late for a day before the bad ones, whose platform book opens them.
    around: (number) => [
      [`ledger/journal-${number}`, journal(number)],
      [`ledger/late-${number}`, { ...journal(number), atMs: yesterdayMs - 30 * DAY }],
    ],
    run: ({ ctx }) => rollUpDays(ctx),
    handled: (backend, numbers) =>
      count(numbers, (number) => exists(backend, `restaurants/kitchen-${number}/days/${YESTERDAY}`)),
  },
  {
    name: 'the reconciliation, an order',
    pattern: 'orders/{orderId}',
    document: (number) => [
      `orders/sold-${number}`,
      {
        ...anOrder({ status: 'completed', createdAtMs: yesterdayMs, payment: { intentId: `pi_lost_${number}` } }),
        events: anOrder({ status: 'completed' }).events.map((event) => ({ ...event, atMs: yesterdayMs })),
      },
    ],
    keep: [],
    around: (number) => [[`ledger/journal-${number}`, journal(number)]],
    run: ({ ctx }) => reconcile(ctx),
    handled: (backend, numbers) =>
      count(numbers, (number) => exists(backend, `operatorTasks/sold-${number}-lost_hold`)),
  },
  {
    name: 'the reconciliation, a journal',
    pattern: 'ledger/{journalId}',
    document: (number) => [`ledger/journal-${number}`, journal(number)],
    keep: ['atMs', 'orderId'],
    run: ({ ctx }) => reconcile(ctx),
    handled: (backend, numbers) =>
      count(numbers, (number) => exists(backend, `operatorTasks/sold-${number}-lost_hold`)),
  },
  {
    name: 'the payouts to couriers, a courier',
    pattern: 'couriers/{uid}',
    document: (number) => [`couriers/rider-${number}`, { ...aCourier() }],
    keep: ['zoneId'],
    around: (number) => [earned(number), accountOf(number)],
    prepare: addConnected,
    run: ({ ctx }) => payCouriers(ctx),
    handled: countPaid,
  },
  {
    name: 'the payouts to couriers, an account',
    pattern: 'courierAccounts/{uid}',
    document: accountOf,
    keep: [],
    around: (number) => [earned(number), [`couriers/rider-${number}`, { ...aCourier() }]],
    prepare: addConnected,
    run: ({ ctx }) => payCouriers(ctx),
    handled: countPaid,
  },
  {
    name: 'the payouts to couriers, a zone',
    pattern: 'zones/{zoneId}',
    document: (number) => [`zones/area-${number}`, { ...aZone() }],
    keep: [],
    around: (number) => [
      accountOf(number),
      earned(number),
      [`couriers/rider-${number}`, { ...aCourier(), zoneId: `area-${number}` }],
    ],
    prepare: addConnected,
    run: ({ ctx }) => payCouriers(ctx),
    handled: countPaid,
  },
  {
    name: 'the reconciliation, a payout to a courier',
    pattern: 'courierPayouts/{payoutId}',
    document: (number) => [
      `courierPayouts/sent-${number}`,
      {
        ...aCourierPayout({
          courierId: `rider-${number}`,
          stripeAccountId: `acct_rider-${number}`,
          bankPayoutId: `po_sent-${number}`,
          status: 'sent',
          createdAtMs: START_MS - 9 * DAY,
        }),
      },
    ],
    keep: ['status', 'open'],
    prepare: ({ fake }) => {
      for (let number = 0; number < 60; number += 1)
        fake.bankPayouts.set(`sent-${number}`, {
          bankPayoutId: `po_sent-${number}`,
          payoutId: `sent-${number}`,
          accountId: `acct_rider-${number}`,
          status: 'paid',
          amountMinor: 650,
          currency: 'EUR',
          failureCode: null,
          arrivesAtMs: null,
        });
    },
    run: ({ ctx }) => reconcile(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await fieldOf(backend, `courierPayouts/sent-${number}`, 'status')) === 'paid'),
  },
  {
    name: 'the counting of reviews, a review',
    pattern: 'restaurants/{restaurantId}/reviews/{orderId}',
    document: (number) => [`restaurants/kitchen-${number}/reviews/order-${number}`, review(number)],
    keep: ['isDue'],
    around: (number) => [[`restaurants/kitchen-${number}`, { ...aRestaurant() }]],
    run: ({ ctx }) => countReviews(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await fieldOf(backend, `restaurants/kitchen-${number}`, 'rating.count')) === 1),
  },
  {
    name: 'the comparison of claims, an authority',
    pattern: 'authorities/{uid}',
    document: (number) => [
      `authorities/person-${number}`,
      { role: 'courier', merchant: {}, blocked: false, version: 2, appliedVersion: 2, endSessions: false },
    ],
    keep: [],
    prepare: addPersons,
    run: ({ ctx }) => compareClaims(ctx),
    handled: (backend, numbers) =>
      count(numbers, async (number) => (await backend.identity.claimsOf(`person-${number}`))?.role === 'courier'),
  },
  {
    name: 'the comparison of claims, a membership',
    pattern: 'restaurants/{restaurantId}/members/{uid}',
    document: (number) => [
      `restaurants/kitchen-${number}/members/person-${number}`,
      { role: 'kitchen', displayName: 'Kim', addedAtMs: START_MS },
    ],
    keep: [],
    prepare: addPersons,
    run: ({ ctx }) => compareClaims(ctx),
    handled: (backend, numbers) =>
      count(
        numbers,
        async (number) =>
          (await backend.identity.claimsOf(`person-${number}`))?.merchant?.[`kitchen-${number}`] === 'kitchen',
      ),
  },
  {
    name: "the open orders of a restaurant's staff",
    pattern: 'orders/{orderId}',
    document: (number) => [
      `orders/open-${number}`,
      {
        ...anOrder({ status: 'placed', restaurantId: 'rosa', payment: noPayment, createdAtMs: START_MS + number }),
        due: null,
      },
    ],
    keep: ['restaurantId', 'status', 'createdAtMs'],
    run: ({ ctx }) => refreshStaffKeys(ctx, 'rosa'),
    handled: (backend, numbers) =>
      count(
        numbers,
        async (number) => String(await fieldOf(backend, `orders/open-${number}`, 'staffKeys')) === toStaffKey('mario'),
      ),
  },
  {
    name: 'erasures taken up again',
    pattern: 'erasures/{uid}',
    document: (number) => [
      `erasures/leaver-${number}`,
      { namelessId: `erased-${number}`, askedAtMs: START_MS - 2 * HOUR, counts: {} },
    ],
    keep: [],
    run: ({ ctx }) => runNightlyJobs(ctx),
    handled: (backend, numbers) => count(numbers, (number) => exists(backend, `privacyReports/erased-${number}`)),
  },
  {
    name: "a restaurant's missed orders",
    pattern: 'orders/{orderId}',
    city: { zone: { limits: { missedOrdersBeforePause: 16 } } },
    document: (number) => {
      const order = anOrder({ status: 'rejected', createdAtMs: START_MS - number });
      return [
        `orders/missed-${number}`,
        {
          ...order,
          events: order.events.map((event) => ({
            ...event,
            ...(event.action === 'reject' && { reason: 'no_answer', by: 'system' as const }),
          })),
        },
      ];
    },
    keep: ['restaurantId', 'createdAtMs', 'status'],
    run: async ({ ctx }) => pauseUnansweringStore(ctx, anOrder({ status: 'rejected' })),
    // Fewer than sixteen that can be read: the store stays open, which takes all of them to know.
    handled: async (backend, numbers) =>
      (await fieldOf(backend, 'restaurants/rosa', 'availability')) === 'online' ? numbers.length : 0,
  },
  {
    name: 'the promotions of a zone',
    pattern: 'zones/{zoneId}/promotions/{promotionId}',
    document: (number) => [
      `zones/centre/promotions/promotion-${number}`,
      aPromotion({ id: `promotion-${number}`, kind: 'order', benefit: { type: 'fixed', amountMinor: 1 } }),
    ],
    keep: ['endsAtMs'],
    run: ({ ctx }) => getPromotions(ctx, 'centre'),
    handled: async ({ ctx }) => (await getPromotions(ctx, 'centre')).length,
  },
  {
    name: "a restaurant's staff, a phone",
    pattern: 'users/{uid}/devices/{deviceId}',
    document: (number) => [`users/cook-${number}/devices/phone`, { token: `device-cook-${number}`, platform: 'ios' }],
    keep: [],
    around: (number) => [
      [`restaurants/rosa/members/cook-${number}`, { role: 'kitchen', displayName: 'Cook', addedAtMs: START_MS }],
    ],
    run: ({ ctx }) =>
      notifyRecipient(ctx, { type: 'restaurant', restaurantId: 'rosa' }, 'order_placed', {
        orderId: 'order-1',
        order: { restaurantName: 'Da Rosa', code: 'ABCD', lines: [] },
        id: 'push-1',
      }),
    handled: async ({ push }, numbers) =>
      numbers.filter((number) => push.keysTo(`device-cook-${number}`).length === 1).length,
  },
  {
    name: 'the zones in which a place is looked for',
    pattern: 'zones/{zoneId}',
    document: (number) => [`zones/area-${number}`, { ...aZone({ area: areaAt(number) }) }],
    keep: [],
    run: async () => undefined,
    handled: async (backend, numbers) => {
      return count(numbers, async (number) => {
        const { zone } = await backend.call('findZone', 'carla', { lat: number, lng: 0 });
        return zone?.zoneId === `area-${number}`;
      });
    },
  },
  {
    name: 'the zones of the restaurants that are found',
    pattern: 'zones/{zoneId}',
    document: (number) => [`zones/of-${number}`, { ...aZone() }],
    keep: [],
    around: (number) => [[`restaurants/in-${number}`, { ...aRestaurant({ zoneId: `of-${number}` }) }]],
    run: async () => undefined,
    handled: async (backend, numbers) => {
      const { restaurants } = await backend.call('discover', 'carla', { place: KITCHEN_AT, limit: 50 });
      return restaurants.filter(({ restaurantId }) => numbers.some((number) => restaurantId === `in-${number}`)).length;
    },
  },
  {
    name: 'discovery around a place',
    pattern: 'restaurants/{restaurantId}',
    document: (number) => [`restaurants/near-${number}`, { ...aRestaurant() }],
    keep: ['location'],
    run: async () => undefined,
    handled: async (backend, numbers) => {
      const { restaurants } = await backend.call('discover', 'carla', {
        place: KITCHEN_AT,
        zoneId: 'centre',
        limit: 50,
      });
      return restaurants.filter(({ restaurantId }) => numbers.some((number) => restaurantId === `near-${number}`))
        .length;
    },
  },
  {
    name: 'discovery by text',
    pattern: 'searchEntries/{restaurantId}',
    document: (number) => [`searchEntries/named-${number}`, { zoneId: 'centre', tokens: ['pizza'] }],
    keep: ['zoneId', 'tokens'],
    around: (number) => [[`restaurants/named-${number}`, { ...aRestaurant() }]],
    run: async () => undefined,
    handled: async (backend, numbers) => {
      const { restaurants } = await backend.call('discover', 'carla', {
        place: KITCHEN_AT,
        zoneId: 'centre',
        text: 'pizza',
        limit: 50,
      });
      return restaurants.filter(({ restaurantId }) => numbers.some((number) => restaurantId === `named-${number}`))
        .length;
    },
  },
  {
    name: 'the slots of a day',
    pattern: 'restaurants/{restaurantId}/slots/{startMs}',
    city: { restaurant: { slotCapacity: 2 } },
    document: (number) => [
      `restaurants/rosa/slots/${START_MS + (number + 2) * 15 * MINUTE}`,
      { holds: { [`order-${number}`]: { accountId: 'an-account', untilMs: null } }, expireAt: stamp(START_MS + DAY) },
    ],
    keep: [],
    run: async () => undefined,
    handled: async (backend, numbers) => {
      const { slots } = await backend.call('slots', 'carla', { restaurantId: 'rosa', day: '2026-03-02' });
      return slots.filter(
        ({ startMs, free }) =>
          free === 1 && numbers.some((number) => startMs === START_MS + (number + 2) * 15 * MINUTE),
      ).length;
    },
  },
  {
    name: 'the report of payouts',
    pattern: 'ledger/{journalId}',
    document: (number) => [
      `ledger/payout-${number}`,
      {
        orderId: `sold-${number}`,
        kind: 'payout',
        currency: 'EUR',
        atMs: yesterdayMs + number,
        entries: [
          { account: 'merchant:rosa', amountMinor: 100 },
          { account: 'stripe', amountMinor: -100 },
        ],
        accounts: ['merchant:rosa', 'stripe'],
      },
    ],
    keep: ['atMs', 'kind', 'accounts'],
    run: async () => undefined,
    handled: async (backend) =>
      (await backend.call('payoutsReport', 'mario', { restaurantId: 'rosa', fromDay: YESTERDAY, toDay: YESTERDAY }))
        .payouts.length,
  },
];

/** Documents that no batch over several people's documents reads: only what one person or one order asks for. */
const READ_ONE_BY_ONE: readonly DocumentPattern[] = [
  'books/{book}/months/{month}',
  'users/{uid}',
  'users/{uid}/inbox/{eventId}',
  'users/{uid}/photos/{photoId}',
  'users/{uid}/private/billing',
  'users/{uid}/private/standing',
  'users/{uid}/private/claims',
  'users/{uid}/private/origin',
  'restaurants/{restaurantId}/menus/published',
  'restaurants/{restaurantId}/menus/draft',
  'restaurants/{restaurantId}/menuTexts/{language}',
  'restaurants/{restaurantId}/live/stock',
  // Read where a code is entered: see promotions/store-promotions.emulator.test.ts.
  'restaurants/{restaurantId}/settings/promotions',
  // Read with a cancellation: see orders/strikes.emulator.test.ts.
  'restaurants/{restaurantId}/stats/strikes',
  'deviceTokens/{digest}',
  'restaurants/{restaurantId}/invitations/{invitationId}',
  'restaurants/{restaurantId}/tickets/{ticketId}',
  'restaurants/{restaurantId}/photos/{photoId}',
  'merchantApplications/{applicationId}',
  'zones/{zoneId}/versions/{version}',
  'zones/{zoneId}/promotions/{promotionId}/shards/{shard}',
  'zones/{zoneId}/shifts/{shiftId}',
  'zones/{zoneId}/stats/eta',
  // See support/surge.emulator.test.ts.
  'zones/{zoneId}/live/surge',
  // See promotions/shown-promotions.emulator.test.ts.
  'zones/{zoneId}/live/promotions',
  // Only the ids that the owner's app wrote are read of it, and bad ones left out: see catalog.emulator.test.ts.
  'carts/{uid}',
  // Read by `npm run dispatch:replay`: see unit/simulator/decisions.test.ts.
  'zones/{zoneId}/matches/{matchId}',
  'quotes/{quoteId}',
  'orders/{orderId}/commands/{commandId}',
  'orders/{orderId}/messages/{messageId}',
  'orders/{orderId}/refunds/{refundId}',
  'orders/{orderId}/claims/{claimId}',
  'orders/{orderId}/tips/{tipId}',
  'couriers/{uid}/live/{orderId}',
  'couriers/{uid}/reviews/{orderId}',
  'ledgerAccounts/{accountId}',
  'ledgerAccounts/{accountId}/days/{day}',
  'courierApplications/{uid}',
  'shares/{token}',
  'reports/{reportId}',
  'disputes/{disputeId}',
  'reconciliations/{day}',
  'flags/{flagId}',
  'flags/{flagId}/versions/{version}',
  'deskRecords/{recordId}',
  'conversations/{uid}',
  'conversations/{uid}/supportMessages/{messageId}',
  'appVersions/{appId}',
  'appVersions/{appId}/versions/{version}',
  'audit/{entryId}',
  'limits/{limitId}',
  'blockedDevices/{digest}',
  'signals/{signalId}',
  'links/{accountId}',
  'heldPays/{payId}',
  'proofDigests/{digest}',
  'privacyReports/{reportId}',
  'boards/{zoneId}',
  'operatorTasks/{taskId}',
];

const GOOD = Array.from({ length: 10 }, (_, index) => index + 10);

/**
 * Bad documents, each under a number of its own before the good ones, ten good ones, and what they need around them.
 */
async function plant(backend: Backend, batch: Batch, poisons: readonly Poison[]): Promise<string[]> {
  const write = backend.db.batch();
  const bad = poisons.map(({ data }, index) => {
    const [path] = batch.document(index);
    write.set(backend.db.doc(path), data);
    return path;
  });
  const numbers = [...GOOD, ...poisons.keys()];
  for (const [path, data] of GOOD.map((number) => batch.document(number))) write.set(backend.db.doc(path), data);
  for (const [path, data] of numbers.flatMap((number) => batch.around?.(number) ?? []))
    write.set(backend.db.doc(path), data);
  await write.commit();
  return bad;
}

async function prove(batch: Batch, poisons: readonly Poison[]): Promise<void> {
  const backend = await aCity(batch.city);
  try {
    const bad = await plant(backend, batch, poisons);
    await batch.prepare?.(backend);
    await batch.run(backend);
    assert.equal(await batch.handled(backend, GOOD), GOOD.length, 'good documents handled');
    const tasks = await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get();
    assert.deepEqual(tasks.docs.map((task) => String(task.get('path'))).toSorted(), bad.toSorted());
    // Once more: what is bad stays one task, and what was good disturbs nothing.
    await batch.run(backend);
    const again = await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').count().get();
    assert.equal(again.data().count, bad.length);
  } finally {
    await backend.close();
  }
}

describe('an unreadable document among ten good ones', function () {
  this.timeout(atMostMs(120_000));

  for (const batch of BATCHES) {
    const [path, data] = batch.document(0);
    const usual = onePoisonOfEachKind(path, data, batch.keep);
    it(`affects ${batch.name} only for itself: ${usual.map(({ kind }) => kind).join(', ')}`, () => prove(batch, usual));
    if (!isProving) continue;
    for (const poison of listPoisons(path, data, batch.keep)) {
      it(`affects ${batch.name} only for itself: ${poison.kind}, ${poison.field}`, () => prove(batch, [poison]));
    }
  }

  it('is tested in every collection that a batch reads', () => {
    const tried = new Set(BATCHES.map(({ pattern }) => pattern));
    const untried = Object.keys(DOCUMENTS).filter(
      (pattern) => ![...tried, ...READ_ONE_BY_ONE].some((known) => known === pattern),
    );
    assert.deepEqual(untried, []);
    assert.deepEqual(
      READ_ONE_BY_ONE.filter((pattern) => tried.has(pattern)),
      [],
    );
  });

  it('is reported by the task of its effects, which is repeated: another version may read it', async () => {
    const backend = await aCity();
    await backend.db.doc('orders/bad').set({ status: 'placed' });
    const run = (isLast: boolean) =>
      handleTask(backend.ctx, { type: 'effects', orderId: 'bad', causeId: 'cause-1' }, isLast);
    await assert.rejects(run(false), DocumentError);
    await run(true);
    const tasks = await backend.db.collection('operatorTasks').get();
    assert.deepEqual(
      tasks.docs.map((task) => [task.get('kind'), task.get('path'), task.get('open')]),
      [['document_failed', 'orders/bad', true]],
    );
    await backend.close();
  });

  it('is reported by its event, which is repeated for half an hour', async () => {
    const backend = await aCity();
    const path = 'orders/order-1/messages/carla-1';
    await backend.db.doc(path).set({ uid: 'carla' });
    const run = () =>
      reportEvent(backend.ctx, 'onMessage', START_MS, () => onMessage(backend.ctx, 'order-1', 'carla-1'));
    backend.nowMs = START_MS + 29 * MINUTE;
    await assert.rejects(run(), DocumentError);
    backend.nowMs = START_MS + 30 * MINUTE;
    await run();
    const tasks = await backend.db.collection('operatorTasks').get();
    assert.deepEqual(
      tasks.docs.map((task) => [task.get('kind'), task.get('path')]),
      [['document_failed', path]],
    );
    await backend.close();
  });
});
