import assert from 'node:assert/strict';
import { Refund } from '#functions/contract/payments.js';
import { toRefundDocument, toRefundFields } from '#functions/platform/refund-document.js';
import { aRefund } from '#fixtures/documents/orders.js';

const KEY = Buffer.alloc(32, 1);
const refund = Refund.parse({
  ...aRefund(),
  merchantMinor: 71,
  courierMinor: 72,
  promotionMinor: 73,
  debtMinor: 74,
  parts: [{ intentId: 'pi_1', amountMinor: 75, status: 'sent' }],
});

describe('the stored form of a refund', () => {
  const { sealed, ...shown } = toRefundDocument(refund, KEY);

  it('gives the whole refund back', () =>
    assert.deepEqual(Refund.parse(toRefundFields({ ...shown, sealed }, KEY)), refund));

  it('shows neither who bears it nor the ids at the provider', () => {
    const text = JSON.stringify(shown);
    for (const secret of ['merchantMinor', 'courierMinor', 'promotionMinor', 'reversalMinor', 'debtMinor', 'pi_1'])
      assert.equal(text.includes(secret), false, secret);
    assert.equal(shown.amountMinor, refund.amountMinor);
  });

  it('cannot be decrypted with another key, or as another refund', () => {
    assert.equal(toRefundFields({ ...shown, sealed }, Buffer.alloc(32, 2)), null);
    assert.equal(toRefundFields({ ...shown, sealed, amountMinor: 1 }, KEY), null);
  });
});
