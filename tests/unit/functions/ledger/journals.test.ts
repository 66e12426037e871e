import { strict as assert } from 'node:assert';
import type { HeldPay } from '#functions/contract/held-pays.js';
import type { Journal } from '#functions/contract/orders.js';
import { personalAccounts } from '#functions/ledger/model/chart.js';
import {
  creditJournal,
  depositJournal,
  failedRefundJournal,
  feesJournal,
  heldAfterwardsJournal,
  heldPayJournal,
  lateJournal,
  openAmount,
  payAccounts,
  payoutJournal,
  refundJournal,
  reversalJournal,
  settlementJournal,
  tipJournal,
  type Parties,
  type SettledParties,
  type TakenBack,
} from '#functions/ledger/model/journals.js';
import type { PricedRefund } from '#functions/pricing/refund.js';
import { NOTHING, type Settlement } from '#functions/pricing/settle.js';
import { START_MS } from '#fixtures/catalogue.js';

/** The accounts of people are named by digests of their uids. */
const OMAR = 'ed92da0f47a727600e9d';
const CARLA = '016b0012091e032bd881';

const PARTIES: SettledParties = {
  orderId: 'order-1',
  restaurantId: 'rosa',
  courierId: 'omar',
  customerId: 'carla',
  currency: 'EUR',
  inCash: false,
};

/** The entries of a journal, one text each; undefined where there is no journal. */
const entriesOf = (journal: Journal | null): string[] | undefined =>
  journal?.entries.map(({ account, amountMinor }) => `${account} ${amountMinor}`);

/** All of a journal besides its entries. */
const headOf = ({ entries: _, ...head }: Journal): Omit<Journal, 'entries'> => head;

describe('settlementJournal', () => {
  // Items and fees of 31.50: 28.40 paid, 1.00 of credit, 2.00 of the platform's promotions, 0.10 not charged.
  const settlement = {
    ...NOTHING,
    captureMinor: 2840,
    creditMinor: 100,
    promotionMinor: 200,
    roundingMinor: 10,
    tipMinor: 200,
    split: { merchantMinor: 1600, courierMinor: 650, platformMinor: 303, taxMinor: 287 },
    taxes: [
      { taxpayer: 'restaurant', ratePpm: 100_000, taxMinor: 200 },
      { taxpayer: 'platform', ratePpm: 200_000, taxMinor: 87 },
    ],
    earned: {
      commissionMinor: 480,
      commissionTax: { ratePpm: 200_000, taxMinor: 80 },
      deliveryMinor: 333,
      serviceMinor: 250,
    },
  } satisfies Settlement;
  const entries = (changes: Partial<SettledParties>) =>
    entriesOf(settlementJournal({ ...PARTIES, ...changes }, settlement, START_MS));
  const paidWith = (holder: string, merchant: string, courier: string) => [
    `${holder} 2840`,
    `credit:${CARLA} 100`,
    'promotions 200',
    `${merchant} -1600`,
    `${courier} -650`,
    'rounding 10',
    'commission -400',
    'deliveryFees -333',
    'serviceFees -250',
    'courierCost 450',
    'restaurantTax:100000 -200',
    'platformTax:200000 -167',
  ];

  it('lets the provider owe the capture; credit, promotions and rounding pay the rest of what the parties earn', () => {
    assert.deepEqual(entries({}), paidWith('stripe', 'merchant:rosa', `courier:${OMAR}`));
    const journal = settlementJournal(PARTIES, settlement, START_MS);
    assert.ok(journal);
    assert.deepEqual(headOf(journal), { orderId: 'order-1', kind: 'settlement', currency: 'EUR', atMs: START_MS });
  });
  it('lets the courier owe the cash, and the provider where no courier collected it', () => {
    assert.deepEqual(entries({ inCash: true }), paidWith(`cash:${OMAR}`, 'merchant:rosa', `courier:${OMAR}`));
    assert.equal(entries({ inCash: true, courierId: null })?.[0], 'stripe 2840');
  });
  it('holds the pay of a doubtful courier or kitchen, each on its own account', () => {
    const held = (courier: boolean, kitchen: boolean) => entries({ held: { courier, kitchen } });
    assert.deepEqual(held(true, false), paidWith('stripe', 'merchant:rosa', `held:${OMAR}`));
    assert.deepEqual(held(false, true), paidWith('stripe', 'heldMerchant:rosa', `courier:${OMAR}`));
    assert.deepEqual(held(false, false), entries({}));
  });
});

describe('refundJournal', () => {
  // 11.00 at shared cost, of which the card takes 9.00; 0.50 of promotions are no longer a cost.
  const refund: PricedRefund = {
    amountMinor: 1100,
    moneyMinor: 900,
    creditMinor: 200,
    taxMinor: 100,
    merchantMinor: 600,
    courierMinor: 150,
    platformMinor: 250,
    promotionMinor: 50,
    lines: [],
  };
  const takenBack: TakenBack = {
    taxes: [
      { taxpayer: 'restaurant', ratePpm: 100_000, taxMinor: 80 },
      { taxpayer: 'platform', ratePpm: 200_000, taxMinor: 20 },
    ],
    commissionMinor: 180,
    commissionTax: { ratePpm: 200_000, taxMinor: 30 },
  };
  const entries = (parties: Partial<Parties>, toCardMinor: number) =>
    entriesOf(refundJournal({ ...PARTIES, ...parties }, refund, takenBack, toCardMinor, START_MS));

  it('takes each part from the party that bears it, and gives the card its share and the customer the rest', () =>
    assert.deepEqual(entries({}, 900), [
      'restaurantTax:100000 80',
      'platformTax:200000 50',
      'commission 150',
      'merchant:rosa 600',
      `courier:${OMAR} 150`,
      'refundLosses 120',
      'promotions -50',
      'stripe -900',
      `credit:${CARLA} -200`,
    ]));
  it('gives all of it as credit where nothing goes to the card', () => {
    assert.deepEqual(entries({}, 0)?.slice(-1), [`credit:${CARLA} -1100`]);
    assert.deepEqual(entries({}, 1100)?.slice(-1), ['stripe -1100']);
  });
  it('lets the platform bear the part of a courier that there was not', () =>
    assert.deepEqual(entries({ courierId: null }, 900)?.slice(3, 5), ['merchant:rosa 600', 'refundLosses 270']));
});

describe('journals between two accounts', () => {
  const order = { orderId: 'order-1', currency: 'EUR', restaurantId: 'rosa', customerId: 'carla' };
  const tipped = { orderId: 'order-1', currency: 'EUR', courierId: 'omar' };
  const own = { own: `courier:${OMAR}`, held: `held:${OMAR}` };
  const rows: [
    what: string,
    of: (minor: number) => Journal | null,
    kind: Journal['kind'],
    debit: string,
    credit: string,
  ][] = [
    ['a payout', (minor) => payoutJournal(PARTIES, minor, START_MS), 'payout', 'merchant:rosa', 'stripe'],
    ['a reversal', (minor) => reversalJournal(PARTIES, minor, START_MS), 'reversal', 'stripe', 'merchant:rosa'],
    [
      'a refund that the card refused',
      (minor) => failedRefundJournal(order, minor, START_MS),
      'correction',
      'stripe',
      `credit:${CARLA}`,
    ],
    ['a later tip', (minor) => tipJournal(tipped, minor, START_MS), 'tip', 'stripe', `courier:${OMAR}`],
    [
      'pay that is held afterwards',
      (minor) => heldAfterwardsJournal(order, own, minor, START_MS),
      'correction',
      `courier:${OMAR}`,
      `held:${OMAR}`,
    ],
  ];
  for (const [what, of, kind, debit, credit] of rows) {
    it(`move ${what} from ${debit} to ${credit}, and are none for 0`, () => {
      const journal = of(640);
      assert.ok(journal);
      assert.deepEqual(entriesOf(journal), [`${debit} 640`, `${credit} -640`]);
      assert.deepEqual(headOf(journal), { orderId: 'order-1', kind, currency: 'EUR', atMs: START_MS });
      assert.equal(of(0), null);
    });
  }

  it('of no order are the deposit of cash and the grant of credit, which may be taken back', () => {
    const deposit = depositJournal('omar', 'EUR', 2500, START_MS);
    assert.deepEqual(entriesOf(deposit), ['bank 2500', `cash:${OMAR} -2500`]);
    assert.deepEqual(headOf(deposit), { orderId: null, kind: 'deposit', currency: 'EUR', atMs: START_MS });
    const credit = creditJournal('carla', 'EUR', 300, START_MS);
    assert.deepEqual(entriesOf(credit), ['goodwill 300', `credit:${CARLA} -300`]);
    assert.deepEqual(headOf(credit), { orderId: null, kind: 'credit', currency: 'EUR', atMs: START_MS });
    assert.deepEqual(entriesOf(creditJournal('carla', 'EUR', -300, START_MS)), [
      'goodwill -300',
      `credit:${CARLA} 300`,
    ]);
  });
});

describe('the journal of a late order', () => {
  const entries = (creditMinor: number, merchantMinor: number) =>
    entriesOf(lateJournal(PARTIES, { creditMinor }, merchantMinor, START_MS));
  it('divides the credit between the liable kitchen and the platform', () => {
    assert.deepEqual(entries(500, 0), ['goodwill 500', `credit:${CARLA} -500`]);
    assert.deepEqual(entries(500, 120), ['merchant:rosa 120', 'goodwill 380', `credit:${CARLA} -500`]);
    assert.deepEqual(entries(500, 500), ['merchant:rosa 500', `credit:${CARLA} -500`]);
  });
  it('is none without a credit', () => assert.equal(entries(0, 0), undefined));
});

describe("the journal of the provider's fees", () => {
  const entries = (feesMinor: number, bankMinor: number) =>
    entriesOf(feesJournal('EUR', { feesMinor, bankMinor }, START_MS));
  it('takes the fees of a day and what was paid to the bank from the balance with the provider', () => {
    assert.deepEqual(entries(85, 40_000), ['providerFees 85', 'bank 40000', 'stripe -40085']);
    assert.deepEqual(entries(85, 0), ['providerFees 85', 'stripe -85']);
    assert.deepEqual(entries(0, 40_000), ['bank 40000', 'stripe -40000']);
  });
  it('is of no order', () => {
    const journal = feesJournal('EUR', { feesMinor: 85, bankMinor: 0 }, START_MS);
    assert.ok(journal);
    assert.deepEqual(headOf(journal), { orderId: null, kind: 'fees', currency: 'EUR', atMs: START_MS });
  });
  it('is none on a day without either', () => assert.equal(entries(0, 0), undefined));
});

describe('pay that is held for an operator', () => {
  const pay: HeldPay = {
    orderId: 'order-1',
    payee: 'courier',
    courierId: 'omar',
    restaurantId: 'rosa',
    currency: 'EUR',
    amountMinor: 650,
    doubts: ['speed'],
    atMs: START_MS,
    decision: null,
  };
  const decided = (
    verdict: 'release' | 'refuse',
    bore: [refunds: number, late: number],
    changes: Partial<HeldPay> = {},
  ) =>
    entriesOf(
      heldPayJournal({ ...pay, ...changes }, verdict, { refundsMinor: bore[0], lateMinor: bore[1] }, START_MS + 1),
    );

  it('is on the account of its payee, and is owed on another', () => {
    assert.deepEqual(payAccounts(pay), { held: `held:${OMAR}`, own: `courier:${OMAR}` });
    assert.deepEqual(payAccounts({ ...pay, payee: 'kitchen' }), { held: 'heldMerchant:rosa', own: 'merchant:rosa' });
  });
  it('has no account where the order had no courier, unlike that of a kitchen', () => {
    assert.throws(() => payAccounts({ ...pay, courierId: null }), /pay of an order without a courier/);
    assert.equal(payAccounts({ ...pay, payee: 'kitchen', courierId: null }).own, 'merchant:rosa');
  });
  it('is credited to the payee where it is released, with or without refunds that the payee bore', () => {
    assert.deepEqual(decided('release', [200, 0]), [`held:${OMAR} 650`, `courier:${OMAR} -650`]);
    assert.deepEqual(decided('release', [650, 0], { payee: 'kitchen' }), [
      'heldMerchant:rosa 650',
      'merchant:rosa -650',
    ]);
  });
  it('is kept by the platform where it is refused, which then bears the refunds of the payee', () => {
    assert.deepEqual(decided('refuse', [0, 0]), [`held:${OMAR} 650`, 'withheldPay -650']);
    assert.deepEqual(decided('refuse', [200, 50]), [
      `held:${OMAR} 650`,
      `courier:${OMAR} -250`,
      'withheldPay -650',
      'refundLosses 200',
      'goodwill 50',
    ]);
  });
  it('is decided by a journal of the order, at the time of the decision; of nothing there is none', () => {
    const bore = { refundsMinor: 0, lateMinor: 0 };
    const journal = heldPayJournal(pay, 'refuse', bore, START_MS + 1);
    const head = { orderId: 'order-1', kind: 'correction' as const, currency: 'EUR', atMs: START_MS + 1 };
    assert.deepEqual(journal && headOf(journal), head);
    assert.equal(heldPayJournal({ ...pay, amountMinor: 0 }, 'refuse', bore, START_MS), null);
  });
});

describe('openAmount', () => {
  const open = (status: Parameters<typeof openAmount>[0]['status'], providerMinor = -4440) =>
    openAmount({ status, providerMinor, amountMinor: 2940 });
  it('is the disputed amount until the bank decides, without the fee', () => {
    assert.deepEqual([open('needsResponse'), open('underReview'), open('won'), open('lost')], [2940, 2940, 0, 0]);
  });
  it('is no more than the bank took', () =>
    assert.deepEqual([open('needsResponse', -2939), open('needsResponse', -2941)], [2939, 2940]));
});

describe('personalAccounts', () => {
  it('lists the four accounts that one person may have', () =>
    assert.deepEqual(personalAccounts('omar'), [`credit:${OMAR}`, `courier:${OMAR}`, `cash:${OMAR}`, `held:${OMAR}`]));
});
