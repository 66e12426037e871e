import { strict as assert } from 'node:assert';
import { isMoneyOpen, isUndecided, listIntentIds, withTopUp } from '#functions/orders/model/payment-intents.js';
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

describe('the holds of an order', () => {
  const edit = {
    event: 4,
    changes: [],
    lines: [],
    totalMinor: 0,
    ifUnavailable: 'refund',
    untilMs: 0,
    topUpIntentId: 'pi_3',
  } as const;
  it('are the first one, the further ones, and that of a proposal', () => {
    assert.deepEqual(listIntentIds({ payment: paid }), ['pi_1']);
    assert.deepEqual(listIntentIds({ payment: free }), []);
    const order = { payment: { ...paid, topUps: [topUp] }, edit: { ...edit, changes: [], lines: [] } };
    assert.deepEqual(listIntentIds(order), ['pi_1', 'pi_2', 'pi_3']);
  });
});

describe('the money of an order that was decided', () => {
  it('is open until the provider has charged or released it, or where it released a charge', () => {
    const open = (status: typeof payment.status, capturedMinor: number) => isMoneyOpen({ status, capturedMinor });
    assert.deepEqual([open('capturing', 1), open('voiding', 0), open('voided', 1)], [true, true, true]);
    assert.deepEqual([open('captured', 1), open('voided', 0), open('none', 0)], [false, false, false]);
  });
  it('is undecided while a bank claims it, until the dispute is lost', () => {
    const claims = [{}, { disputed: true }, { disputed: true, disputeLost: true }] as const;
    assert.deepEqual(claims.map(isUndecided), [false, true, false]);
  });
});
