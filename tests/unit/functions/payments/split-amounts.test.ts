import { strict as assert } from 'node:assert';
import type { Payment } from '#functions/contract/orders.js';
import { splitCapture, splitRefund } from '#functions/payments/model/split-amounts.js';

/** 29.00 are held at first, and then 5.00 and 1.00 more. */
const PAYMENT: Payment = {
  status: 'authorized',
  intentId: 'pi_1',
  authorizedMinor: 3500,
  capturedMinor: 0,
  refundedMinor: 0,
  topUps: [
    { intentId: 'pi_2', authorizedMinor: 500 },
    { intentId: 'pi_3', authorizedMinor: 100 },
  ],
};
const { topUps: _, ...SINGLE } = PAYMENT;

const amounts = (parts: readonly { amountMinor: number }[]) => parts.map(({ amountMinor }) => amountMinor);

describe('splitCapture', () => {
  const split = (amountMinor: number) => amounts(splitCapture(PAYMENT, amountMinor));

  it('takes an amount that the first hold covers from it alone, and releases the others', () => {
    assert.deepEqual(
      [split(0), split(1000), split(2900)],
      [
        [0, 0, 0],
        [1000, 0, 0],
        [2900, 0, 0],
      ],
    );
  });
  it('otherwise captures the top-ups one after the other as far as they go, until the first hold covers the rest', () => {
    assert.deepEqual(split(2901), [2401, 500, 0]);
    assert.deepEqual(split(3400), [2900, 500, 0]);
    assert.deepEqual(split(3401), [2801, 500, 100]);
    assert.deepEqual(split(3500), [2900, 500, 100]);
  });
  it('names the PaymentIntent of each part', () =>
    assert.deepEqual(
      splitCapture(PAYMENT, 3500).map(({ intentId }) => intentId),
      ['pi_1', 'pi_2', 'pi_3'],
    ));
  it('is the whole amount without a top-up, and nothing without a PaymentIntent', () => {
    assert.deepEqual(splitCapture(SINGLE, 2940), [{ intentId: 'pi_1', amountMinor: 2940 }]);
    assert.deepEqual(splitCapture({ ...PAYMENT, intentId: null }, 0), []);
  });
});

describe('splitRefund', () => {
  const captured = { ...PAYMENT, status: 'captured' as const, capturedMinor: 3500 };
  const given = (...parts: [intentId: string, amountMinor: number][]) =>
    parts.map(([intentId, amountMinor]) => ({ intentId, amountMinor }));

  it('takes from each payment what earlier refunds left, the first one first', () => {
    assert.deepEqual(splitRefund(captured, [], 2900), given(['pi_1', 2900]));
    assert.deepEqual(splitRefund(captured, [], 3500), given(['pi_1', 2900], ['pi_2', 500], ['pi_3', 100]));
    const earlier = given(['pi_1', 2000], ['pi_2', 450], ['pi_1', 800]);
    assert.deepEqual(splitRefund(captured, earlier, 120), given(['pi_1', 100], ['pi_2', 20]));
    assert.deepEqual(splitRefund(captured, earlier, 250), given(['pi_1', 100], ['pi_2', 50], ['pi_3', 100]));
  });
  it('takes no more than was captured', () =>
    assert.deepEqual(splitRefund(captured, given(['pi_1', 2900], ['pi_2', 500]), 200), given(['pi_3', 100])));
});
