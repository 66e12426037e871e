import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { seal } from '#functions/core/seal.js';
import { toPickUpCode, toPin } from '#functions/orders/model/secret-codes.js';
import { sealDelivery, toSealedDelivery, unsealDelivery } from '#functions/orders/model/sealed-delivery.js';
import { theDropOff } from '#fixtures/catalogue.js';
import { aQuote } from '#fixtures/orders.js';

const contextOf = (secret: string) => ({
  secretKey: (purpose: string) => createHash('sha256').update(`${secret}:${purpose}`).digest(),
});
const ctx = contextOf('one');
const delivery = { dropOff: theDropOff, rideMinor: 450 };

describe('the sealed delivery of an order', () => {
  it('contains the address and the pay of the ride, without the tip', () =>
    assert.deepEqual(toSealedDelivery(aQuote()), delivery));
  it('is none for a pickup', () => assert.equal(toSealedDelivery(aQuote({ kind: 'pickup' })), null));
  it('can be read for its order, with its secret', () => {
    const sealedDelivery = sealDelivery(ctx, 'order-1', delivery);
    assert.deepEqual(unsealDelivery(ctx, 'order-1', { sealedDelivery }), delivery);
    assert.equal(unsealDelivery(ctx, 'order-2', { sealedDelivery }), null);
    assert.equal(unsealDelivery(contextOf('two'), 'order-1', { sealedDelivery }), null);
  });
  it('is null where the order has none, or one of another form', () => {
    assert.equal(unsealDelivery(ctx, 'order-1', {}), null);
    const other = seal(ctx.secretKey('drop-off'), 'order-1', JSON.stringify({ dropOff: theDropOff }));
    assert.equal(unsealDelivery(ctx, 'order-1', { sealedDelivery: other }), null);
  });
});

describe('the codes of an order', () => {
  const spelled = { secretDigits: (purpose: string, digits: number) => `${digits} of ${purpose}` };
  it('have four digits, of a purpose each', () =>
    assert.deepEqual(
      [toPin(spelled, 'order-1'), toPickUpCode(spelled, 'order-1')],
      ['4 of pin:order-1', '4 of pick-up:order-1'],
    ));
});
