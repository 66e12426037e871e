import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/journals.js';
import type { DayBook } from '#functions/contract/books.js';
import type { Journal } from '#functions/contract/orders.js';
import type { Reconciliation } from '#functions/contract/reconciliation.js';
import { aCourier, anActiveDelivery, anOffer, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { breaches, type Books } from '#simulator/invariants.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const due = { kind: 'complete' as const, atMs: START_MS + 130 * MINUTE };
const settlement: Journal = {
  orderId: 'order-1',
  kind: 'settlement',
  currency: 'EUR',
  atMs: START_MS,
  entries: [
    { account: 'stripe', amountMinor: 2940 },
    { account: 'merchant:rosa', amountMinor: -1600 },
    { account: ACCOUNTS.courier('omar'), amountMinor: -650 },
    { account: 'platform', amountMinor: -403 },
    { account: 'tax', amountMinor: -287 },
  ],
};

/** A delivered order with its settlement, a free courier, ten minutes later. */
const sound = (order: OrderFacts = {}, books: Partial<Books> = {}): Books => ({
  orders: [['order-1', anOrder({ status: 'delivered', due, ...order })]],
  couriers: [['omar', aCourier()]],
  ledger: [['order-1-8', settlement]],
  nowMs: START_MS + 10 * MINUTE,
  ...books,
});

const monday = (openingMinor: number, closingMinor: number): [string, DayBook] => [
  'restaurants/rosa',
  {
    day: '2026-03-02',
    journals: 1,
    currencies: { EUR: { books: { merchant: { openingMinor, moved: { settlement: 1600 }, closingMinor } } } },
  },
];
const drift = {
  kind: 'unknown_refund',
  orderId: 'order-1',
  providerId: 'pi_1',
  oursMinor: 0,
  theirsMinor: 300,
  outcome: 'raised',
} as const;
const report: Reconciliation = {
  day: '2026-03-02',
  state: 'done',
  doneUntil: 'order-1',
  orders: 1,
  counts: { unknown_refund: 1 },
  drifts: [drift],
  open: [],
  startedAtMs: START_MS,
  finishedAtMs: START_MS,
};

/** A payout to a merchant without a connected account. */
const paidOut = (owedMinor: number) =>
  anOrder({ status: 'completed' }).events.map((event) =>
    event.action === 'complete' ? { ...event, money: { type: 'transfer' as const, amountMinor: 0, owedMinor } } : event,
  );

describe('breaches', () => {
  it('finds none in sound books', () => assert.deepEqual(breaches(sound()), []));
  it('finds none in daily books that tie', () =>
    assert.deepEqual(breaches(sound({}, { days: [monday(0, 1600)] })), []));

  it('finds nothing in a charge that a dispute keeps from being confirmed', () => {
    const disputed = { status: 'capturing' as const, disputed: true as const };
    assert.doesNotMatch(
      breaches(sound({ payment: disputed }, { nowMs: START_MS + 40 * 24 * 60 * MINUTE })).join(),
      /capturing/,
    );
  });

  it('finds nothing where the payout left owed what the merchant is owed', () =>
    assert.doesNotMatch(breaches(sound({ status: 'completed', due: null, events: paidOut(1600) })).join(), /owed/));

  const events = anOrder({ status: 'delivered' }).events;
  const charged = events.map((event) =>
    event.action === 'deliver' ? { ...event, money: { type: 'capture' as const, amountMinor: 2940 } } : event,
  );
  const unbalanced = {
    ...settlement,
    entries: [...settlement.entries.slice(1), { account: 'stripe', amountMinor: 2941 }],
  };
  const broken: [string, Books, RegExp][] = [
    [
      'a journal that does not sum to 0',
      sound({}, { ledger: [['order-1-8', unbalanced]] }),
      /journal order-1-8 sums to 1/,
    ],
    ['a capture that the ledger does not know', sound({}, { ledger: [] }), /0 in the ledger, 2940 captured/],
    [
      'a second settlement',
      sound(
        {},
        {
          ledger: [
            ['a', settlement],
            ['b', settlement],
          ],
        },
      ),
      /settled 2 times/,
    ],
    [
      'more captured than authorised',
      sound({ payment: { authorizedMinor: 2939 } }),
      /2940 captured of 2939 authorised/,
    ],
    ['more refunded than captured', sound({ payment: { refundedMinor: 2941 } }), /2941 refunded of 2940/],
    [
      'a charge whose payment is called released',
      sound({ payment: { status: 'voided' } }),
      /2940 captured, but the payment is voided/,
    ],
    [
      'a payment that is called captured without a charge',
      sound({ payment: { status: 'captured', capturedMinor: 0 } }),
      /nothing captured, but the payment is captured/,
    ],
    [
      'a charge that nobody confirms',
      sound({ payment: { status: 'capturing' }, events: charged }, { nowMs: START_MS + 14 * 60 * MINUTE }),
      /capturing for 1\d hours/,
    ],
    [
      'a captured payment of which the provider took nothing',
      sound({ payment: { status: 'captured' } }, { provider: new Map() }),
      /2940 captured, the provider took 0/,
    ],
    ['no deadline before the end', sound({ due: null }), /delivered without a deadline/],
    ['a deadline that nobody acts on', sound({}, { nowMs: due.atMs + 4 * MINUTE }), /complete is 240000 ms late/],
    ['a gap in the events', sound({ events: events.toSpliced(3, 1) }), /not numbered/],
    ['events that lead elsewhere', sound({ events: events.slice(0, -1) }), /replaying the events/],
    [
      'a cause that was applied twice',
      sound({ events: events.map((event) => ({ ...event, causeId: 'same' })) }),
      /applied twice/,
    ],
    [
      'a courier who still carries a delivered order',
      sound({}, { couriers: [['omar', aCourier({ load: 1, active: { 'order-1': anActiveDelivery } })]] }),
      /carried by omar/,
    ],
    ['a load that does not fit', sound({}, { couriers: [['omar', aCourier({ offer: anOffer() })]] }), /load 0/],
    ['a hold that stands after the end', sound({ status: 'rejected', due: null }, { ledger: [] }), /the hold stands/],
    ['a day that opens with what no day closed with', sound({}, { days: [monday(5, 1605)] }), /opens with 5, not 0/],
    ['a day that does not add up', sound({}, { days: [monday(0, 1601)] }), /does not add up/],
    [
      'a day that the ledger does not know',
      sound({}, { days: [monday(0, 1600)], ledger: [] }),
      /closes with 1600 EUR, the ledger has 0/,
    ],
    [
      'a drift',
      sound({}, { reconciliations: [['2026-03-02', report]] }),
      /2026-03-02: unknown_refund of order-1, raised/,
    ],
    [
      'a day of which nothing was compared',
      sound({}, { reconciliations: [['2026-03-02', { ...report, orders: 0, drifts: [] }]] }),
      /none was compared/,
    ],
    ['a completed order whose merchant is still owed', sound({ status: 'completed', due: null }), /owed 1600/],
    [
      'a completed order whose merchant is owed more than its payout left',
      sound({ status: 'completed', due: null, events: paidOut(1599) }),
      /owed 1600/,
    ],
  ];
  for (const [what, books, found] of broken) {
    it(`finds ${what}`, () => assert.match(breaches(books).join('\n'), found));
  }
});
