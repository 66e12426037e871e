import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;
const CASH = { cash: { maxOrderMinor: 5000, courierFloatMinor: 6000, coinMinor: 1 } };

let backend: Backend;
const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
const transfers = () => backend.fake.moved.filter((moved) => moved.startsWith('transfer'));
/** Lets time pass, and does what Firestore's TTL policy on quotes does. */
async function pass(days: number): Promise<void> {
  await backend.advance(days * DAY);
  const { docs } = await backend.db.collection('quotes').get();
  for (const doc of docs) if (doc.get('expireAt').toMillis() <= backend.nowMs) await doc.ref.delete();
}
const says = async (...words: readonly object[]) => {
  for (const facts of words) backend.fake.dispute('dp_1', 'order-1', facts);
  await backend.deliverWebhooks();
};

describe('the quote of an order', function () {
  this.timeout(120_000);
  afterEach(() => backend.close());

  it('is deleted half a year later, as is one that was never placed', async () => {
    await (await city()).reach('completed');
    await pass(179);
    assert.equal((await backend.db.doc('quotes/order-1').get()).exists, true);
    await pass(2);
    assert.equal((await backend.db.doc('quotes/order-1').get()).exists, false);
  });

  it('exists for a refund after 120 days, and for the evidence of a dispute that comes then', async () => {
    await (await city()).reach('completed');
    await pass(120);
    const wish = { what: { type: 'amount', amountMinor: 500 }, liable: 'platform', reason: 'complaint', to: 'card' };
    await backend.call('refundOrder', 'olga', { orderId: 'order-1', idempotencyKey: 'refund-key-1', ...wish });
    await says({});
    await backend.call('submitDisputeEvidence', 'olga', { disputeId: 'dp_1' });
    assert.equal(backend.fake.evidence.get('dp_1')?.shipping_address, '7 Door Street');
  });

  it('exists for the payout of an order whose dispute is won after 200 days', async () => {
    await (await city()).reach('delivered');
    await says({}, { providerMinor: -4440 });
    await pass(200);
    await says({ status: 'won' }, { providerMinor: -1500 });
    await backend.advance(2 * DAY);
    assert.equal(transfers().length, 1);
  });

  it('exists for a pay that an operator releases after 200 days', async () => {
    const journey = await (await city({ couriers: 0 })).reach('accepted');
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(21 * MINUTE);
    await pass(200);
    await backend.ask('decideHeldPay', 'olga', {
      orderId: 'order-1',
      payee: 'kitchen',
      verdict: 'release',
      reason: 'asked',
    });
    await backend.advance(2 * MINUTE);
    assert.equal(transfers().length, 1);
  });

  it('exists for the end of an order that its courier did not deliver for 200 days', async () => {
    const journey = await city({ zone: CASH });
    await journey.place({ card: null, cart: { paymentMethod: 'cash' } });
    await journey.reach('picked_up');
    await pass(200);
    await journey.cancel('olga', { liable: 'courier' });
    assert.equal((await backend.order('order-1')).status, 'cancelled');
  });
});
