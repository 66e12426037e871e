import assert from 'node:assert/strict';
import type Stripe from 'stripe';
import { aHold, local, stripeError, stripeFixture, type StripeFixture } from './stripe-fixture.js';

describe('Stripe stand-in: refunds, disputes, Connect', () => {
  let fixture: StripeFixture;
  let stripe: Stripe;
  beforeEach(async () => {
    fixture = await stripeFixture();
    ({ stripe } = fixture);
  });
  afterEach(() => fixture.standIn.close());

  const aPayment = (payment_method = 'pm_card_visa') => aHold(stripe, { capture_method: 'automatic', payment_method });

  async function aMerchant(): Promise<string> {
    const account = await stripe.accounts.create({
      type: 'express',
      country: 'DE',
      capabilities: { transfers: { requested: true } },
    });
    const link = await stripe.accountLinks.create({
      account: account.id,
      type: 'account_onboarding',
      refresh_url: 'http://127.0.0.1/again',
      return_url: 'http://127.0.0.1/done',
    });
    await fetch(link.url, { redirect: 'manual' });
    return account.id;
  }

  it('refunds in parts up to what was captured, never more', async () => {
    const { id } = await aPayment();
    await stripe.refunds.create({ payment_intent: id, amount: 1000 });
    const error = await stripeError(stripe.refunds.create({ payment_intent: id, amount: 1501 }));
    assert.equal(error.statusCode, 400);
    const rest = await stripe.refunds.create({ payment_intent: id });
    assert.equal(rest.amount, 1500);
    assert.equal((await stripeError(stripe.refunds.create({ payment_intent: id }))).code, 'charge_already_refunded');
  });

  it('refuses to refund a payment that is only authorised', async () => {
    const { id } = await aHold(stripe);
    assert.equal(
      (await stripeError(stripe.refunds.create({ payment_intent: id }))).code,
      'payment_intent_unexpected_state',
    );
  });

  it('decides a refund later and returns the money when it fails', async () => {
    const { id } = await aPayment('pm_card_refundFail');
    const refund = await stripe.refunds.create({ payment_intent: id });
    fixture.clock.advance(5_000);
    assert.equal((await stripe.refunds.retrieve(refund.id)).status, 'failed');
    const [charge] = (await stripe.charges.list({ payment_intent: id })).data;
    assert.equal(charge?.amount_refunded, 0);
  });

  it('opens a dispute with the dispute card and returns the money when it is won', async () => {
    await aPayment('pm_card_createDispute');
    const [dispute] = (await stripe.disputes.list()).data;
    assert.equal(dispute?.reason, 'fraudulent');
    const won = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    assert.equal(won.status, 'won');
    const adjustments = await stripe.balanceTransactions.list({ source: dispute.id });
    assert.deepEqual(
      adjustments.data.map(({ net }) => net),
      [2500, -4000],
    );
  });

  it('shows what a dispute took with its fee, and decides it on demand', async () => {
    const { id } = await aPayment();
    await local(fixture.standIn, 'disputes', { payment_intent: id });
    const moves = async () => {
      const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data;
      assert.ok(dispute);
      return { id: dispute.id, status: dispute.status, net: dispute.balance_transactions.map((move) => move.net) };
    };
    const open = await moves();
    assert.deepEqual([open.status, open.net], ['needs_response', [-4000]]);
    await local(fixture.standIn, `disputes/${open.id}/decide`, { status: 'won' });
    assert.deepEqual([(await moves()).status, (await moves()).net], ['won', [-4000, 2500]]);
  });

  it('opens a dispute on demand', async () => {
    const { id } = await aPayment();
    await local(fixture.standIn, 'disputes', { payment_intent: id, reason: 'product_not_received' });
    assert.equal((await stripe.disputes.list({ payment_intent: id })).data[0]?.reason, 'product_not_received');
  });

  it('transfers to an onboarded merchant only', async () => {
    const { latest_charge: charge } = await aPayment();
    const account = await stripe.accounts.create({ type: 'express', capabilities: { transfers: { requested: true } } });
    const send = (destination: string) =>
      stripe.transfers.create({
        amount: 2000,
        currency: 'eur',
        destination,
        source_transaction: String(charge),
        transfer_group: 'order-1',
      });
    assert.equal((await stripeError(send(account.id))).code, 'insufficient_capabilities_for_transfer');
    assert.equal((await send(await aMerchant())).amount, 2000);
    assert.equal((await stripeError(send(await aMerchant()))).statusCode, 400);
  });

  it('refuses a transfer the balance does not cover', async () => {
    const destination = await aMerchant();
    assert.equal(
      (await stripeError(stripe.transfers.create({ amount: 1, currency: 'eur', destination }))).code,
      'balance_insufficient',
    );
  });

  it('reverses a transfer up to its amount', async () => {
    const { latest_charge: charge } = await aPayment();
    const transfer = await stripe.transfers.create({
      amount: 2000,
      currency: 'eur',
      destination: await aMerchant(),
      source_transaction: String(charge),
    });
    await stripe.transfers.createReversal(transfer.id, { amount: 500 });
    await stripeError(stripe.transfers.createReversal(transfer.id, { amount: 1501 }));
    await stripe.transfers.createReversal(transfer.id);
    const reversed = await stripe.transfers.retrieve(transfer.id);
    assert.deepEqual([reversed.amount_reversed, reversed.reversed], [2000, true]);
  });

  it('adds every movement to the balance', async () => {
    const { id } = await aPayment();
    await stripe.refunds.create({ payment_intent: id, amount: 500 });
    const entries = await stripe.balanceTransactions.list();
    assert.deepEqual(
      entries.data.map(({ type, amount, fee, net }) => ({ type, amount, fee, net })),
      [
        { type: 'refund', amount: -500, fee: 0, net: -500 },
        { type: 'charge', amount: 2500, fee: 63, net: 2437 },
      ],
    );
    assert.equal((await stripe.balance.retrieve()).available[0]?.amount, 1937);
  });

  it('saves a card to a customer and lists it', async () => {
    const { id: customer } = await stripe.customers.create({ name: 'Ann' });
    const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    assert.deepEqual(
      (await stripe.customers.listPaymentMethods(customer)).data.map((method) => method.id),
      [id],
    );
    assert.equal(
      (await stripeError(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer }))).code,
      'card_declined',
    );
  });

  it('gives an app a key for its customer', async () => {
    const { id: customer } = await stripe.customers.create();
    const key = await stripe.ephemeralKeys.create({ customer }, { apiVersion: '2026-10-28.endive' });
    const methods = await fetch(`${fixture.standIn.url}/v1/payment_methods?customer=${customer}`, {
      headers: { authorization: `Bearer ${key.secret ?? ''}` },
    });
    assert.equal(methods.status, 200);
  });

  it('answers 404 for an object that does not exist', async () => {
    const error = await stripeError(stripe.paymentIntents.retrieve('pi_none'));
    assert.deepEqual([error.statusCode, error.code], [404, 'resource_missing']);
  });
});
