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

  it('claims no proof where there was none, and says where the food was handed over', () => {
    const proofOf = (order: ReturnType<typeof anOrder>) =>
      buildEvidence({ order, dropOff: null, refunds: [] }).uncategorized_text?.split('\n')[1];
    assert.equal(proofOf(anOrder({ status: 'delivered' })), 'Handed over at the address.');
    const collected = anOrder({ status: 'collected', kind: 'pickup' });
    assert.equal(proofOf(collected), 'Handed over at the counter.');
    const events = collected.events.map((event) => ({
      ...event,
      ...(event.to === 'collected' && { proof: 'pin' as const }),
    }));
    const byPin = 'Handed over at the counter against the PIN that only the customer was shown.';
    assert.equal(proofOf({ ...collected, events }), byPin);
  });

  it('dates the hand-over by its own step, also where the order was completed on another day', () => {
    const events = anOrder({ status: 'completed' }).events.map((event) => ({
      ...event,
      atMs: event.action === 'complete' ? event.atMs + 86_400_000 : event.atMs,
    }));
    const evidence = buildEvidence({
      order: anOrder({ status: 'completed', events }),
      dropOff: theDropOff,
      refunds: [],
    });
    assert.deepEqual([evidence.service_date, evidence.shipping_date], ['2026-03-02', '2026-03-02']);
  });

  it('describes each line with its modifiers, and names the customer where there is no address', () => {
    const [line] = anOrder().lines;
    assert.ok(line);
    const cola = { ...line, name: 'Cola', quantity: 1, modifierNames: ['Ice ×2', 'Lemon'] };
    const order = anOrder({ status: 'collected', kind: 'pickup', lines: [line, cola] });
    const evidence = buildEvidence({ order, dropOff: null, refunds: [] });
    assert.equal(evidence.product_description, '2 × Margherita; 1 × Cola, Ice ×2, Lemon');
    assert.equal(evidence.customer_name, 'Carla');
    const dropOff = { ...theDropOff, contactName: 'Nina' };
    assert.equal(buildEvidence({ order, dropOff, refunds: [] }).customer_name, 'Nina');
  });

  it('claims no delivery of an order that was returned', () => {
    const evidence = buildEvidence({ order: anOrder({ status: 'returned' }), dropOff: theDropOff, refunds: [] });
    assert.deepEqual([evidence.service_date, evidence.shipping_address], [undefined, undefined]);
    assert.match(evidence.uncategorized_text ?? '', /was not handed over/);
    const record = evidence.uncategorized_text?.split('\n').slice(2);
    assert.deepEqual([record?.length, record?.[0]], [10, 'Record (UTC):']);
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
    const [line] = anOrder().lines;
    assert.ok(line);
    const order = anOrder({ status: 'delivered', lines: [{ ...line, name: 'x'.repeat(30_000) }] });
    assert.equal(buildEvidence({ order, dropOff: null, refunds: [] }).product_description?.length, 20_000);
  });
});
