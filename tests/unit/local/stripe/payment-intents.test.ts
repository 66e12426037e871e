import assert from 'node:assert/strict';
import { aHold, clientOf, local, stripeError, stripeFixture, type StripeFixture } from './stripe-fixture.js';

describe('Stripe stand-in: PaymentIntents', () => {
  let fixture: StripeFixture;
  beforeEach(async () => {
    fixture = await stripeFixture();
  });
  afterEach(() => fixture.standIn.close());

  it('authorises the amount of a manual capture and returns its expiry', async () => {
    const { stripe, clock } = fixture;
    const intent = await aHold(stripe, { expand: ['latest_charge'] });
    assert.equal(intent.status, 'requires_capture');
    assert.equal(intent.amount_capturable, 2500);
    assert.ok(typeof intent.latest_charge === 'object' && intent.latest_charge);
    assert.equal(
      intent.latest_charge.payment_method_details?.card?.capture_before,
      Math.floor(clock.now() / 1000) + 604_800,
    );
    assert.equal(intent.latest_charge.captured, false);
  });

  it('captures part of a hold and releases the rest', async () => {
    const { stripe } = fixture;
    const { id } = await aHold(stripe);
    const captured = await stripe.paymentIntents.capture(id, { amount_to_capture: 1900 });
    assert.equal(captured.status, 'succeeded');
    assert.equal(captured.amount_received, 1900);
    assert.equal(captured.amount_capturable, 0);
    const [charge] = (await stripe.charges.list({ payment_intent: id })).data;
    assert.equal(charge?.amount_captured, 1900);
    assert.equal(charge?.amount_refunded, 600);
  });

  it('refuses to capture more than is authorised', async () => {
    const { stripe } = fixture;
    const { id } = await aHold(stripe);
    const error = await stripeError(stripe.paymentIntents.capture(id, { amount_to_capture: 2501 }));
    assert.equal(error.code, 'amount_too_large');
    assert.equal((await stripe.paymentIntents.retrieve(id)).status, 'requires_capture');
  });

  it('refuses to capture twice, with the intent in the error', async () => {
    const { stripe } = fixture;
    const { id } = await aHold(stripe);
    await stripe.paymentIntents.capture(id);
    const error = await stripeError(stripe.paymentIntents.capture(id));
    assert.equal(error.code, 'payment_intent_unexpected_state');
    assert.equal(error.payment_intent?.status, 'succeeded');
  });

  it('cancels a hold that was not captured within seven days', async () => {
    const { stripe, clock } = fixture;
    const { id } = await aHold(stripe);
    clock.advance(604_799_000);
    assert.equal((await stripe.paymentIntents.retrieve(id)).status, 'requires_capture');
    clock.advance(1_000);
    const expired = await stripe.paymentIntents.retrieve(id);
    assert.equal(expired.status, 'canceled');
    assert.equal(expired.cancellation_reason, 'automatic');
  });

  it('releases a cancelled hold', async () => {
    const { stripe } = fixture;
    const { id } = await aHold(stripe);
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'requested_by_customer' });
    assert.equal(canceled.status, 'canceled');
    assert.equal(canceled.amount_capturable, 0);
  });

  for (const [card, code, declineCode] of [
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
  ] as const) {
    it(`declines ${card} with ${declineCode}`, async () => {
      const { stripe } = fixture;
      const error = await stripeError(aHold(stripe, { payment_method: card }));
      assert.equal(error.statusCode, 402);
      assert.equal(error.type, 'StripeCardError');
      assert.equal(error.code, code);
      assert.equal(error.decline_code, declineCode);
      assert.equal(error.payment_intent?.status, 'requires_payment_method');
      assert.equal(error.payment_intent?.last_payment_error?.decline_code, declineCode);
    });
  }

  it('accepts another card after a decline', async () => {
    const { stripe } = fixture;
    const error = await stripeError(aHold(stripe, { payment_method: 'pm_card_chargeDeclined' }));
    const intent = await stripe.paymentIntents.confirm(error.payment_intent?.id ?? '', {
      payment_method: 'pm_card_visa',
    });
    assert.equal(intent.status, 'requires_capture');
    assert.equal(intent.last_payment_error, null);
  });

  it('waits for 3-D Secure and authorises after it succeeds', async () => {
    const { stripe, standIn } = fixture;
    const intent = await aHold(stripe, { payment_method: 'pm_card_threeDSecure2Required' });
    assert.equal(intent.status, 'requires_action');
    assert.match(intent.next_action?.redirect_to_url?.url ?? '', /_local\/authenticate/);
    await local(standIn, `authenticate/${intent.id}`);
    assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_capture');
  });

  it('requires another card after 3-D Secure fails', async () => {
    const { stripe, standIn } = fixture;
    const { id } = await aHold(stripe, { payment_method: 'pm_card_authenticationRequired' });
    await local(standIn, `authenticate/${id}`, { outcome: 'fail' });
    const failed = await stripe.paymentIntents.retrieve(id);
    assert.equal(failed.status, 'requires_payment_method');
    assert.equal(failed.last_payment_error?.code, 'payment_intent_authentication_failure');
  });

  it('returns to the shop from the page of the bank', async () => {
    const { stripe } = fixture;
    const intent = await aHold(stripe, { payment_method: 'pm_card_threeDSecure2Required' });
    const page = await fetch(intent.next_action?.redirect_to_url?.url ?? '', { redirect: 'manual' });
    assert.equal(page.status, 303);
    assert.equal(page.headers.get('location'), 'http://127.0.0.1/back');
  });

  it('declines an off-session payment whose card requires authentication, until it is set up', async () => {
    const { stripe, standIn } = fixture;
    const customer = await stripe.customers.create({ email: 'ann@example.test' });
    const method = await stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4000002500003155', exp_month: 1, exp_year: 2040 },
    });
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
      return_url: 'http://127.0.0.1/',
    });
    const offSession = { customer: customer.id, payment_method: method.id, off_session: true };
    const error = await stripeError(
      aHold(stripe, {
        customer: customer.id,
        payment_method: 'pm_card_authenticationRequiredOnSetup',
        off_session: true,
      }),
    );
    assert.equal(error.code, 'authentication_required');
    await local(standIn, `authenticate/${setup.id}`);
    assert.equal((await stripe.setupIntents.retrieve(setup.id)).status, 'succeeded');
    assert.equal((await aHold(stripe, offSession)).status, 'requires_capture');
  });

  it('lets a client confirm with the publishable key and the client secret', async () => {
    const { stripe, standIn } = fixture;
    const intent = await stripe.paymentIntents.create({ amount: 900, currency: 'eur', capture_method: 'manual' });
    const confirm = (secret: string): Promise<Response> =>
      fetch(`${standIn.url}/v1/payment_intents/${intent.id}/confirm`, {
        method: 'POST',
        headers: { authorization: 'Bearer pk_test_local' },
        body: new URLSearchParams({
          client_secret: secret,
          'payment_method_data[type]': 'card',
          'payment_method_data[card][number]': '4242424242424242',
        }),
      });
    assert.equal((await confirm('wrong')).status, 400);
    assert.equal((await confirm(intent.client_secret ?? '')).status, 200);
    assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_capture');
  });

  it('refuses to let a publishable key capture', async () => {
    const { stripe, standIn } = fixture;
    const { id } = await aHold(stripe);
    const error = await stripeError(clientOf(standIn, 'pk_test_local').paymentIntents.capture(id));
    assert.equal(error.statusCode, 403);
  });

  it('refuses amounts below the minimum of the currency', async () => {
    const { stripe } = fixture;
    assert.equal((await stripeError(aHold(stripe, { amount: 49 }))).code, 'amount_too_small');
    assert.equal((await aHold(stripe, { amount: 50 })).amount, 50);
  });

  it('refuses a parameter Stripe does not know', async () => {
    const { standIn } = fixture;
    const response = await fetch(`${standIn.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_local' },
      body: 'amount=900&currency=eur&ammount=1',
    });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /parameter_unknown/);
  });

  it('keeps nested metadata, merges it and removes what is empty', async () => {
    const { stripe } = fixture;
    const { id } = await aHold(stripe, { metadata: { orderId: 'o1', kitchen: 'k1' } });
    const updated = await stripe.paymentIntents.update(id, { metadata: { kitchen: '', courier: 'c1' } });
    assert.deepEqual(updated.metadata, { orderId: 'o1', courier: 'c1' });
  });

  it('pages through a list from newest to oldest', async () => {
    const { stripe } = fixture;
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await aHold(stripe)).id);
    const first = await stripe.paymentIntents.list({ limit: 2 });
    assert.deepEqual([first.data.map(({ id }) => id), first.has_more], [ids.slice(0, 2), true]);
    const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    assert.deepEqual(
      all.map(({ id }) => id),
      ids,
    );
  });
});
