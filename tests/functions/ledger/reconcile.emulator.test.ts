import { strict as assert } from 'node:assert';
import type { Journal } from '#functions/contract/orders.js';
import type { DriftKind, Reconciliation } from '#functions/contract/reconciliation.js';
import { syncRefund } from '#functions/payments/finish-refund.js';
import { paths } from '#functions/platform/firestore.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const HOUR = 60 * MINUTE;
const MONDAY = '2026-03-02';
/** From Monday noon to three o'clock in the night. */
const TO_NIGHT = 15 * HOUR;

interface Injected {
  kind: DriftKind;
  what: string;
  outcome: 'repaired' | 'raised';
  /** Accounts that differ from their documents by it, each a task of its own. */
  accounts?: number;
  /** Creates an order, then makes a change without the backend or omits one of its steps. */
  inject(backend: Backend, journey: Journey): Promise<void>;
  /** What the provider has of the order afterwards. */
  leaves?(backend: Backend, journey: Journey): unknown;
  expected?: unknown;
}

const completed = async (journey: Journey) => void (await journey.reach('completed'));
const intentOf = ({ fake }: Backend, { orderId }: Journey) => {
  const intent = fake.intents.get(`pi_${orderId}`);
  if (!intent) throw new Error(`no intent of ${orderId}`);
  return intent;
};
const statusOf = (backend: Backend, journey: Journey) => intentOf(backend, journey).status;
const refunded = ({ orderId }: Journey, amountMinor: number): Journal => ({
  orderId,
  kind: 'refund',
  currency: 'EUR',
  atMs: START_MS + 3 * HOUR,
  entries: [
    { account: 'goodwill', amountMinor },
    { account: 'stripe', amountMinor: -amountMinor },
  ],
});
/** The kitchen gives one margherita of two back. */
const refundedOnce = async (backend: Backend, journey: Journey) => {
  await completed(journey);
  await backend.ask('refundOrder', 'mario', {
    orderId: journey.orderId,
    idempotencyKey: 'refund-key-1',
    reason: 'cold',
    liable: 'merchant',
    to: 'card',
    what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
  });
};
const ghost = { orderId: 'order-ghost', purpose: 'order', amountMinor: 900, currency: 'EUR', customerId: null };

const DRIFTS: readonly Injected[] = [
  {
    kind: 'lost_webhook',
    what: 'an order that was paid without an event',
    outcome: 'repaired',
    async inject(backend, journey) {
      backend.sweeps = false;
      await journey.place({ card: null });
      backend.fake.customerPays(journey.orderId);
      backend.fake.events = [];
    },
    leaves: async (backend, journey) => (await backend.order(journey.orderId)).status,
    expected: 'placed',
  },
  {
    kind: 'orphan_hold',
    what: 'a hold for an order that was never made',
    outcome: 'repaired',
    async inject({ fake }) {
      const { intentId } = await fake.open(ghost);
      await fake.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
    },
    leaves: ({ fake }) => fake.intents.get('pi_order-ghost')?.status,
    expected: 'voided',
  },
  {
    kind: 'orphan_hold',
    what: 'a hold that an ended order knows nothing of',
    outcome: 'repaired',
    async inject({ fake }, journey) {
      await completed(journey);
      const { intentId } = await fake.open({ ...ghost, orderId: journey.orderId, purpose: 'edit-4' });
      await fake.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
    },
    leaves: ({ fake }, { orderId }) => fake.intents.get(`pi_${orderId}_edit-4`)?.status,
    expected: 'voided',
  },
  {
    kind: 'missing_void',
    what: 'a hold that stands although the order was declined',
    outcome: 'repaired',
    async inject(backend, journey) {
      await journey.place();
      await journey.move('mario', { action: 'reject', reason: 'too_busy' });
      Object.assign(intentOf(backend, journey), { status: 'authorized' });
    },
    leaves: statusOf,
    expected: 'voided',
  },
  {
    kind: 'missing_capture',
    what: 'a delivered order whose money was not taken',
    outcome: 'repaired',
    async inject(backend, journey) {
      await completed(journey);
      Object.assign(intentOf(backend, journey), { status: 'authorized', capturedMinor: 0 });
    },
    leaves: (backend, journey) => intentOf(backend, journey).capturedMinor,
    expected: 2940,
  },
  {
    kind: 'missing_transfer',
    what: 'a merchant who was paid in our books alone',
    outcome: 'repaired',
    async inject({ fake }, journey) {
      await completed(journey);
      fake.transfers.delete(journey.orderId);
    },
    leaves: ({ fake }, { orderId }) => fake.transfers.get(orderId)?.amountMinor,
    expected: 1600,
  },
  {
    kind: 'lost_hold',
    what: 'a hold that was cancelled by hand before the door',
    outcome: 'raised',
    async inject(backend, journey) {
      await journey.reach('picked_up');
      backend.sweeps = false;
      Object.assign(intentOf(backend, journey), { status: 'voided' });
      await journey.deliver();
    },
  },
  {
    kind: 'capture_mismatch',
    what: 'less taken than was settled',
    outcome: 'raised',
    async inject(backend, journey) {
      await completed(journey);
      intentOf(backend, journey).capturedMinor = 2000;
    },
  },
  {
    kind: 'unknown_capture',
    what: 'money taken for an order that was never made',
    outcome: 'raised',
    async inject({ fake }) {
      const { intentId } = await fake.open(ghost);
      await fake.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
      await fake.capture({ ...ghost, intentId });
    },
  },
  {
    kind: 'transfer_mismatch',
    what: 'a merchant who got less than was earned',
    outcome: 'raised',
    async inject({ fake }, journey) {
      await completed(journey);
      const transfer = fake.transfers.get(journey.orderId);
      if (transfer) transfer.amountMinor = 1599;
    },
  },
  {
    kind: 'missing_reversal',
    what: 'a merchant who got more than was earned, and no refund that explains it',
    outcome: 'raised',
    async inject({ fake }, journey) {
      await completed(journey);
      const transfer = fake.transfers.get(journey.orderId);
      if (transfer) transfer.amountMinor = 3200;
    },
  },
  {
    kind: 'unknown_transfer',
    what: 'a transfer for no order',
    outcome: 'raised',
    async inject({ fake }) {
      fake.transferByHand({ id: 'tr_x', orderId: null, payoutId: null, accountId: 'acct_x', amountMinor: 70 });
    },
  },
  {
    kind: 'unknown_refund',
    what: 'a refund made by hand',
    outcome: 'raised',
    async inject({ fake }, journey) {
      await completed(journey);
      fake.refundByHand(`pi_${journey.orderId}`, 300);
    },
  },
  {
    kind: 'tip_refunded',
    what: 'a tip that was refunded on the provider\u2019s own pages',
    outcome: 'raised',
    async inject(backend, journey) {
      await completed(journey);
      const { orderId } = journey;
      await backend.ask('addTip', 'carla', {
        orderId,
        idempotencyKey: 'tip-key-1',
        amountMinor: 300,
        paymentMethodId: 'pm_card_visa',
      });
      await backend.deliverWebhooks();
      backend.fake.refundByHand(`pi_${orderId}_tip-tip-key-1`, 300);
    },
  },
  {
    kind: 'double_refund',
    what: 'a refund made twice',
    outcome: 'raised',
    async inject(backend, journey) {
      await refundedOnce(backend, journey);
      backend.fake.refundByHand(`pi_${journey.orderId}`, 1100);
    },
  },
  {
    kind: 'missing_refund',
    what: 'a refund in our books that no refund of ours explains',
    outcome: 'raised',
    accounts: 2,
    async inject({ db }, journey) {
      await completed(journey);
      await paths.journal(db, `${journey.orderId}-refund`).set(refunded(journey, 300));
    },
  },
  {
    kind: 'missing_refund',
    what: 'a refund that the provider never heard of',
    outcome: 'repaired',
    async inject(backend, journey) {
      await refundedOnce(backend, journey);
      backend.fake.refunds.clear();
    },
    leaves: ({ fake }) => [...fake.refunds.values()].map((one) => one.amountMinor).join(),
    expected: '1100',
  },
  {
    kind: 'missing_refund',
    what: 'a refund that the card did not take, without an event',
    outcome: 'repaired',
    async inject(backend, journey) {
      await refundedOnce(backend, journey);
      backend.fake.refundFails(`re_refund-key-1_pi_${journey.orderId}`);
      backend.fake.events = [];
    },
    leaves: async ({ db }) => (await paths.standing(db, 'carla').get()).data()?.credits['EUR'],
    expected: 1100,
  },
  {
    kind: 'missing_reversal',
    what: 'a merchant who kept what it should have given back',
    outcome: 'repaired',
    async inject(backend, journey) {
      await refundedOnce(backend, journey);
      backend.fake.reversals.clear();
    },
    leaves: ({ fake }) => [...fake.reversals.values()].length,
    expected: 1,
  },
  {
    kind: 'lost_webhook',
    what: 'a tip that was paid without an event',
    outcome: 'repaired',
    async inject(backend, journey) {
      await completed(journey);
      const { orderId } = journey;
      await backend.ask('addTip', 'carla', { orderId, idempotencyKey: 'tip-key-1', amountMinor: 300 });
      // The task that would look, too.
      for (let atMs = backend.tasks.nextAtMs(); atMs < Infinity; atMs = backend.tasks.nextAtMs())
        backend.tasks.take(atMs);
      backend.fake.customerPays(orderId, 'tip-tip-key-1');
      backend.fake.events = [];
    },
    leaves: async ({ db }, { orderId }) => (await paths.tips(db, orderId).get()).docs[0]?.data().status,
    expected: 'paid',
  },
  {
    kind: 'unknown_dispute',
    what: 'a dispute that was opened without an event',
    outcome: 'repaired',
    async inject({ fake }, journey) {
      await completed(journey);
      fake.dispute('dp_1', journey.orderId, { providerMinor: -2940 });
      fake.events = [];
    },
    leaves: async ({ db }) => (await paths.dispute(db, 'dp_1').get()).data()?.amountMinor,
    expected: 2940,
  },
];

const theReport = (reports: readonly Reconciliation[], day = MONDAY): Reconciliation => {
  const report = reports.find((one) => one.day === day);
  assert.ok(report, `a report of ${day}`);
  return report;
};

describe('reconcile', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const tasksOf = async () =>
    (await backend.db.collection('operatorTasks').where('kind', '==', 'books_differ').get()).docs.map((one) => one.id);

  it('finds nothing in a correct ledger, and leaves pending movements to the next night', async () => {
    await new Journey(backend).reach('completed');
    await (await new Journey(backend).reach('preparing')).cancel('carla');
    await (await new Journey(backend).place()).cancel('carla');
    await new Journey(backend).place({ card: null });
    await backend.advance(START_MS + 11 * HOUR - backend.nowMs);
    const late = await new Journey(backend).reach('delivered');
    await backend.advance(START_MS + 12 * HOUR - backend.nowMs);
    const report = theReport(await reconcile(backend.ctx));
    assert.deepEqual([report.state, report.counts, report.drifts, report.orders], ['done', {}, [], 5]);
    assert.deepEqual(await tasksOf(), []);
    // Delivered on Monday, paid out on Tuesday.
    await backend.advance(24 * HOUR);
    assert.deepEqual(theReport(await reconcile(backend.ctx), '2026-03-03').drifts, []);
    assert.equal((await backend.order(late.orderId)).status, 'completed');
    await assertSound(backend);
  });

  for (const { kind, what, outcome, accounts = 0, inject, leaves, expected } of DRIFTS) {
    it(`finds ${kind}: ${what}; it is ${outcome}, once`, async () => {
      const journey = new Journey(backend);
      await inject(backend, journey);
      await backend.advance(START_MS + TO_NIGHT - backend.nowMs);
      const report = theReport(await reconcile(backend.ctx));
      assert.deepEqual(report.counts, { [kind]: 1, ...(accounts > 0 && { account_differs: accounts }) });
      assert.equal(report.drifts[0]?.outcome, outcome);
      if (leaves) assert.equal(await leaves(backend, journey), expected);
      assert.equal((await tasksOf()).length, outcome === 'raised' ? 1 + accounts : 0);

      const moved = [...backend.fake.moved];
      assert.deepEqual(await reconcile(backend.ctx), [], 'the same night again');
      backend.sweeps = false;
      await backend.advance(24 * HOUR);
      const [next] = await reconcile(backend.ctx);
      assert.deepEqual(
        next?.drifts.filter((one) => one.outcome !== 'raised'),
        [],
      );
      assert.deepEqual(backend.fake.moved, moved);
      // A difference without an explanation leaves the balances different, too.
      const ofOrders = (await tasksOf()).filter((id) => id !== 'balance-EUR-balance_mismatch');
      assert.equal(ofOrders.length, outcome === 'raised' ? 1 + accounts : 0);
    });
  }

  it('continues after a run that died at any point, and repairs nothing twice', async () => {
    const [first, second, third] = [new Journey(backend), new Journey(backend), new Journey(backend)];
    for (const journey of [first, second, third]) await journey.reach('completed');
    await backend.advance(START_MS + TO_NIGHT - backend.nowMs);
    const { fake } = backend;
    const lose = () => {
      Object.assign(intentOf(backend, first), { status: 'authorized', capturedMinor: 0 });
      fake.transfers.delete(second.orderId);
      intentOf(backend, third).capturedMinor = 2000;
      fake.moved.length = 0;
    };
    const forget = async () => {
      for (const report of await backend.db.collection('reconciliations').listDocuments()) await report.delete();
    };
    lose();
    const { passed } = await backend.conduct.process(0, () => reconcile(backend.ctx));
    const repairs = [...fake.moved].sort();
    assert.deepEqual(repairs, [`capture ${first.orderId} 2940`, `transfer ${second.orderId} 1600 to acct_rosa`]);
    for (let dieAt = 1; dieAt <= passed; dieAt += 9) {
      await forget();
      lose();
      await backend.conduct.process(dieAt, () => reconcile(backend.ctx));
      await reconcile(backend.ctx);
      assert.deepEqual([...fake.moved].sort(), repairs, `died at ${dieAt} of ${passed}`);
      assert.deepEqual(await tasksOf(), [`${third.orderId}-capture_mismatch`]);
      const report = (await paths.reconciliation(backend.db, MONDAY).get()).data();
      assert.equal(report?.state, 'done');
    }
  });

  it('does not delay other orders for one that the provider does not answer for', async () => {
    const [first, second] = [new Journey(backend), new Journey(backend)];
    for (const journey of [first, second]) await journey.reach('completed');
    for (const journey of [first, second]) backend.fake.transfers.delete(journey.orderId);
    await backend.advance(START_MS + TO_NIGHT - backend.nowMs);
    backend.conduct.fail('payments.transfersOf', 'before');
    const report = theReport(await reconcile(backend.ctx));
    assert.deepEqual([report.counts, report.open.length], [{ missing_transfer: 1 }, 2]);
    await backend.advance(24 * HOUR);
    assert.deepEqual(theReport(await reconcile(backend.ctx), '2026-03-03').counts, { missing_transfer: 1 });
    assert.equal(backend.fake.transfers.size, 2);
  });

  describe('beside a document of another version', () => {
    const other = (kind: string, account: string, orderId: string | null = null) => ({
      ...{ orderId, kind, currency: 'EUR', atMs: START_MS, addedLater: 1, accounts: [account, 'stripe'] },
      entries: [
        { account, amountMinor: 1 },
        { account: 'stripe', amountMinor: -1 },
      ],
    });
    const reportedPaths = async () =>
      (await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get()).docs.map(
        (one): unknown => one.get('path'),
      );

    for (const [what, path, data] of [
      ['a journal of fees', `ledger/fees-${MONDAY}-EUR`, other('fees', 'providerFees')],
      ['a journal of a dispute', 'ledger/dispute-dp_9-1', other('dispute', 'disputed', 'order-9')],
      ["the platform's day", `books/platform/days/${MONDAY}`, { day: MONDAY, journals: 1, addedLater: 1 }],
    ] as const)
      it(`reports ${what} and is done with each day, as without it`, async () => {
        await new Journey(backend).reach('completed');
        await backend.advance(START_MS + TO_NIGHT - backend.nowMs);
        backend.fake.feeOf = () => 25;
        assert.equal((await reconcile(backend.ctx)).length, 7);
        assert.deepEqual(await reportedPaths(), []);
        await backend.db.doc(path).set(data);
        await backend.db.doc(`reconciliations/${MONDAY}`).delete();
        assert.equal(theReport(await reconcile(backend.ctx)).state, 'done');
        assert.deepEqual(await reportedPaths(), [path]);
        await backend.advance(24 * HOUR);
        assert.equal(theReport(await reconcile(backend.ctx), '2026-03-03').state, 'done');
        assert.deepEqual(await reportedPaths(), [path]);
      });
  });

  it('compares the other days where one fails, and that one in the next run', async () => {
    await backend.advance(START_MS + 12 * HOUR - backend.nowMs);
    backend.conduct.fail('payments.listDisputes', 'before', new Error('down'));
    await assert.rejects(reconcile(backend.ctx), AggregateError);
    const stateOf = async (day: string) => (await paths.reconciliation(backend.db, day).get()).data()?.state;
    assert.deepEqual([await stateOf('2026-02-24'), await stateOf(MONDAY)], [undefined, 'done']);
    assert.deepEqual(
      (await reconcile(backend.ctx)).map(({ day, state }) => [day, state]),
      [['2026-02-24', 'done']],
    );
  });

  it('raises a dispute of a charge without a PaymentIntent, which the backend did not make', async () => {
    const journey = await new Journey(backend).reach('completed');
    backend.fake.dispute('dp_apart', journey.orderId, { intentId: '' });
    backend.fake.refundByHand(`pi_${journey.orderId}`, 5);
    for (const refund of backend.fake.refunds.values()) Object.assign(refund, { intentId: '' });
    await backend.advance(START_MS + TO_NIGHT - backend.nowMs);
    assert.deepEqual(theReport(await reconcile(backend.ctx)).counts, { unknown_dispute: 1 });
    assert.deepEqual(await tasksOf(), ['dp_apart-unknown_dispute']);
  });

  it('leaves an order alone while effects of its last step still run', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    await backend.advance(START_MS + 11 * HOUR + 59 * MINUTE - backend.nowMs);
    backend.conduct.fail('payments.capture', 'before', new Error('down'), 100);
    const before = await backend.order(journey.orderId);
    assert.equal(before.status, 'picked_up');
    await journey.deliver();
    await backend.advance(2 * MINUTE);
    const report = theReport(await reconcile(backend.ctx));
    assert.deepEqual([report.counts, report.open], [{}, [journey.orderId]]);
  });

  /**
   * Stripe keeps an answer under its key for a day: `refusesRefunds` stays on for longer, so that another try would be
   * accepted.
   */
  describe('of a refund that the card refused and its customer has as credit', () => {
    const given = async () => {
      const sent = [...backend.fake.refunds.values()].filter((one) => one.status === 'sent');
      const credit = (await backend.db.doc('users/carla/private/standing').get()).get('credits.EUR') ?? 0;
      return { money: sent.reduce((total, one) => total + one.amountMinor, 0), credit };
    };
    const refund = (key: string) =>
      backend.ask('refundOrder', 'olga', {
        orderId: 'order-1',
        idempotencyKey: key,
        reason: 'cold',
        liable: 'merchant',
        to: 'card',
        what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
      });
    const refused = async () => {
      await completed(new Journey(backend));
      backend.fake.refusesRefunds = true;
      await refund('refund-key-1');
      assert.deepEqual(await given(), { money: 0, credit: 1100 });
    };

    it("sends nothing when it takes the merchant's part back", async () => {
      // The connected account has nothing for two days.
      backend.conduct.fail('payments.reverse', 'before', new Error('insufficient funds'), 60);
      await refused();
      await backend.advance(TO_NIGHT);
      await reconcile(backend.ctx);
      await backend.advance(24 * HOUR);
      backend.fake.refusesRefunds = false;
      await reconcile(backend.ctx);
      assert.deepEqual(await given(), { money: 0, credit: 1100 });
    });

    it("sends only the order's other refund, which never reached the provider", async () => {
      await refused();
      await backend.advance(48 * HOUR);
      backend.fake.refusesRefunds = false;
      // Every try of its tasks.
      backend.conduct.fail('payments.refund', 'before', new Error('unreachable'), 11);
      await refund('refund-key-2');
      await backend.advance(TO_NIGHT);
      assert.deepEqual(await given(), { money: 0, credit: 1100 });
      await reconcile(backend.ctx);
      assert.deepEqual(await given(), { money: 1100, credit: 1100 });
    });

    it('creates one operator task when the provider reports that the card took the refund after all', async () => {
      await refused();
      const part = { orderId: 'order-1', refundId: 'refund-key-1', intentId: 'pi_order-1' };
      const task = backend.db.doc('operatorTasks/order-1-refund_failed:refund-key-1:pi_order-1:taken');
      await syncRefund(backend.ctx, { ...part, status: 'failed' });
      assert.equal((await task.get()).exists, false);
      await syncRefund(backend.ctx, { ...part, status: 'sent' });
      assert.match(String((await task.get()).get('detail')), /took 1100 EUR after it was given as credit/);
      await task.update({ open: false });
      await syncRefund(backend.ctx, { ...part, status: 'sent' });
      assert.equal((await task.get()).get('open'), false);
      assert.deepEqual(await given(), { money: 0, credit: 1100 });
    });
  });
});
