import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { OrderDocument } from '#functions/contract/order-documents.js';
import { Order, ORDER_STATUSES } from '#functions/contract/orders.js';
import { toOrderDocument, toOrderFields } from '#functions/platform/order-document.js';
import { anOrder } from '#fixtures/orders.js';

const keyOf = (secret: string) => createHash('sha256').update(secret).digest();
const KEY = keyOf('one');

/** An order with every field that is hidden, wholly or in part. */
const full = (): Order =>
  Order.parse({
    ...anOrder({ status: 'placed' }),
    customerName: 'Carla Rossi',
    payment: {
      status: 'authorized',
      intentId: 'pi_1',
      authorizedMinor: 2500,
      capturedMinor: 0,
      refundedMinor: 100,
      merchantBearsMinor: 50,
      holdUntilMs: 5,
      topUps: [{ intentId: 'pi_2', authorizedMinor: 100 }],
      disputed: true,
      disputeLost: true,
    },
    rider: { type: 'outside', feeMinor: 900, paidAtMs: 4 },
    edit: {
      event: 1,
      changes: [{ type: 'reduce', line: 0, quantity: 1 }],
      lines: [{ name: 'Cola', quantity: 1, grossMinor: 300 }],
      totalMinor: 2700,
      ifUnavailable: 'refund',
      untilMs: 9,
      topUpIntentId: 'pi_3',
    },
    reserved: { promotions: [], uses: ['WELCOME'], slotMs: null, stock: { cola: 1 }, creditMinor: 10 },
    isRisky: true,
    kitchenPay: 'held',
    wrongPins: 1,
    wrongCodes: 2,
    wrongDigests: ['digest'],
    flags: [
      { kind: 'kitchen_late', sinceMs: 2 },
      { kind: 'proof_doubted', sinceMs: 3 },
      { kind: 'risk', sinceMs: 1 },
    ],
    flaggedSinceMs: 1,
    events: [
      {
        n: 1,
        action: 'place',
        from: null,
        to: 'placed',
        by: 'customer',
        atMs: 1,
        causeId: 'cause-1',
        reason: 'shown',
        scope: 'all',
        money: { type: 'capture', amountMinor: 2500 },
        review: true,
        awayMeters: 20,
        courierId: 'former-courier',
        notifiedAtMs: 2,
        effectsDoneAtMs: 3,
      },
    ],
  });

describe('the stored form of an order', () => {
  const stored = toOrderDocument(full(), KEY);
  const { sealed, ...plain } = stored;

  it('gives the whole order back', () => {
    assert.deepEqual(Order.parse(toOrderFields(stored, KEY)), full());
    for (const status of ORDER_STATUSES) {
      const order = Order.parse({ ...full(), status });
      assert.deepEqual(Order.parse(toOrderFields(toOrderDocument(order, KEY), KEY)), order, status);
    }
  });

  it('contains no amount, payment or doubt that a party must not read, but in the sealed text', () => {
    const text = JSON.stringify(plain);
    for (const secret of ['pi_', 'cause-1', 'former-courier', 'WELCOME', 'digest', 'risk', 'doubted', 'held', '2700'])
      assert.equal(text.includes(secret), false, secret);
    assert.equal('totals' in plain, false);
    assert.deepEqual(plain.payment, { status: 'authorized', disputed: true });
    assert.deepEqual(plain.rider, { type: 'outside' });
    assert.deepEqual(plain.flags, [{ kind: 'kitchen_late', sinceMs: 2 }]);
  });

  it('shows the amount to pay of an order in cash alone', () => {
    assert.equal('cashMinor' in plain, false);
    const order = full();
    const cash = { ...order, payment: { ...order.payment, method: 'cash' as const } };
    assert.equal(toOrderDocument(cash, KEY).cashMinor, order.totals.totalMinor);
  });

  it('names the customer by the first name alone once the order has ended', () => {
    assert.equal(plain.customerName, 'Carla Rossi');
    const ended = toOrderDocument({ ...full(), status: 'cancelled' }, KEY);
    assert.equal(ended.customerName, 'Carla');
    assert.equal(JSON.stringify({ ...ended, sealed: '' }).includes('Rossi'), false);
    assert.equal(toOrderFields(ended, KEY)?.['customerName'], 'Carla Rossi');
  });

  it('cannot be decrypted with another key, or as another order', () => {
    assert.equal(toOrderFields(stored, keyOf('two')), null);
    assert.equal(toOrderFields({ ...stored, code: 'ZZZZ' }, KEY), null);
    assert.equal(toOrderFields({ ...stored, sealed: sealed.slice(1) }, KEY), null);
    assert.notEqual(toOrderFields(stored, KEY), null);
  });

  it('keeps a hidden field that was stored as a plain one, which the schema of the document refuses', () => {
    assert.equal(OrderDocument.safeParse({ ...stored, totals: full().totals }).success, false);
    assert.equal(OrderDocument.safeParse(stored).success, true);
    assert.equal(toOrderFields({ ...stored, totals: 'many' }, KEY)?.['totals'], 'many');
  });

  it('is read without a sealed text as well', () => assert.deepEqual(toOrderFields(full(), KEY), full()));
});
