import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { LocalClock } from '#local/clock.js';
import { startStripe, type StripeStandIn } from '#local/stripe/server.js';

const DAY_MS = 24 * 3_600_000;

describe('the Stripe stand-in, saved and restored', () => {
  const clients = (standIn: StripeStandIn): Stripe =>
    new Stripe('sk_test_local', { host: '127.0.0.1', port: standIn.port, protocol: 'http', telemetry: false });

  it('has the same payments, cards and holds, and assigns no id twice', async () => {
    const clock = new LocalClock(0, Date.UTC(2026, 0, 1));
    const first = await startStripe({ clock });
    const held = await clients(first).paymentIntents.create({
      amount: 1000,
      currency: 'eur',
      capture_method: 'manual',
      confirm: true,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    const snapshot = JSON.parse(JSON.stringify(first.snapshot()));
    await first.close();

    const second = await startStripe({ clock });
    try {
      second.restore(snapshot);
      const stripe = clients(second);
      assert.deepEqual((await stripe.paymentIntents.retrieve(held.id)).status, 'requires_capture');
      assert.notEqual((await stripe.customers.create({})).id.slice(4), held.id.slice(3));
      clock.advance(8 * DAY_MS);
      assert.equal((await stripe.paymentIntents.retrieve(held.id)).status, 'canceled');
    } finally {
      await second.close();
      clock.stop();
    }
  });
});
