import { strict as assert } from 'node:assert';
import { buildEvidence } from '#functions/payments/model/evidence.js';
import { START_MS, theDropOff } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const proven = (proof: 'pin' | 'photo') => {
  const order = anOrder({ status: 'delivered' });
  return { ...order, events: order.events.map((event) => (event.action === 'deliver' ? { ...event, proof } : event)) };
};

describe('buildEvidence', () => {
  it('contains what was ordered, where it went, who received it and what was refunded', () => {
    const refund = { amountMinor: 1100, atMs: START_MS + 3_600_000, reason: 'cold' };
    const evidence = buildEvidence({
      order: proven('pin'),
      dropOff: theDropOff,
      refunds: [refund],
      added: 'Left a note.',
    });
    assert.deepEqual(
      { ...evidence, uncategorized_text: evidence.uncategorized_text?.split('\n').slice(0, 5) },
      {
        customer_name: 'Carla',
        product_description: '2 × Margherita',
        service_date: '2026-03-02',
        shipping_date: '2026-03-02',
        shipping_address: '7 Door Street',
        uncategorized_text: [
          'Order ABCD from Da Rosa, total 29.40 EUR.',
          'Handed over at the address against the PIN that only the customer was shown.',
          'Left a note.',
          'Record (UTC):',
          '2026-03-02 12:00:00 place by customer',
        ],
      },
    );
    assert.match(evidence.uncategorized_text ?? '', /\n2026-03-02 12:07:00 deliver by courier\n/);
    assert.match(evidence.uncategorized_text ?? '', /\n2026-03-02 13:00:00 refund of 11\.00 EUR: cold$/);
  });

  it('names a photo as the proof where it was one', () => {
    const { uncategorized_text: text } = buildEvidence({ order: proven('photo'), dropOff: theDropOff, refunds: [] });
    assert.match(text ?? '', /photographed at the door\./);
  });

  it('claims no delivery of an order that was returned', () => {
    const evidence = buildEvidence({ order: anOrder({ status: 'returned' }), dropOff: theDropOff, refunds: [] });
    assert.deepEqual([evidence.service_date, evidence.shipping_address], [undefined, undefined]);
    assert.match(evidence.uncategorized_text ?? '', /was not handed over/);
  });

  it('names no address of an order that was collected', () => {
    const order = anOrder({ status: 'collected', kind: 'pickup' });
    const evidence = buildEvidence({ order, dropOff: null, refunds: [] });
    assert.deepEqual([evidence.service_date, evidence.shipping_address], ['2026-03-02', undefined]);
  });

  it('formats yen without decimals', () => {
    const { uncategorized_text: text } = buildEvidence({
      order: anOrder({ currency: 'JPY' }),
      dropOff: null,
      refunds: [],
    });
    assert.match(text ?? '', /total 2940 JPY\./);
  });

  it("is cut to the provider's limits", () => {
    const added = 'x'.repeat(30_000);
    const { uncategorized_text: text } = buildEvidence({ order: proven('pin'), dropOff: null, refunds: [], added });
    assert.equal(text?.length, 20_000);
  });
});
