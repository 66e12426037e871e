import { strict as assert } from 'node:assert';
import Stripe from 'stripe';
import { LocalClock } from '#local/clock.js';
import { startStripe, type StripeStandIn } from '#local/stripe/server.js';
import { signatureHeader } from '#local/stripe/webhooks.js';
import {
  listAll,
  PaymentDeclined,
  PayoutRefused,
  type Page,
  type Payments,
  type Span,
} from '#functions/payments/payments.js';
import { stripePayments } from '#functions/payments/stripe.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { stripeWebhook } from '#functions/app/stripe-webhook.js';
import { doorPhoto } from '#simulator/people/photos.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

const SECRET = 'whsec_test';

describe('stripePayments', () => {
  let standIn: StripeStandIn;
  let payments: Payments;
  let stripe: Stripe;
  const clock = new LocalClock(0);
  let orders = 0;
  const anOrderId = () => `stripe-order-${(orders += 1)}`;
  const open = (orderId: string, amountMinor = 2940, currency = 'EUR') =>
    payments.open({ orderId, purpose: 'order', amountMinor, currency, customerId: null });
  const held = async (orderId: string) => {
    const { intentId } = await open(orderId);
    await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
    return intentId;
  };

  before(async () => {
    standIn = await startStripe({ clock, run: 'test' });
    payments = stripePayments({
      secretKey: () => 'sk_test_local',
      webhookSecret: () => SECRET,
      merchantUrl: () => 'https://merchants.test/connected',
      courierUrl: () => 'https://couriers.test/connected',
      host: `127.0.0.1:${standIn.port}`,
    });
    stripe = new Stripe('sk_test_local', { host: '127.0.0.1', port: standIn.port, protocol: 'http', telemetry: false });
  });
  after(() => standIn.close());

  it('opens one unpaid intent for an order, also for repeated calls', async () => {
    const orderId = anOrderId();
    const [first, second] = [await open(orderId), await open(orderId)];
    assert.equal(second.intentId, first.intentId);
    assert.deepEqual(
      [first.status, first.authorizedMinor, first.capturedMinor, first.orderId],
      ['unpaid', 0, 0, orderId],
    );
  });

  it('returns the present state of the intent when it is opened again', async () => {
    const orderId = anOrderId();
    await held(orderId);
    const { status, authorizedMinor } = await open(orderId);
    assert.deepEqual([status, authorizedMinor], ['authorized', 2940]);
  });

  it('refuses to open the same order with another amount', async () => {
    const orderId = anOrderId();
    await open(orderId, 2940);
    await assert.rejects(open(orderId, 2941));
  });

  it('authorises the amount with a saved card, and once only when the response was lost', async () => {
    const orderId = anOrderId();
    const { intentId } = await open(orderId);
    const confirm = () => payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
    const [first, second] = [await confirm(), await confirm()];
    assert.deepEqual([first.status, first.authorizedMinor], ['authorized', 2940]);
    assert.deepEqual(second, first);
  });

  it('returns why a card was refused, and accepts another one afterwards', async () => {
    const orderId = anOrderId();
    const { intentId } = await open(orderId);
    const refused = payments.confirm({ intentId, paymentMethodId: 'pm_card_chargeDeclinedInsufficientFunds' });
    await assert.rejects(
      refused,
      (error: unknown) => error instanceof PaymentDeclined && error.declineCode === 'insufficient_funds',
    );
    assert.equal((await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' })).status, 'authorized');
  });

  it('reports a card that is not saved as declined, and accepts another one afterwards', async () => {
    const { intentId } = await open('order-unknown-card');
    await assert.rejects(
      payments.confirm({ intentId, paymentMethodId: 'pm_nobodys' }),
      (error: unknown) => error instanceof PaymentDeclined && error.declineCode === 'resource_missing',
    );
    assert.equal((await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' })).status, 'authorized');
  });

  it('waits unpaid during 3-D Secure', async () => {
    const orderId = anOrderId();
    const { intentId } = await open(orderId);
    assert.equal(
      (await payments.confirm({ intentId, paymentMethodId: 'pm_card_threeDSecure2Required' })).status,
      'unpaid',
    );
  });

  it('captures a part and releases the rest; a repeated call changes nothing', async () => {
    const orderId = anOrderId();
    const intentId = await held(orderId);
    const capture = (amountMinor: number) => payments.capture({ orderId, intentId, amountMinor, currency: 'EUR' });
    assert.deepEqual(
      [(await capture(2200)).capturedMinor, (await capture(2200)).status, (await capture(2940)).capturedMinor],
      [2200, 'captured', 2200],
    );
  });

  it('releases a hold; a repeated call changes nothing; a captured one is not touched', async () => {
    const [released, captured] = [anOrderId(), anOrderId()];
    const intentId = await held(released);
    assert.equal((await payments.voidHold({ orderId: released, intentId })).status, 'voided');
    assert.equal((await payments.voidHold({ orderId: released, intentId })).status, 'voided');
    const other = await held(captured);
    await payments.capture({ orderId: captured, intentId: other, amountMinor: 2940, currency: 'EUR' });
    assert.equal((await payments.voidHold({ orderId: captured, intentId: other })).status, 'captured');
  });

  it('captures after Stripe stored an error of 500 for the first attempt', async () => {
    const orderId = anOrderId();
    const intentId = await held(orderId);
    standIn.fail({ path: `/v1/payment_intents/${intentId}/capture`, status: 500, count: 3 });
    const capture = () => payments.capture({ orderId, intentId, amountMinor: 2940, currency: 'EUR' });
    await assert.rejects(capture());
    assert.equal((await capture()).capturedMinor, 2940);
  });

  it('captures once when the response to the first attempt was lost', async () => {
    const orderId = anOrderId();
    const intentId = await held(orderId);
    standIn.fail({ path: `/v1/payment_intents/${intentId}/capture`, when: 'after', disconnect: true, count: 1 });
    assert.equal(
      (await payments.capture({ orderId, intentId, amountMinor: 2940, currency: 'EUR' })).capturedMinor,
      2940,
    );
  });

  it('counts yen without decimals', async () => {
    const { intentId } = await open(anOrderId(), 1500, 'JPY');
    assert.equal((await stripe.paymentIntents.retrieve(intentId)).amount, 1500);
  });

  it('creates one customer, with what the payment sheet needs', async () => {
    const first = await payments.setUp({ uid: 'carla', customerId: null });
    const second = await payments.setUp({ uid: 'carla', customerId: null });
    assert.equal(second.customerId, first.customerId);
    assert.ok(first.setupIntentClientSecret !== '' && first.ephemeralKeySecret !== '');
  });

  it('opens one account for a restaurant, with a link to the form, and reports when it can be paid', async () => {
    const owner = { type: 'restaurant' as const, restaurantId: 'rosa' };
    const opening = { owner, country: 'AT', legalName: 'Rosa GmbH' };
    const accountId = await payments.openAccount(opening);
    assert.equal(await payments.openAccount(opening), accountId);
    assert.match(await payments.accountLink(accountId), /return_url=https%3A%2F%2Fmerchants\.test%2Fconnected/);
    const link = await payments.accountLink(accountId, 'courier');
    assert.match(link, /return_url=https%3A%2F%2Fcouriers\.test%2Fconnected/);
    assert.deepEqual(await payments.retrieveAccount(accountId), { owner, payoutsEnabled: false });
    await fetch(`http://127.0.0.1:${standIn.port}/_local/accounts/${accountId}/onboard`, { method: 'POST' });
    assert.deepEqual(await payments.retrieveAccount(accountId), { owner, payoutsEnabled: true });
  });

  describe('for the nightly comparison', () => {
    const span = () => ({ fromMs: standIn.clock.now() - 60_000, untilMs: standIn.clock.now() + 60_000 });
    const all = async <T>(list: (one: Span) => Promise<Page<T>>): Promise<T[]> => {
      const found: T[] = [];
      for await (const one of listAll(span(), list)) found.push(one);
      return found;
    };
    const captured = async (amountMinor = 2940): Promise<[orderId: string, intentId: string]> => {
      const orderId = anOrderId();
      const intentId = await held(orderId);
      await payments.capture({ orderId, intentId, amountMinor, currency: 'EUR' });
      return [orderId, intentId];
    };

    it('lists every hold of a time span once, over many pages, and none of another span', async () => {
      const opened = new Set<string>();
      for (let index = 0; index < 105; index += 1) opened.add((await open(anOrderId())).intentId);
      const listed = (await all((one) => payments.listHolds(one))).map((hold) => hold.intentId);
      assert.equal(new Set(listed).size, listed.length);
      assert.deepEqual(
        [...opened].filter((id) => !listed.includes(id)),
        [],
      );
      const { fromMs } = span();
      assert.deepEqual(await payments.listHolds({ fromMs: fromMs - 60_000, untilMs: fromMs }), {
        items: [],
        next: null,
      });
    });

    it('reports refunds, without the amount that a partial capture released', async () => {
      const [, intentId] = await captured(2200);
      assert.equal((await payments.inspect(intentId))?.refundedMinor, 0);
      const { id } = await stripe.refunds.create({ payment_intent: intentId, amount: 300 });
      assert.deepEqual(
        [(await payments.inspect(intentId))?.refundedMinor, (await payments.inspect(intentId))?.capturedMinor],
        [300, 2200],
      );
      assert.deepEqual((await payments.listRefunds(span())).items[0], await payments.retrieveRefund(id));
      const hold = (await all((one) => payments.listHolds(one))).find((one) => one.intentId === intentId);
      assert.equal(hold?.refundedMinor, 300);
    });

    it('reports no refund where a hold was released', async () => {
      const orderId = anOrderId();
      const intentId = await held(orderId);
      await payments.voidHold({ orderId, intentId });
      assert.deepEqual(await payments.inspect(intentId), { ...(await payments.retrieve(intentId)), refundedMinor: 0 });
    });

    it('finds no intent of another name', async () => assert.equal(await payments.inspect('pi_unknown'), null));

    it('lists disputes with their intent', async () => {
      const [, intentId] = await captured();
      const body = JSON.stringify({ payment_intent: intentId });
      await fetch(`${standIn.url}/_local/disputes`, { method: 'POST', body });
      const [dispute] = (await payments.listDisputes(span())).items;
      assert.deepEqual([dispute?.intentId, dispute?.amountMinor], [intentId, 2940]);
      assert.deepEqual(dispute, await payments.retrieveDispute(dispute?.disputeId ?? ''));
    });

    it('lists changes of the balance: charges with their fees, refunds, transfers and disputes, page by page', async () => {
      const before = (await all((one) => payments.listBalance(one))).length;
      const [, intentId] = await captured();
      await stripe.refunds.create({ payment_intent: intentId, amount: 300 });
      const [, disputed] = await captured();
      const body = JSON.stringify({ payment_intent: disputed });
      await fetch(`${standIn.url}/_local/disputes`, { method: 'POST', body });
      const moves = await all((one) => payments.listBalance(one));
      const own = moves.slice(0, moves.length - before).map(({ id: _, ...move }) => move);
      assert.deepEqual(own, [
        { kind: 'dispute', currency: 'EUR', amountMinor: -2940, feeMinor: 1500 },
        { kind: 'other', currency: 'EUR', amountMinor: 2940, feeMinor: 69 },
        { kind: 'other', currency: 'EUR', amountMinor: -300, feeMinor: 0 },
        { kind: 'other', currency: 'EUR', amountMinor: 2940, feeMinor: 69 },
      ]);
      const { fromMs } = span();
      assert.deepEqual(await payments.listBalance({ fromMs: fromMs - 60_000, untilMs: fromMs }), {
        items: [],
        next: null,
      });
    });

    it('lists transfers of all, of one account and of one order, less reversals', async () => {
      const account = await stripe.accounts.create({
        type: 'express',
        capabilities: { transfers: { requested: true } },
      });
      await fetch(`${standIn.url}/_local/accounts/${account.id}/onboard`, { method: 'POST', body: '{}' });
      const [orderId, intentId] = await captured();
      await payments.transfer({ orderId, accountId: account.id, amountMinor: 1600, currency: 'EUR', intentId });
      const [transfer] = await payments.transfersOf(orderId);
      assert.deepEqual(transfer && { ...transfer, id: '' }, {
        id: '',
        orderId,
        payoutId: null,
        accountId: account.id,
        amountMinor: 1600,
      });
      await stripe.transfers.createReversal(transfer?.id ?? '', { amount: 100 });
      const left = [{ ...transfer, amountMinor: 1500 }];
      assert.deepEqual((await payments.listTransfers({ ...span(), accountId: account.id })).items, left);
      assert.deepEqual((await payments.listTransfers({ ...span(), accountId: 'acct_other' })).items, []);
      assert.deepEqual((await payments.listTransfers(span())).items[0], left[0]);
    });
  });

  describe('after the capture', () => {
    const captured = async (orderId: string, card = 'pm_card_visa') => {
      const { intentId } = await open(orderId);
      await payments.confirm({ intentId, paymentMethodId: card });
      await payments.capture({ orderId, intentId, amountMinor: 2940, currency: 'EUR' });
      return intentId;
    };
    const refundsOf = async (intentId: string) =>
      (await stripe.refunds.list({ payment_intent: intentId })).data.map(({ amount }) => amount);
    const local = (path: string, body: object) =>
      fetch(`http://127.0.0.1:${standIn.port}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });
    /** What an app's payment sheet asks of Stripe, with the publishable key. */
    const phone = async (path: string, fields: Record<string, string>): Promise<unknown> => {
      const headers = { authorization: 'Bearer pk_test_local' };
      const url = `http://127.0.0.1:${standIn.port}/v1/${path}`;
      const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
      assert.equal(answer.status, 200);
      return Reflect.get(Object(await answer.json()), 'id');
    };
    const account = async () => {
      const { id } = await stripe.accounts.create({
        type: 'express',
        capabilities: { transfers: { requested: true } },
      });
      await local(`accounts/${id}/onboard`, {});
      return id;
    };

    for (const [what, fault] of [
      ['asked twice', null],
      ['the answer is lost', { when: 'after', disconnect: true, count: 1 }],
      ['Stripe keeps an error of 500 for the first key', { status: 500, count: 3 }],
    ] as const) {
      it(`refunds once when ${what}`, async () => {
        const orderId = anOrderId();
        const intentId = await captured(orderId);
        if (fault) standIn.fail({ method: 'POST', path: '/v1/refunds', ...fault });
        const refund = () =>
          payments.refund({ orderId, refundId: 'refund-key-1', intentId, amountMinor: 1100, currency: 'EUR' });
        const sent = { orderId, refundId: 'refund-key-1', intentId, status: 'sent' as const };
        assert.deepEqual([await refund(), await refund()], [sent, sent]);
        assert.deepEqual(await refundsOf(intentId), [1100]);
      });
    }

    it('reports that a card did not accept a refund', async () => {
      const orderId = anOrderId();
      const intentId = await captured(orderId, 'pm_card_refundFail');
      const request = { orderId, refundId: 'refund-key-1', intentId, amountMinor: 1100, currency: 'EUR' };
      assert.equal((await payments.refund(request)).status, 'sent');
      clock.advance(5000);
      const [refund] = (await stripe.refunds.list({ payment_intent: intentId })).data;
      assert.deepEqual(await payments.retrieveRefund(refund?.id ?? ''), {
        orderId,
        refundId: 'refund-key-1',
        intentId,
        status: 'failed',
      });
    });

    it('reports a refund that Stripe refuses as failed, and throws temporary errors', async () => {
      const orderId = anOrderId();
      const intentId = await captured(orderId);
      const refund = (amountMinor: number) =>
        payments.refund({ orderId, refundId: `refund-${amountMinor}`, intentId, amountMinor, currency: 'EUR' });
      assert.deepEqual(await refund(2941), { orderId, refundId: 'refund-2941', intentId, status: 'failed' });
      standIn.fail({ method: 'POST', path: '/v1/refunds', status: 429, count: 1 });
      await assert.rejects(refund(100), { type: 'StripeRateLimitError' });
      assert.equal((await refund(100)).status, 'sent');
    });

    it('reverses a part of a transfer, once', async () => {
      const orderId = anOrderId();
      const intentId = await captured(orderId);
      const reverse = () => payments.reverse({ orderId, refundId: 'refund-key-1', amountMinor: 800, currency: 'EUR' });
      await assert.rejects(reverse(), /no transfer/);
      await payments.transfer({ orderId, accountId: await account(), amountMinor: 1600, currency: 'EUR', intentId });
      await reverse();
      await reverse();
      const [transfer] = (await stripe.transfers.list({ transfer_group: orderId })).data;
      assert.equal(transfer?.amount_reversed, 800);
    });

    it('transfers after Stripe stored an error of 500 for the first attempt', async () => {
      const orderId = anOrderId();
      const intentId = await captured(orderId);
      const accountId = await account();
      standIn.fail({ method: 'POST', path: '/v1/transfers', status: 500, count: 3 });
      await payments.transfer({ orderId, accountId, amountMinor: 1600, currency: 'EUR', intentId });
      assert.equal((await stripe.transfers.list({ transfer_group: orderId })).data.length, 1);
    });

    for (const [what, amountMinor, refundMinor, fromCharge] of [
      ['the charge that it came by', 1600, 0, true],
      ['the platform’s own where credit paid most of the order', 3000, 0, false],
      ['the charge while enough of it is left', 1600, 1340, true],
      ['the platform’s own where too much of the charge was given back', 1600, 1341, false],
    ] as const) {
      it(`pays a merchant from ${what}`, async () => {
        const orderId = anOrderId();
        const intentId = await captured(orderId);
        const give = { orderId, refundId: 'refund-key-1', intentId, amountMinor: refundMinor, currency: 'EUR' };
        if (refundMinor > 0) await payments.refund(give);
        await payments.transfer({ orderId, accountId: await account(), amountMinor, currency: 'EUR', intentId });
        const [transfer] = (await stripe.transfers.list({ transfer_group: orderId })).data;
        assert.deepEqual([transfer?.amount, transfer?.source_transaction !== null], [amountMinor, fromCharge]);
      });
    }

    it('reports a dispute with its amount, submits evidence, and reports it as won', async () => {
      const intentId = await captured(anOrderId());
      await local('disputes', { payment_intent: intentId, reason: 'product_not_received' });
      const [dispute] = (await stripe.disputes.list({ payment_intent: intentId })).data;
      const disputeId = dispute?.id ?? '';
      const { evidenceDueAtMs, ...opened } = await payments.retrieveDispute(disputeId);
      assert.deepEqual(opened, {
        disputeId,
        intentId,
        reason: 'product_not_received',
        status: 'needsResponse',
        currency: 'EUR',
        amountMinor: 2940,
        providerMinor: -4440,
      });
      assert.equal(evidenceDueAtMs, (dispute?.evidence_details.due_by ?? 0) * 1000);
      const photo = { bytes: doorPhoto('order-1'), contentType: 'image/png' as const };
      assert.equal((await payments.submitEvidence(disputeId, { customer_name: 'Carla' }, photo)).status, 'underReview');
      const fileId = String((await stripe.disputes.retrieve(disputeId)).evidence.uncategorized_file);
      const { purpose, size, type, filename } = await stripe.files.retrieve(fileId);
      assert.deepEqual(
        { purpose, size, type, filename },
        { purpose: 'dispute_evidence', size: photo.bytes.length, type: 'image/png', filename: 'delivery.png' },
      );
      await local(`disputes/${disputeId}/decide`, { status: 'won' });
      const { status, providerMinor } = await payments.retrieveDispute(disputeId);
      assert.deepEqual([status, providerMinor], ['won', -1500]);
    });

    it('charges a tip at once', async () => {
      const orderId = anOrderId();
      const request = { orderId, purpose: 'tip-tip-key-1', amountMinor: 300, currency: 'EUR', customerId: null };
      const { intentId } = await payments.open({ ...request, takenAtOnce: true });
      const paid = await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
      assert.deepEqual([paid.status, paid.capturedMinor, paid.purpose], ['captured', 300, 'tip-tip-key-1']);
    });

    it('charges a tip that the sheet paid, once the app calls again', async () => {
      const backend = await aCity({ payments });
      const orderId = anOrderId();
      await backend.db.doc(`orders/${orderId}`).set(anOrder({ status: 'delivered' }));
      const tip = () => backend.call('addTip', 'carla', { orderId, idempotencyKey: 'tip-key-1', amountMinor: 300 });
      const { status, payment } = await tip();
      assert.equal(status, 'pending');
      const confirmation = { payment_method: 'pm_card_visa', client_secret: payment?.clientSecret ?? '' };
      await phone(`payment_intents/${payment?.intentId ?? ''}/confirm`, confirmation);
      assert.deepEqual(await tip(), { tipId: 'tip-key-1', amountMinor: 300, status: 'paid', payment });
      await backend.close();
    });

    it('lists and removes the cards of a customer, and none of another', async () => {
      const { customerId } = await payments.setUp({ uid: 'cards', customerId: null });
      const { customerId: another } = await payments.setUp({ uid: 'another', customerId: null });
      const { id: paymentMethodId } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customerId });
      const [card] = await payments.listCards(customerId);
      assert.deepEqual(
        [card?.paymentMethodId, card?.brand, card?.last4, card?.expMonth],
        [paymentMethodId, 'visa', '4242', 12],
      );
      assert.equal(await payments.removeCard({ customerId: another, paymentMethodId }), false);
      assert.equal(await payments.removeCard({ customerId, paymentMethodId }), true);
      assert.deepEqual(await payments.listCards(customerId), []);
    });

    it("distinguishes refunds and disputes from payments in Stripe's events", async () => {
      const about = async (object: object) => {
        const body = JSON.stringify({ id: 'evt_3', object: 'event', type: 'x', data: { object } });
        return payments.verifyEvent(Buffer.from(body), signatureHeader(body, SECRET, Math.floor(Date.now() / 1000)));
      };
      const none = { id: 'evt_3', type: 'x', intentId: null };
      assert.deepEqual(await about({ id: 're_1', object: 'refund' }), { ...none, refundId: 're_1' });
      assert.deepEqual(await about({ id: 'dp_1', object: 'dispute' }), { ...none, disputeId: 'dp_1' });
      assert.deepEqual(await about({ id: 'ch_1', object: 'charge' }), none);
    });

    it("accepts a wallet: its token becomes a card that pays the order's own PaymentIntent from the phone", async () => {
      const backend = await aCity({ payments });
      backend.ctx = { ...backend.ctx, newId: anOrderId };
      const journey = await new Journey(backend).place({ card: null });
      const intentId = (await backend.order(journey.orderId)).payment.intentId ?? '';
      const { client_secret: secret } = await stripe.paymentIntents.retrieve(intentId);
      const wallet = await phone('payment_methods', { type: 'card', 'card[token]': 'tok_visa' });
      const confirmation = { payment_method: String(wallet), client_secret: secret ?? '' };
      await phone(`payment_intents/${intentId}/confirm`, confirmation);
      const body = JSON.stringify({
        id: 'evt_4',
        object: 'event',
        type: 'x',
        data: { object: { id: intentId, object: 'payment_intent' } },
      });
      const answer = await stripeWebhook(
        backend.ctx,
        Buffer.from(body),
        signatureHeader(body, SECRET, Math.floor(Date.now() / 1000)),
      );
      assert.equal(answer.status, 200);
      const { status, payment } = await backend.order(journey.orderId);
      assert.deepEqual([status, payment.status], ['placed', 'authorized']);
      await backend.close();
    });
  });

  describe('paying couriers', () => {
    let couriers = 0;
    const local = (path: string, body: object = {}) =>
      fetch(`http://127.0.0.1:${standIn.port}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const opening = (uid: string) => ({ owner: { type: 'courier' as const, uid }, country: 'AT', legalName: 'Omar' });
    const aCourier = async () => {
      const accountId = await payments.openAccount(opening(`omar-${(couriers += 1)}`));
      await local(`accounts/${accountId}/onboard`);
      return accountId;
    };
    const aPayout = async () => {
      const accountId = await aCourier();
      return { payoutId: `payout-${couriers}-EUR-2026-11-29`, accountId, amountMinor: 1200, currency: 'EUR' };
    };
    const aTransferred = async () => {
      const payout = await aPayout();
      await payments.transferToCourier(payout);
      return payout;
    };
    const balanceOf = async (stripeAccount: string) =>
      (await stripe.balance.retrieve({}, { stripeAccount })).available.map(({ amount }) => amount);
    const payoutsOf = async (stripeAccount: string) =>
      (await stripe.payouts.list({}, { stripeAccount })).data.map(({ amount }) => amount);
    const isRefused = (code: PayoutRefused['code']) => (error: unknown) =>
      error instanceof PayoutRefused && error.code === code && error.cause instanceof Error;

    before(async () => {
      // The platform's balance, from which couriers are paid.
      const orderId = anOrderId();
      const { intentId } = await open(orderId, 90_000);
      await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
      await payments.capture({ orderId, intentId, amountMinor: 90_000, currency: 'EUR' });
    });

    it('opens one account for a courier, an individual who is paid out on request only', async () => {
      const accountId = await payments.openAccount(opening('omar'));
      assert.equal(await payments.openAccount(opening('omar')), accountId);
      const { owner } = opening('omar');
      assert.deepEqual(await payments.retrieveAccount(accountId), { owner, payoutsEnabled: false });
      const { business_type: business, settings, type } = await stripe.accounts.retrieve(accountId);
      assert.deepEqual([type, business, settings?.payouts?.schedule.interval], ['express', 'individual', 'manual']);
    });

    it('reports no owner for an account that was opened without the backend', async () => {
      const { id } = await stripe.accounts.create({ type: 'express' });
      assert.deepEqual(await payments.retrieveAccount(id), { owner: null, payoutsEnabled: false });
    });

    const faults = [
      ['called twice', null],
      ['the response is lost', { when: 'after', disconnect: true, count: 2 }],
      ['Stripe stored an error of 500 for the first key', { status: 500, count: 3 }],
    ] as const;
    /** Calls twice; with a fault the first call may fail. */
    const retry = async (call: () => Promise<unknown>) => {
      await call().catch(() => undefined);
      return call();
    };

    for (const [what, fault] of faults) {
      it(`transfers to a courier once when ${what}`, async () => {
        const payout = await aPayout();
        if (fault) standIn.fail({ method: 'POST', path: '/v1/transfers', ...fault });
        await retry(() => payments.transferToCourier(payout));
        const { data } = await stripe.transfers.list({ destination: payout.accountId });
        assert.deepEqual(
          data.map(({ amount, currency, transfer_group: group }) => [amount, currency, group]),
          [[1200, 'eur', payout.payoutId]],
        );
        assert.deepEqual(await balanceOf(payout.accountId), [1200]);
      });

      it(`pays out once when ${what}`, async () => {
        const { payoutId, accountId, ...amount } = await aTransferred();
        if (fault) standIn.fail({ method: 'POST', path: '/v1/payouts', ...fault });
        const payout = await retry(() => payments.payOut({ payoutId, accountId, ...amount, instant: false }));
        const [made] = (await stripe.payouts.list({}, { stripeAccount: accountId })).data;
        assert.deepEqual(payout, {
          bankPayoutId: made?.id,
          payoutId,
          status: 'pending',
          amountMinor: 1200,
          currency: 'EUR',
          failureCode: null,
          arrivesAtMs: (made?.arrival_date ?? 0) * 1000,
        });
        assert.deepEqual([await payoutsOf(accountId), await balanceOf(accountId)], [[1200], [0]]);
      });

      it(`reverses the transfer of a failed payout once when ${what}`, async () => {
        const payout = await aTransferred();
        const [transfer] = await payments.transfersOf(payout.payoutId);
        if (fault) standIn.fail({ method: 'POST', path: `/v1/transfers/${transfer?.id ?? ''}/reversals`, ...fault });
        await retry(() => payments.reverseTransfer(payout));
        const { data } = await stripe.transfers.listReversals(transfer?.id ?? '');
        assert.deepEqual([data.map(({ amount }) => amount), await balanceOf(payout.accountId)], [[1200], [0]]);
      });
    }

    it('transfers once the balance covers it, after Stripe stored its refusals', async () => {
      const payout = { ...(await aPayout()), currency: 'SEK' };
      const transfer = () => payments.transferToCourier(payout);
      for (let attempt = 0; attempt < 3; attempt += 1)
        await assert.rejects(transfer(), { code: 'balance_insufficient' });
      const orderId = anOrderId();
      const { intentId } = await open(orderId, 5000, 'SEK');
      await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
      await payments.capture({ orderId, intentId, amountMinor: 5000, currency: 'SEK' });
      await Promise.allSettled([transfer(), transfer()]);
      await transfer();
      assert.equal((await stripe.transfers.list({ destination: payout.accountId })).data.length, 1);
    });

    it('finds the payout of an earlier day, whose key has expired', async () => {
      const payout = { ...(await aTransferred()), instant: false };
      const { bankPayoutId } = await payments.payOut(payout);
      clock.advance(24 * 3_600_000);
      const again = await payments.payOut(payout);
      assert.deepEqual([again.bankPayoutId, again.status], [bankPayoutId, 'paid']);
      assert.deepEqual(await payoutsOf(payout.accountId), [1200]);
    });

    it('reports a payout as pending until it is paid, and as failed when the bank returns it', async () => {
      const payout = await aTransferred();
      const { bankPayoutId } = await payments.payOut({ ...payout, instant: false });
      const { accountId } = payout;
      const state = async () => {
        const { payoutId, status, failureCode } = await payments.retrieveBankPayout({ accountId, bankPayoutId });
        return [payoutId, status, failureCode];
      };
      clock.advance(5_000);
      assert.equal(
        (await stripe.payouts.retrieve(bankPayoutId, {}, { stripeAccount: accountId })).status,
        'in_transit',
      );
      assert.deepEqual(await state(), [payout.payoutId, 'pending', null]);
      clock.advance(5_000);
      assert.deepEqual(await state(), [payout.payoutId, 'paid', null]);
      await assert.rejects(payments.reverseTransfer(payout), { code: 'balance_insufficient' });
      await local(`payouts/${bankPayoutId}/return`, { failureCode: 'no_account' });
      assert.deepEqual(await state(), [payout.payoutId, 'failed', 'no_account']);
      await payments.reverseTransfer(payout);
      assert.deepEqual(await balanceOf(accountId), [0]);
    });

    it('reports a cancelled payout, and one that was made without the backend', async () => {
      const payout = await aTransferred();
      const { accountId } = payout;
      const { id: bankPayoutId } = await stripe.payouts.create(
        { amount: 200, currency: 'eur' },
        { stripeAccount: accountId },
      );
      await stripe.payouts.cancel(bankPayoutId, {}, { stripeAccount: accountId });
      const { payoutId, status, amountMinor } = await payments.retrieveBankPayout({ accountId, bankPayoutId });
      assert.deepEqual([payoutId, status, amountMinor], [null, 'canceled', 200]);
      assert.equal((await payments.payOut({ ...payout, instant: false })).status, 'pending');
    });

    it('retrieves a payout of its own account only', async () => {
      const payout = await aTransferred();
      const { bankPayoutId } = await payments.payOut({ ...payout, instant: false });
      const other = payments.retrieveBankPayout({ accountId: await aCourier(), bankPayoutId });
      await assert.rejects(other, { code: 'resource_missing' });
    });

    it('refuses more than the balance of the account', async () => {
      const payout = { ...(await aTransferred()), instant: false };
      await assert.rejects(payments.payOut({ ...payout, payoutId: 'a', amountMinor: 1201 }), isRefused('balance'));
      assert.equal((await payments.payOut(payout)).amountMinor, 1200);
    });

    it('refuses an account whose payouts are paused, and one that does not exist', async () => {
      const payout = { ...(await aTransferred()), instant: false };
      await local(`accounts/${payout.accountId}/payouts`, { enabled: false });
      await assert.rejects(payments.payOut({ ...payout, payoutId: 'b' }), isRefused('account'));
      await assert.rejects(payments.payOut({ ...payout, accountId: 'acct_none' }), isRefused('account'));
      await local(`accounts/${payout.accountId}/payouts`, { enabled: true });
      assert.equal((await payments.payOut(payout)).status, 'pending');
    });

    it('pays out instantly to a bank that accepts it, and refuses another bank', async () => {
      const payout = { ...(await aTransferred()), instant: true };
      const { accountId } = payout;
      await local(`accounts/${accountId}/bank`, { instant: false });
      await assert.rejects(payments.payOut({ ...payout, payoutId: 'c' }), isRefused('instant'));
      await local(`accounts/${accountId}/bank`, { instant: true });
      const { bankPayoutId } = await payments.payOut(payout);
      const { method } = await stripe.payouts.retrieve(bankPayoutId, {}, { stripeAccount: accountId });
      assert.equal(method, 'instant');
    });

    it('refuses other invalid requests, and throws temporary errors', async () => {
      const payout = { ...(await aTransferred()), instant: false };
      await assert.rejects(payments.payOut({ ...payout, payoutId: 'd', amountMinor: 0 }), isRefused('other'));
      standIn.fail({ method: 'POST', path: '/v1/payouts', status: 429, count: 1 });
      await assert.rejects(payments.payOut(payout), { type: 'StripeRateLimitError' });
      assert.equal((await payments.payOut(payout)).status, 'pending');
    });

    it('reverses nothing while there is no transfer', async () => {
      const payout = await aPayout();
      await assert.rejects(payments.reverseTransfer(payout), /no transfer/);
    });

    it('pays yen without decimals', async () => {
      const orderId = anOrderId();
      const { intentId } = await open(orderId, 5000, 'JPY');
      await payments.confirm({ intentId, paymentMethodId: 'pm_card_visa' });
      await payments.capture({ orderId, intentId, amountMinor: 5000, currency: 'JPY' });
      const payout = { ...(await aPayout()), currency: 'JPY' };
      await payments.transferToCourier(payout);
      const { amountMinor, currency } = await payments.payOut({ ...payout, instant: false });
      assert.deepEqual([amountMinor, currency, await payoutsOf(payout.accountId)], [1200, 'JPY', [1200]]);
    });

    it('lists the transfer with its payout, without an order', async () => {
      const { payoutId, accountId } = await aTransferred();
      const transfers = await payments.transfersOf(payoutId);
      const { id = '' } = transfers[0] ?? {};
      assert.deepEqual(transfers, [{ id, orderId: null, payoutId, accountId, amountMinor: 1200 }]);
      const span = { fromMs: clock.now() - 60_000, untilMs: clock.now() + 60_000 };
      assert.deepEqual((await payments.listTransfers({ ...span, accountId })).items, transfers);
    });

    it("names the account and the payout in Stripe's events", async () => {
      const payout = await aTransferred();
      const { bankPayoutId } = await payments.payOut({ ...payout, instant: false });
      await local(`payouts/${bankPayoutId}/pay`);
      const [event] = (await stripe.events.list({ type: 'payout.paid', limit: 1 })).data;
      const body = JSON.stringify(event);
      const signature = signatureHeader(body, SECRET, Math.floor(Date.now() / 1000));
      assert.deepEqual(await payments.verifyEvent(Buffer.from(body), signature), {
        id: event?.id,
        type: 'payout.paid',
        intentId: null,
        accountId: payout.accountId,
        bankPayoutId,
      });
    });
  });

  describe('verifyEvent', () => {
    const body = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_1', object: 'payment_intent' } },
    });
    const now = () => Math.floor(Date.now() / 1000);
    const verify = (text: string, signature: string) => payments.verifyEvent(Buffer.from(text), signature);

    it('reads a signed event', async () => {
      assert.deepEqual(await verify(body, signatureHeader(body, SECRET, now())), {
        id: 'evt_1',
        type: 'payment_intent.succeeded',
        intentId: 'pi_1',
      });
    });
    it('reads an event signed with either of two secrets, that of an account too', async () => {
      const two = stripePayments({
        secretKey: () => 'sk_test_local',
        webhookSecret: () => `whsec_a,${SECRET}`,
        merchantUrl: () => '',
      });
      const text = JSON.stringify({
        id: 'evt_2',
        object: 'event',
        type: 'account.updated',
        data: { object: { id: 'acct_1', object: 'account' } },
      });
      const event = { id: 'evt_2', type: 'account.updated', intentId: null, accountId: 'acct_1' };
      for (const secret of ['whsec_a', SECRET])
        assert.deepEqual(await two.verifyEvent(Buffer.from(text), signatureHeader(text, secret, now())), event);
      assert.equal(await two.verifyEvent(Buffer.from(text), signatureHeader(text, 'whsec_b', now())), null);
    });
    it('refuses another secret, another body, no signature and one older than 300 s', async () => {
      const bad = [
        [body, signatureHeader(body, 'whsec_other', now())],
        [`${body} `, signatureHeader(body, SECRET, now())],
        [body, ''],
        [body, 't=1,v1=00'],
        [body, signatureHeader(body, SECRET, now() - 302)],
      ] as const;
      for (const [text, signature] of bad) assert.equal(await verify(text, signature), null, signature);
    });
    it('refuses one dated more than 300 s ahead, in any part of the header, and accepts one dated 299 s ahead', async () => {
      const ahead = signatureHeader(body, SECRET, now() + 302);
      assert.equal(await verify(body, ahead), null);
      assert.equal(await verify(body, ahead.replace('t=', 't=+')), null);
      assert.equal(await verify(body, `v0=00,${ahead}`), null);
      assert.equal(await verify(body, `t=${now()},${ahead}`), null);
      assert.notEqual(await verify(body, signatureHeader(body, SECRET, now() + 299)), null);
    });
    it('refuses every one of 300 mutated bodies', async () => {
      const signature = signatureHeader(body, SECRET, now());
      for (let index = 0; index < 300; index += 1) {
        const place = index % body.length;
        const mutated = `${body.slice(0, place)}${String.fromCharCode(33 + (index % 90))}${body.slice(place + (index % 2))}`;
        if (mutated !== body) assert.equal(await verify(mutated, signature), null, mutated);
      }
    });
    it('refuses a signed body that is not JSON', async () =>
      assert.equal(await verify('{', signatureHeader('{', SECRET, now())), null));
  });

  it('carries an order from the cart to the payout', async () => {
    const account = await stripe.accounts.create({
      type: 'express',
      country: 'AT',
      capabilities: { transfers: { requested: true } },
    });
    await fetch(`http://127.0.0.1:${standIn.port}/_local/accounts/${account.id}/onboard`, {
      method: 'POST',
      body: '{}',
    });
    const backend = await aCity({ payments, stripeAccountId: account.id });
    const journey = await new Journey(backend).reach('completed');
    const { payment } = await backend.order(journey.orderId);
    assert.deepEqual([payment.status, payment.authorizedMinor, payment.capturedMinor], ['captured', 2940, 2940]);
    const transfers = await stripe.transfers.list({ destination: account.id });
    const charge = (await stripe.paymentIntents.retrieve(payment.intentId ?? '')).latest_charge;
    assert.deepEqual(
      transfers.data.map((transfer) => [transfer.amount, transfer.source_transaction]),
      [[1600, charge]],
    );
    const intent = await stripe.paymentIntents.retrieve(payment.intentId ?? '');
    const event = JSON.stringify({
      id: 'evt_2',
      object: 'event',
      type: 'payment_intent.succeeded',
      data: { object: intent },
    });
    const answer = await stripeWebhook(
      backend.ctx,
      Buffer.from(event),
      signatureHeader(event, SECRET, Math.floor(Date.now() / 1000)),
    );
    assert.deepEqual(answer, { status: 200, body: 'ok' });
    await assertSound(backend);
    await backend.close();
  });
});

describe('a night of reconciliation with the real client', () => {
  it('finds nothing in a correct ledger, then each change that was made without the backend', async () => {
    const standIn = await startStripe({ clock: new LocalClock(0, START_MS), run: 'night' });
    const [host, port] = ['127.0.0.1', standIn.port];
    const payments = stripePayments({
      secretKey: () => 'sk_test',
      webhookSecret: () => SECRET,
      merchantUrl: () => '',
      host: `${host}:${port}`,
    });
    const stripe = new Stripe('sk_test', { host, port, protocol: 'http', telemetry: false });
    const account = await stripe.accounts.create({ type: 'express', capabilities: { transfers: { requested: true } } });
    await fetch(`${standIn.url}/_local/accounts/${account.id}/onboard`, { method: 'POST', body: '{}' });
    const backend = await aCity({ payments, stripeAccountId: account.id });
    const { orderId } = await new Journey(backend).reach('completed');
    await (await new Journey(backend).place()).move('mario', { action: 'reject', reason: 'too_busy' });
    await (await new Journey(backend).reach('preparing')).cancel('carla');
    await backend.advance(15 * 60 * MINUTE);

    const reportOf = async () => (await reconcile(backend.ctx)).find(({ day }) => day === '2026-03-02');
    const clean = await reportOf();
    assert.deepEqual([clean?.orders, clean?.counts], [3, {}]);

    const { payment } = await backend.order(orderId);
    await stripe.refunds.create({ payment_intent: payment.intentId ?? '', amount: 300 });
    await stripe.transfers.create({ amount: 70, currency: 'eur', destination: account.id });
    const ghost = await payments.open({
      orderId: 'order-ghost',
      purpose: 'order',
      amountMinor: 900,
      currency: 'EUR',
      customerId: null,
    });
    await payments.confirm({ intentId: ghost.intentId, paymentMethodId: 'pm_card_visa' });
    await backend.db.doc('reconciliations/2026-03-02').delete();
    const found = await reportOf();
    assert.deepEqual(found?.counts, { orphan_hold: 1, unknown_refund: 1, unknown_transfer: 1 });
    assert.equal((await stripe.paymentIntents.retrieve(ghost.intentId)).status, 'canceled');
    await backend.close();
    await standIn.close();
  });
});
