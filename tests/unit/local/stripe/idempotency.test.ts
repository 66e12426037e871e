import assert from 'node:assert/strict';
import { aHold, stripeError, stripeFixture, type StripeFixture } from './stripe-fixture.js';

describe('Stripe stand-in: idempotency and faults', () => {
  let fixture: StripeFixture;
  beforeEach(async () => {
    fixture = await stripeFixture();
  });
  afterEach(() => fixture.standIn.close());

  const hold = (amount: number, idempotencyKey: string, payment_method = 'pm_card_visa') =>
    fixture.stripe.paymentIntents.create(
      { amount, currency: 'eur', capture_method: 'manual', confirm: true, payment_method },
      { idempotencyKey },
    );
  const count = (): number => fixture.standIn.state.paymentIntents.all().length;

  it('replays the answer of the same key and request', async () => {
    const first = await hold(900, 'order-1');
    const second = await hold(900, 'order-1');
    assert.equal(second.id, first.id);
    assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(count(), 1);
  });

  it('refuses the same key with another request', async () => {
    await hold(900, 'order-1');
    const error = await stripeError(hold(901, 'order-1'));
    assert.equal(error.statusCode, 400);
    assert.equal(error.type, 'StripeIdempotencyError');
  });

  it('replays a saved decline', async () => {
    const first = await stripeError(hold(900, 'order-1', 'pm_card_chargeDeclined'));
    const second = await stripeError(hold(900, 'order-1', 'pm_card_chargeDeclined'));
    assert.equal(second.payment_intent?.id, first.payment_intent?.id);
    assert.equal(count(), 1);
  });

  it('forgets a request refused before it ran, so that the key can be used again', async () => {
    await stripeError(hold(49, 'order-1'));
    assert.equal((await hold(900, 'order-1')).amount, 900);
  });

  it('forgets a key after a day', async () => {
    const first = await hold(900, 'order-1');
    fixture.clock.advance(24 * 3_600_000);
    assert.notEqual((await hold(900, 'order-1')).id, first.id);
  });

  it('refuses a key whose first request is still running', async () => {
    fixture.standIn.fail({ path: '/v1/payment_intents', delayMs: 50 });
    const [first, second] = await Promise.allSettled([hold(900, 'order-1'), hold(900, 'order-1')]);
    const statuses = [first, second].map((result) => result.status).sort();
    assert.deepEqual(statuses, ['fulfilled', 'rejected']);
    assert.equal(count(), 1);
  });

  it('makes one payment of a thousand parallel retries', async () => {
    const results = await Promise.allSettled(Array.from({ length: 1000 }, () => hold(900, 'order-1')));
    assert.ok(results.some(({ status }) => status === 'fulfilled'));
    assert.equal(count(), 1);
  }).timeout(20_000);

  // Two faults each: the stripe package repeats a request once by itself after a reset connection.
  it('drops the response but not the effect of a connection dropped after the work', async () => {
    fixture.standIn.fail({ method: 'POST', path: '/v1/payment_intents', when: 'after', disconnect: true, count: 2 });
    const error = await stripeError(hold(900, 'order-1'));
    assert.equal(error.type, 'StripeConnectionError');
    assert.equal(count(), 1);
    const [made] = fixture.standIn.state.paymentIntents.all();
    assert.equal((await hold(900, 'order-1')).id, made?.id);
  });

  it('does nothing when the connection drops before the work', async () => {
    fixture.standIn.fail({ path: '/v1/payment_intents', disconnect: true, count: 2 });
    await stripeError(hold(900, 'order-1'));
    assert.equal(count(), 0);
    assert.equal((await hold(900, 'order-1')).status, 'requires_capture');
  });

  it('limits the rate without saving the answer', async () => {
    fixture.standIn.fail({ path: '/v1/payment_intents/*/capture', status: 429, count: 2 });
    const { id } = await aHold(fixture.stripe);
    const capture = () => fixture.stripe.paymentIntents.capture(id, {}, { idempotencyKey: 'capture-1' });
    assert.equal((await stripeError(capture())).type, 'StripeRateLimitError');
    assert.equal((await stripeError(capture())).code, 'rate_limit');
    assert.equal((await capture()).status, 'succeeded');
  });

  it('replays a saved 500, as Stripe does', async () => {
    fixture.standIn.fail({ path: '/v1/payment_intents', status: 500, when: 'after' });
    assert.equal((await stripeError(hold(900, 'order-1'))).statusCode, 500);
    assert.equal((await stripeError(hold(900, 'order-1'))).statusCode, 500);
    assert.equal(count(), 1);
  });
});
