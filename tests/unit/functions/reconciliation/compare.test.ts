import { strict as assert } from 'node:assert';
import type { Order } from '#functions/contract/orders.js';
import { DRIFTS } from '#functions/contract/reconciliation.js';
import type { DisputedPayment, FollowedPayment } from '#functions/payments/payments.js';
import {
  compare,
  NOTHING_MOVED,
  NOTHING_THERE,
  hasNoDifference,
  withJournal,
  type LedgerSums,
  type Ours,
  type Theirs,
} from '#functions/reconciliation/model/compare.js';
import { moneyToRepeat, REMEDIES } from '#functions/reconciliation/model/repair.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const aHold = (changes: Partial<FollowedPayment> = {}): FollowedPayment => ({
  intentId: 'pi_1',
  clientSecret: '',
  status: 'captured',
  authorizedMinor: 2940,
  capturedMinor: 2940,
  orderId: 'order-1',
  purpose: 'order',
  holdUntilMs: null,
  refundedMinor: 0,
  ...changes,
});
const AUTHORIZED = aHold({ status: 'authorized', capturedMinor: 0 });
const VOIDED = aHold({ status: 'voided', authorizedMinor: 0, capturedMinor: 0 });
const OURS: Ours = {
  order: null,
  moved: NOTHING_MOVED,
  tips: new Map([
    ['paid', 'paid'],
    ['due', 'pending'],
    ['late', 'lapsed'],
    ['back', 'returned'],
  ]),
  disputes: new Set(['dp_known']),
};
const SETTLED: LedgerSums = { ...NOTHING_MOVED, capturedMinor: 2940 };

const aDispute = (disputeId: string): DisputedPayment => ({
  disputeId,
  intentId: 'pi_1',
  reason: 'fraudulent',
  status: 'needsResponse',
  currency: 'EUR',
  amountMinor: 2940,
  evidenceDueAtMs: null,
  providerMinor: -2940,
});

const kinds = (facts: OrderFacts | null, hold: FollowedPayment, moved: LedgerSums = NOTHING_MOVED) =>
  compare('order-1', { ...OURS, order: facts && anOrder(facts), moved }, { ...NOTHING_THERE, holds: [hold] }).map(
    ({ kind }) => kind,
  );

describe('withJournal', () => {
  const posted = (
    kind: 'settlement' | 'tip' | 'refund' | 'payout' | 'reversal' | 'correction' | 'dispute',
    amountMinor: number,
  ) => ({
    kind,
    entries: [
      { account: 'stripe', amountMinor },
      { account: 'goodwill', amountMinor: -amountMinor },
    ],
  });

  it('sums what the provider captured, refunded and paid out', () => {
    const journals = [
      posted('settlement', 2940),
      posted('tip', 300),
      posted('refund', -500),
      posted('correction', 50),
      posted('payout', -1600),
      posted('reversal', 100),
    ];
    assert.deepEqual(journals.reduce(withJournal, NOTHING_MOVED), {
      capturedMinor: 2940,
      tippedMinor: 300,
      refundedMinor: 450,
      transferredMinor: 1500,
    });
  });

  it('does not count a dispute among these', () =>
    assert.deepEqual(withJournal(SETTLED, posted('dispute', -2940)), SETTLED));
});

describe('hasNoDifference', () => {
  const both = { holds: [aHold()], transfers: [], disputes: [] } satisfies Theirs;

  it('is true where ledger and provider agree, and no hold waits', () => assert.ok(hasNoDifference(SETTLED, both)));
  it('is false by a cent', () => assert.ok(!hasNoDifference({ ...SETTLED, capturedMinor: 2939 }, both)));
  it('is false while a hold waits', () => assert.ok(!hasNoDifference(NOTHING_MOVED, { ...both, holds: [AUTHORIZED] })));
  it('is false for a dispute', () => assert.ok(!hasNoDifference(SETTLED, { ...both, disputes: [aDispute('dp_1')] })));
});

describe('compare, of a valid hold', () => {
  const standing: [what: string, facts: OrderFacts | null, drifts: string[]][] = [
    ['of an order that waits for it', { status: 'pending_payment' }, ['lost_webhook']],
    [
      'of an unpaid order that waits for another',
      { status: 'pending_payment', payment: { intentId: 'pi_2' } },
      ['orphan_hold'],
    ],
    [
      'of a scheduled order that is to be paid late',
      { status: 'scheduled', payment: { status: 'deferred', intentId: null } },
      ['lost_webhook'],
    ],
    ['of an order under way', { status: 'preparing' }, []],
    [
      'of an order under way that knows another',
      { status: 'preparing', payment: { intentId: 'pi_2' } },
      ['orphan_hold'],
    ],
    ['of an order that took it', { status: 'delivered', payment: { status: 'capturing' } }, ['missing_capture']],
    ['of an order that let it go', { status: 'rejected', payment: { status: 'voiding' } }, ['missing_void']],
    ['of a cancelled order that may be restored', { status: 'cancelled', due: { kind: 'settle', atMs: 1 } }, []],
    ['of a cancelled order that is done', { status: 'cancelled' }, ['orphan_hold']],
    ['of no order', null, ['orphan_hold']],
  ];
  for (const [what, facts, drifts] of standing)
    it(`${what}: ${drifts.join() || 'none'}`, () =>
      assert.deepEqual(kinds(facts, AUTHORIZED, facts?.status === 'delivered' ? SETTLED : NOTHING_MOVED), drifts));

  it('that names no order belongs to another system', () =>
    assert.deepEqual(kinds(null, { ...AUTHORIZED, orderId: null }), []));
  it('for a difference that an edit waits for: lost_webhook', () => {
    const edit: Order['edit'] = {
      event: 4,
      changes: [{ type: 'reduce', line: 0, quantity: 1 }],
      lines: [],
      totalMinor: 3000,
      ifUnavailable: 'refund',
      untilMs: 1,
      topUpIntentId: 'pi_9',
    };
    assert.deepEqual(kinds({ status: 'accepted', edit }, { ...AUTHORIZED, intentId: 'pi_9' }), ['lost_webhook']);
  });
});

describe('compare, of a hold that ended', () => {
  it('nothing, when both agree', () => assert.deepEqual(kinds({ status: 'delivered' }, aHold(), SETTLED), []));
  it("unnoted_end, while the order still waits for the provider's event", () => {
    assert.deepEqual(kinds({ status: 'delivered', payment: { status: 'capturing' } }, aHold(), SETTLED), [
      'unnoted_end',
    ]);
    assert.deepEqual(kinds({ status: 'rejected', payment: { status: 'voiding' } }, VOIDED), ['unnoted_end']);
  });
  it('nothing, before the payout that records it', () => {
    const due = { kind: 'complete' as const, atMs: 1 };
    assert.deepEqual(kinds({ status: 'delivered', payment: { status: 'capturing' }, due }, aHold(), SETTLED), []);
  });
  it('lost_hold, when the order is still to be charged, or has been', () => {
    assert.deepEqual(kinds({ status: 'preparing' }, VOIDED), ['lost_hold']);
    assert.deepEqual(kinds({ status: 'delivered' }, VOIDED, SETTLED), ['lost_hold']);
  });
  it('nothing, when the order was declined', () =>
    assert.deepEqual(kinds({ status: 'rejected', payment: { status: 'voided' } }, VOIDED), []));
  it('unknown_capture without a settlement, capture_mismatch by a cent', () => {
    assert.deepEqual(kinds({ status: 'preparing' }, aHold()), ['unknown_capture']);
    assert.deepEqual(kinds({ status: 'delivered' }, aHold({ capturedMinor: 2939 }), SETTLED), ['capture_mismatch']);
  });
});

describe('compare, of tips and disputes', () => {
  const tip = (id: string) => kinds({ status: 'completed' }, aHold({ purpose: `tip-${id}`, capturedMinor: 300 }));
  const disputed = (disputeId: string) =>
    compare('order-1', OURS, { ...NOTHING_THERE, disputes: [aDispute(disputeId)] }).map(({ kind }) => kind);

  it('nothing, for a tip that is posted', () => assert.deepEqual(tip('paid'), []));
  it("tip_refunded, for a tip that was refunded on the provider's own pages", () =>
    assert.deepEqual(
      kinds({ status: 'completed' }, aHold({ purpose: 'tip-paid', capturedMinor: 300, refundedMinor: 100 })),
      ['tip_refunded'],
    ));
  it('lost_webhook, for a tip that was charged and is not posted, expired here or not', () =>
    assert.deepEqual([tip('due'), tip('late')], [['lost_webhook'], ['lost_webhook']]));
  it('nothing, for a tip that was refunded since the courier left; capture_mismatch where the card did not accept it', () => {
    const back = (refundedMinor: number) =>
      kinds({ status: 'completed' }, aHold({ purpose: 'tip-back', capturedMinor: 300, refundedMinor }));
    assert.deepEqual([back(300), back(0)], [[], ['capture_mismatch']]);
  });
  it('unknown_capture, for a tip that was never given', () => assert.deepEqual(tip('other'), ['unknown_capture']));
  it('nothing, while a tip is unpaid', () =>
    assert.deepEqual(kinds({}, aHold({ purpose: 'tip-due', status: 'unpaid', capturedMinor: 0 })), []));
  it('unknown_dispute, until it is recorded', () =>
    assert.deepEqual([disputed('dp_known'), disputed('dp_1')], [[], ['unknown_dispute']]));
});

describe('compare, of refunds and transfers', () => {
  const hold = aHold({ refundedMinor: 300 });
  const transfer = { id: 'tr_1', orderId: 'order-1', payoutId: null, accountId: 'acct_1', amountMinor: 1600 };
  const sums = (moved: Partial<LedgerSums>) =>
    compare(
      'order-1',
      {
        ...OURS,
        order: anOrder({ status: 'completed' }),
        moved: { ...SETTLED, refundedMinor: 300, transferredMinor: 1600, ...moved },
      },
      { ...NOTHING_THERE, holds: [hold], transfers: [transfer] },
    ).map(({ kind }) => kind);

  it('nothing, to the cent', () => assert.deepEqual(sums({}), []));
  it('of refunds, by a cent', () => {
    assert.deepEqual(sums({ refundedMinor: 0 }), ['unknown_refund']);
    assert.deepEqual(sums({ refundedMinor: 299 }), ['double_refund']);
    assert.deepEqual(sums({ refundedMinor: 301 }), ['missing_refund']);
  });
  it('of transfers, by a cent', () => {
    assert.deepEqual(sums({ transferredMinor: 0 }), ['unknown_transfer']);
    assert.deepEqual(sums({ transferredMinor: 1599 }), ['missing_reversal']);
    assert.deepEqual(sums({ transferredMinor: 1601 }), ['transfer_mismatch']);
  });
});

describe('moneyToRepeat', () => {
  const events = anOrder({ status: 'completed' }).events.map((event) => {
    if (event.action === 'deliver') return { ...event, money: { type: 'capture' as const, amountMinor: 2940 } };
    return event.action === 'complete' ? { ...event, money: { type: 'transfer' as const, amountMinor: 1600 } } : event;
  });
  const order = anOrder({ status: 'completed', events });

  it("is the order's last event about its payments, or about the merchant's part", () => {
    assert.deepEqual(moneyToRepeat(order, 'missing_capture'), { type: 'capture', amountMinor: 2940 });
    assert.deepEqual(moneyToRepeat(order, 'missing_transfer'), { type: 'transfer', amountMinor: 1600 });
  });
  it('is nothing where the order has no such event', () =>
    assert.equal(moneyToRepeat(anOrder({ status: 'placed' }), 'missing_capture'), null));
  it('belongs to a remedy for every kind of drift', () =>
    assert.deepEqual(
      DRIFTS.filter((kind) => !(kind in REMEDIES)),
      [],
    ));
});
