import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Book, DayBook, type Sales } from '#functions/contract/books.js';
import { JOURNAL_KINDS, type Journal } from '#functions/contract/orders.js';
import { addDays, toUtcDay, listDays } from '#functions/ledger/model/days.js';
import { classifyAccount, isDebited } from '#functions/ledger/model/chart.js';
import { addJournals, chainDayBooks, PLATFORM, type DayBooks } from '#functions/ledger/model/roll-up.js';
import { START_MS } from '#fixtures/catalogue.js';

const DAY_MS = 86_400_000;
const MONDAY = '2026-03-02';
const ACCOUNTS = [
  'stripe',
  'platform',
  'tax',
  'promotions',
  'merchant:rosa',
  'merchant:luigi',
  'courier:omar',
  'cash:omar',
  'credit:carla',
  'reserve',
];

const SOLD: Sales = {
  fulfilled: 0,
  cancelled: 0,
  refunds: 0,
  grossMinor: 0,
  includedTaxMinor: 0,
  discountMinor: 0,
  commissionMinor: 0,
  taxMinor: 0,
  keptMinor: 0,
  riderMinor: 0,
};

/** A balanced journal between two accounts: the first is debited. */
const aJournal = (debit: string, credit: string, amountMinor: number, changes: Partial<Journal> = {}): Journal => ({
  orderId: 'order-1',
  kind: 'settlement',
  currency: 'EUR',
  atMs: START_MS,
  entries: [
    { account: debit, amountMinor },
    { account: credit, amountMinor: -amountMinor },
  ],
  ...changes,
});

const booksOf = (journals: readonly Journal[], day = MONDAY): DayBooks => {
  const books: DayBooks = new Map();
  addJournals(books, day, journals);
  return books;
};

describe('addJournals', () => {
  const settled = aJournal('stripe', 'merchant:rosa', 1600, {
    sale: {
      restaurantId: 'rosa',
      fulfilled: true,
      grossMinor: 2000,
      includedTaxMinor: 0,
      discountMinor: 0,
      commissionMinor: 400,
      taxMinor: 200,
    },
  });

  it('lists what a restaurant earned, was paid and is still owed', () => {
    const paid = aJournal('merchant:rosa', 'stripe', 1000, { kind: 'payout' });
    const { journals, currencies } = booksOf([settled, paid]).get('restaurants/rosa') ?? {};
    assert.equal(journals, 2);
    assert.deepEqual(currencies, {
      EUR: {
        books: { merchant: { openingMinor: 0, moved: { settlement: 1600, payout: -1000 }, closingMinor: 600 } },
        sales: { ...SOLD, fulfilled: 1, grossMinor: 2000, commissionMinor: 400, taxMinor: 200 },
      },
    });
  });

  const refund = aJournal('merchant:rosa', 'stripe', 800, {
    kind: 'refund',
    returned: {
      restaurantId: 'rosa',
      grossMinor: 1000,
      includedTaxMinor: 0,
      discountMinor: 0,
      commissionMinor: 200,
      taxMinor: 100,
      keptMinor: 0,
    },
  });
  const salesOf = (journals: readonly Journal[], owner: string) =>
    booksOf(journals).get(owner)?.currencies['EUR']?.sales;

  it('lets the sales fall by a refund of the same day', () => {
    const left = { ...SOLD, fulfilled: 1, refunds: 1, grossMinor: 1000, commissionMinor: 200, taxMinor: 100 };
    for (const owner of ['restaurants/rosa', PLATFORM]) assert.deepEqual(salesOf([settled, refund], owner), left);
  });

  it("counts a refund of another day's sale as negative sales", () =>
    assert.deepEqual(salesOf([refund], 'restaurants/rosa'), {
      ...SOLD,
      refunds: 1,
      grossMinor: -1000,
      commissionMinor: -200,
      taxMinor: -100,
    }));

  it('sums every figure of the sales and refunds of a day', () => {
    const figures = { includedTaxMinor: 180, discountMinor: 300, commissionMinor: 320, taxMinor: 200 };
    const sold = (fulfilled: boolean, grossMinor: number) =>
      aJournal('stripe', 'merchant:rosa', 1200, {
        sale: { restaurantId: 'rosa', fulfilled, grossMinor, ...figures, ...(fulfilled && { riderMinor: 650 }) },
      });
    const returned = (keptMinor: number) =>
      aJournal('merchant:rosa', 'stripe', 100, {
        kind: 'refund',
        returned: { restaurantId: 'rosa', grossMinor: 250, ...figures, discountMinor: 30, taxMinor: 25, keptMinor },
      });
    const journals = [sold(true, 2000), sold(false, 1500), sold(false, 1500), returned(40), returned(50)];
    for (const owner of ['restaurants/rosa', PLATFORM])
      assert.deepEqual(salesOf(journals, owner), {
        fulfilled: 1,
        cancelled: 2,
        refunds: 2,
        grossMinor: 4500,
        includedTaxMinor: 180,
        discountMinor: 840,
        commissionMinor: 320,
        taxMinor: 550,
        keptMinor: 90,
        riderMinor: 650,
      });
  });

  it('counts a journal once in the summary of each owner of its accounts, and in no other', () => {
    const split = aJournal('stripe', 'merchant:rosa', 1600, {
      entries: [
        { account: 'stripe', amountMinor: 2000 },
        { account: 'merchant:rosa', amountMinor: -1600 },
        { account: 'courier:omar', amountMinor: -300 },
        { account: 'courier:omar', amountMinor: -100 },
      ],
    });
    const counts = (journals: readonly Journal[]) =>
      Object.fromEntries([...booksOf(journals)].map(([owner, day]) => [owner, day.journals]));
    assert.deepEqual(counts([split]), { [PLATFORM]: 1, 'restaurants/rosa': 1, 'ledgerAccounts/omar': 1 });
    assert.deepEqual(counts([aJournal('bank', 'stripe', 70)]), { [PLATFORM]: 1 });
  });

  it('lists what a courier earned apart from the cash to pay in', () => {
    const journals = [aJournal('cash:omar', 'platform', 2500), aJournal('platform', 'courier:omar', 650)];
    assert.deepEqual(booksOf(journals).get('ledgerAccounts/omar')?.currencies['EUR']?.books, {
      cash: { openingMinor: 0, moved: { settlement: 2500 }, closingMinor: 2500 },
      courier: { openingMinor: 0, moved: { settlement: 650 }, closingMinor: 650 },
    });
  });

  it('sums up taxes by rate as well', () => {
    const journals = [aJournal('stripe', 'restaurantTax:100000', 70), aJournal('stripe', 'restaurantTax:200000', 30)];
    const day = booksOf(journals).get(PLATFORM)?.currencies['EUR'];
    assert.equal(day?.books.restaurantTax?.closingMinor, 100);
    const rates = Object.entries(day?.taxes ?? {}).map(([account, { closingMinor }]) => [account, closingMinor]);
    assert.deepEqual(rates, [
      ['restaurantTax:100000', 70],
      ['restaurantTax:200000', 30],
    ]);
    const [, next] = chainDayBooks(
      null,
      [day, day].map((one) => ({ day: MONDAY, journals: 1, currencies: one ? { EUR: one } : {} })),
    );
    assert.equal(next?.currencies['EUR']?.taxes?.['restaurantTax:200000']?.closingMinor, 60);
  });

  it('keeps a kind of account that it does not know', () => {
    const books = booksOf([aJournal('reserve', 'platform', 70)]).get(PLATFORM)?.currencies['EUR']?.books;
    assert.equal(books?.other?.closingMinor, 70);
  });
});

describe('classifyAccount', () => {
  const rows: [account: string, book: Book, owner: string | null][] = [
    ['stripe', 'stripe', null],
    ['commission', 'commission', null],
    ['restaurantTax:100000', 'restaurantTax', null],
    ['platformTax:200000', 'platformTax', null],
    ['platform', 'platform', null],
    ['tax', 'tax', null],
    ['promotions', 'promotions', null],
    ['rounding', 'rounding', null],
    ['providerFees', 'providerFees', null],
    ['bank', 'bank', null],
    ['disputed', 'disputed', null],
    ['credit:carla', 'credit', null],
    ['merchant:rosa', 'merchant', 'restaurants/rosa'],
    ['heldMerchant:rosa', 'heldMerchant', 'restaurants/rosa'],
    ['courier:omar', 'courier', 'ledgerAccounts/omar'],
    ['cash:omar', 'cash', 'ledgerAccounts/omar'],
    ['held:omar', 'held', 'ledgerAccounts/omar'],
    ['reserve', 'other', null],
  ];
  for (const [account, book, owner] of rows)
    it(`counts ${account} as ${book}, also in the summary of ${owner ?? 'no other owner'}`, () =>
      assert.deepEqual(classifyAccount(account), [book, owner]));
});

describe('chainDayBooks', () => {
  const omarsDay = (day: string, journal: Journal): DayBook => {
    const book = booksOf([journal], day).get('ledgerAccounts/omar');
    assert.ok(book);
    return book;
  };
  /** Pay, cash and pay. */
  const threeDays = (): [DayBook, DayBook, DayBook] => [
    omarsDay(MONDAY, aJournal('platform', 'courier:omar', 650)),
    omarsDay('2026-03-03', aJournal('cash:omar', 'platform', 900)),
    omarsDay('2026-03-04', aJournal('platform', 'courier:omar', 650)),
  ];

  it('carries over balances without movements, so that the latest daily ledger has every balance', () => {
    const latest = chainDayBooks(null, threeDays()).at(-1)?.currencies['EUR']?.books;
    assert.deepEqual(latest, {
      courier: { openingMinor: 650, moved: { settlement: 650 }, closingMinor: 1300 },
      cash: { openingMinor: 900, moved: {}, closingMinor: 900 },
    });
  });

  it('is the same when the first day is known from before', () => {
    const [monday, tuesday, wednesday] = threeDays();
    assert.deepEqual(
      chainDayBooks(monday, [tuesday, wednesday]),
      chainDayBooks(null, [monday, tuesday, wednesday]).slice(1),
    );
  });
});

describe('the daily ledgers of any journals', () => {
  const anyJournal = fc
    .record({
      kind: fc.constantFrom(...JOURNAL_KINDS),
      currency: fc.constantFrom('EUR', 'JPY'),
      day: fc.integer({ min: 0, max: 5 }),
      moves: fc.array(fc.tuple(fc.constantFrom(...ACCOUNTS), fc.integer({ min: -50_000, max: 50_000 })), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ kind, currency, day, moves }): Journal => {
      const entries = moves.map(([account, amountMinor]) => ({ account, amountMinor }));
      const sum = entries.reduce((total, { amountMinor }) => total + amountMinor, 0);
      return {
        orderId: null,
        kind,
        currency,
        atMs: START_MS + day * DAY_MS,
        entries: [...entries, { account: 'platform', amountMinor: -sum }],
      };
    });

  /** What the ledger says: the sum of an account's entries, told as its book tells it. */
  function balanceOf(journals: readonly Journal[], currency: string, book: Book, names: readonly string[]): number {
    const entries = journals.filter((one) => one.currency === currency).flatMap((one) => one.entries);
    const sum = entries
      .filter(({ account }) => names.includes(account))
      .reduce((total, one) => total + one.amountMinor, 0);
    return (isDebited(book) ? sum : -sum) + 0;
  }

  /** The latest book of each owner, of journals taken in the given order, in pages of the given size. */
  function latest(journals: readonly Journal[], page: number): Map<string, DayBook> {
    const byOwner = new Map<string, DayBook[]>();
    for (const day of listDays(MONDAY, addDays(MONDAY, 5))) {
      const ofDay = journals.filter((one) => toUtcDay(one.atMs) === day);
      const books: DayBooks = new Map();
      for (let first = 0; first < ofDay.length; first += page)
        addJournals(books, day, ofDay.slice(first, first + page));
      for (const [owner, book] of books) byOwner.set(owner, [...(byOwner.get(owner) ?? []), DayBook.parse(book)]);
    }
    return new Map([...byOwner].map(([owner, days]) => [owner, chainDayBooks(null, days).at(-1) as DayBook]));
  }

  const BOOKS_OF: [owner: string, book: Book, accounts: string[]][] = [
    ['restaurants/rosa', 'merchant', ['merchant:rosa']],
    ['ledgerAccounts/omar', 'courier', ['courier:omar']],
    ['ledgerAccounts/omar', 'cash', ['cash:omar']],
    [PLATFORM, 'merchant', ['merchant:rosa', 'merchant:luigi']],
    [PLATFORM, 'stripe', ['stripe']],
    [PLATFORM, 'credit', ['credit:carla']],
    [PLATFORM, 'other', ['reserve']],
  ];

  it('agree with the ledger to the cent, for any days, order and pages', () =>
    fc.assert(
      fc.property(fc.array(anyJournal, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (journals, page) => {
        const shuffled = journals.toSorted((a, b) => a.kind.localeCompare(b.kind));
        const books = latest(shuffled, page);
        for (const currency of ['EUR', 'JPY'])
          for (const [owner, book, accounts] of BOOKS_OF)
            assert.equal(
              books.get(owner)?.currencies[currency]?.books[book]?.closingMinor ?? 0,
              balanceOf(journals, currency, book, accounts),
            );
      }),
    ));

  it('sum to zero over all classes of accounts, each day', () =>
    fc.assert(
      fc.property(fc.array(anyJournal, { minLength: 1, maxLength: 20 }), (journals) => {
        const all = latest(journals, 3).get(PLATFORM)?.currencies ?? {};
        for (const { books } of Object.values(all)) {
          const signed = Object.entries(books).map(([book, { closingMinor }]) =>
            isDebited(Book.parse(book)) ? closingMinor : -closingMinor,
          );
          assert.equal(signed.reduce((total, amount) => total + amount, 0) + 0, 0);
        }
      }),
    ));
});
