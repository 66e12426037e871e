import assert from 'node:assert/strict';
import { doc, serverTimestamp, setDoc } from 'firebase/firestore';
import type { CallableName } from '#functions/calls/callables.js';
import type { Command } from '#functions/contract/commands.js';
import { connectAdmin } from '#local/admin.js';
import { paths } from '#functions/platform/firestore.js';
import { audit } from '#simulator/audit.js';
import { readBill, resetBill, splitBill, countOperations } from '#simulator/bill.js';
import { openCity, type CityLife } from '#simulator/city-life.js';
import { drawCart } from '#simulator/city/population.js';
import { App } from '#simulator/people/app.js';
import { payAtStripe } from '#simulator/people/stripe-sheet.js';
import { PLAIN } from '#simulator/people/plan.js';
import { Random } from '#simulator/random.js';
import { city, seedOnce, stack } from './city.js';
import { until } from './listening.js';
import { pollUntil } from './polling.js';
import { describeOnSuite } from './suite.js';

describeOnSuite('an order from cart to doorstep', function () {
  this.timeout(180_000);
  let admin: ReturnType<typeof connectAdmin>;
  let life: CityLife;
  const failures: string[] = [];

  before(async () => {
    admin = connectAdmin();
    await seedOnce();
    life = await openCity(stack, city, { emit: (event) => event.type === 'failure' && failures.push(event.what) });
  });

  after(async () => {
    await life.close();
    await admin.close();
  });

  /** With the fields that its parties do not read. */
  const readOrder = async (orderId: string) => {
    const order = (await paths.order(admin.db, orderId).get()).data();
    assert.ok(order);
    return order;
  };

  it('is delivered by real apps, paid, and in the ledger', async () => {
    const { orderId, order } = await life.order(new Random(1), { story: 'delivered', kind: 'delivery' });
    assert.equal(order.status, 'delivered');
    const { payment, totals } = await readOrder(orderId);
    assert.equal(payment.capturedMinor, totals.totalMinor);
    const journals = await admin.db.collection('ledger').where('orderId', '==', orderId).get();
    const entries = journals.docs.flatMap((journal) => journal.data()['entries'] as { amountMinor: number }[]);
    assert.equal(
      entries.reduce((sum, entry) => sum + entry.amountMinor, 0),
      0,
    );
    assert.deepEqual(failures, []);
  });

  it('is delivered by a photo that the storage rules let the courier upload', async () => {
    const { order } = await life.order(new Random(8), { story: 'delivered', kind: 'delivery', proof: 'photo' });
    assert.deepEqual([order.status, failures], ['delivered', []]);
  });

  it('costs little more than a third above the lower bound of 37 operations once caches are warm', async () => {
    const same = () => life.order(new Random(1), PLAIN);
    await same();
    await resetBill(stack);
    await same();
    const { core } = splitBill(await readBill(stack));
    assert.ok(countOperations(core) <= 50, `core operations: ${JSON.stringify(core)}`);
  });

  it('sends each phone one push per event', async () => {
    const { orderId } = await life.order(new Random(2), { story: 'delivered', kind: 'delivery' });
    const ours = await waitForPushes(orderId, 'order_delivered');
    const names = ours.map(({ token, data }) => `${token} ${data['id'] ?? ''}`);
    assert.equal(new Set(names).size, names.length);
    const keys = new Set(ours.map(({ data }) => data['key']));
    for (const key of ['order_placed', 'order_accepted', 'courier_offer', 'order_picked_up'])
      assert.ok(keys.has(key), key);
  });

  it('passes 3-D Secure, and a second card after a declined one', async () => {
    const secure = await life.order(new Random(3), { story: 'threeDSecure', kind: 'pickup' });
    const declined = await life.order(new Random(4), { story: 'declinedCard', kind: 'pickup' });
    assert.deepEqual([secure.order.status, declined.order.status], ['collected', 'collected']);
  });

  it('releases the hold when the restaurant rejects it or the customer cancels early', async () => {
    const rejected = await life.order(new Random(5), { story: 'rejected', watchPayment: true });
    const cancelled = await life.order(new Random(6), { story: 'cancelEarly', watchPayment: true });
    assert.deepEqual([rejected.order.status, rejected.order.payment.status], ['rejected', 'voided']);
    assert.deepEqual([cancelled.order.status, cancelled.order.payment.status], ['cancelled', 'voided']);
  });

  it('of a party goes to the kitchen once an operator has reached the customer, and is rejected otherwise', async () => {
    const confirmed = await life.order(new Random(21), { ...PLAIN, party: 'confirmed' });
    const unreachable = await life.order(new Random(22), { ...PLAIN, party: 'unreachable' });
    assert.deepEqual([confirmed.order.status, unreachable.order.status], ['delivered', 'cancelled']);
    const released = confirmed.order.events.find(({ action }) => action === 'release');
    assert.equal(released?.by, 'operator');
    assert.equal(unreachable.order.events.at(-1)?.from, 'scheduled');
  });

  it('of a silent kitchen is accepted, prepared and made ready by an operator whom the customer writes to', async () => {
    const { order } = await life.order(new Random(23), { ...PLAIN, story: 'kitchenSilent' });
    const steps = order.events.filter(({ by }) => by === 'operator').map(({ action }) => action);
    assert.deepEqual([order.status, steps], ['delivered', ['accept', 'startPreparing', 'markReady']]);
  });

  it('is carried on by another courier whom an operator names', async () => {
    const { orderId } = await life.order(new Random(24), { ...PLAIN, handsOver: true });
    const order = await readOrder(orderId);
    const first = order.events.find(({ action }) => action === 'assign')?.courierId;
    const handOver = order.events.find(({ action }) => action === 'handOver');
    assert.deepEqual([order.status, handOver?.by, handOver?.courierId], ['delivered', 'operator', order.courierId]);
    assert.notEqual(first, order.courierId);
    assert.deepEqual(failures, []);
  });

  it('is cancelled by a command document that a phone wrote while it was offline', async () => {
    const customer = city.customers[0];
    const restaurant = city.restaurants[0];
    assert.ok(customer && restaurant);
    const app = await App.signIn(stack, customer);
    try {
      const dropOff = { ...customer.home, addressLine: customer.addressLine, contactName: customer.name };
      const lines = drawCart(new Random(7), restaurant.menu);
      const quote = await app.call('quote', {
        restaurantId: restaurant.id,
        kind: 'delivery',
        lines,
        dropOff,
        promotionCodes: [],
        tipPpm: 0,
        scheduledForMs: null,
      });
      const placed = await app.call('placeOrder', {
        quoteId: quote.quoteId,
        idempotencyKey: crypto.randomUUID(),
        confirmedTotalMinor: quote.totals.totalMinor,
      });
      assert.ok(placed.outcome === 'placed' && placed.payment);
      await payAtStripe(stack, placed.payment, 'delivered');
      await until(app, `orders/${placed.orderId}`, (order) => order['status'] === 'placed');
      const answer = await command(app, placed.orderId, 1);
      assert.equal(answer.state, 'applied');
      // The rules refuse the second attempt: an order cannot be cancelled twice.
      await assert.rejects(command(app, placed.orderId, 2), { code: 'permission-denied' });
    } finally {
      await app.close();
    }
  });

  it('of an app that is not simulated is accepted, cooked, carried and delivered with a photo', async () => {
    const [home] = city.customers;
    const restaurant = city.restaurants[1];
    assert.ok(home && restaurant);
    const { app } = await App.signUp(stack, 'Ada Own');
    try {
      const dropOff = { ...home.home, addressLine: home.addressLine, contactName: 'Ada Own' };
      const lines = drawCart(new Random(9), restaurant.menu);
      const quote = await app.call('quote', {
        restaurantId: restaurant.id,
        kind: 'delivery',
        lines,
        dropOff,
        promotionCodes: [],
        tipPpm: 0,
        scheduledForMs: null,
      });
      const placed = await app.call('placeOrder', {
        quoteId: quote.quoteId,
        idempotencyKey: crypto.randomUUID(),
        confirmedTotalMinor: quote.totals.totalMinor,
      });
      assert.ok(placed.outcome === 'placed' && placed.payment);
      await payAtStripe(stack, placed.payment, 'delivered');
      await until(app, `orders/${placed.orderId}`, (order) => order['status'] === 'delivered');
      assert.deepEqual(failures, []);
    } finally {
      await app.close();
    }
  });

  it('satisfies every invariant after the issue window', async () => {
    const { checks } = await audit(stack);
    assert.deepEqual(
      checks.filter(({ breaches }) => breaches.length > 0),
      [],
    );
  });
});

interface PushMessage {
  token: string;
  data: Record<string, string>;
}

/** Waits until the inbox has the order's last push, which is sent after the commit that the apps have seen. */
function waitForPushes(orderId: string, lastKey: string): Promise<PushMessage[]> {
  return pollUntil(
    () => readPushes(orderId),
    (pushes) => pushes.some(({ data }) => data['key'] === lastKey),
    `the inbox has ${lastKey} of order ${orderId}`,
  );
}

async function readPushes(orderId: string): Promise<PushMessage[]> {
  const response = await fetch(`http://${stack.host}:${stack.ports.inbox}/messages`);
  const { messages } = (await response.json()) as { messages: { message: PushMessage }[] };
  return messages.map((one) => one.message).filter(({ data }) => data['orderId'] === orderId);
}

/** Writes a command as an app does and waits for the server's response in it. */
async function command(app: App, orderId: string, n: number): Promise<Command['answer']> {
  const path = `orders/${orderId}/commands/${app.user.uid}-command-${n}`;
  await setDoc(doc(app.db, path), {
    uid: app.user.uid,
    role: 'customer',
    n,
    request: { type: 'cancel', reason: 'changed my mind' },
    createdAt: serverTimestamp(),
    authTime: app.session.authTime,
    answer: { state: 'pending' },
  });
  const answered = await until(app, path, (data) => (data['answer'] as Command['answer']).state !== 'pending');
  return answered['answer'] as Command['answer'];
}

describeOnSuite('deployed callables', function () {
  this.timeout(180_000);

  // One with limits of its own, one that consumes the token, one with neither. A test of the sources checks that all
  // are made alike.
  for (const name of ['quote', 'placeOrder', 'grantRole'] satisfies CallableName[]) {
    it(`${name} refuses a call without App Check`, async () => {
      const { host, ports, projectId, region } = stack;
      const response = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"data":{}}',
      });
      assert.equal(response.status, 401);
    });
  }

  it('refuse a webhook with a foreign signature', async () => {
    const { host, ports, projectId, region } = stack;
    const response = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/stripeWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=00' },
      body: '{"id":"evt_1","type":"payment_intent.succeeded"}',
    });
    assert.deepEqual([response.status, await response.text()], [400, 'SIGNATURE_INVALID']);
  });
});
