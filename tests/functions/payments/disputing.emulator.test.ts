import { strict as assert } from 'node:assert';
import { Dispute } from '#functions/contract/payments.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';
import { doorPhoto } from '#simulator/people/photos.js';
import sharp from 'sharp';

const DAY = 24 * 60 * MINUTE;
let backend: Backend;
/** The bank's words, in the order in which things happen. */
const OPENED = {};
const WITHDRAWN = { providerMinor: -4440 };
const WON = { status: 'won' as const };
const REINSTATED = { providerMinor: -1500 };
const LOST = { status: 'lost' as const };

const says = (...words: readonly object[]) => {
  for (const facts of words) backend.fake.dispute('dp_1', 'order-1', facts);
};
const hears = async () => {
  for (const { status } of await backend.deliverWebhooks()) assert.equal(status, 200);
};
const balances = async () => {
  const books = computeBalances(await readBooks(backend));
  return ['stripe', 'disputed', 'disputeLosses'].map((account) => books.get(account) ?? 0);
};
const stored = async () => Dispute.parse((await backend.db.doc('disputes/dp_1').get()).data());
const submit = (note = 'The customer wrote that it was delicious.') =>
  backend.call('submitDisputeEvidence', 'olga', { disputeId: 'dp_1', note });
const audited = async () => {
  const found = await backend.db.collection('audit').where('action', '==', 'submitDisputeEvidence').get();
  return found.docs.map((entry) => ({ by: entry.get('by') as unknown, subject: entry.get('subject') as unknown }));
};
const REFUND = {
  orderId: 'order-1',
  idempotencyKey: 'refund-key-1',
  what: { type: 'whole' },
  liable: 'platform',
  reason: 'cold',
  to: 'card',
};

describe('a dispute', () => {
  beforeEach(async () => {
    await new Journey((backend = await aCity())).reach('completed');
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('creates an operator task, and its amount is on an account of its own, without the fee of 15.00', async () => {
    says(OPENED, WITHDRAWN);
    await hears();
    assert.deepEqual(await balances(), [-3100, 2940, 1500]);
    assert.deepEqual([(await stored()).status, (await stored()).orderId], ['needsResponse', 'order-1']);
    assert.equal(
      (await backend.db.doc('operatorTasks/order-1-dispute:dp_1').get()).get('detail'),
      'dp_1: product_not_received, 2940 EUR',
    );
  });

  it('costs no fee where the bank charges none: the whole amount is disputed', async () => {
    says(OPENED, { providerMinor: -2940 });
    await hears();
    assert.deepEqual(await balances(), [-1600, 2940, 0]);
  });

  it("that is lost is the platform's loss, fee included", async () => {
    says(OPENED, WITHDRAWN, LOST);
    await hears();
    assert.deepEqual(await balances(), [-3100, 0, 4440]);
  });

  const words = [OPENED, WITHDRAWN, WON, REINSTATED];
  for (const order of [
    [0, 1, 2, 3],
    [0, 0, 1, 1, 2, 2, 3, 3],
    [0, 1, 3, 2],
    [1, 2, 3],
  ]) {
    it(`that is won costs only the fee, with events in the order ${order.join('')}`, async () => {
      for (const index of order) {
        says(words[index] ?? {});
        await hears();
      }
      assert.deepEqual(await balances(), [-160, 0, 1500]);
    });
  }

  it('is posted once when all its events come at its end', async () => {
    says(OPENED, WITHDRAWN, WON, REINSTATED);
    await hears();
    assert.deepEqual([(await stored()).journals, await balances()], [1, [-160, 0, 1500]]);
  });

  it('delays refunds while the bank has the money, and releases them when it is won', async () => {
    says(OPENED, WITHDRAWN);
    await hears();
    await assert.rejects(backend.call('refundOrder', 'olga', REFUND), { reason: 'ORDER_DISPUTED' });
    says(WON, REINSTATED);
    await hears();
    assert.equal((await backend.call('refundOrder', 'olga', REFUND)).amountMinor, 2940);
  });

  it("is answered with the order's own record, once", async () => {
    says(OPENED);
    await hears();
    assert.equal((await submit()).status, 'underReview');
    const evidence = backend.fake.evidence.get('dp_1');
    assert.deepEqual(
      [evidence?.customer_name, evidence?.product_description, evidence?.shipping_address],
      ['Carla', '2 × Margherita', '7 Door Street'],
    );
    assert.match(evidence?.uncategorized_text ?? '', /against the PIN.*\nThe customer wrote/);
    await assert.rejects(submit(), { reason: 'DISPUTE_CLOSED' });
  });

  it('is answered by the backend a day before its deadline, unless an operator did', async () => {
    says({ evidenceDueAtMs: backend.nowMs + 9 * DAY });
    await hears();
    await backend.advance(8 * DAY - 1);
    assert.equal(backend.fake.evidence.size, 0);
    await backend.advance(1);
    assert.deepEqual([backend.fake.evidence.size, (await stored()).status], [1, 'underReview']);
    assert.deepEqual(await audited(), []);
  });

  for (const when of ['before', 'after'] as const) {
    it(`is answered once when the provider fails ${when} accepting the evidence and the operator calls again`, async () => {
      says(OPENED);
      await hears();
      backend.conduct.fail('payments.submitEvidence', when);
      await assert.rejects(submit());
      assert.equal((await submit()).status, 'underReview');
      assert.equal(backend.fake.evidence.size, 1);
      assert.deepEqual(await audited(), [{ by: 'olga', subject: 'disputes/dp_1' }]);
    });
  }

  it('is handled again when the commit fails', async () => {
    says(OPENED, WITHDRAWN);
    const [event] = backend.fake.events;
    assert.ok(event);
    backend.conduct.fail('payments.retrieveDispute', 'before');
    assert.equal((await backend.webhook(event)).status, 500);
    assert.equal((await backend.webhook(event)).status, 200);
    assert.deepEqual(await balances(), [-3100, 2940, 1500]);
  });
});

describe('a dispute before the payout', () => {
  beforeEach(async () => {
    await new Journey((backend = await aCity())).reach('delivered');
    await hears();
  });
  afterEach(async () => {
    await hears();
    await assertSound(backend);
    await backend.close();
  });
  const transfers = () => backend.fake.moved.filter((moved) => moved.startsWith('transfer'));
  const status = async () => (await backend.order('order-1')).status;

  it("delays the merchant's part until the bank decides for the order, and the next daily check pays it", async () => {
    says(OPENED, WITHDRAWN);
    await hears();
    await backend.advance(3 * DAY);
    assert.deepEqual([await status(), transfers()], ['delivered', []]);
    says(WON, REINSTATED);
    await hears();
    await backend.advance(DAY);
    assert.deepEqual([await status(), transfers()], ['completed', ['transfer order-1 1600 to acct_rosa']]);
  });

  it('that is an inquiry and took no money delays nothing', async () => {
    says(OPENED);
    await hears();
    await backend.advance(3 * 60 * MINUTE);
    assert.deepEqual([await status(), transfers().length], ['completed', 1]);
  });

  it('has an operator task of its own, beside that of another dispute of the order', async () => {
    says(OPENED);
    await hears();
    backend.fake.dispute('dp_2', 'order-1', {});
    await hears();
    const tasks = await backend.db.collection('operatorTasks').where('kind', '==', 'dispute').get();
    assert.deepEqual(
      tasks.docs.map((task) => String(task.get('detail')).split(':')[0]),
      ['dp_1', 'dp_2'],
    );
  });

  const decide = (verdict: 'release' | 'refuse') =>
    backend.ask('decideHeldPay', 'olga', { orderId: 'order-1', payee: 'kitchen', verdict, reason: 'saw the proof' });
  const isOpen = async (kind: string) => (await backend.db.doc(`operatorTasks/order-1-${kind}`).get()).get('open');

  it("that is lost completes the order and leaves the kitchen's pay to an operator, whose task is opened again", async () => {
    says(OPENED, WITHDRAWN);
    await hears();
    await backend.db.doc('operatorTasks/order-1-dispute:dp_1').update({ open: false });
    says(LOST);
    await hears();
    await hears();
    await backend.advance(3 * DAY);
    const { kitchenPay, payment, due } = await backend.order('order-1');
    assert.deepEqual(
      [await status(), kitchenPay, payment.status, due, transfers()],
      ['completed', 'held', 'captured', null, []],
    );
    assert.deepEqual([await isOpen('dispute:dp_1'), await isOpen('kitchen_pay_held')], [true, true]);
    const detail = (await backend.db.doc('operatorTasks/order-1-dispute:dp_1').get()).get('detail');
    assert.match(String(detail), /lost: a payout .* waits for an operator/);
    await assert.rejects(backend.call('refundOrder', 'olga', REFUND), { reason: 'ORDER_DISPUTED' });
  });

  for (const [verdict, when, paid] of [
    ['release', 'before', ['transfer order-1 1600 to acct_rosa']],
    ['release', 'after', ['transfer order-1 1600 to acct_rosa']],
    ['refuse', 'before', []],
    ['refuse', 'after', []],
  ] as const) {
    it(`that is lost is ended by an operator's ${verdict} ${when} the order would have been paid out`, async () => {
      says(OPENED, WITHDRAWN, LOST);
      await hears();
      if (when === 'after') await backend.advance(3 * 60 * MINUTE);
      await decide(verdict);
      await backend.advance(3 * 60 * MINUTE);
      assert.deepEqual([await status(), transfers(), await isOpen('kitchen_pay_held')], ['completed', paid, false]);
      assert.equal((await backend.order('order-1')).due, null);
      await backend.advance(DAY);
      await rollUpDays(backend.ctx);
      const drifts = (await reconcile(backend.ctx)).flatMap((report) => report.drifts);
      assert.deepEqual(
        drifts.filter(({ kind }) => kind === 'account_differs'),
        [],
      );
    });
  }

  it('lets the customer delete the account once it is lost and the order complete', async () => {
    const leave = () => backend.call('deleteMyAccount', 'carla', {});
    await backend.db
      .doc('users/carla')
      .set({ displayName: 'Carla', locale: 'en', claimsVersion: 1, createdAtMs: backend.nowMs });
    says(OPENED, WITHDRAWN);
    await hears();
    await backend.advance(3 * 60 * MINUTE);
    backend.signIn('carla');
    await assert.rejects(leave(), { reason: 'ORDERS_OPEN' });
    says(LOST);
    await hears();
    await backend.advance(2 * DAY);
    backend.signIn('carla');
    await leave();
  });

  it('of a difference paid on top delays the payout too, though the dispute of the first hold was won', async () => {
    const { intentId } = await backend.fake.open({
      orderId: 'order-1',
      purpose: 'edit-3',
      amountMinor: 500,
      currency: 'EUR',
      customerId: null,
    });
    const marked = async () => (await backend.order('order-1')).payment.disputed;
    await backend.db.doc('orders/order-1').update({ 'payment.topUps': [{ intentId, authorizedMinor: 500 }] });
    backend.fake.dispute('dp_2', 'order-1', { intentId, providerMinor: -500 });
    says(OPENED, WITHDRAWN);
    await hears();
    says(WON, REINSTATED);
    await hears();
    assert.equal(await marked(), true);
    backend.fake.dispute('dp_2', 'order-1', { status: 'won' });
    await hears();
    assert.equal(await marked(), undefined);
    await backend.db.doc('orders/order-1').update({ 'payment.topUps': [] });
  });
});

describe('the lost dispute of a collected order', () => {
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  for (const [verdict, paid] of [
    ['release', ['transfer order-1 1600 to acct_rosa']],
    ['refuse', []],
  ] as const) {
    it(`completes it after an operator's ${verdict} before the next daily check`, async () => {
      const journey = new Journey((backend = await aCity()));
      await journey.place({ cart: { kind: 'pickup', dropOff: null, tipPpm: 0 } });
      await journey.move('mario', { action: 'accept' });
      await journey.move('mario', { action: 'markReady' });
      await journey.move('mario', { action: 'collect', pin: journey.pin });
      await hears();
      says({ providerMinor: -2340 });
      await hears();
      await backend.advance(2 * DAY);
      says({ providerMinor: -2340, ...LOST });
      await hears();
      await backend.ask('decideHeldPay', 'olga', {
        orderId: 'order-1',
        payee: 'kitchen',
        verdict,
        reason: 'the proof',
      });
      assert.equal((await backend.order('order-1')).due?.kind, 'complete');
      await backend.advance(DAY);
      const { status, due } = await backend.order('order-1');
      const transfers = backend.fake.moved.filter((moved) => moved.startsWith('transfer'));
      assert.deepEqual([status, due, transfers], ['completed', null, paid]);
    });
  }
});

describe('the evidence of a dispute', () => {
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  /** Delivers with a photo, or with the PIN where there is none, and submits. */
  const submitFor = async (photo: Buffer | null) => {
    backend = await aCity();
    const journey = await new Journey(backend).reach('picked_up');
    const path = 'proofs/order-1/omar/door.png';
    if (photo) backend.files.upload(path, photo);
    const proof = photo ? { type: 'photo' as const, path } : { type: 'pin' as const, pin: journey.pin };
    await journey.move('omar', { action: 'deliver', fix: aFix('door', backend.nowMs), proof });
    says(OPENED, WITHDRAWN);
    await hears();
    await submit();
    return { sent: backend.fake.evidencePhotos.get('dp_1'), path };
  };

  it('includes the photo of the delivery as a file, without what the phone wrote into it', async () => {
    const { sent, path } = await submitFor(doorPhoto('order-1'));
    assert.equal(sent?.contentType, 'image/png');
    assert.deepEqual(sent?.bytes, await backend.files.read(path, 5_000_000));
  });

  it('includes no file for a delivery against the PIN, or with a photo in WebP, which banks do not take', async () => {
    assert.equal((await submitFor(null)).sent, undefined);
    await backend.close();
    const webp = await sharp(doorPhoto('order-1')).webp().toBuffer();
    assert.equal((await submitFor(webp)).sent, undefined);
    assert.equal(backend.fake.evidence.size, 1);
  });
});
