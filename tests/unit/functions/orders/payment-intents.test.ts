import { strict as assert } from 'node:assert';
import { withTopUp } from '#functions/orders/model/payment-intents.js';
import { anOrder } from '#fixtures/orders.js';

const { payment } = anOrder();
const free = { ...payment, status: 'none' as const, intentId: null, authorizedMinor: 0 };
const paid = { ...payment, status: 'authorized' as const, intentId: 'pi_1', authorizedMinor: 2940 };
const topUp = { intentId: 'pi_2', authorizedMinor: 440 };

describe('a further hold', () => {
  it('becomes the first one of an order without a payment, with its expiry', () => {
    const { status, intentId, authorizedMinor, holdUntilMs, topUps } = withTopUp(free, { ...topUp, holdUntilMs: 700 });
    assert.deepEqual(
      [status, intentId, authorizedMinor, holdUntilMs, topUps],
      ['authorized', 'pi_2', 440, 700, undefined],
    );
  });

  it('is added to the first one', () => {
    const after = withTopUp({ ...paid, holdUntilMs: 500 }, { ...topUp, holdUntilMs: 700 });
    assert.deepEqual([after.intentId, after.authorizedMinor, after.topUps], ['pi_1', 3380, [topUp]]);
  });

  for (const [first, further, untilMs] of [
    [500, 700, 500],
    [700, 500, 500],
    [undefined, 500, 500],
    [500, undefined, 500],
    [undefined, undefined, undefined],
  ]) {
    it(`gives ${String(untilMs)} as the expiry of holds that expire at ${String(first)} and ${String(further)}`, () => {
      const before = { ...paid, ...(first !== undefined && { holdUntilMs: first }) };
      const added = { ...topUp, ...(further !== undefined && { holdUntilMs: further }) };
      assert.equal(withTopUp(before, added).holdUntilMs, untilMs);
    });
  }
});
