import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { startReceiver, type Receiver } from '../receiver.js';
import { aHold, stripeFixture, type StripeFixture } from './stripe-fixture.js';

const SECRET = 'whsec_test';

describe('Stripe stand-in: webhooks', () => {
  let fixture: StripeFixture;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
    fixture = await stripeFixture({ webhooks: [{ url: receiver.url, secret: SECRET, enabledEvents: ['*'] }] });
  });
  afterEach(() => Promise.all([fixture.standIn.close(), receiver.close()]));

  /** Verified as a function would; throws for a bad signature. */
  const events = (): Stripe.Event[] =>
    receiver.received.map(({ body, headers }) =>
      fixture.stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), SECRET),
    );
  const settle = async (ms = 0): Promise<void> => {
    fixture.clock.advance(ms);
    await fixture.standIn.webhooks.idle();
  };

  it('signs every event as the stripe package verifies it', async () => {
    await aHold(fixture.stripe);
    await settle();
    assert.deepEqual(
      events()
        .map(({ type }) => type)
        .sort(),
      ['charge.succeeded', 'payment_intent.amount_capturable_updated', 'payment_intent.created'],
    );
    assert.throws(
      () =>
        fixture.stripe.webhooks.constructEvent(
          `${receiver.received[0]?.body} `,
          String(receiver.received[0]?.headers['stripe-signature']),
          SECRET,
        ),
      Stripe.errors.StripeSignatureVerificationError,
    );
  });

  it('sends the object as it was and the request that caused it', async () => {
    const intent = await fixture.stripe.paymentIntents.create(
      { amount: 900, currency: 'eur' },
      { idempotencyKey: 'order-1' },
    );
    await fixture.stripe.paymentIntents.cancel(intent.id);
    await settle();
    const created = events().find(({ type }) => type === 'payment_intent.created');
    assert.ok(created?.type === 'payment_intent.created');
    assert.equal(created.data.object.status, 'requires_payment_method');
    assert.equal(created.request?.idempotency_key, 'order-1');
    assert.equal((await fixture.stripe.events.retrieve(created.id)).type, 'payment_intent.created');
  });

  it('retries with growing waits until it is answered 2xx', async () => {
    receiver.answers.push(500, 503);
    await fixture.stripe.customers.create();
    await settle();
    assert.equal(receiver.received.length, 1);
    await settle(999);
    assert.equal(receiver.received.length, 1);
    await settle(1);
    await settle(5_000);
    assert.equal(receiver.received.length, 3);
    await settle(86_400_000);
    assert.equal(receiver.received.length, 3);
    assert.equal(new Set(events().map(({ id }) => id)).size, 1);
  });

  it('delays and duplicates on demand', async () => {
    fixture.standIn.deliver({ delayMs: 2_000, duplicates: 2 });
    await fixture.stripe.customers.create();
    await settle(1_999);
    assert.equal(receiver.received.length, 0);
    await settle(1);
    assert.equal(receiver.received.length, 3);
    assert.equal(new Set(events().map(({ id }) => id)).size, 1);
  });

  it('reorders by seed', async () => {
    const order = async (seed: number): Promise<string> => {
      fixture.standIn.reset();
      receiver.received.length = 0;
      fixture.standIn.deliver({ shuffle: true, shuffleMs: 10_000, seed });
      await aHold(fixture.stripe);
      for (let step = 0; step < 100; step += 1) await settle(100);
      return events()
        .map(({ type }) => type)
        .join();
    };
    const first = await order(7);
    assert.equal(await order(7), first);
    const orders = new Set<string>();
    for (let seed = 1; seed <= 6; seed += 1) orders.add(await order(seed));
    assert.ok(orders.size > 1);
  });

  it('leaves out the events that it is configured to drop, which the API still lists', async () => {
    fixture.standIn.deliver({ drop: ['customer.created'] });
    await fixture.stripe.customers.create();
    await settle();
    assert.equal(receiver.received.length, 0);
    assert.equal((await fixture.stripe.events.list({ type: 'customer.created' })).data.length, 1);
  });
});
