import { strict as assert } from 'node:assert';
import { LocalClock } from '#local/clock.js';
import { startStripe, type StripeStandIn } from '#local/stripe/server.js';
import type { Payments } from '#functions/payments/payments.js';
import { stripePayments } from '#functions/payments/stripe.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

/** The same call before and after the customer saved a first card: the Stripe customer exists only the second time. */
describe('a call that is repeated after a card was saved', () => {
  let standIn: StripeStandIn;
  let payments: Payments;
  let backend: Backend;
  let ids = 0;
  before(async () => {
    standIn = await startStripe({ clock: new LocalClock(0), run: 'saved' });
    payments = stripePayments({
      secretKey: () => 'sk_test_local',
      webhookSecret: () => 'whsec_test',
      merchantUrl: () => '',
      host: `127.0.0.1:${standIn.port}`,
    });
  });
  after(() => standIn.close());
  beforeEach(async () => {
    backend = await aCity({ payments });
    // The stand-in remembers the keys of the test before.
    backend.ctx = { ...backend.ctx, newId: () => `saved-${(ids += 1)}` };
  });
  afterEach(() => backend.close());

  const saveCard = async () => {
    const { customerId } = await backend.call('setUpPayment', 'carla', {});
    return customerId;
  };

  it('continues the same tip, which the saved card then pays', async () => {
    const { orderId } = await new Journey(backend).reach('delivered');
    const tip = (more: { paymentMethodId?: string } = {}) =>
      backend.call('addTip', 'carla', { orderId, idempotencyKey: 'tip-key-1', amountMinor: 300, ...more });
    const first = await tip();
    await saveCard();
    const second = await tip();
    assert.deepEqual([second.status, second.payment?.intentId], ['pending', first.payment?.intentId]);
    assert.equal((await tip({ paymentMethodId: 'pm_card_visa' })).status, 'paid');
  });

  it('continues the same payment of a difference', async () => {
    const journey = await new Journey(backend).reach('accepted');
    const { orderId } = journey;
    const by = { itemId: 'calzone', quantity: 2, modifiers: [{ optionId: 'regular', quantity: 1 }] };
    await backend.call('editOrder', 'mario', {
      orderId,
      idempotencyKey: 'edit-key-1',
      changes: [{ type: 'substitute', line: 0, by }],
      reason: 'out',
    });
    const yes = (idempotencyKey: string, more: { paymentMethodId?: string } = {}) =>
      backend.call('answerEdit', 'carla', { orderId, idempotencyKey, answer: 'approve', ...more });
    const first = await yes('yes-key-1');
    assert.notEqual(first.payment, null);
    await saveCard();
    assert.equal((await yes('yes-key-2', { paymentMethodId: 'pm_card_visa' })).payment, null);
    assert.equal((await backend.order(orderId)).payment.topUps?.[0]?.intentId, first.payment?.intentId);
  });

  it('places the same order, with the card or without it, after a response was lost', async () => {
    const { quoteId, totals } = await backend.call('quote', 'carla', aCart());
    const place = (more: { paymentMethodId?: string } = {}) =>
      backend.call('placeOrder', 'carla', {
        quoteId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
        ...more,
      });
    await saveCard();
    backend.conduct.fail('payments.open', 'after');
    await assert.rejects(place());
    backend.conduct.fail('payments.confirm', 'before');
    await assert.rejects(place({ paymentMethodId: 'pm_card_visa' }));
    assert.equal((await backend.order(quoteId)).status, 'pending_payment');
    await place();
    await place({ paymentMethodId: 'pm_card_visa' });
    assert.equal((await backend.order(quoteId)).status, 'placed');
  });
});
