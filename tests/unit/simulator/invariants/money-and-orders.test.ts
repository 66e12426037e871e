import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
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
    { account: 'commission', amountMinor: -403 },
    { account: 'restaurantTax:100000', amountMinor: -287 },
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

describe('the invariants of the domain', () => {
  it('find no violation in consistent documents', () => assert.deepEqual(breaches(sound()), []));
  it('find no violation in daily ledgers that agree with the journals', () =>
    assert.deepEqual(breaches(sound({}, { days: [monday(0, 1600)] })), []));

  it('accept a charge whose confirmation a dispute delays', () => {
    const disputed = { status: 'capturing' as const, disputed: true as const };
    assert.doesNotMatch(
      breaches(sound({ payment: disputed }, { nowMs: START_MS + 40 * 24 * 60 * MINUTE })).join(),
      /capturing/,
    );
  });

  it('accept a debt to the merchant that the payout recorded', () =>
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
    ['a capture without a journal', sound({}, { ledger: [] }), /0 settled in the ledger, 2940 captured/],
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
      /2940 captured, but only 2939 authorised/,
    ],
    [
      'more refunded than captured',
      sound({ payment: { refundedMinor: 2941 } }),
      /2941 refunded, but only 2940 captured/,
    ],
    [
      'a charge of a payment with status voided',
      sound({ payment: { status: 'voided' } }),
      /2940 captured, but the payment is voided/,
    ],
    [
      'a payment with status captured without a charge',
      sound({ payment: { status: 'captured', capturedMinor: 0 } }),
      /nothing captured, but the payment is captured/,
    ],
    [
      'a charge that stays unconfirmed',
      sound({ payment: { status: 'capturing' }, events: charged }, { nowMs: START_MS + 14 * 60 * MINUTE }),
      /capturing for 1\d hours/,
    ],
    [
      'a captured payment that the provider does not report',
      sound({ payment: { status: 'captured' } }, { provider: new Map() }),
      /2940 captured, but the provider reports 0/,
    ],
    ['an open order without a deadline', sound({ due: null }), /delivered without a deadline/],
    [
      'a flag of an order that has ended',
      sound({ flags: [{ kind: 'undeliverable', sinceMs: START_MS }], flaggedSinceMs: START_MS }),
      /delivered, but flagged as undeliverable/,
    ],
    [
      'a flagged order that the query of operators does not find',
      sound({ flags: [{ kind: 'undeliverable', sinceMs: START_MS }] }),
      /sorted by undefined/,
    ],
    ['food without a courier and without a flag', sound({ status: 'ready' }), /ready, not flagged as no_courier/],
    ['a locked PIN without a flag', sound({ status: 'picked_up', wrongPins: 5 }), /not flagged as codes_locked/],
    [
      'a deadline that has passed',
      sound({}, { nowMs: due.atMs + 4 * MINUTE }),
      /the deadline complete passed 240000 ms ago/,
    ],
    ['a gap in the events', sound({ events: events.toSpliced(3, 1) }), /not numbered/],
    ['events that end in another status', sound({ events: events.slice(0, -1) }), /replaying the events/],
    [
      'a cause that was applied twice',
      sound({ events: events.map((event) => ({ ...event, causeId: 'same' })) }),
      /applied twice/,
    ],
    [
      'a courier who still carries a delivered order',
      sound({}, { couriers: [['omar', aCourier({ load: 1, active: { 'order-1': anActiveDelivery } })]] }),
      /delivered, carried by omar, expected no courier/,
    ],
    [
      'a load that differs from deliveries and offers',
      sound({}, { couriers: [['omar', aCourier({ offer: anOffer() })]] }),
      /load 0/,
    ],
    [
      'a hold that is left after the end',
      sound({ status: 'rejected', due: null }, { ledger: [] }),
      /the hold is not released/,
    ],
    [
      'a day that opens with another balance than the day before closed with',
      sound({}, { days: [monday(5, 1605)] }),
      /opens with 5, the day before closed with 0/,
    ],
    [
      'a day whose movements do not give its closing balance',
      sound({}, { days: [monday(0, 1601)] }),
      /closes with 1601, its movements give 1600/,
    ],
    [
      'a day without journals',
      sound({}, { days: [monday(0, 1600)], ledger: [] }),
      /closes with 1600 EUR, the ledger has 0/,
    ],
    [
      'a drift',
      sound({}, { reconciliations: [['2026-03-02', report]] }),
      /2026-03-02: unknown_refund of order-1, raised/,
    ],
    [
      'a day that the reconciliation did not compare',
      sound({}, { reconciliations: [['2026-03-02', { ...report, orders: 0, drifts: [] }]] }),
      /the reconciliation compared none/,
    ],
    ['a completed order whose merchant is still owed', sound({ status: 'completed', due: null }), /owed 1600/],
    [
      'a completed order whose merchant is owed more than its payout recorded',
      sound({ status: 'completed', due: null, events: paidOut(1599) }),
      /owed 1600/,
    ],
  ];
  for (const [what, books, found] of broken) {
    it(`find ${what}`, () => assert.match(breaches(books).join('\n'), found));
  }
});
